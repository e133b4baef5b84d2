/// The letters that figures are measured with and pixels are lettered with: those of DejaVu Sans.
struct Typeface {
  struct Glyph {
    /// How far the next letter stands from this one, in ems.
    var advance: Double
    /// Closed outlines in ems from the base line upwards; pieces between two points that are not
    /// on the outline bend there, as in TrueType.
    var outlines: [[Node]]
  }

  struct Node {
    var x: Double
    var y: Double
    var isOnOutline: Bool
  }

  static let standard = Typeface(base64: Outlines.text)

  private var glyphs: [Unicode.Scalar: Glyph] = [:]

  /// Nodes are counted in these parts of an em.
  private static let unit = 1.0 / 512

  /// What is shown for a character that the typeface does not have.
  private static let missing: Glyph = {
    let (low, high, right) = (-0.1, 0.75, 0.5)
    func box(_ inset: Double) -> [Node] {
      [(0.1 + inset, low + inset), (right - inset, low + inset), (right - inset, high - inset)]
        .map { Node(x: $0.0, y: $0.1, isOnOutline: true) }
        + [Node(x: 0.1 + inset, y: high - inset, isOnOutline: true)]
    }
    return Glyph(advance: 0.6, outlines: [box(0), box(0.05).reversed()])
  }()

  /// Numbers of seven bits a byte, the lowest first, their sign in the lowest bit: of every glyph
  /// the character, the advance, and the outlines, of these the nodes, of these the step to the
  /// right with a bit for being on the outline, and the step upwards.
  private init(base64 text: String) {
    var bytes = Self.decoded(text)[...]
    func number() -> Int {
      var (value, shift) = (0, 0)
      while let byte = bytes.popFirst() {
        value |= Int(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 || shift > 56 { break }
      }
      return value & 1 == 0 ? value >> 1 : ~(value >> 1)
    }
    while !bytes.isEmpty {
      guard let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: number())) else { return }
      let advance = Double(number()) * Self.unit
      var (x, y) = (0, 0)
      let outlines = (0..<max(number(), 0)).map { _ in
        (0..<max(number(), 0)).map { _ -> Node in
          let step = number()
          x += step >> 1
          y += number()
          return Node(
            x: Double(x) * Self.unit, y: Double(y) * Self.unit, isOnOutline: step & 1 == 1)
        }
      }
      glyphs[scalar] = Glyph(advance: advance, outlines: outlines)
    }
  }

  private static func decoded(_ base64: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var (group, bits) = (0, 0)
    for character in base64.utf8 {
      let digit: UInt8
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = character - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = character - 71
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character + 4
      case UInt8(ascii: "+"): digit = 62
      case UInt8(ascii: "/"): digit = 63
      default: continue
      }
      group = (group << 6 | Int(digit)) & 0xFFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(group >> bits & 0xFF))
      }
    }
    return bytes
  }

  /// The letters of a text; marks above letters that stand alone are left out rather than letters.
  func glyphs(of text: String) -> [Glyph] {
    text.unicodeScalars.compactMap { scalar in
      glyphs[scalar] ?? (TextWidth.width(of: scalar) == 0 ? nil : Self.missing)
    }
  }

  /// How long a text is, in ems.
  func length(of text: String) -> Double { glyphs(of: text).reduce(0) { $0 + $1.advance } }
}
