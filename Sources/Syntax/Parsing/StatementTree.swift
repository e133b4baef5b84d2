/// `{ statement; statement }`
package struct Block: Sendable {
  package var statements: [Statement]
  package var range: SourceRange

  package init(statements: [Statement], range: SourceRange) {
    self.statements = statements
    self.range = range
  }
}

/// A statement with its place and whether a `;` follows it, which silences the echo.
package struct Statement: Sendable {
  package var kind: StatementKind
  package var range: SourceRange
  package var isSilent: Bool

  package init(kind: StatementKind, range: SourceRange, isSilent: Bool) {
    self.kind = kind
    self.range = range
    self.isSilent = isSilent
  }
}

/// What a statement does; each case shows the syntax it stands for.
package indirect enum StatementKind: Sendable {
  /// `x`, `train net circles`, `if c { }`
  case expression(Expression)
  /// `x = 1`, `W[1,2] += 3`, `a, b = split data 0.8`
  case assignment(Assignment)
  /// `f(x, y=1) = x + y`, with the `##` lines above it
  case definition(Definition)
  /// `param w1 = 0.15, w2 = 0.20`
  case parameters([RecordField])
  /// `print a, b`
  case print([Expression])
  /// `check e, "what it means when this fails" points=2`
  case check(CheckStatement)
  /// `for x in xs { }`
  case forEach(variable: Name, sequence: Expression, body: Block)
  /// `while c { }`
  case whileLoop(condition: Expression, body: Block)
  /// `repeat 10 { }`
  case repeatLoop(count: Expression, body: Block)
  case breakLoop
  case continueLoop
  /// `return`, `return e`
  case returnValue(Expression?)
  /// `import "lib.bp"`
  case importFile(Expression)
  /// `time e`
  case time(Statement)
  /// `exercise "Forward pass" points=2 { }`
  case exercise(title: Expression, options: [Argument], body: Block)
  /// `hint "…"`
  case hint(Expression)
  /// `mistake e, "…"`
  case mistake(Expression, message: Expression)
  /// `task "…"`
  case task(Expression)
  /// `answer z "the net input" points=1`
  case answer(Name, description: Expression?, options: [Argument])
  /// `variant w = 0.1..0.9 by 0.1, x = [1, 2, 3]`
  case variants([RecordField])
  /// `tests { check … }`
  case tests(Block)
}

/// `public check e, "what it means when this fails" points=2`
package struct CheckStatement: Sendable {
  package var condition: Expression
  package var message: Expression?
  package var options: [Argument]
  /// Whether students may see it before they hand in.
  package var isPublic: Bool

  package init(
    _ condition: Expression, message: Expression?, options: [Argument] = [],
    isPublic: Bool = false
  ) {
    self.condition = condition
    self.message = message
    self.options = options
    self.isPublic = isPublic
  }
}

package struct Assignment: Sendable {
  package enum Operator: String, Hashable, Sendable {
    case set = "="
    case add = "+="
    case subtract = "-="
    case multiply = "*="
    case divide = "/="
  }

  /// `NAME { "[" index "]" | "." NAME }`; several only with `=`.
  package var targets: [Expression]
  package var operation: Operator
  package var operatorRange: SourceRange
  package var value: Expression

  package init(
    targets: [Expression], operation: Operator, operatorRange: SourceRange, value: Expression
  ) {
    self.targets = targets
    self.operation = operation
    self.operatorRange = operatorRange
    self.value = value
  }
}

package struct Definition: Sendable {
  package var name: Name
  package var parameters: [FunctionParameter]
  package var body: FunctionBody
  /// The `##` lines right above, joined by line ends, without the marks.
  package var help: String?

  package init(
    name: Name, parameters: [FunctionParameter], body: FunctionBody, help: String?
  ) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.help = help
  }
}
