import Syntax

extension Resolver {
  mutating func codes(for expressions: [Expression]) throws(Failure) -> [Code] {
    var codes: [Code] = []
    for expression in expressions { codes.append(try code(for: expression)) }
    return codes
  }

  mutating func codeIfPresent(for expression: Expression?) throws(Failure) -> Code? {
    guard let expression else { return nil }
    return try code(for: expression)
  }

  mutating func code(for expression: Expression) throws(Failure) -> Code {
    let range = expression.range
    switch expression {
    case .number(let literal): return NumberCode(literal.value, text: literal.text, range: range)
    case .string(let literal): return try string(literal)
    case .truth(let truth, _): return ConstantCode(.truth(truth), range: range)
    case .nothing: return Code(range: range)
    case .name(let name): return variable(name)
    case .blank: return BlankCode(range: range)
    case .bracket(let elements, _): return BracketCode(try codes(for: elements), range: range)
    case .rows(let rows, _):
      var codes: [Code] = []
      for row in rows {
        codes.append(
          BracketCode(
            try self.codes(for: row),
            range: row.first.map { $0.range.union(row[row.count - 1].range) } ?? range))
      }
      return BracketCode(codes, range: range)
    case .record(let fields, _):
      var codes: [(name: String, code: Code)] = []
      for field in fields { codes.append((field.name.text, try code(for: field.value))) }
      return RecordCode(codes, range: range)
    case .group(let inner, _): return try code(for: inner)
    case .unary(let unary): return try code(for: unary)
    case .binary(let binary): return try code(for: binary)
    case .comparison(let comparison): return try code(for: comparison)
    case .range(let bounds):
      return RangeCode(
        low: try code(for: bounds.low), high: try code(for: bounds.high),
        step: try codeIfPresent(for: bounds.step), range: range)
    case .call(let call): return try code(for: call)
    case .index(let index):
      return IndexCode(base: try code(for: index.base), items: try items(index.items), range: range)
    case .field(let field):
      return FieldCode(base: try code(for: field.base), name: field.name, range: range)
    case .transpose(let base, _): return TransposeCode(try code(for: base), range: range)
    case .function(let literal):
      return FunctionLiteralCode(
        try template(
          name: UserFunction.literalName, parameters: literal.parameters, body: literal.body,
          range: range,
          help: nil), range: range)
    case .conditional(let conditional): return try value(of: conditional)
    }
  }

  private mutating func string(_ literal: StringLiteral) throws(Failure) -> Code {
    var segments: [InterpolationCode.Segment] = []
    for segment in literal.segments {
      switch segment {
      case .text(let text): segments.append(.text(text))
      case .interpolation(let inner, let format):
        segments.append(.value(try code(for: inner), format))
      }
    }
    if segments.isEmpty { return ConstantCode(.string(""), range: literal.range) }
    if segments.count == 1, case .text(let text) = segments[0] {
      return ConstantCode(.string(text), range: literal.range)
    }
    return InterpolationCode(segments, range: literal.range)
  }

  private mutating func code(for unary: UnaryExpression) throws(Failure) -> Code {
    let operand = try code(for: unary.operand)
    switch unary.operation {
    case .not: return NotCode(operand, range: unary.range)
    case .negate:
      if case .number(let number) = operand.form {
        let text = "-\(operand.literals?.first ?? "")"
        return NumberCode(-number, text: text, range: unary.range)
      }
      return NegationCode(operand, range: unary.range)
    }
  }

  private mutating func code(for binary: BinaryExpression) throws(Failure) -> Code {
    let left = try code(for: binary.left)
    let right = try code(for: binary.right)
    switch binary.operation {
    case .and: return LogicCode(left, right, decisive: false)
    case .or: return LogicCode(left, right, decisive: true)
    default:
      return ArithmeticCode.make(
        binary.operation, left, right, operatorRange: binary.operatorRange, source: source)
    }
  }

  private mutating func code(for comparison: ComparisonExpression) throws(Failure) -> Code {
    let first = try code(for: comparison.first)
    var links: [ComparisonChainCode.Link] = []
    for link in comparison.links {
      links.append(.init(operation: link.operation, right: try code(for: link.right)))
    }
    if links.count == 1, let link = links.first,
      let code = ComparisonCode(link.operation, first, link.right, range: comparison.range)
    {
      return code
    }
    var closeness = Closeness.relative
    if let tolerance = comparison.tolerance {
      closeness = .within(try code(for: tolerance))
    } else if comparison.links.count == 1, comparison.links[0].operation == .close {
      closeness = Closeness(left: comparison.first, right: comparison.links[0].right)
    }
    return ComparisonChainCode(
      first: first, links: links, closeness: closeness, range: comparison.range)
  }

  private mutating func code(for call: CallExpression) throws(Failure) -> CallCode {
    let callee: Code
    if case .name(let name) = call.callee {
      callee = HeadCode(
        name: name.text, locals: localCode(name).map { [$0] } ?? [],
        place: runtime.place(ofGlobal: name.text),
        builtin: runtime.session.catalog.function(name.text), range: name.range)
    } else {
      callee = try code(for: call.callee)
    }
    return CallCode(
      callee: callee, arguments: try arguments(call.arguments), source: source, range: call.range)
  }

  private mutating func arguments(_ list: [Argument]) throws(Failure) -> [ArgumentCode] {
    var codes: [ArgumentCode] = []
    for argument in list { codes.append(try self.argument(argument)) }
    return codes
  }

  /// What may be a word with arguments, as `momentum(0.5)`, and a list of words share their code
  /// with the word's: resolved twice, calls in calls would take time and memory without end.
  private mutating func argument(_ argument: Argument) throws(Failure) -> ArgumentCode {
    switch argument.value {
    case .bracket(let parts, let range)
    where argument.name != nil && parts.contains(where: { $0.isWord }):
      let elements = try arguments(parts.map { Argument(name: nil, value: $0) })
      return ArgumentCode(
        name: argument.name, code: BracketCode(elements.map { $0.code }, range: range), word: nil,
        wordArguments: [], elements: elements)
    case .name(let name):
      return ArgumentCode(
        name: argument.name, code: try code(for: argument.value),
        word: ArgumentCode.Word(name: name, hasArguments: false), wordArguments: [])
    case .call(let call), .group(.call(let call), _):
      guard case .name(let name) = call.callee else { break }
      let code = try code(for: call)
      return ArgumentCode(
        name: argument.name, code: code,
        word: ArgumentCode.Word(name: name, hasArguments: true), wordArguments: code.arguments)
    default: break
    }
    return ArgumentCode(
      name: argument.name, code: try code(for: argument.value), word: nil, wordArguments: [])
  }

  mutating func items(_ items: [IndexItem]) throws(Failure) -> [IndexItemCode] {
    var codes: [IndexItemCode] = []
    for item in items {
      switch item {
      case .all: codes.append(.all)
      case .expression(let expression): codes.append(IndexItemCode(try code(for: expression)))
      }
    }
    return codes
  }

  /// An `if` whose value is used.
  private mutating func value(
    of conditional: ConditionalExpression
  ) throws(Failure) -> Code {
    let wasInsideValue = isInsideValue
    isInsideValue = true
    defer { isInsideValue = wasInsideValue }
    let alternative: Code? =
      switch conditional.alternative {
      case .block(let block): try branch(block)
      case .conditional(let inner): try value(of: inner)
      case nil: nil
      }
    return ConditionalCode(
      condition: try code(for: conditional.condition),
      consequence: try branch(conditional.consequence), alternative: alternative,
      elementwise: elementwise(conditional), range: conditional.range)
  }

  /// The `if` as it is written for vectors: `where(x > 0, x, 0.1*x)`; nil where a branch is more
  /// than one expression.
  func elementwise(_ conditional: ConditionalExpression) -> String? {
    guard case .block(let other)? = conditional.alternative,
      let value = conditional.consequence.onlyExpression, let otherValue = other.onlyExpression
    else { return nil }
    let parts = [conditional.condition, value, otherValue].map { text.text(of: $0.range) }
    return "where(\(parts.joined(separator: ", ")))"
  }

  private mutating func branch(_ block: Block) throws(Failure) -> Code {
    if let expression = block.onlyExpression { return try code(for: expression) }
    return BlockValueCode(try code(for: block, keepsValue: true))
  }
}

extension Block {
  /// The expression that is all the block holds.
  fileprivate var onlyExpression: Expression? {
    guard statements.count == 1, case .expression(let expression) = statements[0].kind else {
      return nil
    }
    return expression
  }
}

extension Expression {
  /// Whether it may name a choice: `sgd`, `momentum(0.5)`.
  fileprivate var isWord: Bool {
    switch self {
    case .name: true
    case .call(let call): if case .name = call.callee { true } else { false }
    default: false
    }
  }
}
