import Rendering

/// Where text and pictures stand on the pages of a slide, so that all can be read from the back of a
/// room: letters and pictures as large as the room lets them, and a further page where they would become
/// small.
///
/// Lengths are hundredths of a page's width.
struct TalkLayout {
  enum Item {
    case lines([String])
    case picture(Picture)
  }

  struct Frame: Hashable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
  }

  enum Block {
    case lines([String], letters: Double, Frame)
    case picture(Picture, Frame)
  }

  typealias Page = [Block]

  static let page = (width: 100.0, height: 56.25)
  /// What is left beside the margins and below the title.
  static let body = Frame(x: 5, y: 9, width: 90, height: 44)

  /// The height of letters: no larger, and no smaller but for a single line.
  private static let largest = 2.6
  private static let smallest = 1.5
  private static let comfortable = 1.9
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
      guard case .lines(let lines) = item else {
        joined.append(item)
        continue
      }
      let trimmed = Self.trimmed(lines)
      guard !trimmed.isEmpty else { continue }
      if case .lines(let before)? = joined.last {
        joined[joined.count - 1] = .lines(before + [""] + trimmed)
      } else {
        joined.append(.lines(trimmed))
      }
    }
    self.items = joined
  }

  private static func trimmed(_ lines: [String]) -> [String] {
    func isBlank(_ line: String) -> Bool { line.allSatisfy { $0 == " " } }
    guard let first = lines.firstIndex(where: { !isBlank($0) }),
      let last = lines.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return Array(lines[first...last])
  }

  // MARK: Pages

  var pages: [Page] {
    guard !items.isEmpty else { return [[]] }
    return Self.pages(items, mayDivide: 8)
  }

  private static func pages(_ items: [Item], mayDivide: Int) -> [Page] {
    let best = candidates(items).max { $0.score < $1.score }
    // A table that is too wide does not become larger on a page of its own.
    let least = min(smallest, 0.97 * widestLetters(items))
    if let best, best.isLegible(from: least) || mayDivide == 0 { return [best.page] }
    guard mayDivide > 0, let (first, second) = divided(items) else {
      return best.map { [$0.page] } ?? [[]]
    }
    return pages(first, mayDivide: mayDivide - 1) + pages(second, mayDivide: mayDivide - 1)
  }

  /// The height of letters with which the widest line that cannot be broken goes across the page.
  private static func widestLetters(_ items: [Item]) -> Double {
    let columns = items.reduce(1) { widest, item in
      guard case .lines(let lines) = item else { return widest }
      return max(widest, lines.filter(isTabular).map { TextWidth.columns(of: $0) }.max() ?? 1)
    }
    return body.width / (column * Double(columns))
  }

  /// Two halves of about the same room: between a picture and the text of the next one, else within
  /// the longest text.
  private static func divided(_ items: [Item]) -> ([Item], [Item])? {
    func isPicture(_ item: Item) -> Bool { if case .picture = item { true } else { false } }
    func room(_ item: Item) -> Int { if case .lines(let lines) = item { lines.count } else { 14 } }
    let all = items.reduce(0) { $0 + room($1) }
    var ends: [Int] = []
    for item in items { ends.append((ends.last ?? 0) + room(item)) }
    let behindPictures = (1..<max(items.count, 1)).filter { isPicture(items[$0 - 1]) }
    if let place = behindPictures.min(by: {
      abs(2 * ends[$0 - 1] - all) < abs(2 * ends[$1 - 1] - all)
    }),
      4 * ends[place - 1] >= all, 4 * ends[place - 1] <= 3 * all || behindPictures.count > 1
    {
      return halves(items, at: place)
    }
    for (place, item) in items.enumerated() {
      guard case .lines(let lines) = item, 2 * lines.count > all else { continue }
      let before = place == 0 ? 0 : ends[place - 1]
      guard let cut = cut(in: lines, near: all / 2 - before), cut > 2 || place == 0 else { break }
      return (
        Array(items[..<place]) + [.lines(trimmed(Array(lines[..<cut])))],
        [.lines(trimmed(Array(lines[cut...])))] + items[(place + 1)...]
      )
    }
    guard items.count > 1 else {
      guard case .lines(let lines)? = items.first, let cut = cut(in: lines, near: lines.count / 2)
      else { return nil }
      return (
        [.lines(trimmed(Array(lines[..<cut])))], [.lines(trimmed(Array(lines[cut...])))]
      )
    }
    let place =
      behindPictures.first
      ?? (1..<items.count).min { abs(2 * ends[$0 - 1] - all) < abs(2 * ends[$1 - 1] - all) } ?? 1
    return halves(items, at: place)
  }

  private static func halves(_ items: [Item], at place: Int) -> ([Item], [Item]) {
    (Array(items[..<place]), Array(items[place...]))
  }

  /// The line that begins a second part of a text: after a blank line, or one that is not indented.
  private static func cut(in lines: [String], near middle: Int) -> Int? {
    guard lines.count > 1 else { return nil }
    let places = (1..<lines.count).map { place in
      let far = abs(place - middle)
      let isParagraph = lines[place - 1].isEmpty
      let isIndented = lines[place].hasPrefix(" ") || isTabular(lines[place])
      // A line by itself is mostly the head of what follows.
      let isHead = isParagraph && place > 1 && (place < 3 || lines[place - 3].isEmpty)
      let leavesFew = isHead || min(place, lines.count - place) < 3
      return (
        place,
        far + (isParagraph ? 0 : isIndented ? lines.count / 2 : lines.count / 5)
          + (leavesFew ? lines.count / 3 : 0)
      )
    }
    return places.min { $0.1 < $1.1 }?.0
  }

  // MARK: Letters

  private struct Fit {
    let lines: [String]
    let letters: Double
    var height: Double { Double(lines.count) * letters * TalkLayout.line }
  }

  /// The text with the largest letters that fit.
  private static func fit(_ lines: [String], width: Double, height: Double) -> Fit {
    let widest = lines.map { TextWidth.columns(of: $0) }.max() ?? 1
    var best: Fit?
    for columns in stride(from: widest, through: min(widest, 36), by: -4) {
      let shown = wrapped(lines, columns: columns)
      let across = shown.map { TextWidth.columns(of: $0) }.max() ?? 1
      let letters = min(
        largest, width / (column * Double(max(across, 1))),
        height / (line * Double(max(shown.count, 1))))
      if letters > (best?.letters ?? 0) + 0.001 { best = Fit(lines: shown, letters: letters) }
      // No line is broken for letters that are larger than they need to be.
      if letters >= comfortable { break }
    }
    return best ?? Fit(lines: lines, letters: smallest)
  }

  /// The text with letters of a height; nil where a line does not fit.
  private static func set(_ lines: [String], letters: Double, width: Double) -> Fit? {
    let columns = Int(exactly: (width / (column * letters)).rounded(.down)) ?? 0
    let shown = wrapped(lines, columns: columns)
    guard shown.allSatisfy({ TextWidth.columns(of: $0) <= columns }) else { return nil }
    return Fit(lines: shown, letters: letters)
  }

  // MARK: Candidates

  private struct Candidate {
    let page: Page
    let letters: Double
    let picture: Frame?
    let pictures: Int

    func isLegible(from least: Double) -> Bool {
      guard letters >= least else { return false }
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
      guard let picture else { return text }
      let wanted = pictures == 1 ? 50.0 * 30 : 34.0 * 20
      let size = min(picture.width * 0.6, picture.height)
      return text * min((size * size / 0.6 / wanted).squareRoot(), 1)
    }
  }

  private static func candidates(_ items: [Item]) -> [Candidate] {
    let pictures = items.count {
      if case .picture = $0 { true } else { false }
    }
    let lines = items.flatMap { item -> [String] in
      if case .lines(let lines) = item { lines } else { [] }
    }
    guard pictures > 0 else {
      return [oneColumn(lines)] + (lines.count < 8 ? [] : [twoColumns(lines)])
    }
    guard !lines.isEmpty else { return [grid(items, in: body)] }
    // Each of several pictures keeps the text that comes before it.
    let texts = items.count - pictures
    return (pictures == 1 || texts == 1 ? sideBySide(items) : []) + cells(items, pictures)
  }

  private static func oneColumn(_ lines: [String]) -> Candidate {
    let fit = fit(lines, width: body.width, height: body.height)
    return Candidate(
      page: [.lines(fit.lines, letters: fit.letters, body)], letters: fit.letters, picture: nil,
      pictures: 0)
  }

  private static func twoColumns(_ lines: [String]) -> Candidate {
    let cut = cut(in: lines, near: (lines.count + 1) / 2) ?? lines.count
    let width = (body.width - 3) / 2
    let parts = [trimmed(Array(lines[..<cut])), trimmed(Array(lines[cut...]))]
    let letters = parts.map { fit($0, width: width, height: body.height).letters }.min() ?? 0
    var page: Page = []
    for (place, part) in parts.enumerated() {
      let shown = set(part, letters: letters * 0.999, width: width)?.lines ?? part
      let frame = Frame(
        x: body.x + Double(place) * (width + 3), y: body.y, width: width, height: body.height)
      page.append(.lines(shown, letters: letters * 0.999, frame))
    }
    // Two columns are worth it only for clearly larger letters.
    return Candidate(page: page, letters: letters / 1.15, picture: nil, pictures: 0)
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
    let lines = items.reduce(into: [String]()) { lines, item in
      if case .lines(let own) = item { lines += lines.isEmpty ? own : [""] + own }
    }
    return [0.3, 0.36, 0.42, 0.5, 0.56, 0.62].map { share in
      let width = body.width * share - gap
      let text = fit(lines, width: width, height: body.height)
      let frame = Frame(
        x: body.x + body.width * share + gap, y: body.y, width: body.width * (1 - share) - gap,
        height: body.height)
      let right = grid(items, in: frame)
      let left = Block.lines(
        text.lines, letters: text.letters,
        Frame(x: body.x, y: body.y, width: width, height: body.height))
      return Candidate(
        page: [left] + right.page, letters: text.letters, picture: right.picture,
        pictures: right.pictures)
    }
  }

  /// Each picture with the text before it, in rows and columns; what comes after the last one below.
  private static func cells(_ items: [Item], _ pictures: Int) -> [Candidate] {
    var cells: [(lines: [String], picture: Picture)] = []
    var lines: [String] = []
    for item in items {
      switch item {
      case .lines(let own): lines = own
      case .picture(let picture):
        cells.append((lines, picture))
        lines = []
      }
    }
    let last = lines
    var result: [Candidate] = []
    for columns in 1...min(pictures, 3) {
      let rows = (pictures + columns - 1) / columns
      let width = (body.width - gap * Double(columns - 1)) / Double(columns)
      for letters in stride(from: largest, through: smallest, by: -0.1) {
        guard let below = set(last, letters: letters, width: body.width) else { continue }
        let texts = cells.map { set($0.lines, letters: letters, width: width) }
        guard texts.allSatisfy({ $0 != nil }) else { continue }
        let heights = (0..<rows).map { row in
          texts[(row * columns)..<min((row + 1) * columns, texts.count)]
            .map { $0?.height ?? 0 }.max() ?? 0
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
            if let text = texts[place], !text.lines.isEmpty {
              page.append(
                .lines(
                  text.lines, letters: letters,
                  Frame(x: x, y: y, width: width, height: text.height)))
            }
            let top = y + (textHeight > 0 ? textHeight + gap : 0)
            page.append(
              .picture(cells[place].picture, Frame(x: x, y: top, width: width, height: height)))
          }
          y += (textHeight > 0 ? textHeight + gap : 0) + height + gap
        }
        if !last.isEmpty {
          page.append(
            .lines(
              below.lines, letters: letters,
              Frame(x: body.x, y: y, width: body.width, height: below.height)))
        }
        result.append(
          Candidate(
            page: page, letters: letters,
            picture: Frame(x: 0, y: 0, width: width, height: height), pictures: pictures))
      }
    }
    return result
  }
}
