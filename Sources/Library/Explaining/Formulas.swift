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
        let formula = try FunctionFormula(of: function, subject, arguments)
        return .report(
          Report(title: "formula") { display in
            display.isASCII ? PlainCharacters.ascii(formula.text) : formula.text
          })
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
    let number = arguments.session.numberText
    let shown = derivation
    return Report(
      title: "formula", fields: Record([("value", Value(shown.result))]), derivation: shown
    ) { display in
      let text = shown.text(number: number, width: display.columns)
      return display.isASCII ? PlainCharacters.ascii(text) : text
    }
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
  private let number: (Double) -> String

  private enum Form {
    case cases(CaseFormula)
    case formula(Formula)
  }

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
    number = arguments.session.numberText
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
    values = .formula(reader.computation(of: output).defined)
    let (shown, variableName) = (name, variable)
    slopes = input.flatMap { input in
      guard let sweep = try? ReverseSweep(of: output, by: [input]),
        let adjoint = sweep.adjoint(of: input)
      else { return nil }
      let whole = Symbol(text: "\(shown)(\(variableName))", tex: "\(shown)(\(variableName))")
      let reader = FormulaReader { node in
        if node === output { return whole }
        return node.isParameter ? node.name.map { Symbol(name: $0) } : nil
      }
      return .formula(reader.formula(adjoint))
    }
  }

  /// For reading.
  var text: String {
    let writing = Writing(.page, number: number)
    let parts = [(name, Optional(values)), ("\(name)'", slopes)].compactMap { name, form in
      form.map { lines("\(name)(\(variable)) = ", $0, writing).joined(separator: "\n") }
    }
    return (parts + (note.map { ["\(name)': \($0)"] } ?? [])).joined(separator: "\n\n")
  }

  private func lines(_ left: String, _ form: Form, _ writing: Writing) -> [String] {
    switch form {
    case .formula(let formula): return [left + writing.text(formula)]
    case .cases(let cases):
      let rows = cases.cases(of: variable, number: number, isTeX: false)
      guard rows.count > 1 else { return [left + (rows.first?.formula ?? "")] }
      let width = rows.map { TextWidth.columns(of: $0.formula) }.max() ?? 0
      let margin = String(repeating: " ", count: TextWidth.columns(of: left))
      return rows.enumerated().map { index, row in
        let middle = (rows.count - 1) / 2
        let brace =
          index == 0 ? "⎧" : index == rows.count - 1 ? "⎩" : index == middle ? "⎨" : "⎪"
        return (index == middle ? left : margin) + brace + " "
          + TextWidth.padded(row.formula, to: width, .left) + "   " + row.condition
      }
    }
  }

  /// As a formula for TeX, with the `cases` of amsmath; of the function alone.
  var tex: String {
    let writing = Writing(.tex, number: number)
    let name = Symbol.tex(ofFunction: name)
    let left = "\(name)(\(writing.text(Symbol(name: variable)))) = "
    switch values {
    case .formula(let formula): return left + writing.text(formula)
    case .cases(let cases):
      let variable = writing.text(Symbol(name: variable))
      let rows = cases.cases(of: variable, number: number, isTeX: true)
      guard rows.count > 1 else { return left + (rows.first?.formula ?? "") }
      return left + "\\begin{cases} "
        + rows.map { "\($0.formula) & \($0.condition)" }.joined(separator: " \\\\ ")
        + " \\end{cases}"
    }
  }
}

extension Catalog {
  // MARK: LaTeX

  /// A number, matrix or function as LaTeX.
  static func formulaTeX(
    _ anything: Key<Value>, _ arguments: Arguments
  ) throws(Failure) -> String {
    let value = try arguments(anything)
    let writing = Writing(.tex, number: arguments.session.numberText)
    if case .traced(let node) = value {
      let name = Symbol(name: node.name ?? "result")
      let reader = FormulaReader { part in
        part === node ? nil : part.name.map { Symbol(name: $0) }
      }
      return "\(writing.text(name)) = \(writing.text(reader.computation(of: node)))"
    }
    if let tensor = value.tensor { return writing.text(tensor) }
    if case .function(let function) = value {
      return try definitionTeX(of: function, at: arguments.range(of: anything), arguments)
    }
    throw Failure(
      "only explanations, numbers, vectors, matrices and functions are written as formulas",
      at: arguments.range(of: anything), label: value.kind)
  }

  private static func definitionTeX(
    of function: Function, at range: SourceRange, _ arguments: Arguments
  ) throws(Failure) -> String {
    let writing = Writing(.tex, number: arguments.session.numberText)
    let given = function.parameterNames.map { name in
      (name: name, argument: BoundArgument(value: .number(1), range: range, name: nil))
    }
    let (result, _) = try arguments.runtime.traced(function, given, at: range)
    let list = function.parameterNames.map { writing.text(Symbol(name: $0)) }.joined(
      separator: ", ")
    let formula: Formula
    if case .traced(let output) = result {
      let reader = FormulaReader { node in
        node.isParameter ? node.name.map { Symbol(name: $0) } : nil
      }
      formula = reader.computation(of: output)
    } else {
      formula = .number(result.number ?? .nan)
    }
    return "\(writing.text(Symbol(name: function.name)))(\(list)) = \(writing.text(formula))"
  }
}
