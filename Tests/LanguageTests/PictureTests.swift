import Foundation
import FoundationXML
import Rendering
import TestSupport
import Testing

@testable import Language

/// Every picture as the language draws it: in characters against a recorded file, and as SVG.
///
/// `scripts/record PictureTests` writes the files anew, to be looked at before they are committed.
@Suite struct PictureTests {
  private static let net = "net = mlp [2,3,1] tanh sigmoid seed=3\n"
  private static let trained =
    net + "run = train net xor epochs=200 lr=1 batch=full quiet=true\n"

  /// The lines before a picture, and the statement that draws it, without its end.
  static let pictures: [(name: String, before: String, statement: String)] = [
    ("net", net, "show net"),
    ("net-weights", net, "show net view=weights"),
    ("net-sample", "net = mlp [2,2,2] sigmoid seed=1\n", "show net mazur"),
    ("decision-map", trained, "show net xor"),
    ("hidden-units", trained, "show net xor units=all"),
    ("one-unit", trained, "show net xor units=2"),
    (
      "hidden-space",
      "net = mlp [2,2,1] tanh sigmoid seed=2\ntrain net xor epochs=300 lr=1 quiet=true\n",
      "show net xor view=space"
    ),
    ("confusion", trained, "show net xor view=confusion"),
    ("metric", trained, "show run view=metric"),
    ("curves", trained, "show run log=true"),
    (
      "two-runs",
      trained + "other = train (mlp [2,4,1] tanh sigmoid seed=5) xor epochs=200 lr=1 quiet=true\n",
      "show run other"
    ),
    (
      "fit", "net = mlp [1,6,1] tanh linear\ntrain net sine epochs=100 lr=0.1 quiet=true\n",
      "show net sine"
    ),
    (
      "predicted",
      "d = data [1,2; 2,1; 3,5; 4,2; 5,5] [[3],[3],[8],[6],[10]]\nnet = mlp [2,1] linear\ntrain net d epochs=50 lr=0.02 quiet=true\n",
      "show net d view=predicted"
    ),
    (
      "landscape", "net = mlp [2,1] sigmoid init=constant(2)\n",
      "landscape net gate(\"and\") steps=20"
    ),
    ("data", "", "show circles"), ("data-numbers", "", "show sine"),
    ("activation", "", "show sigmoid"), ("leaky", "", "show leaky slope=0.3 domain=[-2, 2]"),
    ("function", "f(x, a) = a*x^2\n", "show f a=2"),
    ("graph", "f(x, y, z) = (x + y)*z\n", "show f x=-2 y=5 z=-4"),
    ("matrix", "W = [1,-2,0; 0.5,4,-1]\n", "show W"), ("vector", "", "show [3, -1, 2]"),
    ("long-vector", "", "show (map (x -> sin(x/5)) (1..60))"),
    ("record", "", "bar [circles: 0.9, moons: 0.7]"),
    ("histogram", "", "histogram [1,1,2,2,2,3,3,4] bins=4"),
    ("scatter", "", "scatter [1,2,3,4] [4,1,3,2] group=[1,2,1,2]"),
    ("plot", "x = 0..10\n", "plot x (x*x) ylabel=\"square\""),
    ("plot-functions", "", "plot sin cos domain=[-3, 3]"),
    ("heatmap", "", "heatmap [1,2;3,-4]"),
  ]

  @Test(arguments: 0..<pictures.count)
  func `a picture is drawn as recorded, at every width and in ASCII`(index: Int) throws {
    let (name, before, statement) = Self.pictures[index]
    var text = ""
    let recorded = ["width=80", "width=60 charset=ascii"]
    for option in recorded + ["width=40", "width=200"] {
      let session = TestSession()
      #expect(session.run(before + statement + " " + option) == .done, "\(session.reports)")
      #expect(session.reports.isEmpty)
      if recorded.contains(option) { text += "\(statement) \(option)\n\(session.output)\n" }
      let columns = option.contains("200") ? 200 : option.contains("80") ? 80 : 60
      #expect(session.outputLines.allSatisfy { $0.count <= columns }, "\(name) \(option)")
      if option.contains("ascii") { #expect(session.output.utf8.allSatisfy { $0 < 0x80 }) }
    }
    try expectRecorded(text, in: "Tests/LanguageTests/Fixtures/Pictures/\(name).txt")
  }

  @Test(arguments: 0..<pictures.count)
  func `every picture goes into an SVG file and a PNG file`(index: Int) throws {
    let (name, before, statement) = Self.pictures[index]
    let session = TestSession()
    #expect(session.run(before + statement + " to=\"a.svg\" theme=dark width=640") == .done)
    #expect(session.output.isEmpty, "a file is silent in a script")
    let svg = try #require(session.written["a.svg"])
    let parser = XMLParser(data: Data(svg))
    #expect(parser.parse(), "\(name): \(String(describing: parser.parserError))")
    #expect(String(decoding: svg, as: UTF8.self).contains("<text"))
    #expect(session.run(before + statement + " to=\"a.png\" width=320") == .done)
    #expect(session.written["a.png"]?.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
  }

  @Test func `other endings are refused, with the place`() {
    let session = TestSession()
    #expect(session.run("show circles to=\"x.gif\"") == .runtimeError)
    #expect(session.reports.joined().contains("a picture is written as .svg, .png, .txt or .tex"))
    #expect(session.written.isEmpty)
  }

  @Test func `a picture kept in a variable is drawn and saved later`() {
    let session = TestSession()
    session.run("p = show [1, 2]")
    #expect(session.output.isEmpty)
    session.run("show p width=30; save p \"p.svg\"\nshow p width=30")
    #expect(session.output.contains("1 ┤"))
    #expect(session.written["p.svg"] != nil)
  }

  @Test func `without a terminal that shows images there are characters and one note`() {
    let session = TestSession()
    session.run("pictures image; show sin; show cos as=sixel")
    #expect(session.reports.count == 1)
    #expect(session.reports.first?.contains("on a terminal only") == true)
    #expect(session.output.contains("cos'"))
  }

  @Test(arguments: ["true", "map"])
  func `what is drawn while a net trains ends as the net that was reached`(plot: String) throws {
    let session = TestSession(showsProgress: true) { $0.display = { Display(rows: 20) } }
    session.run(
      Self.net + "run = train net xor epochs=30 lr=1 patience=3 valid=xor plot=\(plot)")
    let last = try #require(session.reports.last)
    session.run(
      plot == "map"
        ? "show net xor height=11 width=80" : "show run height=11 width=80 title=\"\"")
    // But for the names: titles, and what the curves are called.
    func drawing(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { $0.contains("│") || $0.contains("┤") }
    }
    #expect(drawing(last).count == 11)
    #expect(drawing(session.output) == drawing(last))
  }

  @Test(arguments: ["light", "dark"])
  func `a report is one page of its own that loads nothing`(theme: String) throws {
    let session = TestSession()
    #expect(
      session.run(Self.trained + "report net xor to=\"r.html\" theme=\(theme)") == .done,
      "\(session.reports)")
    let page = String(decoding: try #require(session.written["r.html"]), as: UTF8.self)
    for part in [
      "The net", "Training", "Answers", "Gradients", "loss by epoch", "predicted", "optimizer",
      "recall", "∂L/∂W1",
    ] {
      #expect(page.contains(part), "\(part)")
    }
    // The net, two curves, the map, the confusion and the gradients of two matrices.
    #expect(page.split(separator: "<svg").count - 1 == 7)
    // Nothing comes from elsewhere: addresses only name the format or hold their data.
    for attribute in ["src=\"", "href=\""] {
      for rest in page.split(separator: attribute).dropFirst() {
        #expect(rest.hasPrefix("data:"))
      }
    }
    #expect(!page.contains("<script") && !page.contains("@import") && !page.contains("url("))
    // Elements are closed: but for its head the page is XML.
    let body = try #require(page.range(of: "<body>"))
    let end = try #require(page.range(of: "</body>"))
    let parser = XMLParser(data: Data(page[body.lowerBound..<end.upperBound].utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
  }
}
