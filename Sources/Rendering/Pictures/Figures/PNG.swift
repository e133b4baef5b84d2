/// A figure as Portable Network Graphics, without a library.
package enum PNG {
  /// Pixels a point: a slide of 960 × 540 points has 1920 × 1080 pixels.
  private static let scale = 2.0

  package static func bytes(
    _ picture: Picture, theme: Figure.Theme = .light, size: Figure.Size = .slide,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) -> [UInt8] {
    let figure = Figure(picture, theme: theme, size: size, isStopped: isStopped)
    let raster = Raster(figure, scale: scale)
    return file(columns: raster.columns, rows: raster.rows, pixels: raster.pixels)
  }

  /// Red, green and blue of eight bits, every row as the difference to the one above it.
  static func file(columns: Int, rows: Int, pixels: [Colour]) -> [UInt8] {
    var data: [UInt8] = []
    data.reserveCapacity(rows * (columns * 3 + 1))
    for row in 0..<rows {
      data.append(row == 0 ? 0 : 2)
      for column in 0..<columns {
        let pixel = pixels[row * columns + column]
        let above = row == 0 ? Palette.black : pixels[(row - 1) * columns + column]
        data.append(pixel.red &- above.red)
        data.append(pixel.green &- above.green)
        data.append(pixel.blue &- above.blue)
      }
    }
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let header = bigEndian(UInt32(columns)) + bigEndian(UInt32(rows)) + [8, 2, 0, 0, 0]
    appendChunk("IHDR", header, &file)
    appendChunk("IDAT", Deflate.stream(data), &file)
    appendChunk("IEND", [], &file)
    return file
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private static func appendChunk(_ name: String, _ data: [UInt8], _ file: inout [UInt8]) {
    let body = Array(name.utf8) + data
    file += bigEndian(UInt32(data.count)) + body + bigEndian(crc32(body))
  }

  private static let crcTable: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { crc, _ in
      crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1
    }
  }

  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { crcTable[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
  }
}
