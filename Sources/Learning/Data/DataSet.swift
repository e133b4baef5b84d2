import Differentiation

/// Samples with what a net should answer to each: one row a sample.
package struct DataSet: Hashable, Sendable {
  package enum Target: Hashable, Sendable {
    /// A class number of 1...names.count for each row.
    case classes(numbers: [Int], names: [String])
    /// Rows × outputs.
    case values(Tensor)

    /// How many rows there are.
    var count: Int {
      switch self {
      case .classes(let numbers, _): numbers.count
      case .values(let values): values.shape.rows
      }
    }
  }

  /// What stands in a column that is no feature, one text a row.
  package struct KeptColumn: Hashable, Sendable {
    package let name: String
    package let texts: [String]

    package init(name: String, texts: [String]) {
      self.name = name
      self.texts = texts
    }
  }

  /// What the data are called in messages, as `circles`.
  package var title: String
  /// Rows × features.
  package private(set) var x: Tensor
  package private(set) var target: Target
  package let featureNames: [String]
  package let targetNames: [String]
  /// The names of the values of features that hold categories, by feature from 0: their numbers
  /// in `x` count these from 1.
  package var categories: [Int: [String]] = [:]
  /// What the rows are called, one name a row; empty where they have no names.
  package var rowNames: [String] = []
  /// Columns that go along and are no features, as the number of a customer.
  package var kept: [KeptColumn] = []
  /// What the data went through since they were raw.
  package var pipeline: Pipeline?

  /// The most numbers one data set may hold: 2 GB of binary64.
  package static let largestCount = 1 << 28

  /// - Parameters:
  ///   - x: rows × features.
  ///   - featureNames: `x1`, `x2`, … where empty.
  ///   - targetNames: `t1`, … or `class` where empty.
  /// - Throws: where x is no matrix, has no rows, or the rows, names or class numbers do not fit.
  package init(
    title: String = "data", x: Tensor, target: Target, featureNames: [String] = [],
    targetNames: [String] = []
  ) throws(LearningError) {
    guard case .matrix(let rows, let features) = x.shape else {
      throw LearningError("the samples must be a matrix, one row a sample, not \(x.shape)")
    }
    guard rows > 0, features > 0 else {
      throw LearningError("a data set needs at least one row and one feature, not \(x.shape)")
    }
    let columns: Int
    switch target {
    case .classes(let numbers, let names):
      columns = 1
      guard numbers.count == rows else {
        throw LearningError(
          "there are \(counted(rows, "row")) but \(counted(numbers.count, "class", "classes"))")
      }
      guard numbers.allSatisfy({ $0 >= 1 && $0 <= names.count }) else {
        throw LearningError("class numbers must be from 1 to \(names.count)")
      }
    case .values(let values):
      guard case .matrix(let targetRows, let outputs) = values.shape, outputs >= 0 else {
        throw LearningError("the targets must be a matrix, one row a sample, not \(values.shape)")
      }
      guard targetRows == rows else {
        throw LearningError(
          "there are \(counted(rows, "sample")) but \(counted(targetRows, "row")) of targets")
      }
      columns = outputs
    }
    guard featureNames.isEmpty || featureNames.count == features else {
      throw LearningError(
        "there are \(counted(features, "feature")) but \(counted(featureNames.count, "name"))")
    }
    self.title = title
    self.x = x
    self.target = target
    self.featureNames = featureNames.isEmpty ? (1...features).map { "x\($0)" } : featureNames
    if targetNames.count == columns {
      self.targetNames = targetNames
    } else if case .classes = target {
      self.targetNames = ["class"]
    } else {
      self.targetNames = Self.standardTargetNames(columns)
    }
  }

  /// For generators, whose rows fit by construction.
  init(
    title: String, rows: [[Double]], target: Target, featureNames: [String],
    targetNames: [String], rowNames: [String] = []
  ) {
    self.title = title
    self.rowNames = rowNames
    x = Tensor(.matrix(rows.count, featureNames.count), rows.flatMap { $0 })
    self.target = target
    self.featureNames = featureNames
    self.targetNames = targetNames
  }

  /// For parts of a data set, which fit by construction.
  init(
    title: String, checked x: Tensor, target: Target, featureNames: [String], targetNames: [String]
  ) {
    self.title = title
    self.x = x
    self.target = target
    self.featureNames = featureNames
    self.targetNames = targetNames
  }

  /// The same with other numbers for the features, rows × features.
  func replacing(x: Tensor) -> DataSet {
    var result = self
    result.x = x
    return result
  }

  /// The same with other targets.
  func replacing(target: Target) -> DataSet {
    var result = self
    result.target = target
    return result
  }

  /// The targets in their own units, rows × outputs, where the data have them scaled.
  package func inUnits(_ targets: Tensor) -> Tensor {
    pipeline?.targetScaling?.undone(on: targets) ?? targets
  }

  /// The number of samples.
  package var count: Int {
    if case .matrix(let rows, _) = x.shape { return rows }
    return 0
  }

  package var featureCount: Int { featureNames.count }

  /// The names of the classes, nil where the targets are numbers.
  package var classes: [String]? {
    if case .classes(_, let names) = target { return names }
    return nil
  }

  /// The number of outputs a net needs for `t`: one for two classes.
  package var outputCount: Int {
    switch target {
    case .classes(_, let names): names.count <= 2 ? 1 : names.count
    case .values: targetNames.count
    }
  }

  /// How the same numbers are written as one sample, where that is what a net of this size takes and
  /// they were given as rows of one feature: two vectors of one length.
  func asOneSample(of network: Network) -> String? {
    guard case .values(let targets) = target, featureCount == 1, targetNames.count == 1,
      count == network.inputCount, count == network.outputCount, count <= 16
    else { return nil }
    func row(_ tensor: Tensor) -> String {
      "[[\(tensor.elements.map { Int(exactly: $0).map(String.init) ?? "\($0)" }.joined(separator: ", "))]]"
    }
    return "data \(row(x)) \(row(targets))"
  }

  /// Rows × outputs: 0/1 for two classes, one-hot for more, otherwise the numbers.
  package var t: Tensor {
    // The width asked for is the data's own, so that there is always an answer.
    targets(outputs: outputCount) ?? Tensor(.matrix(count, 0), [])
  }

  /// The targets for a net of this number of outputs, nil where they cannot be written so. Two classes
  /// fit one output (0/1) and two (one-hot).
  package func targets(outputs: Int) -> Tensor? {
    switch target {
    case .values(let values): return targetNames.count == outputs ? values : nil
    case .classes(let numbers, let names):
      if outputs == 1, names.count <= 2 {
        return Tensor(.matrix(count, 1), numbers.map { Double($0 - 1) })
      }
      guard outputs == names.count, count <= Self.largestCount / max(1, outputs) else { return nil }
      var oneHot = Tensor(repeating: 0, shape: .matrix(count, outputs))
      for (row, number) in numbers.enumerated() { oneHot.elements[row * outputs + number - 1] = 1 }
      return oneHot
    }
  }

  /// These rows in this order, from 0; a row may be taken several times.
  /// - Throws: where an index is no row, or there is none.
  package func rows(_ indices: [Int]) throws(LearningError) -> DataSet {
    for index in indices where index < 0 || index >= count {
      throw LearningError(
        "row \(index + 1) is outside 1..\(count)", (.data, counted(count, "row")))
    }
    let part: Target =
      switch target {
      case .classes(let numbers, let names):
        .classes(numbers: indices.map { numbers[$0] }, names: names)
      case .values(let values): .values(Self.gathered(indices, of: values, width: outputCount))
      }
    var result = try DataSet(
      title: title, x: Self.gathered(indices, of: x, width: featureCount), target: part,
      featureNames: featureNames, targetNames: targetNames)
    result.categories = categories
    result.pipeline = pipeline
    if !rowNames.isEmpty { result.rowNames = indices.map { rowNames[$0] } }
    result.kept = kept.map { column in
      KeptColumn(name: column.name, texts: indices.map { column.texts[$0] })
    }
    return result
  }

  /// - Throws: never for a valid data set.
  package func shuffled(seed: Int) throws(LearningError) -> DataSet {
    var random = RandomSource(seed: seed, stream: "shuffle")
    return try rows(random.permutation(count))
  }

  /// Two parts, the first with `fraction` of the rows, drawn at random; `stratified` keeps the
  /// shares of the classes in both.
  /// - Throws: where a part would be empty.
  package func split(
    fraction: Double, seed: Int, stratified: Bool = false
  ) throws(LearningError) -> (first: DataSet, second: DataSet) {
    let (first, second) = try splitRows(fraction: fraction, seed: seed, stratified: stratified)
    return (try rows(first), try rows(second))
  }

  /// The rows of both parts of a split, counted from 0.
  /// - Throws: where a part would be empty.
  func splitRows(
    fraction: Double, seed: Int, stratified: Bool = false
  ) throws(LearningError) -> (first: [Int], second: [Int]) {
    guard stratified else {
      let (order, size) = try Self.shared(count, fraction: fraction, seed: seed)
      return (Array(order[..<size]), Array(order[size...]))
    }
    try Self.checkFraction(fraction)
    var random = RandomSource(seed: seed, stream: "split")
    var first: [Int] = []
    var second: [Int] = []
    let order = random.permutation(count)
    let classes = try strata()
    for number in 1...max(1, classes.names.count) {
      let own = order.filter { classes.numbers[$0] == number }
      let size = Int(clamped: (Double(own.count) * fraction).rounded())
      first += own[..<size]
      second += own[size...]
    }
    random.shuffle(&first)
    random.shuffle(&second)
    try Self.checkParts(first.count, second.count, fraction)
    return (first, second)
  }

  /// The places of so many rows in the order in which a split takes them, the first `size` for its
  /// first part.
  /// - Throws: where a part would be empty.
  static func shared(
    _ count: Int, fraction: Double, seed: Int
  ) throws(LearningError) -> (order: [Int], size: Int) {
    try checkFraction(fraction)
    var random = RandomSource(seed: seed, stream: "split")
    let order = random.permutation(count)
    let size = Int(clamped: (Double(order.count) * fraction).rounded())
    try checkParts(size, order.count - size, fraction)
    return (order, size)
  }

  private static func checkFraction(_ fraction: Double) throws(LearningError) {
    guard fraction > 0, fraction < 1 else {
      throw LearningError(
        "the fraction of a split must lie between 0 and 1", (.option("fraction"), "is \(fraction)"))
    }
  }

  private static func checkParts(
    _ first: Int, _ second: Int, _ fraction: Double
  ) throws(LearningError) {
    guard first > 0, second > 0 else {
      throw LearningError(
        "a split at \(brief(fraction)) leaves one part without rows",
        (.data, counted(first + second, "row")))
    }
  }

  /// The rows of both, one after the other.
  /// - Throws: where features or targets differ.
  package func joined(_ other: DataSet) throws(LearningError) -> DataSet {
    guard featureCount == other.featureCount else {
      throw LearningError(
        "the data sets have \(featureCount) and \(counted(other.featureCount, "feature"))")
    }
    let both: Target
    switch (target, other.target) {
    case (.classes(let a, let names), .classes(let b, let otherNames)) where names == otherNames:
      both = .classes(numbers: a + b, names: names)
    case (.values(let a), .values(let b)) where outputCount == other.outputCount:
      let shape = Shape.matrix(count + other.count, outputCount)
      both = .values(Tensor(shape, a.elements + b.elements))
    default: throw LearningError("the data sets have different targets")
    }
    guard categories == other.categories, pipeline == other.pipeline else {
      throw LearningError("the data sets have different categories, or were prepared differently")
    }
    let shape = Shape.matrix(count + other.count, featureCount)
    var result = try DataSet(
      title: title, x: Tensor(shape, x.elements + other.x.elements), target: both,
      featureNames: featureNames, targetNames: targetNames)
    result.categories = categories
    result.pipeline = pipeline
    if !rowNames.isEmpty, !other.rowNames.isEmpty { result.rowNames = rowNames + other.rowNames }
    // Columns that both have.
    for column in kept {
      guard let more = other.kept.first(where: { $0.name == column.name }) else { continue }
      result.kept.append(KeptColumn(name: column.name, texts: column.texts + more.texts))
    }
    return result
  }

  private static func gathered(_ indices: [Int], of matrix: Tensor, width: Int) -> Tensor {
    let elements = [Double](unsafeUninitializedCapacity: indices.count * width) {
      buffer, initialized in
      matrix.elements.withUnsafeBufferPointer { source in
        Interruption.pieces(indices.count, of: max(1, (1 << 15) / max(1, width))) { piece in
          for row in piece {
            for column in 0..<width {
              buffer[row * width + column] = source[indices[row] * width + column]
            }
          }
        }
      }
      initialized = indices.count * width
    }
    return Tensor(.matrix(indices.count, width), elements)
  }
}
