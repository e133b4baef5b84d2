/// Draws small programs from pieces of the grammar, with random blanks, comments and line ends
/// where they mean nothing. Nearly all are in the language; many stop with an error when they run.
package struct ProgramGenerator {
  /// Gives the names that programs use a value of every kind.
  package static let prelude = """
    x = 2; v = [1, 2, 3]; W = [[1, 2], [3, 4]]; f(a, b=2) = a*b + 1; s = "ab"; δ = 0.5
    r = [a: 1, b: [1, 2]]; l = ["a", 1]; param p = 0.5; net = mlp [2,2,1] tanh sigmoid; w₁ = [2]

    """

  private static let names = ["x", "v", "W", "f", "net", "r", "l", "s", "p", "δ", "w₁"]

  private static let functions = [
    "f", "sum", "mean", "max", "argmax", "sqrt", "log", "exp", "sin", "floor", "length", "shape",
    "zeros", "ones", "eye", "reshape", "linspace", "det", "inv", "solve", "outer", "dot", "norm",
    "append", "concat", "zip", "sort", "argsort", "reverse", "unique", "contains", "cumsum",
    "string", "number", "upper", "join", "cut", "pad", "where", "any", "all", "eq", "sigmoid",
    "softmax", "relu", "mse", "bce", "ce", "predict", "classify", "loss", "accuracy", "grad",
    "what", "hstack", "vstack", "diag", "fill", "rand", "randint", "permutation", "copy", "value",
    "deltas", "forward", "explain", "data", "split", "standardize", "head", "describe",
    "augmented", "mlp", "show", "confusion", "median", "std", "enumerate", "filter", "flatten",
    "transpose", "unknown",
  ]

  private static let values = [
    "1", "0", "2", "1.", ".5", "2.5", "1e-3", "1_000", "1e300", "1e-300", "nan", "inf", "1e9",
    "9223372036854775807", "1e19", "true", "nothing", "[]", "[:]", "\"\"", "circles", "xor", "pi",
    "___", "unknown",
  ]

  private var random: SplitMix
  private var depth = 0

  package init(seed: Int) { random = SplitMix(UInt64(bitPattern: Int64(seed))) }

  package mutating func program() -> String {
    (0..<(1 + random.below(6))).map { _ in statement() + end() }.joined()
  }

  private mutating func pick(_ choices: [String]) -> String { random.pick(choices) }

  private mutating func chance(_ one: Int) -> Bool { random.below(one) == 0 }

  // MARK: - Blanks

  /// A blank that may be left out.
  private mutating func gap() -> String { pick(["", " ", " ", "  "]) }

  private mutating func breakable() -> String {
    chance(12) ? pick(["\n", " # note\n", "\n\n"]) : gap()
  }

  private mutating func end() -> String {
    pick(["\n", "\n", "\n\n\n", ";\n", "; # quiet\n", " # loud  \n", "\n# between\n"])
  }

  // MARK: - Statements

  private mutating func block() -> String {
    depth += 1
    defer { depth -= 1 }
    if chance(3) { return "{" + gap() + statement() + ";" + gap() + statement() + gap() + "}" }
    let lines = (0..<random.below(4)).map { _ in statement() + end() }
    return "{" + pick(["\n", " # opens\n"]) + lines.joined() + "}"
  }

  private mutating func statement() -> String {
    guard depth < 4 else { return pick(Self.names) }
    switch random.below(17) {
    case 0, 1, 2:
      return target() + gap() + pick(["=", "=", "+=", "-=", "*=", "/="]) + breakable()
        + expression()
    case 3: return "x" + gap() + "," + gap() + "v" + gap() + "=" + gap() + expression()
    case 4: return "f(" + parameters() + ")" + gap() + "=" + gap() + body()
    case 5: return "print " + expression() + gap() + "," + breakable() + expression()
    case 6: return "check " + expression()
    case 7: return "if " + expression() + gap() + block() + gap() + "else" + gap() + block()
    case 8: return "for i in " + expression() + gap() + block()
    case 9: return "repeat " + pick(["0", "3", "x", "1e15", "-1"]) + gap() + block()
    case 10: return "while " + expression() + gap() + "{ " + statement() + "; break }"
    case 11: return "param p" + gap() + "=" + gap() + expression()
    case 12: return pick(["?for", "help train", "? a  b", "time f x"])
    case 13: return "exercise \"t\" points=2" + gap() + block()
    default: return expression()
    }
  }

  private mutating func parameters() -> String {
    pick(["", "a", "a" + gap() + "," + gap() + "b" + gap() + "=" + gap() + "1"])
  }

  private mutating func body() -> String { chance(2) ? expression() : block() }

  private mutating func target() -> String {
    switch random.below(6) {
    case 0: pick(["x", "v", "W", "l"]) + "[" + index() + "]"
    case 1: "r." + pick(["a", "b", "c"])
    case 2: "net." + pick(["W1", "b1", "W2", "nope"])
    default: pick(Self.names)
    }
  }

  // MARK: - Expressions

  private mutating func expression() -> String {
    depth += 1
    defer { depth -= 1 }
    guard depth < 5 else { return operand() }
    switch random.below(14) {
    case 0: return "x" + gap() + "->" + breakable() + expression()
    case 1: return "(" + parameters() + ")" + gap() + "->" + gap() + body()
    case 2: return "if " + expression() + " " + block() + " else " + block()
    case 3: return operand() + gap() + "≈" + gap() + operand() + " within 1e-3"
    case 4: return operand() + gap() + ".." + " " + operand() + pick(["", " by 2"])
    case 5: return "not " + operand() + " and " + operand()
    case 6: return "map (q -> " + expression() + ") (" + expression() + ")"
    case 7: return "fold ((q, x) -> " + expression() + ") " + postfix() + " (" + expression() + ")"
    default: return operation()
    }
  }

  private mutating func operation() -> String {
    let symbol = pick(["+", "-", "*", "/", "%", "@", "^", "<", "<=", "==", "!=", "..", "or"])
    let blank = pick(["", " ", "  "])
    // A word with arguments is not raised to a power, and a word operator needs its blanks.
    let left = symbol == "^" ? postfix() : operand()
    let spacing = symbol == "or" || left.contains("=") ? " " : blank
    return left + spacing + symbol + spacing + (chance(3) ? "-" : "") + operand()
  }

  private mutating func operand() -> String {
    guard depth < 5 else { return primary() }
    switch random.below(8) {
    case 0: return pick(Self.functions) + " " + postfix()
    case 1: return pick(Self.functions) + " " + postfix() + " " + postfix()
    case 2: return "grad " + pick(["p", "f", "net", "(p^2)", "(v -> sum(v^2))"]) + " " + postfix()
    case 3:
      return "train " + pick(["net", "x"]) + " xor epochs=2 lr="
        + pick(["0.1", "-1", "2*3", "x^2"])
        + " seed=" + postfix()
    default: return postfix()
    }
  }

  private mutating func postfix() -> String {
    let base = primary()
    guard Self.names.contains(base) else { return base }
    switch random.below(8) {
    case 0: return base + "'"
    case 1: return base + "." + pick(["a", "b", "W1"])
    case 2, 3: return base + "[" + gap() + index() + gap() + "]"
    case 4: return base + "(" + element() + ")"
    default: return base
    }
  }

  private mutating func index() -> String {
    switch random.below(8) {
    case 0: ":"
    case 1: primary() + ".." + " " + primary()
    case 2: primary() + gap() + "," + primary()
    case 3: ":," + gap() + primary()
    case 4: expression()
    case 5: "[1, 1, 0]"
    default: pick(["1", "-1", "2", "0", "7", "1.5", "nan", "1e300", "1,:"])
    }
  }

  private mutating func element() -> String { breakable() + expression() + breakable() }

  private mutating func primary() -> String {
    guard depth < 5 else { return pick(["1", "x", "true"]) }
    depth += 1
    defer { depth -= 1 }
    switch random.below(18) {
    case 0: return "(" + element() + ")"
    case 1: return "[" + primary() + gap() + "," + breakable() + primary() + "]"
    case 2: return "[a:" + gap() + expression() + gap() + ",in: 2]"
    case 3: return "[" + primary() + ";" + gap() + primary() + "]"
    case 4:
      return "\"a {" + pick(Self.names) + gap() + pick([":.4g", ":8", ":4.2", ""]) + "} \\n\""
    case 5: return "\"\"\"\n  a {" + pick(Self.names) + "}\n    b\n  \"\"\""
    case 6: return pick(Self.functions) + "(" + expression() + ")"
    case 7:
      return pick(Self.functions) + "(" + expression() + "," + breakable() + expression() + ")"
    case 8: return "(" + primary() + ")'"
    case 9, 10: return pick(Self.values)
    default: return pick(Self.names)
    }
  }
}
