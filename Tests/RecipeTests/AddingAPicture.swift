import Language
import TestSupport
import Testing

@testable import Library
@testable import Rendering

// recipe begin
/// The share of values that are at most as large as each.
package enum CumulativeShare {
  package static func picture(
    title: String = "", _ values: [Double], label: String = "value"
  ) -> Picture {
    let sorted = values.filter { $0.isFinite }.sorted()
    let count = Double(sorted.count)
    let steps = sorted.enumerated().flatMap { place, value in
      [Point(value, Double(place) / count), Point(value, Double(place + 1) / count)]
    }
    return Picture(
      title: title,
      .plot(
        Plot(
          x: PlotAxis.fitting(label, sorted), y: PlotAxis.fitting("share", [0, 1]),
          marks: [.line(steps, series: 0)])))
  }
}
// recipe end

extension Catalog {
  fileprivate static let addedPictures: [BuiltinFunction] = [
    // recipe begin
    BuiltinFunction(
      "cumulative", .pictures, "The share of values up to each, as a curve of steps.",
      parameters: [numbers.parameter] + PictureOption.parameters,
      examples: [.init("cumulative [1, 2, 4] to=\"picture.svg\"", prints: "picture.svg is written")]
    ) { arguments throws(Failure) in
      try arguments.drawn(
        CumulativeShare.picture(
          try arguments(numbers).elements, label: arguments.given(numbers)?.name ?? "value"))
    }
    // recipe end
  ]

  private static let numbers = Key.numeric("x", "A vector or matrix.")
}

/// The recipe of a picture, followed: what it promises holds.
@Suite struct AddingAPicture {
  private let picture = CumulativeShare.picture(title: "waiting", [3, 1, .nan, 2, 2], label: "s")

  @Test func `the page quotes it`() throws {
    try expectQuoted(in: Recipe.page)
  }

  @Test func `it steps from 0 to 1 at the values`() throws {
    guard case .plot(let plot) = picture.content, case .line(let points, _)? = plot.marks.first
    else {
      Issue.record("\(picture)")
      return
    }
    #expect(points.map { $0.x } == [1, 1, 2, 2, 2, 2, 3, 3])
    #expect(points.map { $0.y } == [0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1])
  }

  @Test(arguments: Display.Characters.allCases)
  func `it is drawn in characters`(characters: Display.Characters) throws {
    for columns in [30, 66, 200] {
      let text = picture.text(on: Display(columns: columns, characters: characters))
      let lines = text.split(separator: "\n")
      #expect(lines.first == "waiting")
      #expect(text.contains("share") && lines.count > 5, "\(text)")
      #expect(lines.allSatisfy { $0.count <= columns })
      if characters == .ascii { #expect(text.utf8.allSatisfy { $0 < 0x80 }) }
    }
  }

  @Test func `it is drawn as a figure, in pixels and on a terminal`() throws {
    let svg = SVG.text(picture)
    #expect(svg.contains("waiting") && svg.contains("share") && svg.contains("<polyline"))
    let plain = CumulativeShare.picture(title: "waiting", [], label: "s")
    #expect(PNG.bytes(picture).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(PNG.bytes(picture) != PNG.bytes(plain))
    for kind in InlineImage.allCases {
      let surface = InlineImage.Surface(protocols: [kind], width: 800, height: 600)
      let image = kind.text(picture, on: surface)
      #expect(image.hasPrefix("\u{1B}") && image != kind.text(plain, on: surface))
    }
  }

  @Test func `the language draws it on the screen and into files`() throws {
    let session = TestSession(catalog: Recipe.catalog(with: Catalog.addedPictures))
    for example in Catalog.addedPictures.flatMap({ $0.examples }) {
      #expect(session.run(example.code, echoes: true) == .done)
      #expect(session.output == example.output + "\n")
    }
    #expect(session.written["picture.svg"]?.isEmpty == false)
    let text = try session.perform("waits = [3, 1, 2]; cumulative waits width=60")
    #expect(text.contains("share") && text.contains("waits"), "\(text)")
    try session.perform("cumulative waits to=\"a.png\"; cumulative waits to=\"a.txt\"")
    #expect(session.written["a.png"]?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true)
    #expect(session.written["a.txt"]?.isEmpty == false)
    #expect(session.offers("cumul") == ["cumulative"])
    #expect(session.offers("cumulative waits the").first == "theme=")
    #expect(try session.perform("help cumulative").contains("as a curve of steps"))
  }
}
