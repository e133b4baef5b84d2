/// A number as it is written, with its sign: its digits say how far it is meant.
package struct WrittenLiteral: Hashable, Sendable {
  package let text: String
  package let value: Double
}

extension StringLiteral {
  /// The text of a literal that means `text`; characters that nobody sees are escapes.
  package static func written(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "\"", "{": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension Expression {
  /// The numbers as they are written, row by row; nil where there is anything else.
  package var writtenNumbers: [WrittenLiteral]? {
    switch self {
    case .number(let literal): return [WrittenLiteral(text: literal.text, value: literal.value)]
    case .group(let inner, _): return inner.writtenNumbers
    case .unary(let unary) where unary.operation == .negate:
      guard case .number(let literal) = unary.operand else { return nil }
      return [WrittenLiteral(text: "-" + literal.text, value: -literal.value)]
    case .bracket(let elements, _): return Self.writtenNumbers(of: elements)
    case .rows(let rows, _): return Self.writtenNumbers(of: rows.flatMap { $0 })
    default: return nil
    }
  }

  private static func writtenNumbers(of elements: [Expression]) -> [WrittenLiteral]? {
    var numbers: [WrittenLiteral] = []
    for element in elements {
      guard let inner = element.writtenNumbers else { return nil }
      numbers += inner
    }
    return numbers.isEmpty ? nil : numbers
  }
}

extension [Statement] {
  /// The names whose last assignment is numbers and nothing else, with these; exercises are entered.
  package var writtenNumbers: [String: [WrittenLiteral]] {
    var result: [String: [WrittenLiteral]] = [:]
    gather(into: &result)
    return result
  }

  private func gather(into result: inout [String: [WrittenLiteral]]) {
    for statement in self {
      if case .exercise(_, _, let body) = statement.kind { body.statements.gather(into: &result) }
      guard case .assignment(let assignment) = statement.kind else { continue }
      for target in assignment.targets {
        var numbers: [WrittenLiteral]?
        if assignment.operation == .set, assignment.targets.count == 1, case .name = target {
          numbers = assignment.value.writtenNumbers
        }
        if let name = target.root { result[name] = numbers }
      }
    }
  }
}

extension Expression {
  /// The name that `x[1].a` starts from.
  fileprivate var root: String? {
    switch self {
    case .name(let name): name.text
    case .index(let index): index.base.root
    case .field(let field): field.base.root
    default: nil
    }
  }
}
