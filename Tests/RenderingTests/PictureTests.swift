import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import Rendering

@Suite struct PictureTests {
  static let pictures: [(name: String, make: @Sendable () -> Picture)] = [
    ("decision-map", PictureSamples.decisionMap), ("three-classes", PictureSamples.threeClasses),
    ("loss-curves", PictureSamples.lossCurves), ("log-loss", PictureSamples.logarithmicLoss),
    ("small-net", PictureSamples.smallNet), ("wide-net", PictureSamples.wideNet),
    ("small-graph", PictureSamples.smallGraph), ("deep-graph", PictureSamples.deepGraph),
    ("heat-map", PictureSamples.heatMap), ("wide-heat-map", PictureSamples.wideHeatMap),
    ("confusion-map", PictureSamples.confusionMap), ("histogram", PictureSamples.histogram),
    ("bars", PictureSamples.bars), ("left-out", PictureSamples.leftOutUnit),
    ("scatter", PictureSamples.scatter),
    ("activation", PictureSamples.activation), ("predicted", PictureSamples.predicted),
    ("landscape", PictureSamples.landscape), ("panels", PictureSamples.panels),
  ]
  /// The two displays on which pictures are recorded. What holds on all of them is said by
  /// `PicturePropertyTests`.
  static let displays: [(name: String, display: Display)] = [
    ("80", Display()), ("40-ascii", Display(columns: 40, characters: .ascii)),
  ]
  private static let folder = "Tests/RenderingTests/Fixtures"

  @Test(arguments: 0..<displays.count)
  func `every picture in characters looks as recorded`(display: Int) throws {
    let (suffix, display) = Self.displays[display]
    for (name, make) in Self.pictures {
      try expectRecorded(
        make().text(on: display) + "\n", in: "\(Self.folder)/\(name)-\(suffix).txt")
    }
  }

  @Test func `every recorded picture is one of the tests`() {
    let names = Self.pictures.flatMap { picture in
      Self.displays.map { "\(picture.name)-\($0.name)" }
    }
    if Recording.isOn { return }
    #expect(Project.names(in: Self.folder, endingWith: ".txt") == names.sorted())
  }
}

@Suite struct PictureFileTests {
  @Test(arguments: 0..<PictureTests.pictures.count)
  func `SVG files are well formed and keep their text as text`(index: Int) throws {
    let (name, make) = PictureTests.pictures[index]
    for theme in Figure.Theme.allCases {
      let picture = make()
      let svg = SVG.text(picture, theme: theme)
      let parser = XMLParser(data: Data(svg.utf8))
      #expect(parser.parse(), "\(name): \(String(describing: parser.parserError))")
      // A bar of colours tells the values of a scale.
      let named = picture.legend.filter {
        if case .shade(_, let scale) = $0.sample { scale.isContinuous == false } else { true }
      }
      for entry in named { #expect(svg.contains(">\(entry.text)</text>"), "\(name)") }
      if let folder = ProcessInfo.processInfo.environment["PICTURE_FOLDER"] {
        let path = "\(folder)/\(name)-\(theme.rawValue)"
        try Data(svg.utf8).write(to: URL(filePath: path + ".svg"))
        try Data(PNG.bytes(picture, theme: theme)).write(to: URL(filePath: path + ".png"))
      }
    }
  }

  @Test func `a unit that is left out is faint with its lines`() {
    for theme in Figure.Theme.allCases {
      let svg = SVG.text(PictureSamples.leftOutUnit(), theme: theme)
      let plain = SVG.text(PictureSamples.smallNet(), theme: theme)
      let faint = "stroke=\"\(SVG.hex(theme.faint))\""
      // Its edge, and the lines to and from it.
      #expect(svg.components(separatedBy: faint).count == 4)
      #expect(!plain.contains(faint))
    }
  }

  @Test func `markup in names is spelled out in SVG`() {
    let svg = SVG.text(Scatter.picture(title: "a<b & \"c\"\u{1}", [.init("", [Point(1, 2)])]))
    #expect(svg.contains("a&lt;b &amp; &quot;c&quot;</text>"))
  }
}
