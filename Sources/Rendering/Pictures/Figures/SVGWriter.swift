/// Writes the shapes of a figure as elements, byte by byte: pages are drawn many times a second.
struct SVGWriter {
  private var bytes: [UInt8] = []
  /// Whether what shows something with a name says so.
  private var hasNames: Bool

  init(hasNames: Bool) {
    self.hasNames = hasNames
    bytes.reserveCapacity(1 << 14)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func begin(_ figure: Figure, title: String) {
    write("<svg xmlns=\"http://www.w3.org/2000/svg\"")
    write(" width", figure.width)
    write(" height", figure.height)
    write(" viewBox=\"0 0 ")
    write(figure.width)
    write(" ")
    write(figure.height)
    write("\" font-family=\"'DejaVu Sans', Verdana, 'Helvetica Neue', Arial, sans-serif\">\n")
    if !title.isEmpty {
      write("<title>")
      write(SVG.escaped(title))
      write("</title>\n")
    }
    write("<rect width=\"100%\" height=\"100%\"")
    write(" fill", figure.theme.background)
    write("/>\n")
  }

  // MARK: Shapes

  /// - Parameter endsLine: whether what is written, if anything, is a line of its own.
  mutating func write(_ shape: Figure.Shape, endsLine: Bool = false) {
    let start = bytes.count
    switch shape {
    case .line(let points, let colour, let width):
      write("<polyline")
      write(points: points)
      write(" fill=\"none\"")
      write(" stroke", colour)
      write(" stroke-width", width)
      write(" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>")
    case .rectangle(let x, let y, let width, let height, let colour):
      openRectangle(x, y, width, height)
      write(" fill", colour)
      write("/>")
    case .box(let x, let y, let width, let height, let radius, let fill, let edge):
      openRectangle(x, y, width, height)
      write(" rx", radius)
      write(" fill", fill)
      write(" stroke", edge)
      write(" stroke-width=\"1.5\"/>")
    case .disc(let point, let radius, let fill, let edge):
      openCircle(point, radius)
      write(" fill", fill)
      write(" stroke", edge)
      write("/>")
    case .text(let text): write(text)
    case .image(let x, let y, let width, let height, let columns, let rows, let colours, let smooth):
      // Rasterisers smooth images whatever one says: cells that are to be told apart are drawn.
      if !smooth, columns * rows <= 4096 {
        writeCells(
          x, y, width / Double(columns), height / Double(rows), columns, rows, colours)
      } else {
        write("<image")
        write(" x", x)
        write(" y", y)
        write(" width", width)
        write(" height", height)
        write(" preserveAspectRatio=\"none\" image-rendering=\"")
        write(smooth ? "auto" : "pixelated")
        write("\" href=\"data:image/png;base64,")
        write(SVG.base64(PNG.file(columns: columns, rows: rows, pixels: colours)))
        write("\"/>")
      }
    case .translucent(let shapes, let opacity):
      write("<g")
      write(" opacity", opacity)
      write(">")
      for shape in shapes { write(shape) }
      write("</g>")
    case .named(let shapes, let name, let description):
      let isNamed = hasNames
      if isNamed { openGroup(name, description) }
      // A part of what has a name has none of its own.
      hasNames = false
      for shape in shapes { write(shape) }
      hasNames = isNamed
      if isNamed {
        // A thin line is hard to hit: another one that is not seen lies around it.
        for case .line(let points, _, _) in shapes {
          write("<polyline")
          write(points: points)
          write(" fill=\"none\" stroke=\"transparent\" stroke-width=\"14\"/>")
        }
        write("</g>")
      }
    case .place(let point, let radius, let name, let description):
      guard hasNames else { return }
      openGroup(name, description)
      openCircle(point, radius)
      write(" fill=\"transparent\"/></g>")
    case .area(let x, let y, let width, let height, let from, let to):
      guard hasNames else { return }
      // Asked for by its attribute alone.
      write("<rect data-area=\"\(from.x) \(from.y) \(to.x) \(to.y)\"")
      write(" x", x)
      write(" y", y)
      write(" width", width)
      write(" height", height)
      write(" fill=\"none\"/>")
    }
    if endsLine, bytes.count > start { write("\n") }
  }

  private mutating func write(_ text: Figure.Text) {
    write("<text")
    write(" x", text.place.x)
    write(" y", text.place.y)
    write(" font-size", text.size)
    if text.isTurned {
      write(" transform=\"rotate(-90 ")
      write(text.place.x)
      write(" ")
      write(text.place.y)
      write(")\"")
    }
    write(" text-anchor=\"")
    write(text.anchor.rawValue)
    write("\"")
    write(" fill", text.colour)
    write(">")
    var isLow = false
    for run in text.runs {
      let fall = run.isLowered == isLow ? 0 : run.isLowered ? text.size : -text.size
      isLow = run.isLowered
      if fall == 0, !run.isLowered {
        write(SVG.escaped(run.text))
        continue
      }
      write("<tspan")
      write(" font-size", run.isLowered ? text.size * Figure.Text.loweredSize : text.size)
      write(" dy", fall * Figure.Text.depth)
      write(">")
      write(SVG.escaped(run.text))
      write("</tspan>")
    }
    write("</text>")
  }

  /// A rectangle for every run of equal colour in a row.
  private mutating func writeCells(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ columns: Int, _ rows: Int,
    _ colours: [Colour]
  ) {
    // Without smoothing no seams show between cells.
    write("<g shape-rendering=\"crispEdges\">")
    var isFirst = true
    for row in 0..<rows {
      var column = 0
      while column < columns {
        let colour = colours[row * columns + column]
        var end = column + 1
        while end < columns, colours[row * columns + end] == colour { end += 1 }
        if !isFirst { write("\n") }
        isFirst = false
        openRectangle(
          x + Double(column) * width, y + Double(row) * height, Double(end - column) * width,
          height)
        write(" fill", colour)
        write("/>")
        column = end
      }
    }
    write("</g>")
  }

  // MARK: Elements

  private mutating func openRectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double
  ) {
    write("<rect")
    write(" x", x)
    write(" y", y)
    write(" width", width)
    write(" height", height)
  }

  private mutating func openCircle(_ point: Point, _ radius: Double) {
    write("<circle")
    write(" cx", point.x)
    write(" cy", point.y)
    write(" r", radius)
  }

  /// The beginning of a group that can be pointed at.
  private mutating func openGroup(_ name: String, _ description: String) {
    write("<g data-name=\"")
    write(SVG.escaped(name))
    write("\" role=\"img\" aria-label=\"")
    write(SVG.escaped(description))
    write("\">")
  }

  private mutating func write(points: [Point]) {
    write(" points=\"")
    for (place, point) in points.enumerated() {
      if place > 0 { write(" ") }
      write(point.x)
      write(",")
      write(point.y)
    }
    write("\"")
  }

  private mutating func write(_ attribute: String, _ value: Double) {
    write(attribute)
    write("=\"")
    write(value)
    write("\"")
  }

  private mutating func write(_ attribute: String, _ colour: Colour) {
    write(attribute)
    write("=\"")
    bytes.append(UInt8(ascii: "#"))
    write(hexadecimal: colour.red)
    write(hexadecimal: colour.green)
    write(hexadecimal: colour.blue)
    write("\"")
  }

  private mutating func write(hexadecimal byte: UInt8) {
    func digit(_ half: UInt8) -> UInt8 {
      half < 10 ? UInt8(ascii: "0") + half : UInt8(ascii: "a") + half - 10
    }
    bytes.append(digit(byte >> 4))
    bytes.append(digit(byte & 15))
  }

  /// A number with at most two places behind the point.
  private mutating func write(_ value: Double) {
    let scaled = value.magnitude * 100
    let whole = scaled.rounded()
    // What lies half way between two numbers of two places is rounded by its exact value.
    guard whole < 1e9, abs(abs(scaled - whole) - 0.5) > 1e-6 else {
      return write(Self.trimmed(NumberStyle.fixed(value, places: 2)))
    }
    var digits = Int(clamped: whole)
    if value < 0, digits > 0 { bytes.append(UInt8(ascii: "-")) }
    let places = digits % 100
    digits /= 100
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(digits % 10))
      digits /= 10
    } while digits > 0
    bytes[start...].reverse()
    guard places > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    bytes.append(UInt8(ascii: "0") + UInt8(places / 10))
    if places % 10 > 0 { bytes.append(UInt8(ascii: "0") + UInt8(places % 10)) }
  }

  private static func trimmed(_ text: String) -> String {
    let point = UInt8(ascii: ".")
    guard text.utf8.contains(point) else { return text }
    var trimmed = text.utf8[...]
    while trimmed.last == UInt8(ascii: "0") { trimmed.removeLast() }
    if trimmed.last == point { trimmed.removeLast() }
    return String(Substring(trimmed))
  }
}
