/// Draws small programs from pieces of the grammar: most run, many fail, none may end the process.
///
/// The same seed gives the same program on every runtime.
struct ProgramGenerator {
  private var state: UInt64
  private var names = ["x", "v", "W", "f", "net", "r", "l", "s", "p"]

  init(seed: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  }

  /// A program of a few statements behind one that gives every name a value.
  mutating func program() -> String {
    var lines = [
      "x = 2; v = [1, 2, 3]; W = [[1, 2], [3, 4]]; f(a, b=2) = a*b + 1; s = \"ab\"",
      "r = [a: 1, b: [1, 2]]; l = [\"a\", 1]; param p = 0.5; net = mlp [2,2,1] tanh sigmoid",
    ]
    for _ in 0..<(2 + below(6)) { lines.append(statement(3)) }
    return lines.joined(separator: "\n")
  }

  // xorshift64*
  private mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  private mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }

  private mutating func one(of choices: [String]) -> String { choices[below(choices.count)] }

  private mutating func statement(_ depth: Int) -> String {
    guard depth > 0 else { return "print \(expression(1))" }
    return switch below(16) {
    case 0: "\(one(of: names)) = \(expression(depth))"
    case 1: "\(one(of: ["x", "v", "W", "l"]))[\(index(depth))] = \(expression(depth))"
    case 2: "\(one(of: ["x", "v", "W"])) \(one(of: ["+=", "-=", "*=", "/="])) \(expression(depth))"
    case 3: "for i in \(expression(depth)) { \(statement(depth - 1)) }"
    case 4: "if \(expression(depth)) { \(statement(depth - 1)) } else { \(statement(depth - 1)) }"
    case 5: "repeat \(one(of: ["0", "3", "x", "1e15", "-1"])) { \(statement(depth - 1)) }"
    case 6: "f(a, b=\(expression(1))) = { \(statement(depth - 1)); \(expression(depth)) }"
    case 7: "r.\(one(of: ["a", "b", "c"])) = \(expression(depth))"
    case 8: "net.\(one(of: ["W1", "b1", "W2", "nope"])) = \(expression(depth))"
    case 9: "check \(expression(depth)) ≈ \(expression(depth))"
    case 10: "x, v = \(expression(depth))"
    case 11: "while \(expression(depth)) { \(statement(depth - 1)); break }"
    case 12: "param p = \(expression(depth))"
    case 13: "print grad \(one(of: ["p", "f", "x", "net", "(p^2)", "(v -> sum(v^2))"])) \(atom())"
    default: "print \(expression(depth))"
    }
  }

  private mutating func expression(_ depth: Int) -> String {
    guard depth > 0 else { return atom() }
    let inner = depth - 1
    return switch below(20) {
    case 0...4:
      "\(expression(inner)) \(one(of: ["+", "-", "*", "/", "%", "@", "^"])) \(expression(inner))"
    case 5:
      "(\(expression(inner)) \(one(of: ["<", "<=", ">", "==", "!=", "≈"])) \(expression(inner)))"
    case 6: "(\(expression(inner)) \(one(of: ["and", "or"])) \(expression(inner)))"
    case 7: "\(atom())[\(index(inner))]"
    case 8: "[\(expression(inner)), \(expression(inner))]"
    case 9: "[a: \(expression(inner))]"
    case 10: "\(one(of: functions))(\(expression(inner)))"
    case 11: "\(one(of: functions))(\(expression(inner)), \(expression(inner)))"
    case 12: "map (q -> \(expression(inner))) (\(expression(inner)))"
    case 13: "fold ((q, x) -> \(expression(inner))) (\(atom())) (\(expression(inner)))"
    case 14: "\"{\(expression(inner)):\(one(of: [".3", "8", "4.2", ".2g"]))}\""
    case 15: "(if \(expression(inner)) { \(atom()) } else { \(expression(inner)) })"
    case 16: "(\(expression(inner)))'"
    case 17: "(-\(expression(inner)))"
    case 18: "(\(atom())..\(atom()) by \(atom()))"
    default: atom()
    }
  }

  private mutating func index(_ depth: Int) -> String {
    switch below(8) {
    case 0: ":"
    case 1: "\(atom())..\(atom())"
    case 2: "\(atom()), \(atom())"
    case 3: ":, \(atom())"
    case 4: expression(depth)
    case 5: "[1, 1, 0]"
    default: one(of: ["1", "-1", "2", "0", "7", "1.5", "nan", "1e300"])
    }
  }

  private mutating func atom() -> String {
    one(of: [
      "x", "v", "W", "f", "net", "r", "l", "s", "p", "i", "1", "0", "-1", "2.5", "1e300", "-1e300",
      "1e-300", "nan", "inf", "[]", "[:]", "\"\"", "true", "nothing", "circles", "xor", "pi", "r.b",
      "(1..5)", "(1..0)", "(x -> x^2)", "1e9", "9223372036854775807", "1e19", "[[1, 2]]", "sum",
      "(mlp [2,1] relu)", "unknown",
    ])
  }

  private let functions = [
    "f", "sum", "mean", "max", "argmax", "sqrt", "log", "exp", "sin", "floor", "length", "shape",
    "zeros", "ones", "eye", "reshape", "linspace", "det", "inv", "solve", "outer", "dot", "norm",
    "append", "concat", "zip", "sort", "argsort", "reverse", "unique", "contains", "cumsum",
    "string", "number", "upper", "join", "cut", "pad", "where", "any", "all", "eq", "sigmoid",
    "softmax", "relu", "mse", "bce", "ce", "predict", "classify", "loss", "accuracy", "grad",
    "what",
    "hstack", "vstack", "diag", "fill", "rand", "randint", "permutation", "copy", "value", "deltas",
    "forward", "explain", "data", "split", "standardize", "head", "describe", "augmented", "mlp",
    "print", "show", "confusion", "median", "std", "enumerate", "filter", "flatten", "transpose",
  ]
}
