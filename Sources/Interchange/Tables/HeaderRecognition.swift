/// Whether the first record of a table holds the names of the columns: decided by all of its cells
/// together, each compared with what stands below it.
struct HeaderRecognition {
  private(set) var isNames = false
  /// Whether something speaks for the other answer too.
  private(set) var isUnsure = false

  private let first: [TableSample.Cell]
  private let rest: ArraySlice<[TableSample.Cell]>
  /// What speaks for names, and against.
  private var (reasons, objections) = (0.0, 0.0)

  /// - Parameter named: names of columns that the user has given.
  init(_ sample: TableSample, named: [String]) {
    first = sample.records.first ?? []
    rest = sample.records.dropFirst()
    guard !first.isEmpty else { return }
    if named.contains(where: { name in first.contains { $0.text == name } }) {
      isNames = true
      return
    }
    let offset = first.count == sample.width - 1 ? 1 : 0
    let counted = progression(offset)
    var texts = 0
    for (place, cell) in first.enumerated() {
      let below = rest.compactMap { place + offset < $0.count ? $0[place + offset] : nil }
      let kind = TableSample.kind(of: cell.text)
      if kind == .text || kind == .mark || kind == .infinity { texts += 1 }
      weigh(cell, kind, over: below, isCounted: counted.contains(place), isFirst: place == 0)
    }
    // A row that is one short of the others can only be names.
    if offset == 1, texts > 0 || !counted.isEmpty { reasons += 1 }
    if reasons == 0, objections == 0 {
      isNames = texts > 0
    } else {
      isNames = reasons > 0 && reasons >= objections
      isUnsure =
        reasons > 0 && objections > 0
        && max(reasons, objections) < 3 * min(reasons, objections) + 0.5
    }
  }

  private mutating func weigh(
    _ cell: TableSample.Cell, _ kind: TableSample.Kind, over below: [TableSample.Cell],
    isCounted: Bool, isFirst: Bool
  ) {
    let kinds = below.map { TableSample.kind(of: $0.text) }
    let values = kinds.count { $0.isValue }
    let texts = kinds.count { $0 == .text }
    if cell.text.isEmpty {
      if isFirst, Self.names(rows: below) { reasons += 1 }
      return
    }
    if kind.isValue, kind != .infinity {
      if isCounted || kind == .date && values > texts && !kinds.contains(.date) {
        reasons += 1
      } else if values > texts {
        let isOnlyQuoted = cell.isQuoted && !below.contains { $0.isQuoted }
        if isOnlyQuoted {
          reasons += 1
        } else {
          objections += Self.isUnlike(cell, below) ? 0.25 : 1
        }
      } else if texts >= 3, values == 0 {
        reasons += 0.5
      }
      return
    }
    guard kind == .text || kind == .infinity else { return }
    if values > texts {
      reasons += 1
    } else if below.contains(where: { $0.text == cell.text }) {
      objections += 1
    } else if texts > values, Set(below.map { $0.text }).count == below.count, below.count > 1 {
      // A word that is none of those below.
      reasons += 0.3
    }
  }

  /// Whether cells without a name above them number or name the rows.
  static func names(rows: [TableSample.Cell]) -> Bool {
    guard !rows.isEmpty, !rows.contains(where: { $0.text.isEmpty }) else { return false }
    if numbers(rows: rows) { return true }
    let kinds = rows.map { TableSample.kind(of: $0.text) }
    return kinds.contains(.text) && Set(rows.map { $0.text }).count == rows.count
  }

  /// Whether they are 0, 1, 2, … or 1, 2, 3, …
  static func numbers(rows: [TableSample.Cell]) -> Bool {
    guard let start = rows.first.flatMap({ Int($0.text) }), start == 0 || start == 1 else {
      return false
    }
    for (place, row) in rows.enumerated() where Int(row.text) != start + place { return false }
    return true
  }

  /// A number with another look than those below it, or far outside of them.
  private static func isUnlike(_ cell: TableSample.Cell, _ below: [TableSample.Cell]) -> Bool {
    let numbers = below.compactMap { Double($0.text) }
    guard numbers.count > 1, let number = Double(cell.text), let low = numbers.min(),
      let high = numbers.max()
    else { return false }
    let isWhole = Int(cell.text) != nil
    if isWhole, !below.contains(where: { Int($0.text) != nil }) { return true }
    let room = max(high - low, abs(high), abs(low))
    return number < low - room || number > high + room
  }

  /// The places of numbers in equal steps that can only be names, as the years of 1952, 1957, … and
  /// the 0, 1, 2, … of a table that had none.
  private func progression(_ offset: Int) -> Set<Int> {
    let places = first.indices.filter { TableSample.kind(of: first[$0].text) == .number }
    let numbers = places.compactMap { Int(first[$0].text) }
    guard numbers.count == places.count, numbers.count >= 2, let start = places.first,
      places.last == start + places.count - 1
    else { return [] }
    func step(of numbers: [Int]) -> Int? {
      let (step, overflow) = numbers[1].subtractingReportingOverflow(numbers[0])
      guard !overflow, step != 0 else { return nil }
      for (a, b) in zip(numbers, numbers.dropFirst())
      where b.subtractingReportingOverflow(a) != (step, false) { return nil }
      return step
    }
    guard let own = step(of: numbers) else { return [] }
    let rows = rest.map { row in
      places.compactMap { $0 + offset < row.count ? row[$0 + offset] : nil }
    }
    let below = rows.joined().filter { Double($0.text) != nil }
    func share(_ holds: (TableSample.Cell) -> Bool) -> Double {
      below.isEmpty ? 0 : Double(below.count(where: holds)) / Double(below.count)
    }
    let years = 1500...2100
    let areYears = numbers.allSatisfy { years.contains($0) }
    if areYears {
      let yearsBelow = share { cell in Int(cell.text).map { years.contains($0) } ?? false }
      return yearsBelow < 0.5 ? Set(places) : []
    }
    let isOfRows = rows.contains { row in
      let numbers = row.compactMap { Int($0.text) }
      return numbers.count == places.count && step(of: numbers) == own
    }
    if isOfRows { return [] }
    let decimals = share { Int($0.text) == nil }
    let isFromStart = numbers[0] == 0 || numbers[0] == 1
    let isLong = numbers.count >= 6 && (isFromStart || numbers.count >= 10)
    let hasNameBefore = places[0] > 0
    return isLong || isFromStart && (decimals >= 0.5 || hasNameBefore && firstNamesRows(offset))
      || hasNameBefore && numbers.count >= 3 && decimals >= 0.5
      ? Set(places) : []
  }

  private func firstNamesRows(_ offset: Int) -> Bool {
    first[0].text.isEmpty
      && Self.names(rows: rest.compactMap { offset < $0.count ? $0[offset] : nil })
  }
}
