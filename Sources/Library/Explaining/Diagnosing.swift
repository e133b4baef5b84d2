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
      "Asks which known misconception may be behind a wrong derivative or loss, without giving the right one.",
      parameters: [
        after.parameter, rate.parameter, freeze.parameter, lossOption.parameter,
        reductionOption.parameter,
      ],
      rest: Parameter("e", .any, "E w5 0.3, net data \"W1[1,2]\" 0.3, or net data 0.3 after=1."),
      examples: [
        .init(
          "param w = 3; E = 1/2*(2 - w)^2; d = diagnose E w 2; print d.misconception",
          prints: "the ½ of the squared error is forgotten")
      ]
    ) { arguments throws(Failure) in
      guard let subject = arguments.rest.first, let last = arguments.rest.last,
        arguments.rest.count > 2, let given = last.value.number
      else {
        throw Failure(
          "diagnose needs what was derived, by what, and the number that came out",
          at: arguments.range,
          help: [
            "diagnose E w5 0.3", "diagnose net data \"W1[1,2]\" 0.3",
            "diagnose net data 0.3 after=1 lr=0.5",
          ])
      }
      switch subject.value {
      case .traced(let node): return try diagnosis(of: node, subject, given, arguments)
      case .network(let network): return try diagnosis(of: network, given, arguments)
      case .run(let run): return try diagnosis(of: run.network, given, arguments)
      default:
        throw Failure(
          "\(subject.name ?? "this") was not computed from any parameter", at: subject.range,
          label: subject.value.kind, help: ["declare what it depends on: param w = 0.5"])
      }
    }
  ]

  private static let after = Key.wholeNumber(
    "after", .number(0), in: 0...1_000_000, "Steps of gradient descent before it.")
  private static let rate = Key.number(
    "lr", .absent, from: 0, aboveLow: true, aliases: TrainingOption.rateNames, "The learning rate.")

  private static func diagnosis(
    of node: Node, _ subject: BoundArgument, _ given: Double, _ arguments: Arguments
  ) throws(Failure) -> Value {
    guard arguments.rest.count == 3 else {
      throw Failure("diagnose takes one derivative at a time", at: arguments.rest[2].range)
    }
    guard try arguments(after) == 0 else {
      throw Failure(
        "steps are made by nets: after= goes with a net", at: arguments.range(of: after))
    }
    try refuseNotFinite(node, at: subject.range, arguments)
    let target = try target(
      arguments.rest[1], in: allNodes(behind: node), of: subject, arguments)
    let name = Symbol.derivative(
      of: Symbol(name: node.name ?? subject.name ?? "it"),
      by: Symbol(name: target.name ?? arguments.rest[1].name ?? "it"))
    let rates = try arguments.optional(rate).map { [$0] } ?? Diagnosis.commonRates
    let result = try arguments.mappingErrors(
      Diagnosis(given, derivativeOf: node, by: target, rates: rates))
    return .report(report(result, given, name.text, arguments))
  }

  private static func diagnosis(
    of network: Network, _ given: Double, _ arguments: Arguments
  ) throws(Failure) -> Value {
    var middle = arguments.rest.dropFirst().dropLast()
    var place: WeightDerivation.Place?
    if let last = middle.last, case .string(let text) = last.value {
      middle.removeLast()
      place = try parameterPlace(text, of: network, at: last.range)
    }
    if let extra = middle.dropFirst().first {
      throw Failure("diagnose of a net takes one data set", at: extra.range, label: "one too many")
    }
    var question = Diagnosis.Question(network, try arguments.data(network, middle.first))
    question.place = place
    question.steps = try arguments(after)
    if let rate = try arguments.optional(rate) {
      question.rate = rate
      question.hasRate = true
    } else if question.steps > 0 {
      throw Failure("after= needs the learning rate: lr=0.5", at: arguments.range(of: after))
    }
    question.frozen = try arguments.frozenNames(freeze)
    question.loss = try arguments.loss(lossOption)
    question.reduction = try arguments.reduction()
    let name: String
    if let place {
      let symbols = NetSymbols(arguments.session.notation, sizes: network.sizes)
      let weight =
        place.source.map { symbols.weight(place.layer, to: place.unit, from: $0) }
        ?? symbols.bias(place.layer, place.unit)
      name = Symbol.derivative(of: symbols.loss, by: weight).text
    } else {
      name = "the loss"
    }
    let steps =
      question.steps == 0 ? "" : " after \(question.steps) step\(question.steps == 1 ? "" : "s")"
    let asked = question
    let result = try arguments.mappingErrors(Diagnosis(given, asked))
    return .report(report(result, given, name + steps, arguments))
  }

  private static func report(
    _ diagnosis: Diagnosis, _ given: Double, _ name: String, _ arguments: Arguments
  ) -> Report {
    let number = arguments.session.style.text(given)
    var fields = Record([
      ("right", .truth(false)), ("misconception", .nothing), ("kinds", .list([])),
    ])
    let text: String
    switch diagnosis.finding {
    case .right:
      fields["right"] = .truth(true)
      text = "\(number) is right for \(name)"
    case .misconception(let kinds, let description):
      fields["misconception"] = .string(description)
      fields["kinds"] = .list(kinds.map { .string($0.rawValue) })
      text =
        "\(number) is not \(name). It is what comes out if \(description).\nCould that have happened?"
    case .ambiguous:
      text =
        "\(number) is not \(name). More than one known misconception gives this number: look at another derivative to tell them apart."
    case .unknown:
      text = "\(number) is not \(name), and none of the known misconceptions gives this number."
    }
    fields["text"] = .string(text)
    return Report(title: "diagnosis", fields: fields, aliases: ["slip": "misconception"]) {
      display in
      display.isASCII ? PlainCharacters.ascii(text) : text
    }
  }
}
