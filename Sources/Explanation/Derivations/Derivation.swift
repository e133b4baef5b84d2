import Differentiation

/// A derivation as it is written on a board: equations under headings, with notes.
package struct Derivation {
  /// left = steps… = value.
  package struct Equation {
    package var left: Symbol
    /// The same quantity again and again, first in symbols, then in numbers.
    package var steps: [Formula]
    package var value: Tensor

    /// - Parameter value: of any shape; a printed equation shows it by the style in use.
    package init(_ left: Symbol, _ steps: [Formula], value: Tensor) {
      self.left = left
      self.steps = steps
      self.value = value
    }
  }

  package enum Part {
    case heading(String)
    case equation(Equation)
    case note(String)
    case definition(FunctionDefinition)
    /// Rows of symbols and numbers under column titles.
    case table([String], [[Cell]])
  }

  package enum Cell {
    case symbol(Symbol)
    case number(Double)
    case text(String)
  }

  package var title: String
  package var parts: [Part] = []
  /// What the derivation comes to.
  package var result: Tensor
  /// The factors of the chain, where there is one.
  package var factors: [Double] = []
  /// What each path contributes, where there are several.
  package var paths: [Double] = []
  /// The values of the symbols that occur.
  package var values: [Symbol: Tensor] = [:]

  /// - Parameter result: the derivative, in the shape of what it is taken by.
  package init(title: String, result: Tensor) {
    self.title = title
    self.result = result
  }

  package var equations: [Equation] {
    parts.compactMap { part in
      if case .equation(let equation) = part { equation } else { nil }
    }
  }

  /// The parts that are values of their own: a name, and how their headings begin.
  package static let sections = [
    ("forward", ["forward", "the values"]), ("backward", ["backward", "the factors"]),
    ("update", ["update", "the step"]),
  ]

  /// What stands under the headings that begin so; nil where nothing does.
  package func part(under beginnings: [String]) -> Derivation? {
    var result = self
    result.title = ""
    result.parts = parts(under: beginnings)
    return result.parts.isEmpty ? nil : result
  }

  /// Takes away what stands under a heading.
  package mutating func remove(under heading: String) {
    var isInside = false
    parts.removeAll { part in
      if case .heading(let text) = part { isInside = text == heading }
      return isInside
    }
  }

  private func parts(under beginnings: [String]) -> [Part] {
    var isInside = false
    return parts.filter { part in
      if case .heading(let text) = part {
        isInside = beginnings.contains { text.hasPrefix($0) }
      }
      return isInside
    }
  }

  package mutating func add(heading: String) { parts.append(.heading(heading)) }
  package mutating func add(note: String) { parts.append(.note(note)) }

  /// Adds `left = formula = formula in numbers = value`; a step that says nothing new is left out.
  package mutating func add(
    _ left: Symbol, _ formula: Formula, value: Tensor, further: [Formula] = []
  ) {
    var steps = [formula]
    let number = formula.substituting { values[$0] }
    if number != formula { steps.append(number) }
    steps += further
    // The last step in numbers may be the value already.
    if let last = steps.last, last == (value.number.map { .number($0) } ?? .tensor(value)) {
      steps.removeLast()
    }
    parts.append(.equation(Equation(left, steps, value: value)))
    values[left] = value
  }
}
