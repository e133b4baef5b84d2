/// The levels of an expression, loosest first.
enum Precedence: Int, Comparable, Sendable {
  case or, and, not, comparison, range, sum, product, matrixProduct, sign, power

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}

/// What an operator between two values means and how tightly it binds.
struct OperatorRule: Sendable {
  enum Meaning: Sendable {
    case binary(BinaryOperator)
    case comparison(ComparisonOperator)
    case range
  }

  var precedence: Precedence
  /// The loosest level that may stand on its right.
  var right: Precedence
  var meaning: Meaning
}

/// All operators between two values, in one table.
enum OperatorTable {
  private static let table: [(TokenKind, Precedence, right: Precedence, OperatorRule.Meaning)] = [
    (.or, .or, .and, .binary(.or)),
    (.and, .and, .not, .binary(.and)),
    (.equal, .comparison, .range, .comparison(.equal)),
    (.unequal, .comparison, .range, .comparison(.unequal)),
    (.less, .comparison, .range, .comparison(.less)),
    (.lessOrEqual, .comparison, .range, .comparison(.lessOrEqual)),
    (.greater, .comparison, .range, .comparison(.greater)),
    (.greaterOrEqual, .comparison, .range, .comparison(.greaterOrEqual)),
    (.close, .comparison, .range, .comparison(.close)),
    (.dotDot, .range, .sum, .range),
    (.plus, .sum, .product, .binary(.add)),
    (.minus, .sum, .product, .binary(.subtract)),
    (.star, .product, .matrixProduct, .binary(.multiply)),
    (.slash, .product, .matrixProduct, .binary(.divide)),
    (.percent, .product, .matrixProduct, .binary(.remainder)),
    (.at, .matrixProduct, .sign, .binary(.matrixProduct)),
    (.caret, .power, .power, .binary(.power)),
  ]

  private static let rules: [OperatorRule?] = {
    var rules = [OperatorRule?](repeating: nil, count: TokenKind.allCases.count)
    for (kind, precedence, right, meaning) in table {
      rules[Int(kind.rawValue)] = OperatorRule(
        precedence: precedence, right: right, meaning: meaning)
    }
    return rules
  }()

  static func rule(for kind: TokenKind) -> OperatorRule? { rules[Int(kind.rawValue)] }
}
