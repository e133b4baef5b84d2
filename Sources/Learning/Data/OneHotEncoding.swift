import Differentiation

/// Replaces every category by one feature for each of its values: 1 where it holds, else 0.
package struct OneHotEncoding: Hashable, Sendable {
  package struct Column: Hashable, Sendable {
    /// From 0, among the features before.
    package let feature: Int
    package let values: [String]

    package init(feature: Int, values: [String]) {
      self.feature = feature
      self.values = values
    }
  }

  /// In the order of the features.
  package let columns: [Column]
  /// Whether the first value of each category has no feature of its own.
  package let leavesOutFirst: Bool

  package init(columns: [Column], leavesOutFirst: Bool) {
    self.columns = columns
    self.leavesOutFirst = leavesOutFirst
  }

  /// - Throws: where the data have no categories.
  package init(of data: DataSet, leavesOutFirst: Bool = false) throws(LearningError) {
    columns = data.categories.sorted { $0.key < $1.key }
      .map { Column(feature: $0.key, values: $0.value) }
    self.leavesOutFirst = leavesOutFirst
    guard !columns.isEmpty else {
      throw LearningError("\(data.title) has no categories", (.data, "numbers only"))
    }
  }

  /// - Throws: where a category is missing or has a value that was not there to learn from.
  func applied(to data: DataSet) throws(LearningError) -> DataSet {
    var known: [Int: [String]] = [:]
    for column in columns where known[column.feature] == nil {
      known[column.feature] = column.values
    }
    var names: [String] = []
    var width = 0
    for (feature, name) in data.featureNames.enumerated() {
      guard let values = known[feature] else {
        names.append(name)
        continue
      }
      names += values.dropFirst(leavesOutFirst ? 1 : 0).map { "\(name)=\($0)" }
    }
    width = names.count
    guard width > 0, data.count <= DataSet.largestCount / width else {
      throw LearningError(
        "one feature for each category makes more numbers than a data set may hold",
        (.data, "\(data.count) rows of \(width)"))
    }
    let numbers = try columnNumbers(of: data)
    var elements: [Double] = []
    elements.reserveCapacity(data.count * width)
    for row in 0..<data.count {
      for feature in 0..<data.featureCount {
        let number = data.x.elements[row * data.featureCount + feature]
        guard let values = known[feature] else {
          elements.append(number)
          continue
        }
        guard let code = Int(exactly: number), let place = numbers[feature]?[code] else {
          throw LearningError(
            "\(data.featureNames[feature]) is missing in row \(row + 1)", (.data, "not filled"),
            help: ["impute it before onehot"])
        }
        for value in (leavesOutFirst ? 1 : 0)..<values.count {
          elements.append(value == place ? 1 : 0)
        }
      }
    }
    var result = try DataSet(
      title: data.title, x: Tensor(.matrix(data.count, width), elements), target: data.target,
      featureNames: names, targetNames: data.targetNames)
    result.pipeline = data.pipeline
    result.rowNames = data.rowNames
    result.kept = data.kept
    return result
  }

  /// For each category of the data the place of its numbers in the values learned.
  private func columnNumbers(of data: DataSet) throws(LearningError) -> [Int: [Int: Int]] {
    var result: [Int: [Int: Int]] = [:]
    for column in columns {
      guard let names = data.categories[column.feature] else {
        throw LearningError(
          "\(data.featureNames[column.feature]) holds numbers here, no categories",
          (.data, "numbers"))
      }
      var places: [Int: Int] = [:]
      let present = Set(data.column(column.feature).compactMap { Int(exactly: $0) })
      for number in present where names.indices.contains(number - 1) {
        guard let place = column.values.firstIndex(of: names[number - 1]) else {
          throw LearningError(
            "\(data.featureNames[column.feature]) has the value \(names[number - 1]), which was"
              + " not there to learn from", (.data, "a new category"),
            help: ["it learned \(column.values.prefix(10).joined(separator: ", "))"])
        }
        places[number] = place
      }
      result[column.feature] = places
    }
    return result
  }
}
