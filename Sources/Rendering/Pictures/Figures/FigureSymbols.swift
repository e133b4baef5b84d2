/// Symbols as they are set in a book: `w5` and `out_h1` with what follows the letter lowered.
extension Figure.Text {
  /// A piece of a line; one that is lowered is smaller as well.
  struct Run: Hashable {
    var text: String
    var isLowered: Bool
  }

  /// The size of what is lowered, and how far down it stands, as shares of the size of the line.
  static let loweredSize = 0.72
  static let depth = 0.2

  /// The pieces that the line is written in.
  var runs: [Run] { hasSymbols ? Self.runs(of: text) : [Run(text: text, isLowered: false)] }

  static func runs(of text: String) -> [Run] {
    var runs: [Run] = []
    var plain = ""
    var rest = text[...]
    func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
    while let first = rest.first {
      guard first.isLetter, plain.last.map({ !isWord($0) }) ?? true else {
        plain.append(first)
        rest.removeFirst()
        continue
      }
      let letters = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(letters.count)
      plain += letters
      var lowered = rest.prefix { $0.isWholeNumber && $0.isASCII }
      if rest.first == "_" {
        lowered = rest.dropFirst().prefix { isWord($0) || $0 == "," || $0 == "_" }
      } else if letters.count > 1 {
        lowered = ""
      }
      guard !lowered.isEmpty else { continue }
      runs.append(Run(text: plain, isLowered: false))
      // The second of two indexes stands behind a comma: h1_2.
      runs.append(Run(text: String(lowered.map { $0 == "_" ? "," : $0 }), isLowered: true))
      plain = ""
      rest = rest[lowered.endIndex...]
    }
    if !plain.isEmpty || runs.isEmpty { runs.append(Run(text: plain, isLowered: false)) }
    return runs
  }
}

extension Figure {
  /// Writes a line of symbols and numbers with its middle at the place.
  mutating func write(symbols text: String, at place: Point, size: Double, _ colour: Colour) {
    add(
      .text(
        Text(
          text: Self.printed(text), place: place, size: size, anchor: .middle, colour: colour,
          hasSymbols: true)))
  }

  static func width(ofSymbols text: String, size: Double) -> Double {
    Text.runs(of: printed(text)).reduce(0) {
      $0 + width(of: $1.text, size: $1.isLowered ? size * Text.loweredSize : size)
    }
  }
}
