/// Pixels as DEC's sixels: bands of six rows, colour after colour, equal neighbours counted.
enum Sixel {
  static func text(_ raster: Raster) -> String {
    let table = ColourTable(raster.pixels, limit: 256)
    let places = raster.pixels.map { UInt8(table.place(of: $0)) }
    var bytes: [UInt8] = []
    // Pixels that no colour sets stay as they are; as wide as high.
    bytes += "\u{1B}P0;1q\"1;1;\(raster.columns);\(raster.rows)".utf8
    for (place, colour) in table.colours.enumerated() {
      func percent(_ part: UInt8) -> Int { (Int(part) * 100 + 127) / 255 }
      bytes += "#\(place);2;\(percent(colour.red));\(percent(colour.green));".utf8
      bytes += "\(percent(colour.blue))".utf8
    }
    for top in stride(from: 0, to: raster.rows, by: 6) {
      let band = places[top * raster.columns..<min(top + 6, raster.rows) * raster.columns]
      var isFirst = true
      for place in Set(band).sorted() {
        bytes += "\(isFirst ? "" : "$")#\(place)".utf8
        isFirst = false
        append(band, place, columns: raster.columns, to: &bytes)
      }
      bytes.append(UInt8(ascii: "-"))
    }
    bytes += "\u{1B}\\".utf8
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func append(
    _ band: ArraySlice<UInt8>, _ place: UInt8, columns: Int, to bytes: inout [UInt8]
  ) {
    let rows = band.count / columns
    var last: UInt8 = 0
    var count = 0
    func flush() {
      let letter = last + 63
      if count > 3 {
        bytes += "!\(count)".utf8
        bytes.append(letter)
      } else {
        for _ in 0..<count { bytes.append(letter) }
      }
    }
    for column in 0..<columns {
      var bits: UInt8 = 0
      for row in 0..<rows where band[band.startIndex + row * columns + column] == place {
        bits |= 1 << UInt8(row)
      }
      if bits == last {
        count += 1
        continue
      }
      flush()
      (last, count) = (bits, 1)
    }
    // What is empty at the end need not be written.
    if last != 0 { flush() }
  }
}

/// A few colours that stand for many (median cut; Heckbert, 1982).
struct ColourTable {
  private(set) var colours: [Colour] = []
  private var places: [Colour: Int] = [:]

  init(_ pixels: [Colour], limit: Int) {
    var counts: [Colour: Int] = [:]
    for pixel in pixels { counts[pixel, default: 0] += 1 }
    // In a fixed order: the same picture gives the same text.
    let all = counts.sorted { Self.order($0.key) < Self.order($1.key) }
    var boxes = all.isEmpty ? [] : [Array(all)]
    while boxes.count < limit {
      let widths = boxes.map(Self.widest)
      guard let index = widths.indices.max(by: { widths[$0].width < widths[$1].width }),
        widths[index].width > 0
      else { break }
      let part = widths[index].part
      let box = boxes[index].sorted { part($0.key) < part($1.key) }
      let total = box.reduce(0) { $0 + $1.value }
      var (sum, middle) = (0, 0)
      while middle < box.count - 1, sum * 2 < total || middle == 0 {
        sum += box[middle].value
        middle += 1
      }
      boxes[index] = Array(box[..<middle])
      boxes.append(Array(box[middle...]))
    }
    for (place, box) in boxes.enumerated() {
      let total = Double(box.reduce(0) { $0 + $1.value })
      func mean(_ part: (Colour) -> UInt8) -> UInt8 {
        let sum = box.reduce(0.0) { $0 + Double(part($1.key)) * Double($1.value) }
        return UInt8(clamping: Int(clamped: (sum / total).rounded()))
      }
      colours.append(Colour(mean { $0.red }, mean { $0.green }, mean { $0.blue }))
      for (colour, _) in box { places[colour] = place }
    }
  }

  func place(of colour: Colour) -> Int { places[colour] ?? 0 }

  private static func order(_ colour: Colour) -> Int {
    Int(colour.red) << 16 | Int(colour.green) << 8 | Int(colour.blue)
  }

  /// The part in which the colours of a box differ most.
  private static func widest(
    _ box: [(key: Colour, value: Int)]
  ) -> (part: (Colour) -> UInt8, width: Int) {
    let parts: [(Colour) -> UInt8] = [{ $0.red }, { $0.green }, { $0.blue }]
    let widths = parts.map { part in
      let values = box.map { Int(part($0.key)) }
      return (part: part, width: (values.max() ?? 0) - (values.min() ?? 0))
    }
    return widths.max { $0.width < $1.width } ?? ({ $0.red }, 0)
  }
}
