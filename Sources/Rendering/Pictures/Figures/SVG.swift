/// A figure as Scalable Vector Graphics, its text as text.
package enum SVG {
  /// - Parameter hasNames: whether what shows something with a name says so, for pages that are
  ///   pointed at: as `data-name`, with its number in words.
  package static func text(
    _ picture: Picture, theme: Figure.Theme = .light, size: Figure.Size = .slide,
    hasNames: Bool = false, isStopped: @escaping @Sendable () -> Bool = { false }
  ) -> String {
    let figure = Figure(
      picture, theme: theme, size: size, smoothsImages: hasNames, isStopped: isStopped)
    var writer = SVGWriter(hasNames: hasNames)
    writer.begin(figure, title: picture.title)
    figure.forEachShape { writer.write($0, endsLine: true) }
    writer.write("</svg>\n")
    return writer.text
  }

  package static func hex(_ colour: Colour) -> String {
    let digits = Array("0123456789abcdef")
    return "#"
      + String(
        [colour.red, colour.green, colour.blue].flatMap {
          [digits[Int($0 >> 4)], digits[Int($0 & 15)]]
        })
  }

  static func escaped(_ text: String, keepsLines: Bool = false) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "<")
        && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "\"")
    }
    if isPlain { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n" where keepsLines: result += "\n"
      default:
        // XML has no place for control characters, not even escaped.
        if scalar.value >= 0x20, scalar.value != 0xFFFE, scalar.value != 0xFFFF {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  package static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let left = min(bytes.count - start, 3)
      var group = 0
      for index in 0..<3 { group = group << 8 | (index < left ? Int(bytes[start + index]) : 0) }
      for index in 0..<4 {
        result.append(
          index <= left ? digits[group >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
