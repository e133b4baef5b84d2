import Rendering
import Testing

@testable import Presentation

/// Where text and pictures of a slide stand.
@Suite struct TalkLayoutTests {
  private static let plot = Picture(title: "a plot", .panels([], columns: 1))

  /// Slides of every kind: lines of these widths, pictures in between.
  static let slides: [[TalkLayout.Item]] = [
    [.lines(["short"])],
    [.lines(Array(repeating: "a line of a paragraph that goes on and on", count: 60))],
    [.lines([String(repeating: "word ", count: 400)])],
    [.lines([String(repeating: "x", count: 300)])],
    [.lines((1...40).map { "row \($0)     \($0 * $0)     \($0 * $0 * $0)" })],
    [.lines(["column" + String(repeating: " ", count: 150) + "column", "a  b"])],
    [.lines(["a = " + (1...30).map { "w\($0)*x\($0)" }.joined(separator: " + ") + " = 0.123 = y"])],
    [.picture(plot)],
    [.lines(["above"]), .picture(plot), .lines(["below"])],
    Array(repeating: [.lines(["f(x) = x", "", "f'(x) = 1"]), .picture(plot)], count: 5).flatMap {
      $0
    },
    [.picture(plot), .picture(plot), .lines((1...50).map { "line \($0)" }), .picture(plot)],
    [],
  ]

  private static func widest(_ lines: [String]) -> Double {
    Double(lines.map { TextWidth.columns(of: $0) }.max() ?? 0)
  }

  @Test(
    "Nothing goes past the edges of its page, and no two blocks touch", arguments: slides.indices)
  func edges(place: Int) {
    for page in TalkLayout(Self.slides[place]).pages {
      var taken: [TalkLayout.Frame] = []
      for block in page {
        var frame: TalkLayout.Frame
        switch block {
        case .picture(_, let own): frame = own
        case .lines(let lines, let letters, let own):
          frame = own
          frame.width = Self.widest(lines) * TalkLayout.column * letters
          frame.height = Double(lines.count) * TalkLayout.line * letters
          #expect(frame.width <= own.width + 0.01 && frame.height <= own.height + 0.01)
        }
        let body = TalkLayout.body
        #expect(frame.x >= body.x - 0.01 && frame.y >= body.y - 0.01)
        #expect(frame.x + frame.width <= body.x + body.width + 0.01)
        #expect(frame.y + frame.height <= body.y + body.height + 0.01)
        for other in taken {
          let isApart =
            frame.x + frame.width <= other.x || other.x + other.width <= frame.x
            || frame.y + frame.height <= other.y || other.y + other.height <= frame.y
          #expect(isApart)
        }
        taken.append(frame)
      }
    }
  }

  @Test(
    "Every word and picture of a slide is on one of its pages, in its order",
    arguments: slides.indices)
  func nothingIsLost(place: Int) {
    func words(_ lines: [String]) -> [Substring] { lines.flatMap { $0.split(separator: " ") } }
    let before = Self.slides[place].flatMap { item -> [Substring] in
      if case .lines(let lines) = item { words(lines) } else { [] }
    }
    let blocks = TalkLayout(Self.slides[place]).pages.flatMap { $0 }
    let after = blocks.flatMap { block -> [Substring] in
      if case .lines(let lines, _, _) = block { words(lines) } else { [] }
    }
    #expect(after == before)
    let pictures = Self.slides[place].count { if case .picture = $0 { true } else { false } }
    #expect(blocks.count { if case .picture = $0 { true } else { false } } == pictures)
  }

  @Test("Letters are legible but where one line alone is too wide", arguments: slides.indices)
  func letters(place: Int) {
    for page in TalkLayout(Self.slides[place]).pages {
      for case .lines(let lines, let letters, _) in page {
        #expect(letters >= 1.45 || Self.widest(lines) > 95, "\(letters) \(lines)")
      }
    }
  }
}
