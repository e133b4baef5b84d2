import Explanation
import Rendering
import Testing

@testable import Presentation

/// Where text and pictures of a slide stand.
@Suite struct TalkLayoutTests {
  private static let plot = Picture(title: "a plot", .panels([], columns: 1))

  private static func lines(_ lines: [String]) -> TalkLayout.Item {
    .rows(TalkRow.rows(of: lines.joined(separator: "\n"), Prose(symbols: [])))
  }

  private static func equation(_ terms: Int) -> TalkRow {
    let sum = Formula.sum(
      (1...terms).map { place in
        .product([.symbol(Symbol(name: "w\(place)")), .symbol(Symbol(name: "x\(place)"))])
      })
    let setting = FormulaLayout { "\($0)" }
    let quotient = setting.layout(.quotient(sum, .number(2)))
    return .equation(
      SetEquation(
        left: Symbol(name: "net_o1").layout, steps: [setting.layout(sum), quotient],
        alternative: "sum"))
  }

  private static let table = TalkRow.table(
    [[.text("quantity")], [.text("slide says")]],
    (1...40).map { [[.text("row \($0)")], [.text("0.123456789")]] })

  /// Slides of every kind: lines of these widths, formulas, tables, pictures in between.
  static let slides: [[TalkLayout.Item]] = [
    [lines(["short"])],
    [lines(Array(repeating: "A line of a paragraph that goes on and on.", count: 60))],
    [lines([String(repeating: "word ", count: 400)])],
    [lines([String(repeating: "x", count: 300)])],
    [lines((1...40).map { "row \($0)     \($0 * $0)     \($0 * $0 * $0)" })],
    [lines(["column" + String(repeating: " ", count: 150) + "column", "a  b"])],
    [.picture(plot)],
    [lines(["above"]), .picture(plot), lines(["below"])],
    Array(repeating: [lines(["f(x) = x", "", "f'(x) = 1"]), .picture(plot)], count: 5).flatMap {
      $0
    },
    [.picture(plot), .picture(plot), lines((1...50).map { "line \($0)" }), .picture(plot)],
    [],
    [.rows((1...30).map(equation))],
    [.rows([.heading([.text("forward")]), equation(3)]), .picture(plot), lines(["below"])],
    [.rows([table])],
    [lines(["above"]), .rows([equation(2), table])],
  ]

  private static func words(_ row: TalkRow) -> [String] {
    func text(_ spans: [Prose.Span]) -> String {
      spans.map { span in
        switch span {
        case .text(let text), .formula(_, let text): text
        }
      }.joined()
    }
    switch row {
    case .gap: return []
    case .listing(let line): return line.split(separator: " ").map(String.init)
    case .paragraph(let spans, _), .heading(let spans):
      return text(spans).split(separator: " ").map(String.init)
    case .equation(let equation): return [equation.alternative]
    case .table(_, let rows): return rows.flatMap { $0.map(text) }
    }
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
        case .text(let text, let own):
          frame = own
          #expect(text.width <= own.width + 0.01 && text.height <= own.height + 0.01)
          frame.height = text.height
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
    let before = Self.slides[place].flatMap { item -> [String] in
      if case .rows(let rows) = item { rows.flatMap(Self.words) } else { [] }
    }
    let blocks = TalkLayout(Self.slides[place]).pages.flatMap { $0 }
    let after = blocks.flatMap { block -> [String] in
      if case .text(let text, _) = block { text.rows.flatMap(Self.words) } else { [] }
    }
    #expect(after == before)
    let pictures = Self.slides[place].count { if case .picture = $0 { true } else { false } }
    #expect(blocks.count { if case .picture = $0 { true } else { false } } == pictures)
  }

  @Test("Letters are legible but where one line alone is too wide", arguments: slides.indices)
  func letters(place: Int) {
    for page in TalkLayout(Self.slides[place]).pages {
      for case .text(let text, _) in page {
        let isWide = text.rows.contains { row in
          if case .listing(let line) = row { TextWidth.columns(of: line) > 95 } else { false }
        }
        #expect(text.leastLetters >= 1.45 || isWide, "\(text.leastLetters)")
      }
    }
  }

  @Test("A slide of a few words has larger letters than one that is full")
  func fewWords() throws {
    func letters(_ lines: [String]) throws -> Double {
      let block = TalkLayout([Self.lines(lines)]).pages.first?.first
      guard case .text(let text, let frame)? = block else {
        throw TalkError(message: "no text")
      }
      // What is left free is not all of it below.
      #expect(frame.y >= TalkLayout.body.y)
      return text.letters
    }
    let full = (1...14).map { "Sentence \($0) of a slide that says a great deal, and all of it." }
    #expect(try letters(["A short sentence."]) > 1.25 * letters(full))
  }
}
