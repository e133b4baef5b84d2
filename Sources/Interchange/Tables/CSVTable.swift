import Differentiation
import Learning

/// What a CSV file held, and what its reader decided about it.
package struct CSVTable: Sendable {
  /// A row that could not be used.
  package struct Fault: Hashable, Sendable {
    /// From 0.
    package let row: Int
    /// 0 where it is not known.
    package let line: Int
    package let message: String

    package init(row: Int, line: Int, message: String) {
      self.row = row
      self.line = line
      self.message = message
    }
  }

  package let plan: TablePlan
  package var dialect: CSVDialect { plan.dialect }
  package let featureNames: [String]
  package let targetNames: [String]
  package let categories: [Int: [String]]
  /// How many values of each feature are missing.
  package let missing: [Int]
  package let rows: Int
  /// Rows that were left out because a value was missing.
  package let leftOut: Int
  package let x: Tensor
  package let target: DataSet.Target
  /// Columns that go along as texts.
  package let kept: [DataSet.KeptColumn]
  /// Empty where the rows have no names.
  package let rowNames: [String]
  /// Rows that could not be used, where these are kept.
  package let faults: [Fault]
  /// What the numbers mean that the reader has written down.
  let codes: CSVCodes
  private let found: [String]

  /// Puts names in order, gives categories their numbers in that order, and takes the numbers over.
  /// - Parameters:
  ///   - x: the features, row by row; empty afterwards.
  ///   - t: the targets, row by row; empty afterwards.
  ///   - scratch: where the rows are instead, if they are not held.
  init(
    columns: [CSVColumn], x: inout [Double], t: inout [Double], rows: Int, leftOut: Int,
    plan: TablePlan, notes: [String], faults: [Fault], scratch: RowScratch? = nil
  ) throws(FormatError) {
    // Nothing but signs that stand for a gap among numbers are names.
    let columns = columns.map { column in
      var column = column
      if column.content == .unknown, column.texts.count > 0 { column.content = .texts }
      return column
    }
    for column in columns where column.content == .unknown && column.role == .target {
      throw FormatError("the target \(visible(column.name)) has no value in any row")
    }
    let features = columns.filter { $0.role == .feature }
    let targets = columns.filter { $0.role == .target }
    var categories: [Int: [String]] = [:]
    var missing = features.map { $0.missing }
    var codes = CSVCodes(features: features.count, targets: targets.count)
    for (feature, column) in features.enumerated() where column.content == .texts {
      let (names, places) = column.texts.names(declared: column.declared)
      let isTruth =
        !column.isForcedToText && column.declared == nil
        && Set(names.map { $0.lowercased() }).isSubset(of: ["true", "false"])
      codes.numbers[feature] = places.map { place in
        isTruth ? (names[place - 1].lowercased() == "true" ? 1 : 0) : Double(place)
      }
      missing[feature] -= scratch?.namedGaps[feature] ?? 0
      if !isTruth { categories[feature] = names }
    }
    for (feature, gaps) in codes.resolve(&x) { missing[feature] -= gaps }
    if let text = targets.first(where: { $0.content == .texts }) {
      guard targets.count == 1 else {
        throw FormatError(
          "\(visible(text.name)) holds names: there can be one target of classes only")
      }
      (codes.classNames, codes.classes) = text.texts.names(declared: text.declared)
    }
    let held = scratch == nil ? rows : 0
    target = codes.target(Self.taken(from: &t), rows: held)
    self.codes = codes
    self.plan = plan
    self.faults = faults
    kept = columns.filter { $0.isKept && $0.role != .rowNames }.map {
      DataSet.KeptColumn(name: $0.name, texts: $0.kept.strings())
    }
    rowNames = columns.first { $0.role == .rowNames }.map { $0.kept.strings() } ?? []
    var found = notes
    for column in features where column.content == .numbers && column.texts.count > 0 {
      let marks = column.texts.sorted().names.map { "\"\(visible($0))\"" }
      found.append(
        "\(visible(column.name)): \(marks.joined(separator: ", ")) is taken for a missing value"
          + " (categories=[\"\(visible(column.name))\"] keeps it)")
    }
    let empty = features.filter { $0.content == .unknown }.map { "\"\(visible($0.name))\"" }
    if !empty.isEmpty {
      found.append(
        "no value in any row: drop=[\(empty.prefix(20).joined(separator: ", "))\(empty.count > 20 ? ", …" : "")]"
          + " leaves \(empty.count == 1 ? "the column" : "these columns") out")
    }
    self.found = found
    featureNames = features.map { $0.name }
    targetNames = targets.map { $0.name }
    self.categories = categories
    self.missing = missing
    self.rows = rows
    self.leftOut = leftOut
    self.x = Tensor(.matrix(held, features.count), Self.taken(from: &x))
  }

  /// Without a copy.
  private static func taken(from numbers: inout [Double]) -> [Double] {
    defer { numbers = [] }
    return numbers
  }

  /// - Throws: where no feature or no row is left.
  package func data(title: String) throws(LearningError) -> DataSet {
    var data = try self.data(title: title, x: x, target)
    data.kept = kept
    data.rowNames = rowNames
    return data
  }

  /// Rows of the table by themselves.
  func data(
    title: String, x: Tensor, _ target: DataSet.Target
  ) throws(LearningError) -> DataSet {
    var data = try DataSet(
      title: title, x: x, target: target, featureNames: featureNames, targetNames: targetNames)
    data.categories = categories
    return data
  }

  // MARK: Gaps that remember a text

  private static let gapBits: UInt64 = 0x7FF8_0000_0000_0000

  /// A gap in a column of which it is not known yet whether it holds numbers: in one of names it is
  /// the name of this number.
  static func gap(of code: Int) -> Double {
    Double(bitPattern: gapBits | UInt64(clamping: code) & 0xFFFF)
  }

  static func code(ofGap number: Double) -> Int? {
    guard number.bitPattern & ~0xFFFF == gapBits else { return nil }
    let code = Int(number.bitPattern & 0xFFFF)
    return code > 0 ? code : nil
  }

  /// How large the table is and how it is written.
  package var summary: String {
    let columns = featureNames.count + targetNames.count
    return "\(counted(rows, "row")) of \(counted(columns, "column")), \(dialect.words)"
  }

  /// What was decided where it could have been decided otherwise, a line each.
  package var decisions: [String] { found }

  /// One line for each thing that was decided or found.
  package var notes: [String] {
    var lines = [summary] + decisions
    if leftOut > 0 {
      lines.append("\(counted(leftOut, "row")) left out because a value is missing")
    }
    let gaps = zip(featureNames, missing).filter { $0.1 > 0 }
    if !gaps.isEmpty, leftOut == 0 {
      let list = gaps.prefix(6).map { "\(visible($0.0)) \($0.1)" }.joined(separator: ", ")
      lines.append("missing values: \(list)\(gaps.count > 6 ? ", …" : "") (impute fills them)")
    }
    if case .classes(_, let names) = target {
      let list = names.prefix(6).map { visible($0) }.joined(separator: ", ")
      lines.append(
        "\(visible(targetNames[0])): \(counted(names.count, "class", "classes"))"
          + " (\(list)\(names.count > 6 ? ", …" : ""))")
    }
    for (feature, names) in categories.sorted(by: { $0.key < $1.key }).prefix(6) {
      let list = names.prefix(6).map { visible($0) }.joined(separator: ", ")
      lines.append(
        "\(visible(featureNames[feature])): \(counted(names.count, "category", "categories"))"
          + " (\(list)\(names.count > 6 ? ", …" : ""))")
    }
    return lines
  }
}
