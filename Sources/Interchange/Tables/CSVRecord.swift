/// One record of a CSV file in memory of its own, and the quick way to read it: no checks stand
/// between the bytes and the numbers.
final class CSVRecord {
  typealias Bytes = UnsafePointer<UInt8>

  /// What the quick way may take a column for.
  enum Kind: UInt8 { case unknown, numbers, formed, texts, dropped, kept, empty }

  /// Features, then targets; behind them a place for what is dropped.
  let values: UnsafeMutableBufferPointer<Double>
  /// Where the value of each column stands among them.
  let slots: UnsafeMutableBufferPointer<Int>
  let kinds: UnsafeMutableBufferPointer<Kind>
  private let texts: UnsafeMutableBufferPointer<Unmanaged<TextNumbering>>
  private var forms: [ValueForm]
  private let columns: [CSVColumn]
  private let missing: MissingSpellings
  let featureCount: Int
  let targetCount: Int
  /// Whether a column goes along as texts, which one thread alone may gather.
  let hasKept: Bool
  /// Whether such a column has values too.
  private let keepsValues: Bool
  /// Whether a value of the record that was read last is missing.
  private(set) var hasGap = false

  var valueCount: Int { featureCount + targetCount }
  var features: UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(rebasing: values[..<featureCount])
  }
  var targets: UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(rebasing: values[featureCount..<featureCount + targetCount])
  }

  init(_ columns: [CSVColumn], _ missing: MissingSpellings) {
    self.columns = columns
    self.missing = missing
    forms = columns.map { $0.form }
    hasKept = columns.contains { $0.isKept }
    keepsValues = columns.contains { $0.isKept && $0.kind != .kept }
    featureCount = columns.count { $0.role == .feature }
    targetCount = columns.count { $0.role == .target }
    values = .allocate(capacity: featureCount + targetCount + 1)
    values.initialize(repeating: 0)
    slots = .allocate(capacity: columns.count)
    kinds = .allocate(capacity: columns.count)
    // The columns outlive the pointers to their texts.
    texts = .allocate(capacity: columns.count)
    _ = texts.initialize(fromContentsOf: columns.map { .passUnretained($0.texts) })
    var (feature, target) = (0, featureCount)
    for (place, column) in columns.enumerated() {
      kinds.initializeElement(at: place, to: column.kind)
      switch column.role {
      case .feature:
        slots.initializeElement(at: place, to: feature)
        feature += 1
      case .target:
        slots.initializeElement(at: place, to: target)
        target += 1
      case .dropped, .kept, .rowNames, .empty:
        slots.initializeElement(at: place, to: featureCount + targetCount)
      }
    }
  }

  /// For another thread, with what is known of the columns now.
  convenience init(copying other: CSVRecord) {
    self.init(other.columns, other.missing)
    _ = kinds.update(fromContentsOf: other.kinds)
    forms = other.forms
  }

  /// What was found out about a column after the record was made.
  func set(_ kind: Kind, _ form: ValueForm, of column: Int) {
    kinds[column] = kind
    forms[column] = form
  }

  deinit {
    values.deallocate()
    slots.deallocate()
    kinds.deallocate()
    texts.deallocate()
  }

  /// A whole record of numbers, known texts and missing values, quoted or not, on one line.
  /// - Returns: the line end behind it, nil where the record is anything else.
  /// - Parameter values: room for features and targets, and one more for what is dropped.
  @inline(__always)
  func scan(
    _ start: Bytes, _ end: Bytes, _ dialect: CSVDialect, into values: UnsafeMutablePointer<Double>
  ) -> Bytes? {
    guard let slots = slots.baseAddress, let kinds = kinds.baseAddress else { return nil }
    let (delimiter, point) = (dialect.delimiter, dialect.point)
    let hasNumbersAsGaps = missing.hasNumbers
    var place = start
    hasGap = false
    for column in 0..<columns.count {
      if column > 0 {
        guard place.pointee == delimiter else { return nil }
        place += 1
      }
      while place < end, place.pointee == 0x20, delimiter != 0x20 { place += 1 }
      let start = place
      var value = 0.0
      if kinds[column] == .numbers, !hasNumbersAsGaps,
        let next = DecimalNumber.scan(place, end, point: point, into: &value), next < end,
        next.pointee == delimiter || next.pointee == 0x0A || next.pointee == 0x0D, value.isFinite
      {
        place = next
      } else {
        guard let next = scanField(place, end, column, dialect, into: &value) else { return nil }
        place = next
      }
      values[slots[column]] = value
      if keepsValues { keep(from: start, to: place, column) }
    }
    return place.pointee == 0x0A || place.pointee == 0x0D ? place : nil
  }

  /// The same into the record itself.
  func scan(_ start: Bytes, _ end: Bytes, _ dialect: CSVDialect) -> Bytes? {
    values.baseAddress.flatMap { scan(start, end, dialect, into: $0) }
  }

  /// Keeps the text of a column that has values too.
  @inline(never)
  private func keep(from start: Bytes, to end: Bytes, _ column: Int) {
    guard columns[column].isKept, kinds[column] != .kept else { return }
    var (first, last) = (start, end)
    while last > first, last[-1] == 0x20 || last[-1] == 0x09 { last -= 1 }
    if last - first >= 2, first.pointee == CSVDialect.quote {
      first += 1
      last -= 1
    }
    columns[column].kept.stage(UnsafeBufferPointer(start: first, count: last - first))
  }

  /// A field on one line that is no plain number.
  /// - Returns: the delimiter or line end behind it.
  @inline(never)
  private func scanField(
    _ start: Bytes, _ end: Bytes, _ column: Int, _ dialect: CSVDialect, into value: inout Double
  ) -> Bytes? {
    var place = start
    var first = start
    var last = start
    if place < end, place.pointee == CSVDialect.quote {
      first += 1
      place += 1
      while place < end, place.pointee != CSVDialect.quote {
        if place.pointee == 0x0A || place.pointee == 0x0D { return nil }
        place += 1
      }
      last = place
      place += 1
      guard place < end,
        place.pointee == dialect.delimiter || place.pointee == 0x0A || place.pointee == 0x0D
      else { return nil }
    } else {
      while place < end, place.pointee != dialect.delimiter, place.pointee != 0x0A,
        place.pointee != 0x0D
      { place += 1 }
      guard place < end else { return nil }
      last = place
      while last > first, last[-1] == 0x20 || last[-1] == 0x09 { last -= 1 }
    }
    let text = UnsafeBufferPointer(start: first, count: last - first)
    switch kinds[column] {
    case .dropped: return place
    case .empty: return text.isEmpty ? place : nil
    case .kept:
      columns[column].kept.stage(text)
      return place
    case .texts:
      let code = texts[column]._withUnsafeGuaranteedRef { $0.number(known: text) }
      if code > 0 {
        value = Double(code)
        return place
      }
    case .numbers where !missing.contains(text):
      let isWhole = DecimalNumber.scan(first, last, point: dialect.point, into: &value) == last
      if isWhole { return value.isFinite ? place : nil }
      return isGap(text, column, &value) ? place : nil
    case .formed where !missing.contains(text):
      if let number = forms[column].value(text, point: dialect.point) {
        value = number
        return number.isFinite ? place : nil
      }
      return isGap(text, column, &value) ? place : nil
    case .unknown, .numbers, .formed: break
    }
    guard missing.contains(text) else { return nil }
    value = .nan
    hasGap = true
    return place
  }

  /// Whether a text stands for a gap of this column and was met before.
  private func isGap(
    _ text: UnsafeBufferPointer<UInt8>, _ column: Int, _ value: inout Double
  ) -> Bool {
    guard texts[column]._withUnsafeGuaranteedRef({ $0.number(known: text) }) > 0 else {
      return false
    }
    value = .nan
    hasGap = true
    return true
  }
}

/// The spellings that stand for a missing value.
final class MissingSpellings {
  private let texts = TextNumbering()
  private let longest: Int
  /// Whether a number can be one, as -999.
  let hasNumbers: Bool

  init(_ own: [String]) {
    hasNumbers = own.contains { Double($0) != nil }
    let all = CSVOptions.usualMissingSpellings + own
    longest = all.map { $0.utf8.count }.max() ?? 0
    for spelling in all {
      _ = Array(spelling.utf8).withUnsafeBufferPointer { texts.number(of: $0, limit: .max) }
    }
  }

  @inline(__always)
  func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.count <= longest && texts.number(known: text) > 0
  }
}
