import Foundation
import Testing

@testable import Rendering

/// Reads what DEC's manual says of sixels, written from it and not from our encoder.
private struct SixelReader {
  var columns = 0
  var rows = 0
  var pixels: [Int: (Int, Int, Int)] = [:]
  private var colours: [Int: (Int, Int, Int)] = [:]

  init?(_ text: String) {
    guard let start = text.firstRange(of: "q"), text.hasPrefix("\u{1B}P"),
      text.hasSuffix("\u{1B}\\")
    else { return nil }
    let bytes = Array(text[start.upperBound...].utf8.dropLast(2))
    var place = 0
    func numbers() -> [Int] {
      var list = [0]
      while place < bytes.count {
        switch bytes[place] {
        case 0x30...0x39: list[list.count - 1] = list[list.count - 1] * 10 + Int(bytes[place]) - 48
        case UInt8(ascii: ";"): list.append(0)
        default: return list
        }
        place += 1
      }
      return list
    }
    var (column, top, colour) = (0, 0, 0)
    func put(_ byte: UInt8, _ count: Int) {
      for _ in 0..<count {
        for bit in 0..<6 where (Int(byte) - 63) >> bit & 1 == 1 {
          pixels[(top + bit) * columns + column] = colours[colour]
        }
        column += 1
      }
    }
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        let list = numbers()
        (columns, rows) = (list[2], list[3])
      case UInt8(ascii: "#"):
        let list = numbers()
        colour = list[0]
        if list.count == 5 { colours[colour] = (list[2], list[3], list[4]) }
      case UInt8(ascii: "!"):
        let count = numbers()[0]
        put(bytes[place], count)
        place += 1
      case UInt8(ascii: "$"): column = 0
      case UInt8(ascii: "-"): (column, top) = (0, top + 6)
      case 63...126: put(byte, 1)
      default: return nil
      }
    }
  }
}

@Suite struct InlineImageTests {
  private let surface = InlineImage.Surface(protocols: [.sixel, .kitty], width: 480, height: 400)

  private func raster(_ picture: Picture) -> Raster {
    Raster(Figure(picture, size: surface.layout().size), scale: surface.layout().scale)
  }

  @Test(
    arguments: [
      PictureSamples.decisionMap, PictureSamples.landscape, PictureSamples.lossCurves,
      PictureSamples.smallNet,
    ] as [@Sendable () -> Picture])
  func `sixels have the pixels of the PNG, as nearly as 256 colours can`(
    make: @Sendable () -> Picture
  ) throws {
    let expected = raster(make())
    let read = try #require(SixelReader(InlineImage.sixel.text(make(), on: surface)))
    #expect(read.columns == expected.columns && read.rows == expected.rows)
    #expect(read.pixels.count == expected.pixels.count)
    var sum = 0.0
    var worst = 0
    for (index, pixel) in expected.pixels.enumerated() {
      let (red, green, blue) = try #require(read.pixels[index])
      for (part, percent) in [(pixel.red, red), (pixel.green, green), (pixel.blue, blue)] {
        let difference = abs(Int(part) - (percent * 255 + 50) / 100)
        sum += Double(difference)
        worst = max(worst, difference)
      }
    }
    // A percent is two and a half of 255 steps.
    #expect(sum / Double(expected.pixels.count * 3) < 2.5)
    #expect(worst < 40)
  }

  @Test func `kitty gets the PNG itself, in pieces of 4096 characters`() throws {
    let picture = PictureSamples.decisionMap()
    let text = InlineImage.kitty.text(picture, on: surface)
    let pieces = text.components(separatedBy: "\u{1B}\\").dropLast().map {
      $0.split(separator: ";", maxSplits: 1)
    }
    #expect(pieces.allSatisfy { $0.count == 2 && $0[1].utf8.count <= 4096 })
    #expect(pieces.allSatisfy { $0[0].hasPrefix("\u{1B}_G") })
    #expect(pieces.first?[0].contains("a=T,f=100") == true)
    #expect(pieces.map { $0[0].hasSuffix("m=1") } == pieces.indices.map { $0 + 1 < pieces.count })
    let data = try #require(Data(base64Encoded: pieces.map { String($0[1]) }.joined()))
    let expected = raster(picture)
    #expect(
      Array(data)
        == PNG.file(columns: expected.columns, rows: expected.rows, pixels: expected.pixels))
  }

  @Test func `an image fits into the window, finer on a fine one`() {
    for (width, height) in [(300, 200), (800, 1200), (2400, 1400)] {
      let surface = InlineImage.Surface(protocols: [.sixel], width: width, height: height)
      let (size, scale) = surface.layout()
      #expect(size.width * scale <= Double(width) && size.height * scale <= Double(height))
      #expect(scale == (width > 2000 ? 2 : 1))
    }
    #expect(InlineImage.Surface(protocols: [.sixel, .kitty]).best == .kitty)
    #expect(InlineImage.Surface(protocols: []).best == nil)
  }
}
