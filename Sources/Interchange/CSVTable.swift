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
