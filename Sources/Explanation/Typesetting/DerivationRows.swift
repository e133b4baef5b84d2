import Differentiation

extension Derivation {
  /// One line of a derivation as it is set.
  package enum Row {
    case title([Prose.Span])
    case heading([Prose.Span])
    case note([Prose.Span])
    case equation(SetEquation)
    /// Column titles, and rows of cells.
    case table([[Prose.Span]], [[[Prose.Span]]])
  }

  /// Headings, notes, tables and equations one by one.
  /// - Parameters:
  ///   - number: how numbers are written.
  ///   - known: symbols besides its own that are formulas in its notes.
  package func rows(
    number: @escaping (Double) -> String, besides known: Set<Symbol> = []
  ) -> [Row] {
    let setting = FormulaLayout(number: number)
    let prose = Prose(symbols: symbols.union(known))
    let writing = Writing(.page, number: number)
    return (title.isEmpty ? [] : [Row.title(prose.spans(title))])
      + parts.map { part in
        switch part {
        case .heading(let text): return .heading(prose.spans(text))
        case .note(let text): return .note(prose.spans(text))
        case .equation(let equation):
          return .equation(SetEquation(equation, setting, plain: writing))
        case .definition(let definition): return .equation(definition.equation(number: number))
        case .table(let titles, let rows):
          return .table(
            titles.map(prose.spans),
            rows.map { row in
              row.map { cell in
                switch cell {
                case .symbol(let symbol): [.formula(symbol.layout, symbol.text)]
                case .number(let value): [.formula(setting.layout(value), number(value))]
                case .text(let text): prose.spans(text)
                }
              }
            })
        }
      }
  }

  /// What equations are about, and what they are made of.
  package var symbols: Set<Symbol> { Set(values.keys).union(equations.map { $0.left }) }
}

/// An equation as it is set: one quantity and what it is equal to.
package struct SetEquation {
  package let left: MathLayout
  /// Those that rounding made equal written once.
  package let steps: [MathLayout]
  /// The same as text.
  package let alternative: String

  package init(left: MathLayout, steps: [MathLayout], alternative: String) {
    self.left = left
    self.steps = steps
    self.alternative = alternative
  }

  init(_ equation: Derivation.Equation, _ setting: FormulaLayout, plain: Writing) {
    func distinct<Side: Equatable>(_ sides: [Side]) -> [Side] {
      sides.enumerated().filter { $0 == 0 || sides[$0 - 1] != $1 }.map { $0.element }
    }
    left = equation.left.layout
    steps = distinct(equation.steps.map(setting.layout) + [setting.layout(equation.value)])
    let sides = equation.steps.map(plain.text) + [plain.text(equation.value)]
    alternative = ([plain.text(equation.left)] + distinct(sides)).joined(separator: " = ")
  }

  /// A line of an equation that has several.
  package struct Line {
    package let layout: MathLayout
    /// Whether it goes on with the line above it.
    package let isContinued: Bool
  }

  /// The sides of the equation below each other, long sums in several lines.
  package func lines(width: Double) -> [Line] {
    steps.flatMap { step in
      step.lines(width: width).enumerated().map { Line(layout: $1, isContinued: $0 > 0) }
    }
  }

  /// All sides beside each other.
  package var wholeLine: MathLayout {
    .row([left] + steps.flatMap { [.sign(.equal), $0] })
  }
}
