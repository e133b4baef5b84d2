/// The small part of TeX that names are written in: as text, and as it is set.
enum PlainTeX {
  private static let raised: [Character: Character] = [
    "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
    "9": "⁹", "(": "⁽", ")": "⁾", "+": "⁺", "-": "⁻", "T": "ᵀ", "L": "ᴸ", "l": "ˡ", "n": "ⁿ",
    "k": "ᵏ", "i": "ⁱ",
  ]
  private static let lowered: [Character: Character] = [
    "0": "₀", "1": "₁", "2": "₂", "3": "₃", "4": "₄", "5": "₅", "6": "₆", "7": "₇", "8": "₈",
    "9": "₉", "i": "ᵢ", "j": "ⱼ", "k": "ₖ",
  ]
  /// Of the letters the longer names first.
  private static let commands: [(String, String)] =
    [
      ("\\partial", "∂"), ("\\hat y", "ŷ"), ("\\hat{y}", "ŷ"), ("\\ell", "ℓ"),
      ("\\varepsilon", "ε"), ("\\vartheta", "θ"), ("\\varphi", "φ"),
      ("\\mathrm", ""), ("\\,", ""), ("\\ ", " "), ("\\frac12", "½"), ("\\frac{1}{2}", "½"),
      ("\\cdot", "·"), ("\\times", "×"), ("\\approx", "≈"), ("\\sum", "Σ"), ("\\leq", "≤"),
      ("\\geq", "≥"), ("\\neq", "≠"), ("\\to", "→"),
    ] + Symbol.greek.map { ($0.value, String($0.key)) }.sorted { $0.0.count > $1.0.count }

  /// What a lowered or raised character stands for.
  static func plain(lowered character: Character) -> Character? {
    lowered.first { $0.value == character }?.key
  }
  static func plain(raised character: Character) -> Character? {
    raised.first { $0.value == character }?.key
  }

  static func text(_ tex: String) -> String {
    var result = ""
    let source = withoutCommands(tex)
    var rest = Substring(source)
    while let character = rest.popFirst() {
      switch character {
      case "^": result += index(group(&rest), raised, mark: "^")
      case "_": result += index(group(&rest), lowered, mark: "_")
      case "{", "}": continue
      default: result.append(character)
      }
    }
    return result
  }

  /// Commands as the characters they stand for; unknown ones stay.
  private static func withoutCommands(_ tex: String) -> String {
    guard tex.contains("\\") else { return tex }
    var result = ""
    var rest = Substring(tex)
    while let first = rest.first {
      guard first == "\\", let (command, text) = commands.first(where: { rest.hasPrefix($0.0) })
      else {
        result.append(rest.removeFirst())
        continue
      }
      result += text
      rest = rest.dropFirst(command.count)
      if rest.first == " ", command.last?.isLetter == true { rest = rest.dropFirst() }
    }
    return result
  }

  private static func group(_ rest: inout Substring) -> String {
    guard rest.first == "{" else { return rest.popFirst().map(String.init) ?? "" }
    rest.removeFirst()
    var depth = 1
    var inner = ""
    while let character = rest.popFirst() {
      if character == "{" { depth += 1 }
      if character == "}" {
        depth -= 1
        if depth == 0 { break }
      }
      inner.append(character)
    }
    return inner
  }

  private static func index(
    _ inner: String, _ table: [Character: Character], mark: Character
  ) -> String {
    let small = inner.compactMap { table[$0] }
    if small.count == inner.count, inner.contains(where: { $0.isNumber || $0 == "T" }) {
      return String(small)
    }
    return "\(mark)\(inner)"
  }
}

extension PlainTeX {
  /// Groups in groups in groups: deeper ones are not read.
  private static let mostDepth = 16

  /// What a name in TeX is set as; a command that is not known as its name.
  static func layout(_ tex: String) -> MathLayout {
    var rest = Substring(tex)
    return .joined(parts(&rest, depth: 0))
  }

  private static func parts(_ rest: inout Substring, depth: Int) -> [MathLayout] {
    var parts: [MathLayout] = []
    while let first = rest.first {
      switch first {
      case "^", "_":
        rest.removeFirst()
        let script = MathLayout.joined(group(&rest, depth))
        let base = parts.popLast() ?? .row([])
        if case .scripts(let inner, let below, let above) = base,
          first == "^" ? above == nil : below == nil
        {
          parts.append(.scripts(inner, below: below ?? script, above: above ?? script))
        } else {
          parts.append(first == "^" ? .raised(base, script) : .indexed(base, script))
        }
      case "{": parts += group(&rest, depth)
      case "}": rest.removeFirst()
      case " ": rest.removeFirst()
      case "\\":
        rest.removeFirst()
        parts += command(&rest, depth)
      default:
        if first.isASCII, first.isNumber {
          let digits = rest.prefix { $0.isASCII && $0.isNumber }
          rest = rest.dropFirst(digits.count)
          parts.append(.number(String(digits)))
        } else {
          rest.removeFirst()
          parts += Symbol.letters(String(first), wordsFrom: .max)
        }
      }
    }
    return parts
  }

  /// What stands in braces, or one character or command.
  private static func group(_ rest: inout Substring, _ depth: Int) -> [MathLayout] {
    if rest.first == "\\" {
      rest.removeFirst()
      return command(&rest, depth)
    }
    let inner = group(&rest)
    guard depth < mostDepth else { return [.text(inner)] }
    var rest = Substring(inner)
    return parts(&rest, depth: depth + 1)
  }

  /// What a command stands for, its name read from behind the backslash.
  private static func command(_ rest: inout Substring, _ depth: Int) -> [MathLayout] {
    let name = String(rest.prefix { $0.isASCII && $0.isLetter })
    guard !name.isEmpty else {
      switch rest.popFirst() {
      case ",": return [.space]
      case " ": return [.text(" ")]
      case let character?: return [.mark(character)]
      case nil: return []
      }
    }
    rest = rest.dropFirst(name.count)
    while rest.first == " " { rest.removeFirst() }
    if let letter = letter(ofCommand: name) { return [.letter(letter)] }
    if let accent = MathLayout.Accent(rawValue: name) {
      return [.accented(accent, .joined(group(&rest, depth)))]
    }
    switch name {
    case "partial": return [.letter("∂")]
    case "ell": return [.letter("ℓ")]
    case "cdot": return [.sign(.dot)]
    case "le", "leq": return [.sign(.atMost)]
    case "ge", "geq": return [.sign(.atLeast)]
    case "ne", "neq": return [.sign(.notEqual)]
    case "times": return [.mark("×")]
    case "approx": return [.mark("≈")]
    case "sum": return [.mark("Σ")]
    case "to": return [.mark("→")]
    case "left", "right": return []
    case "mathrm", "text", "operatorname", "mathbf", "mathit": return [.word(group(&rest))]
    case "sqrt": return [.root(.joined(group(&rest, depth)))]
    case "frac":
      let top = MathLayout.joined(group(&rest, depth))
      return [.fraction(top, .joined(group(&rest, depth)))]
    default: return [.word(name)]
    }
  }

  private static func letter(ofCommand name: String) -> Character? {
    switch name {
    case "varepsilon": "ε"
    case "vartheta": "θ"
    case "varphi": "φ"
    default: Symbol.greek.first { $0.value.dropFirst() == name }?.key
    }
  }
}
