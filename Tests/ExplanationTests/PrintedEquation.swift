import Foundation

/// An equation as it stands on the page: what is between its equal signs.
struct PrintedEquation: CustomStringConvertible {
  let sides: [String]

  var description: String { sides.joined(separator: " = ") }
  var left: String { sides[0] }
  /// The last side: the value.
  var value: String { sides[sides.count - 1] }

  /// The equations of a printed text; one that was broken at its equal signs or in a sum is put
  /// together again.
  static func all(in text: String) -> [PrintedEquation] {
    var result: [PrintedEquation] = []
    var current = ""
    var margin = 0
    func finish() {
      let sides = current.components(separatedBy: " = ")
      if sides.count > 1 { result.append(PrintedEquation(sides: sides)) }
      current = ""
    }
    for line in text.components(separatedBy: "\n") {
      let indent = line.utf8.prefix { $0 == UInt8(ascii: " ") }.count
      let rest = String(line.dropFirst(indent))
      let goesOn = ["= ", "+ ", "- ", "["].contains { rest.hasPrefix($0) }
      if !current.isEmpty, indent > margin, goesOn {
        current += " " + rest
        continue
      }
      finish()
      if rest.contains(" = ") { (current, margin) = (rest, indent) }
    }
    finish()
    return result
  }

  /// The sides that hold numbers and functions alone, as the language reads them, but for the value
  /// itself.
  var numeric: [String] {
    sides.dropFirst().dropLast().map(Self.program).filter(Self.isNumeric)
  }

  /// `0.2 · 3 + … (4 more: 0.5)` as `0.2 * 3 + (0.5)`.
  static func program(_ side: String) -> String {
    var result = side.replacingOccurrences(of: "·", with: "*")
    while let open = result.range(of: "… ("),
      let colon = result.range(of: ": ", range: open.upperBound..<result.endIndex)
    {
      result.replaceSubrange(open.lowerBound..<colon.upperBound, with: "(")
    }
    return result
  }

  /// The functions that explanations write.
  private static let functions: Set<String> = [
    "exp", "log", "sqrt", "abs", "sum", "mean", "max", "min", "where", "eq", "erf", "sigmoid",
    "tanh", "tanh_half", "relu", "leaky", "prelu", "elu", "softplus", "gelu", "swish", "clip",
    "step", "sign", "softmax", "outer", "norm", "sin", "cos", "logsumexp", "log_softmax",
  ]

  private static func isNumeric(_ text: String) -> Bool {
    guard text.utf8.allSatisfy({ $0 < 128 }) else { return false }
    return tokens(of: text).allSatisfy { token in
      guard let first = token.utf8.first, isLetter(first) else { return true }
      return functions.contains(token)
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Numbers, names, and single other characters of a text in ASCII.
  static func tokens(of text: String) -> [String] {
    var result: [String] = []
    let bytes = Array(text.utf8)
    var place = 0
    while place < bytes.count {
      var end = place + 1
      func run(_ holds: (UInt8) -> Bool) { while end < bytes.count, holds(bytes[end]) { end += 1 } }
      if isDigit(bytes[place]) {
        run { isDigit($0) || $0 == UInt8(ascii: ".") }
        if end < bytes.count, bytes[end] == UInt8(ascii: "e") {
          end += 2
          run(isDigit)
        }
      } else if isLetter(bytes[place]) {
        run { isLetter($0) || isDigit($0) }
      }
      result.append(String(decoding: bytes[place..<end], as: UTF8.self))
      place = end
    }
    return result
  }

  /// The text again and again, with one of its numbers moved by as much as its last digit hides;
  /// exponents are exact.
  static func perturbed(_ text: String, digits: Int) -> [String] {
    let tokens = tokens(of: text)
    return tokens.indices.compactMap { place in
      guard tokens[place].utf8.first.map(isDigit) == true, let number = Double(tokens[place]),
        place == 0 || tokens[place - 1] != "^"
      else { return nil }
      var moved = tokens
      moved[place] = "\(number + hidden(by: number, digits: digits))"
      return moved.joined()
    }
  }

  /// Half a unit of the last digit that is written, and what binary numbers round anyway.
  static func hidden(by number: Double, digits: Int) -> Double {
    guard number != 0, number.isFinite else { return 0 }
    let unit = pow(10, floor(log10(abs(number))) + 1 - Double(digits))
    return max(unit / 2, 4e-16 * abs(number))
  }
}
