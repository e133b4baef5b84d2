import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let formulaFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "formula", .differentiation,
      "Computed values as equations, with symbols and numbers; a function by cases, with its "
        + "derivative.",
      parameters: [definitions.parameter],
      rest: Parameter("x", .any, "Values that were computed from parameters, or a function."),
      passesOptions: true,
      examples: [
        .init("param w = 3; z = 2*w + 1; formula z", prints: "z = 2*w + 1 = 2*3 + 1 = 7"),
        .init(
          "formula relu",
          prints: """
            relu(x) = ⎧ x   x ≥ 0
                      ⎩ 0   x < 0

            relu'(x) = ⎧ 1   x ≥ 0
                       ⎩ 0   x < 0
            """),
      ]
    ) { arguments throws(Failure) in
      guard let subject = arguments.rest.first else {
        throw Failure(
          "formula needs something to write", at: arguments.range,
          help: ["formula E", "formula sigmoid"])
      }
      if case .function(let function) = subject.value {
        return .report(
          Report(
            try FunctionFormula(of: function, subject, arguments).derivation, title: "formula",
            number: arguments.session.numberText))
      }
      try refuseOptions(arguments)
      return .report(try equations(arguments))
    }
  ]

  private static let definitions = Key.truth(
    "definitions", .truth(false),
    "Whether activations are written as what they stand for.")

  private static func equations(_ arguments: Arguments) throws(Failure) -> Report {
    var derivation = Derivation(title: "", result: Tensor(0))
    for subject in arguments.rest {
      guard case .traced(let node) = subject.value, node.primitive != nil else {
        throw Failure(
          "\(subject.name ?? "this") was not computed from any parameter", at: subject.range,
          label: subject.value.kind, help: ["declare what it depends on: param w = 0.5"])
      }
      let name = node.name ?? subject.name ?? "result"
      let graph = try arguments.mappingErrors(
        deriving(
          DerivationGraph(of: node, name: name, rounding: arguments.session.stepRounding)))
      guard let last = graph.steps.last, let formula = last.formula else { continue }
      for step in graph.steps { derivation.values[step.symbol] = step.value }
      let isDefined = try arguments(definitions)
      derivation.add(last.symbol, isDefined ? formula.defined : formula, value: last.value)
      derivation.result = last.value
    }
    return Report(
      derivation, title: "formula", fields: Record([("value", Value(derivation.result))]),
      number: arguments.session.numberText)
  }
}

/// A function of one number as courses define it: by cases where it is straight in pieces, else by
/// one formula, and its derivative in the same way.
struct FunctionFormula {
  private let name: String
  private let variable: String
  private let values: Form
  private let slopes: Form?
  private let note: String?

  private typealias Form = FunctionDefinition.Form

  /// - Throws: where the function is none of one number, and what it throws.
  init(
    of function: Function, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) {
    let given = try Catalog.given(for: function, arguments)
    let open = function.parameterNames.prefix(max(function.requiredCount, 1)).filter { name in
      !given.contains { $0.name == name }
    }
    guard open.count == 1 else {
      throw Failure(
        "a formula is written of a function of one number", at: subject.range,
        label: "\(open.isEmpty ? "nothing" : open.joined(separator: ", ")) is open",
        help: [function.signature])
    }
    let variable = open[0]
    // A loop over functions calls each of them by the loop's variable.
    name = function.name.contains(" ") ? subject.name ?? function.name : function.name
    self.variable = variable
    func call(_ x: Double) throws(Failure) -> (output: Node?, input: Node?, value: Double?) {
      let argument = BoundArgument(value: .number(x), range: subject.range, name: nil)
      let (result, nodes) = try arguments.runtime.traced(
        function, [(variable, argument)] + given, at: subject.range)
      guard case .traced(let output) = result else { return (nil, nil, result.number) }
      return (output, nodes.first { $0.name == variable }?.node, result.number)
    }
    func slope(_ x: Double) throws(Failure) -> Double? {
      let (output, input, _) = try call(x)
      guard let output, let input else { return 0 }
      return try? gradients(of: output, by: [input]).first?.value?.elements.first
    }
    func value(_ x: Double) throws(Failure) -> Double? { try call(x).value }
    if let cases = try CaseFormula(of: value, slope: slope) {
      values = .cases(cases)
      slopes = .cases(cases.derivative)
      // Inside of each piece the slope that training takes is asked for.
      let ends = [(cases.bounds.first ?? 0) - 2] + cases.bounds + [(cases.bounds.last ?? 0) + 2]
      var taken: [Double] = []
      for (index, piece) in cases.pieces.enumerated() {
        guard let slope = try slope((ends[index] + ends[index + 1]) / 2), slope != piece.slope
        else { continue }
        taken.append(slope)
      }
      note = taken.first.map { slope in
        "where it has a slope that is 0; training takes \(NumberStyle.standard.text(slope)), "
          + "so that something is learned"
      }
      return
    }
    note = nil
    let (output, input, _) = try call(0.5)
    guard let output else {
      values = .formula(.symbol(Symbol(name: name)))
      slopes = nil
      return
    }
    let reader = FormulaReader { node in
      node === output ? nil : node.isParameter ? node.name.map { Symbol(name: $0) } : nil
    }
    values = .formula(reader.computation(of: output).definedAlone)
    let (shown, variableName) = (name, variable)
    slopes = input.flatMap { input in
      guard let sweep = try? ReverseSweep(of: output, by: [input]),
        let adjoint = sweep.adjoint(of: input)
      else { return nil }
      let whole = Symbol(function: shown, of: [variableName])
      let reader = FormulaReader { node in
        if node === output { return whole }
        return node.isParameter ? node.name.map { Symbol(name: $0) } : nil
      }
      return .formula(reader.formula(adjoint))
    }
  }

  /// The function and its derivative.
  var derivation: Derivation {
    var derivation = Derivation(title: "", result: Tensor(0))
    for (name, form) in [(name, Optional(values)), ("\(name)'", slopes)] {
      guard let form else { continue }
      derivation.parts.append(
        .definition(FunctionDefinition(name: name, variable: variable, form: form)))
    }
    if let note { derivation.add(note: "\(name)': \(note)") }
    return derivation
  }
}

extension Catalog {
  // MARK: Setting

  /// A number, matrix or function as it is set, and as text.
  static func formulaLayout(
    _ anything: Key<Value>, _ arguments: Arguments
  ) throws(Failure) -> (layout: MathLayout, text: String) {
    let value = try arguments(anything)
    let number = arguments.session.numberText
    let (setting, writing) = (FormulaLayout(number: number), Writing(.page, number: number))
    if case .traced(let node) = value {
      let name = Symbol(name: node.name ?? "result")
      let reader = FormulaReader { part in
        part === node ? nil : part.name.map { Symbol(name: $0) }
      }
      let formula = reader.computation(of: node)
      return (
        .row([name.layout, .sign(.equal), setting.layout(formula)]),
        "\(name.text) = \(writing.text(formula))"
      )
    }
    if let tensor = value.tensor { return (setting.layout(tensor), writing.text(tensor)) }
    if case .function(let function) = value {
      return try definitionLayout(
        of: function, at: arguments.range(of: anything), arguments, setting, writing)
    }
    throw Failure(
      "only explanations, numbers, vectors, matrices and functions are written as formulas",
      at: arguments.range(of: anything), label: value.kind)
  }

  private static func definitionLayout(
    of function: Function, at range: SourceRange, _ arguments: Arguments, _ setting: FormulaLayout,
    _ writing: Writing
  ) throws(Failure) -> (layout: MathLayout, text: String) {
    let given = function.parameterNames.map { name in
      (name: name, argument: BoundArgument(value: .number(1), range: range, name: nil))
    }
    let (result, _) = try arguments.runtime.traced(function, given, at: range)
    let formula: Formula
    if case .traced(let output) = result {
      let reader = FormulaReader { node in
        node.isParameter ? node.name.map { Symbol(name: $0) } : nil
      }
      formula = reader.computation(of: output)
    } else {
      formula = .number(result.number ?? .nan)
    }
    let call = Symbol(function: function.name, of: function.parameterNames)
    return (
      .row([call.layout, .sign(.equal), setting.layout(formula)]),
      "\(call.text) = \(writing.text(formula))"
    )
  }
}
