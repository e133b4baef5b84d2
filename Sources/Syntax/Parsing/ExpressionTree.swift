/// A name with its place: `net`, `w5`, `δ`.
package struct Name: Hashable, Sendable {
  package var text: String
  package var range: SourceRange

  package init(_ text: String, at range: SourceRange) {
    self.text = text
    self.range = range
  }
}

/// An expression of the language; each case shows the syntax it stands for.
package indirect enum Expression: Sendable {
  /// `0.5`, `1e-3`, `1_000`
  case number(NumberLiteral)
  /// `"loss {loss net circles:.4}"`
  case string(StringLiteral)
  /// `true`, `false`
  case truth(Bool, SourceRange)
  /// `nothing`
  case nothing(SourceRange)
  /// `net`
  case name(Name)
  /// `___`, to be filled in by a student
  case blank(SourceRange)
  /// `[1, 2, 3]`, `[[1,2],[3,4]]`, `[]`
  case bracket([Expression], SourceRange)
  /// `[3,5; 1,6]`
  case rows([[Expression]], SourceRange)
  /// `[lr: 0.1, epochs: 3]`, `[:]`
  case record([RecordField], SourceRange)
  /// `(x + 1)`
  case group(Expression, SourceRange)
  /// `-x`, `not x`
  case unary(UnaryExpression)
  /// `a + b`, `A @ B`, `a and b`
  case binary(BinaryExpression)
  /// `0 < x < 1`, `a ≈ b within 1e-3`
  case comparison(ComparisonExpression)
  /// `1..10 by 2`
  case range(RangeExpression)
  /// `f(x, y)` and `train net circles epochs=100`
  case call(CallExpression)
  /// `x[1]`, `W[1,:]`
  case index(IndexExpression)
  /// `net.W1`
  case field(FieldExpression)
  /// `W'`
  case transpose(Expression, SourceRange)
  /// `x -> x^2`, `(x, y) -> { ... }`
  case function(FunctionLiteral)
  /// `if c { a } else { b }`, as a statement too
  case conditional(ConditionalExpression)
}

package struct NumberLiteral: Sendable {
  package var value: Double
  /// As written, which tells the precision of `≈`.
  package var text: String
  package var range: SourceRange

  package init(value: Double, text: String, range: SourceRange) {
    self.value = value
    self.text = text
    self.range = range
  }
}

package struct StringLiteral: Sendable {
  package enum Segment: Sendable {
    /// Escapes already resolved.
    case text(String)
    /// `{expression:format}`
    case interpolation(Expression, format: FormatSpecifier?)
  }

  package var segments: [Segment]
  /// Whether it was written between `"""`.
  package var isBlock: Bool
  package var range: SourceRange

  package init(segments: [Segment], isBlock: Bool, range: SourceRange) {
    self.segments = segments
    self.isBlock = isBlock
    self.range = range
  }
}

/// The format behind `:` in a string: `.4` four decimals, `.4g` four significant digits,
/// `8` a width, `8.3` both.
package struct FormatSpecifier: Hashable, Sendable {
  package var width: Int?
  package var decimals: Int?
  package var significantDigits: Int?

  package init(width: Int? = nil, decimals: Int? = nil, significantDigits: Int? = nil) {
    self.width = width
    self.decimals = decimals
    self.significantDigits = significantDigits
  }
}

/// `lr: 0.1` inside a record.
package struct RecordField: Sendable {
  package var name: Name
  package var value: Expression

  package init(name: Name, value: Expression) {
    self.name = name
    self.value = value
  }
}

package enum UnaryOperator: String, Hashable, Sendable {
  case negate = "-"
  case not = "not"
}

package struct UnaryExpression: Sendable {
  package var operation: UnaryOperator
  package var operand: Expression
  package var range: SourceRange

  package init(operation: UnaryOperator, operand: Expression, range: SourceRange) {
    self.operation = operation
    self.operand = operand
    self.range = range
  }
}

package enum BinaryOperator: String, Hashable, Sendable, CaseIterable {
  case or, and
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
  case matrixProduct = "@"
  case power = "^"
}

package struct BinaryExpression: Sendable {
  package var operation: BinaryOperator
  package var left: Expression
  package var right: Expression
  /// Where the operator itself stands.
  package var operatorRange: SourceRange

  package init(
    operation: BinaryOperator, left: Expression, right: Expression, operatorRange: SourceRange
  ) {
    self.operation = operation
    self.left = left
    self.right = right
    self.operatorRange = operatorRange
  }
}

package enum ComparisonOperator: String, Hashable, Sendable {
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case close = "≈"
}

package struct ComparisonExpression: Sendable {
  package struct Link: Sendable {
    package var operation: ComparisonOperator
    package var operatorRange: SourceRange
    package var right: Expression

    package init(
      operation: ComparisonOperator, operatorRange: SourceRange, right: Expression
    ) {
      self.operation = operation
      self.operatorRange = operatorRange
      self.right = right
    }
  }

  package var first: Expression
  /// One link, or several of `<`, `<=`, `>`, `>=`.
  package var links: [Link]
  /// Behind `within`; only with one `≈`.
  package var tolerance: Expression?
  package var range: SourceRange

  package init(
    first: Expression, links: [Link], tolerance: Expression?, range: SourceRange
  ) {
    self.first = first
    self.links = links
    self.tolerance = tolerance
    self.range = range
  }
}

package struct RangeExpression: Sendable {
  package var low: Expression
  package var high: Expression
  package var step: Expression?
  package var range: SourceRange

  package init(low: Expression, high: Expression, step: Expression?, range: SourceRange) {
    self.low = low
    self.high = high
    self.step = step
    self.range = range
  }
}

/// One argument of a call: `x`, or the option `lr=0.1`.
package struct Argument: Sendable {
  package var name: Name?
  package var value: Expression

  package init(name: Name?, value: Expression) {
    self.name = name
    self.value = value
  }

  package var range: SourceRange { name.map { $0.range.union(value.range) } ?? value.range }
}

package struct CallExpression: Sendable {
  package enum Form: Hashable, Sendable {
    /// `f(x, y)`
    case parentheses
    /// `f x y`
    case command
  }

  package var callee: Expression
  package var arguments: [Argument]
  package var form: Form
  package var range: SourceRange

  package init(callee: Expression, arguments: [Argument], form: Form, range: SourceRange) {
    self.callee = callee
    self.arguments = arguments
    self.form = form
    self.range = range
  }
}

/// One place between the brackets of an index.
package enum IndexItem: Sendable {
  /// `2`, `-1`, `2..4`, `mask`
  case expression(Expression)
  /// `:`
  case all(SourceRange)
}

package struct IndexExpression: Sendable {
  package var base: Expression
  package var items: [IndexItem]
  package var range: SourceRange

  package init(base: Expression, items: [IndexItem], range: SourceRange) {
    self.base = base
    self.items = items
    self.range = range
  }
}

package struct FieldExpression: Sendable {
  package var base: Expression
  package var name: Name

  package init(base: Expression, name: Name) {
    self.base = base
    self.name = name
  }
}

/// `x` or `x = 1` between the parentheses of a definition.
package struct FunctionParameter: Sendable {
  package var name: Name
  package var defaultValue: Expression?

  package init(name: Name, defaultValue: Expression? = nil) {
    self.name = name
    self.defaultValue = defaultValue
  }
}

package enum FunctionBody: Sendable {
  case expression(Expression)
  case block(Block)
}

package struct FunctionLiteral: Sendable {
  package var parameters: [FunctionParameter]
  package var body: FunctionBody
  package var range: SourceRange

  package init(parameters: [FunctionParameter], body: FunctionBody, range: SourceRange) {
    self.parameters = parameters
    self.body = body
    self.range = range
  }
}

package struct ConditionalExpression: Sendable {
  package indirect enum Alternative: Sendable {
    case block(Block)
    /// `else if`
    case conditional(ConditionalExpression)
  }

  package var condition: Expression
  package var consequence: Block
  package var alternative: Alternative?
  package var range: SourceRange

  package init(
    condition: Expression, consequence: Block, alternative: Alternative?, range: SourceRange
  ) {
    self.condition = condition
    self.consequence = consequence
    self.alternative = alternative
    self.range = range
  }
}

extension Expression {
  package var range: SourceRange {
    switch self {
    case .number(let literal): literal.range
    case .string(let literal): literal.range
    case .truth(_, let range), .nothing(let range), .blank(let range), .bracket(_, let range),
      .rows(_, let range), .record(_, let range), .group(_, let range), .transpose(_, let range):
      range
    case .name(let name): name.range
    case .unary(let expression): expression.range
    case .binary(let expression): expression.left.range.union(expression.right.range)
    case .comparison(let expression): expression.range
    case .range(let expression): expression.range
    case .call(let expression): expression.range
    case .index(let expression): expression.range
    case .field(let expression): expression.base.range.union(expression.name.range)
    case .function(let expression): expression.range
    case .conditional(let expression): expression.range
    }
  }
}
