/// The format behind the `:` of an interpolation: `.4` four decimals, `.4g` four significant
/// digits, `8` a width, `8.3` and `8.3g` both.
package struct NumberFormat: Hashable, Sendable {
  /// The least number of columns; numbers are set to the right, text to the left.
  package var width: Int
  /// Nil: the session's style.
  package var style: NumberStyle?

  package static let widestField = 1000

  package init(width: Int = 0, style: NumberStyle? = nil) {
    self.width = width
    self.style = style
  }

  /// Reads a format; nil where `text` is none.
  package init?(_ text: String) {
    var rest = Substring(text).utf8
    while rest.first == UInt8(ascii: " ") { rest.removeFirst() }
    while rest.last == UInt8(ascii: " ") { rest.removeLast() }
    func number() -> Int? {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      rest = rest.dropFirst(digits.count)
      return digits.count > 4 ? nil : Int(String(Substring(digits)))
    }
    if rest.isEmpty { return nil }
    width = 0
    if rest.first != UInt8(ascii: ".") {
      guard let width = number(), width <= Self.widestField else { return nil }
      self.width = width
    }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard let digits = number(), digits <= NumberStyle.mostDigits else { return nil }
      if rest.first == UInt8(ascii: "g") {
        rest.removeFirst()
        style = .significantDigits(max(digits, 1))
      } else {
        style = .decimals(digits)
      }
    }
    if !rest.isEmpty { return nil }
  }

  /// `number` in this format; decimals are written for integers too (`1.0000`).
  package func text(_ number: Double, otherwise style: NumberStyle = .standard) -> String {
    let written: String
    switch self.style {
    case .decimals(let places): written = NumberStyle.fixed(number, places: places)
    case .significantDigits: written = (self.style ?? style).text(number)
    case nil: written = style.text(number)
    }
    return TextWidth.padded(written, to: width, .right)
  }

  /// Text in this format: set to the left of the width.
  package func text(_ string: String) -> String {
    TextWidth.padded(string, to: width, .left)
  }
}
