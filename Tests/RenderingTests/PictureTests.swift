import Testing

@testable import Rendering

@Suite struct PictureTests {
  static let pictures: [(name: String, make: @Sendable () -> Picture)] = [
    ("decision-map", PictureSamples.decisionMap), ("three-classes", PictureSamples.threeClasses),
    ("loss-curves", PictureSamples.lossCurves), ("log-loss", PictureSamples.logarithmicLoss),
  ]
  static let displays: [(name: String, display: Display)] = [
    ("40", Display(columns: 40)), ("80", Display()), ("200", Display(columns: 200)),
    ("80-ascii", Display(characters: .ascii)), ("80-braille", Display(characters: .braille)),
    ("80-colour", Display(hasColour: true)),
  ]

  @Test(arguments: 0..<displays.count)
  func `every picture in characters looks as recorded`(display: Int) throws {
    let (suffix, display) = Self.displays[display]
    for (name, make) in Self.pictures {
      let text = make().text(on: display)
      try expectSnapshot(text, "\(name)-\(suffix).txt")
      for line in text.split(separator: "\n") {
        #expect(TextWidth.columns(of: String(line)) <= display.columns, "\(name): \(line)")
      }
      if display.isASCII { #expect(text.utf8.allSatisfy { $0 < 0x80 }, "\(name)") }
      if !display.hasColour { #expect(!text.contains("\u{1B}"), "\(name)") }
    }
  }
}
