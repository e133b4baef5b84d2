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
    let (width, height) = (number(figure.width), number(figure.height))
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\" "
        + "font-family=\"'DejaVu Sans', Verdana, 'Helvetica Neue', Arial, sans-serif\">"
    ]
    if !picture.title.isEmpty { lines.append("<title>\(escaped(picture.title))</title>") }
    lines.append("<rect width=\"100%\" height=\"100%\" fill=\"\(hex(figure.theme.background))\"/>")
    figure.forEachShape { shape in
      let element = element(shape, hasNames: hasNames)
      if !element.isEmpty { lines.append(element) }
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func element(_ shape: Figure.Shape, hasNames: Bool = false) -> String {
    switch shape {
    case .line(let points, let colour, let width):
      let places = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
      return "<polyline points=\"\(places)\" fill=\"none\" stroke=\"\(hex(colour))\" "
        + "stroke-width=\"\(number(width))\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>"
    case .rectangle(let x, let y, let width, let height, let colour):
      return "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\" fill=\"\(hex(colour))\"/>"
    case .box(let x, let y, let width, let height, let radius, let fill, let edge):
      return "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\" rx=\"\(number(radius))\" fill=\"\(hex(fill))\" "
        + "stroke=\"\(hex(edge))\" stroke-width=\"1.5\"/>"
    case .disc(let point, let radius, let fill, let edge):
      return "<circle cx=\"\(number(point.x))\" cy=\"\(number(point.y))\" r=\"\(number(radius))\" "
        + "fill=\"\(hex(fill))\" stroke=\"\(hex(edge))\"/>"
    case .text(let text):
      let (x, y) = (number(text.place.x), number(text.place.y))
      return "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(number(text.size))\" "
        + (text.isTurned ? "transform=\"rotate(-90 \(x) \(y))\" " : "")
        + "text-anchor=\"\(text.anchor.rawValue)\" fill=\"\(hex(text.colour))\">"
        + pieces(of: text) + "</text>"
    case .image(let x, let y, let width, let height, let columns, let rows, let colours, let smooth):
      // Rasterisers smooth images whatever one says: cells that are to be told apart are drawn.
      if !smooth, columns * rows <= 4096 {
        return cells(x, y, width / Double(columns), height / Double(rows), columns, rows, colours)
      }
      let file = PNG.file(columns: columns, rows: rows, pixels: colours)
      return "<image x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
        + "height=\"\(number(height))\" preserveAspectRatio=\"none\" "
        + "image-rendering=\"\(smooth ? "auto" : "pixelated")\" "
        + "href=\"data:image/png;base64,\(base64(file))\"/>"
    case .translucent(let shapes, let opacity):
      return "<g opacity=\"\(number(opacity))\">"
        + shapes.map { element($0, hasNames: hasNames) }.joined() + "</g>"
    case .named(let shapes, let name, let description):
      let drawn = shapes.map { element($0) }.joined()
      guard hasNames else { return drawn }
      // A thin line is hard to hit: another one that is not seen lies around it.
      let around = shapes.compactMap { shape -> String? in
        guard case .line(let points, _, _) = shape else { return nil }
        let places = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        return "<polyline points=\"\(places)\" fill=\"none\" stroke=\"transparent\" "
          + "stroke-width=\"14\"/>"
      }
      return open(name, description) + drawn + around.joined() + "</g>"
    case .place(let point, let radius, let name, let description):
      guard hasNames else { return "" }
      return open(name, description) + "<circle cx=\"\(number(point.x))\" "
        + "cy=\"\(number(point.y))\" r=\"\(number(radius))\" fill=\"transparent\"/></g>"
    }
  }

  /// The beginning of a group that can be pointed at.
  private static func open(_ name: String, _ description: String) -> String {
    "<g data-name=\"\(escaped(name))\" role=\"img\" aria-label=\"\(escaped(description))\">"
  }

  private static func pieces(of text: Figure.Text) -> String {
    var isLow = false
    return text.runs.map { run in
      let fall = run.isLowered == isLow ? 0 : run.isLowered ? text.size : -text.size
      isLow = run.isLowered
      if fall == 0, !run.isLowered { return escaped(run.text) }
      let size = run.isLowered ? text.size * Figure.Text.loweredSize : text.size
      return "<tspan font-size=\"\(number(size))\" dy=\"\(number(fall * Figure.Text.depth))\">"
        + escaped(run.text) + "</tspan>"
    }.joined()
  }

  /// A rectangle for every run of equal colour in a row.
  private static func cells(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ columns: Int, _ rows: Int,
    _ colours: [Colour]
  ) -> String {
    var elements: [String] = []
    for row in 0..<rows {
      var column = 0
      while column < columns {
        let colour = colours[row * columns + column]
        var end = column + 1
        while end < columns, colours[row * columns + end] == colour { end += 1 }
        elements.append(
          element(
            .rectangle(
              x: x + Double(column) * width, y: y + Double(row) * height,
              width: Double(end - column) * width, height: height, colour)))
        column = end
      }
    }
    // Without smoothing no seams show between cells.
    return "<g shape-rendering=\"crispEdges\">" + elements.joined(separator: "\n") + "</g>"
  }

  private static func number(_ value: Double) -> String {
    let text = NumberStyle.fixed(value, places: 2)
    let point = UInt8(ascii: ".")
    guard text.utf8.contains(point) else { return text }
    var trimmed = text.utf8[...]
    while trimmed.last == UInt8(ascii: "0") { trimmed.removeLast() }
    if trimmed.last == point { trimmed.removeLast() }
    return String(Substring(trimmed))
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
