import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let explainingFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "explain", .differentiation,
      "Derives a derivative step by step, with names, formulas and numbers.",
      parameters: [
        sample.parameter, form.parameter, factors.parameter,
      ] + objectiveOptions + [shownOptimizer.parameter, preparedOption.parameter],
      rest: Parameter("e", .any, "E w5, f x=1 y=2, or net data \"W1[1,2]\"."),
      passesOptions: true,
      examples: [
        .init(
          "param w = 3; z = 2*w; E = z^2; e = explain E w; print e.value, e.factors",
          prints: "24 [12, 2]")
      ]
    ) { arguments throws(Failure) in
      guard let subject = arguments.rest.first else {
        throw Failure(
          "explain needs something to derive", at: arguments.range,
          help: ["explain E w5", "explain f x=1 y=2", "explain net data \"W1[1,2]\""])
      }
      switch subject.value {
      case .traced(let node): return try explanation(of: node, subject, arguments)
      case .function(let function): return try explanation(of: function, subject, arguments)
      case .network(let network): return try explanation(of: network, arguments)
      case .run(let run): return try explanation(of: run.network, arguments)
      default:
        throw Failure(
          "\(subject.name ?? "this") was not computed from any parameter", at: subject.range,
          label: subject.value.kind, help: ["declare what it depends on: param w = 0.5"])
      }
    },
    BuiltinFunction(
      "latex", .differentiation,
      "An explanation, a formula or a matrix as LaTeX, for a slide with amsmath.",
      parameters: [anything.parameter],
      examples: [
        .init(
          "print latex [[1, 2], [3, 4]]", prints: "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}"
        )
      ]
    ) { arguments throws(Failure) in
      let number = arguments.session.numberText
      if case .report(let report) = try arguments(anything), let derivation = report.derivation() {
        return .string(derivation.latex(number: number))
      }
      return .string(TeXWriter.text(try formulaLayout(anything, arguments).layout))
    },
    BuiltinFunction(
      "markdown", .differentiation, "An explanation, a formula or a matrix as Markdown.",
      parameters: [anything.parameter],
      examples: [
        .init("print markdown [1, 2]", prints: "$$\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}$$")
      ]
    ) { arguments throws(Failure) in
      let number = arguments.session.numberText
      if case .report(let report) = try arguments(anything) {
        guard let derivation = report.derivation() else {
          return .string("```\n\(arguments.session.text(of: .report(report)))\n```")
        }
        return .string(derivation.markdown(number: number))
      }
      return .string("$$\(TeXWriter.text(try formulaLayout(anything, arguments).layout))$$")
    },
    BuiltinFunction(
      "mathml", .differentiation,
      "An explanation, a formula or a matrix as MathML, which browsers set, for a page.",
      parameters: [anything.parameter],
      examples: [
        .init(
          "param w = 3; z = w^2; print mathml z",
          prints: "<math displaystyle=\"true\" alttext=\"z = w^2\"><mi>z</mi><mo>=</mo>"
            + "<msup><mi>w</mi><mn>2</mn></msup></math>")
      ]
    ) { arguments throws(Failure) in
      if case .report(let report) = try arguments(anything), let derivation = report.derivation() {
        return .string(derivation.html(number: arguments.session.numberText))
      }
      let (layout, text) = try formulaLayout(anything, arguments)
      return .string(MathMLWriter.element(layout, alternative: text, isDisplayed: true))
    },
    BuiltinFunction(
      "rounding", .session,
      "Whether explanations round every step as slides do, or only what is written.",
      parameters: [rounding.parameter],
      examples: [
        .init(
          "digits 2; rounding step; param a = 1/3; b = a*a; e = explain b a; print e.value",
          prints: "0.66")
      ]
    ) { arguments throws(Failure) in
      arguments.session.roundsSteps = try arguments(rounding) == "step"
      return .nothing
    },
  ]

  private static let sample = Key.wholeNumber(
    "sample", .number(1), in: 1...Int.max, "The sample that is derived in detail.")
  private static let shownOptimizer = Key.choice(
    "optimizer", .optimizer, .absent,
    "Of a net: shows the step that it would make with this optimizer, too.")
  private static let form = Key.word(
    "form", of: ["chain", "delta", "matrix"], .absent,
    "The chain rule alone, or of a net the δ of its units or its matrices.")
  private static let factors = Key.word(
    "factors", of: ["all", "short"], .absent,
    "Every factor of a chain and what was shown before; or those left when factors of 1 and inner steps are taken together."
  )
  private static let anything = Key.any("x", "An explanation, a matrix, a number or a function.")
  private static let rounding = Key.word(
    "when", of: ["step", "display"], .word("display"), "After every step, or only for display.")

  // MARK: Expressions

  private static func explanation(
    of node: Node, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    try refuseOptions(arguments)
    try refuseObjective(arguments)
    guard node.primitive != nil else {
      let name = subject.name ?? "this"
      let result = name == "E" ? "L" : "E"
      throw Failure(
        node.isParameter
          ? "\(name) is a parameter: it is given, not computed"
          : "\(name) is a constant: nothing was computed", at: subject.range,
        help: [
          node.isParameter
            ? "explain \(result) \(node.name ?? name) derives what was computed from it"
            : "its derivative by everything is 0"
        ])
    }
    try refuseNotFinite(node, at: subject.range, arguments)
    let isChain = try arguments.optional(form) == "chain"
    let isShort = try arguments.optional(factors) == "short"
    if let argument = arguments.given(form), !isChain {
      throw Failure(
        "only a net has the δ of units and matrices", at: argument.range, label: "form=chain")
    }
    let order = allNodes(behind: node)
    var targets: [Node] = []
    for argument in arguments.rest.dropFirst() {
      targets.append(try target(argument, in: order, of: subject, arguments))
    }
    let name = node.name ?? subject.name ?? "result"
    let fixed = targets
    try refuseRounded(node, at: subject.range, isEveryStep: false)
    let taken = Set(topologicalOrder(of: [node]).map { ObjectIdentifier($0) })
    for (target, argument) in zip(targets, arguments.rest.dropFirst())
    where !taken.contains(ObjectIdentifier(target)) {
      throw Failure(
        "\(name) does not vary with \(argument.name ?? "it") here: the derivative is 0",
        at: argument.range, label: "in no step", help: ["a condition took a branch without it"])
    }
    let isWhole = try arguments.optional(factors) == "all"
    let subject = arguments.subject(ObjectIdentifier(node), order.compactMap { $0.value }, isWhole)
    return try arguments.derivationReport(about: subject) { () throws(DifferentiationError) in
      let graph = try DerivationGraph(
        of: node, name: name, targets: fixed, rounding: arguments.session.stepRounding)
      guard fixed.count == 1, let place = graph.place(of: fixed[0]) else {
        return try graph.passes(to: fixed)
      }
      let rule = try ChainRule(graph, by: place)
      guard rule.isScalar else { return try graph.passes(to: fixed) }
      var derivation = rule.derivation(skippingOnes: isShort)
      if isChain { derivation.remove(under: "the values") }
      return derivation
    }
  }

  private static func explanation(
    of function: Function, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let (output, nodes) = try arguments.tracedCall(of: function, subject)
    try refuseNotFinite(output, at: subject.range, arguments)
    try refuseRounded(output, at: subject.range, isEveryStep: true)
    return try arguments.derivationReport { () throws(DifferentiationError) in
      let graph = try DerivationGraph(
        of: output, name: function.name, targets: nodes, detail: .everyOperation,
        rounding: arguments.session.stepRounding)
      return try graph.passes(to: nodes)
    }
  }

  // MARK: Nets

  private static func explanation(
    of network: Network, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let update = try update(arguments)
    var rest = arguments.rest.dropFirst()
    var place: WeightDerivation.Place?
    if let last = rest.last, case .string(let text) = last.value {
      rest.removeLast()
      place = try parameterPlace(text, of: network, at: last.range)
    }
    if let extra = rest.dropFirst().first {
      throw Failure(
        "explain of a net takes the net, one data set and one weight", at: extra.range,
        label: "one too many",
        help: ["the name of a weight is a string: explain net data \"W1[1,2]\""])
    }
    let (data, raw) = try arguments.rows(network, rest.first)
    let number = try arguments(sample)
    let notation = arguments.session.notation
    let objective = try arguments.objective(of: network, rows: data.count)
    let chosen = place
    let shape = try arguments.optional(form)
    let isWhole = try arguments.optional(factors) == "all"
    if let argument = arguments.given(form), chosen == nil, shape != "delta" {
      throw Failure(
        "a chain or a matrix is that of one weight", at: argument.range,
        help: ["explain net data \"W1[1,2]\" form=chain"])
    }
    _ = try arguments.mappingErrors(network.targets(of: data, for: objective.loss))
    let row = max(0, min(number, data.count) - 1)
    try arguments.mappingErrors(
      network.lossGraph(data.rows([row]), objective.ofRow(row)).checkIsFinite())
    let derivation = try arguments.mappingErrors { () throws(LearningError) -> Derivation in
      if let chosen {
        if shape == "chain" || shape == "matrix" {
          let pass = try SamplePass(network, data, sample: number, objective)
          return shape == "chain"
            ? try ChainDerivation(pass, chosen, notation).chain(isWhole: isWhole)
            : ChainDerivation(pass, chosen, notation).matrices()
        }
        let derivation = try WeightDerivation(
          network, data, chosen, notation: notation, sample: number, objective)
        guard let update else { return derivation.derivation() }
        return try derivation.derivation(followedBy: update.optimizer, rate: update.rate)
      }
      if let update {
        let after = network.copy()
        let gradient = try after.descend(
          on: data, rate: update.rate, optimizer: update.optimizer, objective)
        return try stages(
          network, after, gradient, data, update, objective, notation, sample: number)
      }
      return StageDerivation(
        try SamplePass(network, data, sample: number, objective), notation
      ).bothPasses()
    }
    let chosenLoss = (objective.loss ?? network.loss).title
    let words = [
      network.title, chosenLoss, (objective.reduction ?? network.reduction).rawValue,
      "\(objective.l1) \(objective.l2) \(number)",
    ]
    var numbers = network.parameters.map { $0.value } + [data.x, data.t]
    for weights in [objective.classWeights, objective.sampleWeights] {
      numbers.append(Tensor(vector: weights ?? []))
    }
    numbers += objective.masks ?? []
    return .report(
      arguments.report(
        arguments.showingPreparing(of: raw, sample: number, for: network, derivation),
        about: arguments.subject(ObjectIdentifier(network), numbers, isWhole, words)))
  }

  /// The optimizer whose step is to be shown, and its rate.
  private static func update(
    _ arguments: Arguments
  ) throws(Failure) -> (optimizer: Optimizer, rate: Double)? {
    guard let optimizer = try arguments.optimizer(shownOptimizer) else {
      try refuseOptions(arguments)
      return nil
    }
    var others = arguments
    let names = [stepRate.parameter.name] + stepRate.parameter.aliases
    guard let place = others.options.firstIndex(where: { names.contains($0.name.text) }) else {
      try refuseOptions(arguments)
      return (optimizer, optimizer.standardRate)
    }
    let (_, argument) = others.options.remove(at: place)
    try refuseOptions(others)
    guard let rate = argument.value.number, rate >= 0 else {
      throw Failure(
        "lr must be \(stepRate.parameter.kind.expectation)", at: argument.range,
        label: arguments.session.brief(argument.value))
    }
    return (optimizer, rate)
  }

  /// `W1[1,2]` as an element of a net's parameter, or `w5`, the weights counted through the net.
  static func parameterPlace(
    _ text: String, of network: Network, at range: SourceRange
  ) throws(Failure) -> WeightDerivation.Place {
    let parts = text.split(separator: "[", maxSplits: 1)
    let name = parts.first.map { $0.filter { $0 != " " } } ?? ""
    let inner = parts.count > 1 ? parts[1].prefix { $0 != "]" } : ""
    let indexes = inner.split(separator: ",").map { Int($0.filter { $0 != " " }) ?? 0 }
    if text.first == "w", let number = Int(text.dropFirst()),
      let (name, indexes) = network.weight(number)
    {
      return try place(network, name, indexes, at: range)
    }
    return try place(network, String(name), indexes, at: range)
  }

  private static func place(
    _ network: Network, _ name: String, _ indexes: [Int], at range: SourceRange
  ) throws(Failure) -> WeightDerivation.Place {
    do throws(LearningError) {
      return try WeightDerivation.Place(network, name, indexes)
    } catch {
      throw Failure(
        error.message, at: range, label: error.notes.first?.text ?? "", help: error.help)
    }
  }
}

extension Arguments {
  /// Calls the function that is explained or drawn; its value must be one number.
  func tracedCall(
    of function: Function, _ subject: BoundArgument
  ) throws(Failure) -> (output: Node, inputs: [Node]) {
    let given = try Catalog.given(for: function, self)
    let (result, nodes) = try runtime.traced(function, given, at: subject.range)
    guard case .traced(let output) = result, output.shape == .scalar else {
      if result.number != nil {
        throw Failure(
          "\(function.name) does not depend on what it is given", at: subject.range,
          help: [function.signature])
      }
      throw Catalog.notOneNumber(result, function, subject.range)
    }
    return (output, nodes.map { $0.node })
  }

  /// A derivation as a report, errors with the place of the call.
  func derivationReport(
    about subject: ShownValues.Subject? = nil,
    _ body: () throws(DifferentiationError) -> Derivation
  ) throws(Failure) -> Value {
    let derivation = try mappingErrors(deriving(body()))
    guard derivation.result.elements.allSatisfy({ $0.isFinite }) else {
      let number = derivation.result.elements.first { !$0.isFinite } ?? .nan
      throw Failure(
        "there is no derivative here: the chain rule gives \(session.style.text(number))", at: range
      )
    }
    return .report(report(derivation, about: subject))
  }

  /// What an explanation is about: what it is computed from, and how it is written.
  fileprivate func subject(
    _ identity: ObjectIdentifier, _ numbers: [Tensor], _ isWhole: Bool, _ words: [String] = []
  ) -> ShownValues.Subject? {
    let style =
      switch session.style {
      case .significantDigits(let digits): ["digits \(digits)", "\(session.roundsSteps)"]
      case .decimals(let places): ["decimals \(places)", "\(session.roundsSteps)"]
      }
    var subject = ShownValues.Subject(identity, numbers, session.notation, words + style)
    subject?.isWhole = isWhole
    return subject
  }

  func report(
    _ derivation: Derivation, fields more: Record = Record(),
    about subject: ShownValues.Subject? = nil
  ) -> Report {
    let number = session.numberText
    var fields = more
    fields["value"] = Value(derivation.result)
    if !derivation.factors.isEmpty {
      fields["factors"] = .tensor(Tensor(vector: derivation.factors))
    }
    if !derivation.paths.isEmpty { fields["paths"] = .tensor(Tensor(vector: derivation.paths)) }
    let parts = Derivation.sections.compactMap { name, heads in
      derivation.part(under: heads).map { (name, $0) }
    }
    // A report of one part is that part.
    for (name, part) in parts.count > 1 ? parts : [] {
      fields[name] = .report(Report(part, title: name, number: number))
    }
    return Report(
      derivation, title: derivation.title, fields: fields, number: number, about: subject)
  }
}

extension Session {
  /// How `rounding step` rounds: to what would be written.
  var stepRounding: ((Double) -> Double)? {
    guard roundsSteps else { return nil }
    let style = style
    return { Double(style.text($0)) ?? $0 }
  }
}
