import Glibc

/// One record of a CSV file in memory of its own, and the quick way to read it: no checks stand
/// between the bytes and the numbers.
final class CSVRecord {
  typealias Bytes = UnsafePointer<UInt8>

  /// What the quick way may take a column for.
  enum Kind: UInt8 { case unknown, numbers, formed, texts, dropped, kept, empty }

  /// The slot of a column without values.
  private static let nowhere = Int.min

  /// Features, then targets.
  private let values: UnsafeMutableBufferPointer<Double>
  /// Where the value of each column stands: among the features, or from -1 downwards among the
  /// targets.
  private let slots: UnsafeMutableBufferPointer<Int>
  private let kinds: UnsafeMutableBufferPointer<Kind>
  private let texts: UnsafeMutableBufferPointer<Unmanaged<TextNumbering>>
  private var forms: [ValueForm]
  private let columns: [CSVColumn]
  private let missing: MissingSpellings
  private let scanner: FieldScanner
  let featureCount: Int
  let targetCount: Int
  /// Whether a column goes along as texts, which one thread alone may gather.
  let hasKept: Bool
  /// Whether such a column has values too.
  private let keepsValues: Bool

  var features: UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(rebasing: values[..<featureCount])
  }
  var targets: UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(rebasing: values[featureCount..<featureCount + targetCount])
  }

  init(_ columns: [CSVColumn], _ missing: MissingSpellings, _ scanner: FieldScanner) {
    self.columns = columns
    self.scanner = scanner
    self.missing = missing
    forms = columns.map { $0.form }
    hasKept = columns.contains { $0.isKept }
    keepsValues = columns.contains { $0.isKept && $0.kind != .kept }
    featureCount = columns.count { $0.role == .feature }
    targetCount = columns.count { $0.role == .target }
    values = .allocate(capacity: featureCount + targetCount)
    values.initialize(repeating: 0)
    slots = .allocate(capacity: columns.count)
    kinds = .allocate(capacity: columns.count)
    // The columns outlive the pointers to their texts.
    texts = .allocate(capacity: columns.count)
    _ = texts.initialize(fromContentsOf: columns.map { .passUnretained($0.texts) })
    var (feature, target) = (0, 0)
    for (place, column) in columns.enumerated() {
      kinds.initializeElement(at: place, to: column.kind)
      switch column.role {
      case .feature:
        slots.initializeElement(at: place, to: feature)
        feature += 1
      case .target:
        slots.initializeElement(at: place, to: ~target)
        target += 1
      case .dropped, .kept, .rowNames, .empty:
        slots.initializeElement(at: place, to: Self.nowhere)
      }
    }
  }

  /// For another thread, with what is known of the columns now.
  convenience init(copying other: CSVRecord) {
    self.init(other.columns, other.missing, other.scanner)
    _ = kinds.update(fromContentsOf: other.kinds)
    forms = other.forms
  }

  /// What was found out about a column after the record was made.
  func set(_ kind: Kind, _ form: ValueForm, of column: Int) {
    kinds[column] = kind
    forms[column] = form
  }

  /// The value of a column of features or targets.
  func value(of column: Int) -> Double {
    values[slots[column] >= 0 ? slots[column] : featureCount + ~slots[column]]
  }

  /// Takes the value of any column.
  func set(_ value: Double, of column: Int) {
    let slot = slots[column]
    guard slot != Self.nowhere else { return }
    values[slot >= 0 ? slot : featureCount + ~slot] = value
  }

  deinit {
    values.deallocate()
    slots.deallocate()
    kinds.deallocate()
    texts.deallocate()
  }

  /// A whole record of numbers, known texts and missing values, quoted or not, on one line. A line
  /// end and `FieldScanner.padding` bytes must follow.
  /// - Parameter hasGap: becomes true where a value is missing.
  /// - Returns: the line end behind it, nil where the record is anything else.
  @inline(__always)
  func scan(
    _ start: Bytes, _ dialect: CSVDialect, features: UnsafeMutablePointer<Double>,
    targets: UnsafeMutablePointer<Double>, _ hasGap: inout Bool
  ) -> Bytes? {
    guard let slots = slots.baseAddress, let kinds = kinds.baseAddress else { return nil }
    let scanner = self.scanner
    let delimiter = dialect.delimiter
    let hasNumbersAsGaps = missing.hasNumbers
    let keepsValues = keepsValues
    let count = columns.count
    var place = start
    for column in 0..<count {
      if column > 0 {
        guard place.pointee == delimiter else { return nil }
        place += 1
      }
      let first = place
      var value = 0.0
      if kinds[column] == .numbers, !hasNumbersAsGaps,
        let next = scanner.number(at: place, isLast: column + 1 == count, into: &value)
      {
        place = next
      } else if scanner.isEnd(place.pointee), kinds[column].rawValue < Kind.dropped.rawValue {
        value = .nan
        hasGap = true
      } else {
        guard let next = scanField(place, column, dialect, into: &value, &hasGap) else {
          return nil
        }
        place = next
      }
      let slot = slots[column]
      if slot >= 0 {
        features[slot] = value
      } else if slot != Self.nowhere {
        targets[~slot] = value
      }
      if keepsValues { keep(from: first, to: place, column) }
    }
    return place.pointee == 0x0A || place.pointee == 0x0D ? place : nil
  }

  /// The same into the record itself.
  func scan(_ start: Bytes, _ dialect: CSVDialect, _ hasGap: inout Bool) -> Bytes? {
    values.baseAddress.flatMap {
      scan(start, dialect, features: $0, targets: $0 + featureCount, &hasGap)
    }
  }

  /// Keeps the text of a column that has values too.
  @inline(never)
  private func keep(from start: Bytes, to end: Bytes, _ column: Int) {
    guard columns[column].isKept, kinds[column] != .kept else { return }
    var (first, last) = (start, end)
    while first < last, first.pointee == 0x20 { first += 1 }
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
    _ start: Bytes, _ column: Int, _ dialect: CSVDialect, into value: inout Double,
    _ hasGap: inout Bool
  ) -> Bytes? {
    var first = start
    while first.pointee == 0x20, dialect.delimiter != 0x20 { first += 1 }
    var place = first
    var last = first
    if place.pointee == CSVDialect.quote {
      first += 1
      place += 1
      while place.pointee != CSVDialect.quote {
        if place.pointee == 0x0A || place.pointee == 0x0D { return nil }
        place += 1
      }
      last = place
      place += 1
      guard scanner.isEnd(place.pointee) else { return nil }
    } else {
      place = scanner.end(from: first)
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
      return isGap(text, column, &value, &hasGap) ? place : nil
    case .formed where !missing.contains(text):
      if let number = forms[column].value(text, point: dialect.point) {
        value = number
        return number.isFinite ? place : nil
      }
      return isGap(text, column, &value, &hasGap) ? place : nil
    case .unknown, .numbers, .formed: break
    }
    guard missing.contains(text) else { return nil }
    value = .nan
    hasGap = true
    return place
  }

  /// Whether a text stands for a gap of this column and was met before.
  private func isGap(
    _ text: UnsafeBufferPointer<UInt8>, _ column: Int, _ value: inout Double,
    _ hasGap: inout Bool
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
