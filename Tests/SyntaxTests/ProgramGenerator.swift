/// Random numbers that are the same everywhere (SplitMix64, Steele et al. 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Writes random programs of the language, with random blanks where they mean nothing.
struct ProgramGenerator {
  private var random: SplitMix
  private var depth = 0
  private var brackets = 0

  init(seed: UInt64) {
    random = SplitMix(state: seed)
  }

  mutating func program() -> String {
    (0..<Int.random(in: 1...6, using: &random)).map { _ in statement() + end() }.joined()
  }

  private mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }

  private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

  /// A blank that may be left out.
  private mutating func gap() -> String { pick(["", " ", " ", "  "]) }

  private mutating func breakable() -> String {
    chance(12) ? pick(["\n", " # note\n", "\n\n"]) : gap()
  }

  private mutating func end() -> String {
    pick(["\n", "\n", "\n\n\n", ";\n", "; # quiet\n", " # loud  \n", "\n# between\n"])
  }

  private mutating func name() -> String { pick(["a", "b", "net", "δ", "w₁", "x_1"]) }

  private mutating func block() -> String {
    depth += 1
    let outer = brackets
    brackets = 0
    defer {
      depth -= 1
      brackets = outer
    }
    if chance(3) { return "{" + gap() + statement() + ";" + gap() + statement() + gap() + "}" }
    let lines = (0..<Int.random(in: 0...3, using: &random)).map { _ in statement() + end() }
    return "{" + pick(["\n", " # opens\n"]) + lines.joined() + "}"
  }

  mutating func statement() -> String {
    guard depth < 4 else { return name() }
    switch Int.random(in: 0..<14, using: &random) {
    case 0, 1, 2: return target() + gap() + pick(["=", "+=", "-="]) + breakable() + expression()
    case 3: return name() + gap() + "," + gap() + name() + gap() + "=" + gap() + expression()
    case 4: return "f(" + parameters() + ")" + gap() + "=" + gap() + pick([expression(), block()])
    case 5: return "print " + expression() + gap() + "," + breakable() + expression()
    case 6: return "check " + expression()
    case 7: return "if " + expression() + gap() + block() + gap() + "else" + gap() + block()
    case 8: return "for x in " + expression() + gap() + block()
    case 9: return "repeat 3" + gap() + block()
    case 10: return "param " + name() + gap() + "=" + gap() + expression()
    case 11: return pick(["?for", "help train", "? a  b", "time f x"])
    case 12: return "exercise \"t\" points=2" + gap() + block()
    default: return expression()
    }
  }

  private mutating func parameters() -> String {
    pick(["", "p", "p" + gap() + "," + gap() + "q" + gap() + "=" + gap() + "1"])
  }

  private mutating func target() -> String {
    pick([name(), name() + "[" + gap() + "1" + gap() + "]", name() + ".W1"])
  }

  mutating func expression() -> String {
    depth += 1
    defer { depth -= 1 }
    guard depth < 6 else { return operand() }
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return "x" + gap() + "->" + breakable() + expression()
    case 1: return "(" + parameters() + ")" + gap() + "->" + gap() + pick([expression(), block()])
    case 2: return "if " + expression() + " " + block() + " else " + block()
    case 3: return operand() + gap() + "≈" + gap() + operand() + " within 1e-3"
    case 4: return operand() + gap() + ".." + " " + operand() + " by 2"
    case 5: return "not " + operand() + " and " + operand()
    default: return operation()
    }
  }

  private mutating func operation() -> String {
    let symbol = pick(["+", "-", "*", "/", "%", "@", "^", "<", "==", "..", "or"])
    let blank = pick(["", " ", "  "])
    // A word with arguments is not raised to a power, and a word operator needs its blanks.
    let left = symbol == "^" ? postfix() : operand()
    let spacing = symbol == "or" || left.contains("=") ? " " : blank
    return left + spacing + symbol + spacing + (chance(3) ? "-" : "") + operand()
  }

  private mutating func operand() -> String {
    guard depth < 6 else { return primary() }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return pick(["f", "net.loss"]) + " " + postfix() + " " + postfix()
    case 1:
      return "train " + name() + " lr=" + pick(["0.1", "-1", "2*3", "x^2"]) + " k=" + postfix()
    default: return postfix()
    }
  }

  private mutating func postfix() -> String {
    let base = primary()
    guard base.first?.isLetter ?? false, base != "true" else { return base }
    return base
      + pick(["", "", "'", ".b", "[" + gap() + "1" + gap() + ",:]", "(" + element() + ")"])
  }

  private mutating func element() -> String {
    brackets += 1
    defer { brackets -= 1 }
    return breakable() + expression() + breakable()
  }

  private mutating func primary() -> String {
    guard depth < 6 else { return pick(["1", "x", "true"]) }
    depth += 1
    defer { depth -= 1 }
    switch Int.random(in: 0..<14, using: &random) {
    case 0: return "(" + element() + ")"
    case 1: return "[" + primary() + gap() + "," + breakable() + primary() + "]"
    case 2: return "[a:" + gap() + expression() + gap() + ",in: 2]"
    case 3: return "[" + primary() + ";" + gap() + primary() + "]"
    case 4: return "\"a {" + name() + gap() + ":.4g} \\n\""
    case 5: return "\"\"\"\n  a {" + name() + "}\n    b\n  \"\"\""
    case 6: return "[:]"
    case 7: return pick(["1.", ".5", "1e-3", "1_000", "___", "nothing"])
    default: return name()
    }
  }
}
