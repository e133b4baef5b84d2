import Explanation
import Rendering

/// Where text and pictures stand on the pages of a slide, so that all can be read from the back of a
/// room: letters and pictures as large as the room lets them, and a further page where they would become
/// small.
///
/// Lengths are hundredths of a page's width.
struct TalkLayout {
  enum Item {
    case rows([TalkRow])
    case picture(Picture)
  }

  struct Frame: Hashable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
  }

  enum Block {
    case text(TalkText, Frame)
    case picture(Picture, Frame)
  }

  typealias Page = [Block]

  static let page = (width: 100.0, height: 56.25)
  /// What is left beside the margins and below the title.
  static let body = Frame(x: 5, y: 9, width: 90, height: 44)

  /// The height of letters: no larger, beside pictures and without them, and no smaller but for a
  /// single line.
  private static let largest = 2.6
  private static let largestAlone = 3.0
  static let smallest = 1.7
  private static let smallestAlone = 1.85
  /// A column and a line of letters of height 1, in a typeface of one width.
  static let column = 0.605
  static let line = 1.22
  private static let gap = 1.2
  /// Points of a drawing in a hundredth of the width: more would make its letters too small.
  private static let mostPoints = 13.0
  private static let leastPicture = (width: 24.0, height: 12.0)

  private let items: [Item]

  init(_ items: [Item]) {
    var joined: [Item] = []
    for item in items {
      guard case .rows(let rows) = item else {
        joined.append(item)
        continue
      }
      let trimmed = TalkRow.trimmed(rows)
      guard !trimmed.isEmpty else { continue }
      if case .rows(let before)? = joined.last {
        joined[joined.count - 1] = .rows(before + [.gap] + trimmed)
      } else {
        joined.append(.rows(trimmed))
      }
    }
    self.items = joined
  }

  // MARK: Pages

  var pages: [Page] {
    guard !items.isEmpty else { return [[]] }
    return Self.pages(items, mayDivide: 8)
  }

  private static func pages(_ items: [Item], mayDivide: Int) -> [Page] {
    let best = candidates(items).max { $0.score < $1.score }
    if let best, best.isLegible || mayDivide == 0 { return [best.page] }
    guard mayDivide > 0, let (first, second) = TalkDivision.halves(of: items) else {
      return best.map { [$0.page] } ?? [[]]
    }
    return pages(first, mayDivide: mayDivide - 1) + pages(second, mayDivide: mayDivide - 1)
  }

  // MARK: Candidates

  private struct Candidate {
    let page: Page
    let letters: Double
    let picture: Frame?
    let pictures: Int
    /// How much worse it looks than its sizes say.
    var penalty = 1.0

    var isLegible: Bool {
      // Text alone has the room for a further page.
      let least = pictures == 0 ? TalkLayout.smallestAlone : TalkLayout.smallest
      guard letters >= least * 0.98 else { return false }
      guard let picture else { return true }
      let room =
        pictures > 2
        ? TalkLayout.leastPicture : pictures > 1 ? (width: 34, height: 17) : (width: 36, height: 22)
      return picture.width >= room.width && picture.height >= room.height
        && page.allSatisfy { block in
          guard case .picture(let picture, let frame) = block,
            let least = Figure.leastSize(of: picture)
          else { return true }
          return frame.width * TalkLayout.mostPoints >= least.width
            && frame.height * TalkLayout.mostPoints >= least.height
        }
    }

    var score: Double {
      let text = min(letters / 2.2, 1)
      guard let picture else { return penalty * text }
      let wanted = pictures == 1 ? 50.0 * 30 : 34.0 * 20
      let size = min(picture.width * 0.6, picture.height)
      return penalty * text * min((size * size / 0.6 / wanted).squareRoot(), 1)
    }
  }

  private static func candidates(_ items: [Item]) -> [Candidate] {
    let pictures = items.count {
      if case .picture = $0 { true } else { false }
    }
    let rows = items.flatMap { item -> [TalkRow] in
      if case .rows(let rows) = item { rows } else { [] }
    }
    guard pictures > 0 else {
      let isLong = rows.reduce(0, { $0 + $1.weight }) > 8
      return [oneColumn(rows)] + (isLong ? [twoColumns(rows)] : [])
    }
    guard !rows.isEmpty else { return [grid(items, in: body)] }
    // Each of several pictures keeps the text that comes before it.
    let texts = items.count - pictures
    return (pictures == 1 || texts == 1 ? sideBySide(items) : []) + cells(items, pictures)
  }

  private static func oneColumn(_ rows: [TalkRow]) -> Candidate {
    let text = TalkText.fitting(
      rows, width: body.width, height: body.height, largest: largestAlone
    ).spread(over: body.height)
    // What leaves much of the page free does not hang from its title.
    var frame = body
    let rest = max(0, body.height - text.height)
    frame.y += 0.25 * rest
    frame.height -= 0.25 * rest
    return Candidate(
      page: [.text(text, frame)], letters: text.leastLetters, picture: nil, pictures: 0)
  }

  private static func twoColumns(_ rows: [TalkRow]) -> Candidate {
    let cut = TalkDivision.place(in: rows) ?? rows.count
    let width = (body.width - 4) / 2
    let parts = [
      TalkRow.trimmed(Array(rows[..<cut])), TalkRow.trimmed(Array(rows[cut...])),
    ]
    let letters =
      parts.map {
        TalkText.fitting($0, width: width, height: body.height, largest: largest).letters
      }.min() ?? smallest
    let texts = parts.map {
      TalkText(rows: $0, letters: letters, width: width).spread(over: body.height)
    }
    let rest = body.height - (texts.map { $0.height }.max() ?? 0)
    let page = texts.enumerated().map { place, text in
      Block.text(
        text,
        Frame(
          x: body.x + Double(place) * (width + 4), y: body.y + 0.2 * max(rest, 0), width: width,
          height: body.height - 0.2 * max(rest, 0)))
    }
    // Two columns are worth it only for clearly larger letters.
    let least = texts.map { $0.leastLetters }.min() ?? 0
    return Candidate(page: page, letters: least / 1.15, picture: nil, pictures: 0)
  }

  /// Pictures in rows and columns of one size.
  private static func grid(_ items: [Item], in frame: Frame) -> Candidate {
    let pictures = items.compactMap { if case .picture(let picture) = $0 { picture } else { nil } }
    let best = (1...pictures.count).map {
      columns -> (columns: Int, width: Double, height: Double) in
      let rows = (pictures.count + columns - 1) / columns
      return (
        columns, (frame.width - gap * Double(columns - 1)) / Double(columns),
        (frame.height - gap * Double(rows - 1)) / Double(rows)
      )
    }.max { min($0.width * 0.6, $0.height) < min($1.width * 0.6, $1.height) }
    let (columns, width, height) = best ?? (1, frame.width, frame.height)
    let page = pictures.enumerated().map { place, picture in
      Block.picture(
        picture,
        Frame(
          x: frame.x + Double(place % columns) * (width + gap),
          y: frame.y + Double(place / columns) * (height + gap), width: width, height: height))
    }
    return Candidate(
      page: page, letters: largest, picture: Frame(x: 0, y: 0, width: width, height: height),
      pictures: pictures.count)
  }

  /// Text on the left, pictures on the right.
  private static func sideBySide(_ items: [Item]) -> [Candidate] {
    let rows = items.reduce(into: [TalkRow]()) { rows, item in
      if case .rows(let own) = item { rows += rows.isEmpty ? own : [.gap] + own }
    }
    // A sentence goes across the page rather than down beside the picture.
    let isShort =
      rows.allSatisfy { if case .paragraph = $0 { true } else { $0.isGap } }
      && rows.reduce(0) { $0 + $1.weight } <= 3
    return [0.3, 0.36, 0.42, 0.5, 0.56, 0.62].map { share in
      let width = body.width * share - gap
      let text = TalkText.fitting(rows, width: width, height: body.height, largest: largest)
        .spread(over: body.height)
      let rest = max(0, body.height - text.height)
      let frame = Frame(
        x: body.x + body.width * share + gap, y: body.y, width: body.width * (1 - share) - gap,
        height: body.height)
      let right = grid(items, in: frame)
      // About as high as the middle of the pictures.
      let left = Block.text(
        text,
        Frame(
          x: body.x, y: body.y + 0.4 * rest, width: width, height: body.height - 0.4 * rest))
      return Candidate(
        page: [left] + right.page, letters: text.leastLetters, picture: right.picture,
        pictures: right.pictures, penalty: isShort ? 0.9 : 1)
    }
  }

  /// Each picture with the text before it, in rows and columns; what comes after the last one below.
  private static func cells(_ items: [Item], _ pictures: Int) -> [Candidate] {
    var cells: [(rows: [TalkRow], picture: Picture)] = []
    var waiting: [TalkRow] = []
    for item in items {
      switch item {
      case .rows(let own): waiting = own
      case .picture(let picture):
        cells.append((waiting, picture))
        waiting = []
      }
    }
    let last = waiting
    var result: [Candidate] = []
    for columns in 1...min(pictures, 3) {
      let rows = (pictures + columns - 1) / columns
      let width = (body.width - gap * Double(columns - 1)) / Double(columns)
      for letters in stride(from: largest, through: smallest, by: -0.1) {
        let below = TalkText(rows: last, letters: letters, width: body.width)
        let texts = cells.map { TalkText(rows: $0.rows, letters: letters, width: width) }
        let least = (texts + [below]).map { $0.leastLetters }.min() ?? letters
        guard least >= smallest else { continue }
        let heights = (0..<rows).map { row in
          texts[(row * columns)..<min((row + 1) * columns, texts.count)].map { $0.height }.max()
            ?? 0
        }
        let used = heights.reduce(0) { $0 + ($1 > 0 ? $1 + gap : 0) } + gap * Double(rows - 1)
        let rest = body.height - used - (last.isEmpty ? 0 : below.height + gap)
        let height = rest / Double(rows)
        guard height >= leastPicture.height else { continue }
        var page: Page = []
        var y = body.y
        for row in 0..<rows {
          let textHeight = heights[row]
          for place in (row * columns)..<min((row + 1) * columns, cells.count) {
            let x = body.x + Double(place - row * columns) * (width + gap)
            let text = texts[place]
            if !text.rows.isEmpty {
              page.append(
                .text(text, Frame(x: x, y: y, width: width, height: text.height)))
            }
            let top = y + (textHeight > 0 ? textHeight + gap : 0)
            page.append(
              .picture(cells[place].picture, Frame(x: x, y: top, width: width, height: height)))
          }
          y += (textHeight > 0 ? textHeight + gap : 0) + height + gap
        }
        if !last.isEmpty {
          page.append(
            .text(
              below, Frame(x: body.x, y: y, width: body.width, height: below.height)))
        }
        result.append(
          Candidate(
            page: page, letters: least,
            picture: Frame(x: 0, y: 0, width: width, height: height), pictures: pictures))
      }
    }
    return result
  }
}
