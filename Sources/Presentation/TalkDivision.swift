/// Where what is too much for a page is divided.
enum TalkDivision {
  typealias Item = TalkLayout.Item

  /// Two parts of about the same room: between a picture and the text of the next one, else within
  /// the longest text.
  static func halves(of items: [Item]) -> ([Item], [Item])? {
    func isPicture(_ item: Item) -> Bool { if case .picture = item { true } else { false } }
    func room(_ item: Item) -> Int {
      if case .rows(let rows) = item { weight(of: rows[...]) } else { 14 }
    }
    let all = items.reduce(0) { $0 + room($1) }
    var ends: [Int] = []
    for item in items { ends.append((ends.last ?? 0) + room(item)) }
    let behindPictures = (1..<max(items.count, 1)).filter { isPicture(items[$0 - 1]) }
    if let place = behindPictures.min(by: {
      abs(2 * ends[$0 - 1] - all) < abs(2 * ends[$1 - 1] - all)
    }),
      4 * ends[place - 1] >= all, 4 * ends[place - 1] <= 3 * all || behindPictures.count > 1
    {
      return (Array(items[..<place]), Array(items[place...]))
    }
    for (place, item) in items.enumerated() {
      guard case .rows(let rows) = item, 2 * room(item) > all else { continue }
      let before = place == 0 ? 0 : ends[place - 1]
      guard let (first, second) = divided(rows, near: all / 2 - before),
        weight(of: first[...]) > 2 || place == 0
      else { break }
      return (
        Array(items[..<place]) + [.rows(first)], [.rows(second)] + items[(place + 1)...]
      )
    }
    guard items.count > 1 else {
      guard case .rows(let rows)? = items.first,
        let (first, second) = divided(rows, near: weight(of: rows[...]) / 2)
      else { return nil }
      return ([.rows(first)], [.rows(second)])
    }
    let place =
      behindPictures.first
      ?? (1..<items.count).min { abs(2 * ends[$0 - 1] - all) < abs(2 * ends[$1 - 1] - all) } ?? 1
    return (Array(items[..<place]), Array(items[place...]))
  }

  private static func weight(of rows: ArraySlice<TalkRow>) -> Int {
    rows.reduce(0) { $0 + $1.weight }
  }

  /// Two parts of a text; a table that is most of it is divided itself.
  private static func divided(_ rows: [TalkRow], near middle: Int) -> ([TalkRow], [TalkRow])? {
    var before = 0
    for (place, row) in rows.enumerated() {
      if case .table(let titles, let cells) = row, 2 * row.weight > weight(of: rows[...]),
        cells.count > 9
      {
        let cut = min(max(middle - before, 4), cells.count - 4)
        return (
          Array(rows[..<place]) + [.table(titles, Array(cells[..<cut]))],
          [.table(titles, Array(cells[cut...]))] + rows[(place + 1)...]
        )
      }
      before += row.weight
    }
    guard let cut = place(in: rows, near: middle) else { return nil }
    return (
      TalkRow.trimmed(Array(rows[..<cut])), TalkRow.trimmed(Array(rows[cut...]))
    )
  }

  /// The row that begins a second part of a text: after a blank line, or one that is not indented.
  /// - Parameter middle: as much comes before it; half of all where nil.
  static func place(in rows: [TalkRow], near middle: Int? = nil) -> Int? {
    guard rows.count > 1 else { return nil }
    let all = weight(of: rows[...])
    let middle = middle ?? (all + 1) / 2
    var before = 0
    var best: (place: Int, cost: Int)?
    for place in 1..<rows.count {
      before += rows[place - 1].weight
      let isParagraph = rows[place - 1].isGap || rows[place].isHeading
      let isInside: Bool
      switch rows[place] {
      case .listing: isInside = true
      case .paragraph(_, let indent): isInside = indent > 0
      default: isInside = false
      }
      // A row by itself is mostly the head of what follows.
      let isHead =
        rows[place - 1].isHeading
        || rows[place - 1].isGap && place > 1 && (place < 3 || rows[place - 3].isGap)
      let leavesFew = isHead || min(before, all - before) < 3
      let cost =
        abs(before - middle) + (isParagraph ? 0 : isInside ? all / 2 : all / 5)
        + (rows[place - 1].isHeading ? all : leavesFew ? all / 3 : 0)
      if rows[place].isGap { continue }
      if cost < best?.cost ?? .max { best = (place, cost) }
    }
    return best?.place
  }
}
