import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let diagnosingFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "diagnose", .differentiation,
      "Asks which known misconceptions may be behind a wrong derivative, loss or weight, without giving the right one.",
      parameters: [
        diagnosedSteps.parameter, diagnosedRate.parameter, freeze.parameter,
      ] + objectiveOptions + [preparedOption.parameter],
      rest: Parameter(
        "e", .any,
        "E w5 0.3, net data \"W1[1,2]\" 0.3, net data \"W1\" [[…]], or net data 0.3 after=1."),
      examples: [
        .init(
          "param w = 0.5; y = sigmoid(3*w); E = 1/2*(1 - y)^2; d = diagnose E w (3*(y - 1)); print d.misconception",
          prints: "the derivative of the activation is left out at the outputs"),
        .init(
          "param w = 3; E = sin w; diagnose E w (-0.990)",
          prints: "-0.990 is right to 3 digits for ∂E/∂w"),
      ]
    ) { arguments throws(Failure) in
      guard let subject = arguments.rest.first, let last = arguments.rest.last,
        arguments.rest.count > 2, let given = last.value.tensor
      else {
        throw Failure(
          "diagnose needs what was derived, by what, and the number that came out",
          at: arguments.range,
          help: [
            "diagnose E w5 0.3, and a negative number in parentheses: diagnose E w5 (-0.3)",
            "diagnose net data \"W1[1,2]\" 0.3", "diagnose net data 0.3 after=1 lr=0.5",
          ])
      }
      let answer = GivenAnswer(given, last, arguments.session)
      switch subject.value {
      case .traced(let node): return try diagnosis(of: node, subject, answer, arguments)
      case .network(let network): return try diagnosis(of: network, answer, arguments)
      case .run(let run): return try diagnosis(of: run.network, answer, arguments)
      default:
        throw Failure(
          "\(subject.name ?? "this") was not computed from any parameter", at: subject.range,
          label: subject.value.kind, help: ["declare what it depends on: param w = 0.5"])
      }
    }
  ]

  static let diagnosedSteps = Key.wholeNumber(
    "after", .number(0), in: 0...1_000_000, "Steps of gradient descent before it.")
  static let diagnosedRate = Key.number(
    "lr", .absent, from: 0, aboveLow: true, aliases: TrainingOption.rateNames, "The learning rate.")

  private static func diagnosis(
    of node: Node, _ subject: BoundArgument, _ answer: GivenAnswer, _ arguments: Arguments
  ) throws(Failure) -> Value {
    try refuseObjective(arguments)
    guard arguments.rest.count == 3 else {
      throw Failure("diagnose takes one derivative at a time", at: arguments.rest[2].range)
    }
    guard try arguments(diagnosedSteps) == 0 else {
      throw Failure(
        "steps are made by nets: after= goes with a net", at: arguments.range(of: diagnosedSteps))
    }
    try refuseNotFinite(node, at: subject.range, arguments)
    let target = try target(
      arguments.rest[1], in: allNodes(behind: node), of: subject, arguments)
    let name = Symbol.derivative(
      of: Symbol(name: node.name ?? subject.name ?? "it"),
      by: Symbol(name: target.name ?? arguments.rest[1].name ?? "it"))
    try answer.check(target.shape, name.text, isOwn: true)
    let rate = try arguments.optional(diagnosedRate)
    let result = try arguments.mappingErrors(
      Diagnosis(answer.answer, derivativeOf: node, by: target, rate: rate))
    return .report(answer.report(result, name.text))
  }

  private static func diagnosis(
    of network: Network, _ answer: GivenAnswer, _ arguments: Arguments
  ) throws(Failure) -> Value {
    var question = try diagnosedQuestion(
      of: network, arguments.rest.dropFirst().dropLast(), arguments
    ).question
    var answer = answer
    answer.masks = question.objective.masks.map {
      DropoutShare($0, of: network)
    }
    let part = question.part
    let symbols = NetSymbols(arguments.session.notation, sizes: network.sizes)
    let weight = part.map { symbol(of: $0, symbols) }
    let derivative = weight.map { Symbol.derivative(of: symbols.loss, by: $0).text }
    try answer.check(
      part.map { shape(of: $0, network) } ?? .scalar, derivative ?? "the loss", isOwn: false)
    let steps =
      question.steps == 0 ? "" : " after \(question.steps) step\(question.steps == 1 ? "" : "s")"
    let asked = question
    let result = try arguments.mappingErrors(Diagnosis(answer.answer, asked))
    guard question.steps > 0, let weight, let derivative else {
      return .report(answer.report(result, (derivative ?? "the loss") + steps))
    }
    // After some steps the weight itself may be meant as well as its derivative.
    if case .right = result.finding { return .report(answer.report(result, derivative + steps)) }
    question.asksForWeight = true
    let askedAgain = question
    let other = try arguments.mappingErrors(Diagnosis(answer.answer, askedAgain))
    switch (other.finding, result.finding) {
    case (.unknown, .misconceptions), (.partly, .misconceptions):
      return .report(answer.report(result, derivative + steps))
    case (.unknown, .unknown):
      return .report(
        answer.report(other, "\(weight.text)\(steps), and not \(derivative) there"))
    default: return .report(answer.report(other, weight.text + steps))
    }
  }

  /// What is asked of a net.
  /// - Parameter given: the data, and the name of a parameter or of one of its numbers; both may be
  ///   left out.
  /// - Returns: the question, and what is asked for in the notation in use.
  static func diagnosedQuestion(
    of network: Network, _ given: ArraySlice<BoundArgument>, _ arguments: Arguments
  ) throws(Failure) -> (question: Diagnosis.Question, name: String) {
    var given = given
    var part: Diagnosis.Question.Part?
    if let last = given.last, case .string(let text) = last.value {
      given.removeLast()
      part = try self.part(text, of: network, at: last.range)
    }
    if let extra = given.dropFirst().first {
      throw Failure(
        "a net is asked about on one data set", at: extra.range, label: "one too many")
    }
    var question = Diagnosis.Question(network, try arguments.data(network, given.first))
    question.part = part
    question.steps = try arguments(diagnosedSteps)
    question.rate = try arguments.optional(diagnosedRate)
    if question.rate == nil, question.steps > 0 {
      throw Failure(
        "after= needs the learning rate: lr=0.5", at: arguments.range(of: diagnosedSteps))
    }
    question.frozen = try arguments.frozenNames(freeze)
    question.objective = try arguments.objective(of: network, rows: question.data.count)
    if question.objective.masks != nil, question.steps > 1 {
      throw arguments.failure(
        "a mask is that of one step, and the next step of a training has another",
        [
          (arguments.range(of: diagnosedSteps), "after \(question.steps) steps"),
          (arguments.range(of: maskOption), "of one step"),
        ], help: ["after=1 asks about the step with this mask"])
    }
    let symbols = NetSymbols(arguments.session.notation, sizes: network.sizes)
    let name = part.map { Symbol.derivative(of: symbols.loss, by: symbol(of: $0, symbols)).text }
    return (question, name ?? symbols.loss.text)
  }

  /// `W1` as a whole, or `W1[1,2]`.
  private static func part(
    _ text: String, of network: Network, at range: SourceRange
  ) throws(Failure) -> Diagnosis.Question.Part {
    if network.parameters.contains(where: { $0.name == text && $0.role != .slope }) {
      return .whole(text)
    }
    return .element(try parameterPlace(text, of: network, at: range), in: network)
  }

  private static func symbol(of part: Diagnosis.Question.Part, _ symbols: NetSymbols) -> Symbol {
    switch part {
    case .whole(let name): Symbol(name: name)
    case .element(let place, _):
      place.source.map { symbols.weight(place.layer, to: place.unit, from: $0) }
        ?? symbols.bias(place.layer, place.unit)
    }
  }

  private static func shape(of part: Diagnosis.Question.Part, _ network: Network) -> Shape {
    guard case .whole(let name) = part else { return .scalar }
    return network.parameters.first { $0.name == name }?.value.shape ?? .scalar
  }
}

/// What the user asks about, and what is said of it.
private struct GivenAnswer {
  let answer: Answer
  /// The number as it was written, or `this 2×2 matrix`.
  private let text: String
  private let shape: Shape
  private let range: SourceRange
  /// What the mask of the question leaves out; nil where it has none.
  var masks: DropoutShare?

  init(_ values: Tensor, _ argument: BoundArgument, _ session: Session) {
    answer = Answer(values, texts: argument.literals)
    shape = values.shape
    range = argument.range
    if values.shape == .scalar {
      text = argument.literals?.first ?? session.style.text(values.elements[0])
    } else {
      text = values.shape.rank == 1 ? "this vector" : "this matrix"
    }
  }

  /// - Parameter isOwn: whether the derivative is by something of the user's own.
  /// - Throws: where the shapes differ, other than by rows and columns exchanged.
  func check(_ expected: Shape, _ name: String, isOwn: Bool) throws(Failure) {
    guard shape != expected, shape != expected.transposed || expected.rank < 2 else { return }
    throw Failure(
      "\(name) is \(expected.rank == 0 ? "one number" : "\(expected)")", at: range,
      label: "\(shape)",
      help: isOwn || expected != .scalar
        ? [] : ["a whole matrix is asked about by its name: diagnose net data \"W1\" …"])
  }

  func report(_ diagnosis: Diagnosis, _ name: String) -> Report {
    var fields = Record([
      ("right", .truth(false)), ("digits", .nothing), ("misconception", .nothing),
      ("kinds", .list([])), ("explanations", .list([])), ("wrong", .list([])),
    ])
    func add(_ explanations: [Diagnosis.Explanation]) {
      guard !explanations.isEmpty else { return }
      fields["misconception"] = .string(
        explanations.map { $0.description }.joined(separator: ", or if "))
      var names: [String] = []
      for name in explanations.flatMap({ $0.names }) where !names.contains(name) {
        names.append(name)
      }
      fields["kinds"] = .list(List(names.map { .string($0) }))
      fields["explanations"] = .list(
        List(
          explanations.map { explanation in
            .record(
              Record([
                ("misconception", .string(explanation.description)),
                ("kinds", .list(List(explanation.names.map { .string($0) }))),
              ]))
          }))
    }
    let words: String
    switch diagnosis.finding {
    case .right(let digits):
      fields["right"] = .truth(true)
      if let digits {
        fields["digits"] = .number(Double(digits))
        words =
          "\(text) is right to \(digits) digit\(digits == 1 ? "" : "s") for \(name)"
          + (digits == 1 ? "; more would tell more" : "")
      } else {
        words = "\(text) is right for \(name)"
      }
    case .misconceptions(let explanations):
      add(explanations)
      words = "\(text) is not \(name). It is \(Self.causes(explanations))"
    case .partly(let wrong, let explanations):
      add(explanations)
      let places = wrong.map { Self.place($0, in: shape) }
      fields["wrong"] = .list(List(places.map { .string($0) }))
      let which = places.joined(separator: ", ")
      words =
        "\(text) is not \(name), but only \(which) \(wrong.count == 1 ? "is" : "are") wrong"
        + (explanations.isEmpty
          ? ", and none of the known misconceptions gives what stands there."
          : ". What stands there is \(Self.causes(explanations))")
    case .tooFewDigits:
      words = "\(text) agrees with \(name), but has too few digits to tell: write more of them"
    case .unknown:
      words =
        "\(text) is not \(name), and none of the known misconceptions gives this"
        + (shape == .scalar ? " number." : " \(text.dropFirst("this ".count)).")
        + (answer.digits == 1 ? " More digits would tell more." : "")
    }
    fields["text"] = .string(words)
    if let masks { fields["left_out"] = .number(masks.share) }
    let note = masks.map { "\nHere \($0.text)." } ?? ""
    return Report(title: "diagnosis", fields: fields, aliases: ["slip": "misconception"]) {
      display in
      display.isASCII ? PlainCharacters.ascii(words + note) : words + note
    }
  }

  /// `what comes out if …`, one line each where there are several.
  private static func causes(_ explanations: [Diagnosis.Explanation]) -> String {
    let several = explanations.count > 1
    return "what comes out if "
      + explanations.map { $0.description }.joined(separator: ",\nor if ")
      + ".\nCould \(several ? "one of these" : "that") have happened?"
  }

  /// `[1,2]`, counted from 1.
  private static func place(_ position: Int, in shape: Shape) -> String {
    guard shape.rank == 2 else { return "[\(position + 1)]" }
    return "[\(position / shape.columns + 1),\(position % shape.columns + 1)]"
  }
}
