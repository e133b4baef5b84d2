import Differentiation
import Learning

/// What a CSV file held, and what its reader decided about it.
package struct CSVTable: Sendable {
  package let dialect: CSVDialect
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

  /// Puts names in order, gives categories their numbers in that order, and takes the numbers over.
  /// - Parameters:
  ///   - x: the features, row by row; empty afterwards.
  ///   - t: the targets, row by row; empty afterwards.
  init(
    columns: [CSVColumn], x: inout [Double], t: inout [Double], rows: Int, leftOut: Int,
    dialect: CSVDialect
  ) throws(FormatError) {
    for column in columns where column.content == .unknown && column.role != .dropped {
      throw FormatError(
        "\(visible(column.name)) has no value in any row",
        help: ["drop=[\"\(visible(column.name))\"] leaves the column out"])
    }
    let features = columns.filter { $0.role == .feature }
    let targets = columns.filter { $0.role == .target }
    var categories: [Int: [String]] = [:]
    for (feature, column) in features.enumerated() where column.content == .texts {
      let (names, places) = column.texts.sorted()
      let isTruth =
        !column.isForcedToText
        && Set(names.map { $0.lowercased() }).isSubset(of: ["true", "false"])
      let numbers = places.map { place in
        isTruth ? (names[place - 1].lowercased() == "true" ? 1 : 0) : Double(place)
      }
      for index in stride(from: feature, to: x.count, by: features.count) {
        if let code = Int(exactly: x[index]) { x[index] = numbers[code - 1] }
      }
      if !isTruth { categories[feature] = names }
    }
    if let text = targets.first(where: { $0.content == .texts }) {
      guard targets.count == 1 else {
        throw FormatError(
          "\(visible(text.name)) holds names: there can be one target of classes only")
      }
      let (names, places) = text.texts.sorted()
      target = .classes(
        numbers: t.map { code in Int(exactly: code).map { places[$0 - 1] } ?? 1 }, names: names)
    } else {
      target = .values(Tensor(.matrix(rows, targets.count), Self.taken(from: &t)))
    }
    self.dialect = dialect
    featureNames = features.map { $0.name }
    targetNames = targets.map { $0.name }
    self.categories = categories
    missing = features.map { $0.missing }
    self.rows = rows
    self.leftOut = leftOut
    self.x = Tensor(.matrix(rows, features.count), Self.taken(from: &x))
  }

  /// Without a copy.
  private static func taken(from numbers: inout [Double]) -> [Double] {
    defer { numbers = [] }
    return numbers
  }

  /// - Throws: where no feature or no row is left.
  package func data(title: String) throws(LearningError) -> DataSet {
    var data = try DataSet(
      title: title, x: x, target: target, featureNames: featureNames, targetNames: targetNames)
    data.categories = categories
    return data
  }

  /// One line for each thing that was decided or found.
  package var notes: [String] {
    let columns = featureNames.count + targetNames.count
    var lines = ["\(counted(rows, "row")) of \(counted(columns, "column")), \(dialect.words)"]
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
