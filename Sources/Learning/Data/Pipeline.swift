import Differentiation

/// One step that makes raw data fit for a net, with what it learned from a training set.
package enum Preparation: Hashable, Sendable {
  case scale(Scaling)
  /// Brings the targets to one scale; the net answers in their own units.
  case scaleTargets(Scaling)
  case impute(Imputation)
  /// Leaves out rows with missing values.
  case dropMissing
  case encode(OneHotEncoding)

  /// As a user calls it: `standardize`.
  package var name: String {
    switch self {
    case .scale(let scaling): scaling.kind.rawValue
    case .scaleTargets(let scaling): "\(scaling.kind.rawValue) of targets"
    case .impute, .dropMissing: "impute"
    case .encode: "onehot"
    }
  }

  func applied(to data: DataSet) throws(LearningError) -> DataSet {
    switch self {
    case .scale(let scaling): data.replacing(x: scaling.applied(to: data.x))
    case .scaleTargets(let scaling): try scaling.appliedToTargets(of: data)
    case .impute(let imputation): data.replacing(x: imputation.applied(to: data.x))
    case .dropMissing: try data.withoutMissing()
    case .encode(let encoding): try encoding.applied(to: data)
    }
  }
}

/// The steps from raw rows to what a net takes. Everything in it was learned from one training
/// set and holds for all other data.
package struct Pipeline: Hashable, Sendable {
  /// Of the raw data.
  package let featureNames: [String]
  /// Of the raw data.
  package let categories: [Int: [String]]
  package let steps: [Preparation]

  package init(featureNames: [String], categories: [Int: [String]], steps: [Preparation]) {
    self.featureNames = featureNames
    self.categories = categories
    self.steps = steps
  }

  /// `standardize`, or `impute, onehot, standardize`.
  package var title: String { steps.map { $0.name }.joined(separator: ", ") }

  /// What the targets went through: answers go the way back.
  package var targetScaling: Scaling? {
    for case .scaleTargets(let scaling) in steps.reversed() { return scaling }
    return nil
  }

  /// The data behind those of `steps` that they have not been through yet.
  /// - Throws: where the data went through other steps or have other columns.
  package func applied(to data: DataSet) throws(LearningError) -> DataSet {
    let done = data.pipeline?.steps ?? []
    guard done.count <= steps.count, done == Array(steps[..<done.count]) else {
      throw LearningError(
        "\(data.title) went through other steps: \(data.pipeline?.title ?? "none")",
        (.data, "not through \(title)"),
        help: ["apply what the training set taught to the raw data"])
    }
    var result = done.isEmpty ? try arranged(data) : data
    for step in steps[done.count...] { result = try step.applied(to: result) }
    result.pipeline = self
    return result
  }

  /// The same of rows that may be read in parts.
  /// - Throws: as above, and where a step leaves rows of a stream out.
  package func applied(to samples: Samples) throws(LearningError) -> Samples {
    switch samples {
    case .table(let data): return .table(try applied(to: data))
    case .stream(let stream):
      try checkKeepsRows(stream)
      return .stream(
        try stream.following { part throws(LearningError) in try self.applied(to: part) })
    }
  }

  /// - Throws: where a step leaves rows out, which those of a stream would have to be counted for.
  package func checkKeepsRows(_ stream: RowStream) throws(LearningError) {
    guard steps.contains(.dropMissing) else { return }
    throw LearningError(
      "impute drop leaves rows out, which is not done to a stream", (.data, "a stream"),
      help: ["stream \"file.csv\" missing=drop leaves them out when the file is read"])
  }

  /// Raw rows as the net takes them.
  /// - Parameter rows: rows × raw features; a vector is one row.
  /// - Throws: where the columns are not the features that it learned from.
  package func applied(to rows: Tensor) throws(LearningError) -> Tensor {
    let table: Tensor
    switch rows.shape {
    case .matrix: table = rows
    case .vector(let count):
      table = rows.reshaped(
        featureNames.count == 1 ? .matrix(count, 1) : .matrix(1, count))
    case .scalar: table = rows.reshaped(.matrix(1, 1))
    }
    guard table.shape.columns == featureNames.count else { throw widthError(rows.shape) }
    guard table.shape.rows > 0 else { return table }
    var data = try DataSet(
      x: table, target: .values(Tensor(.matrix(table.shape.rows, 0), [])),
      featureNames: featureNames)
    data.categories = categories
    let prepared = try applied(to: data).x
    if case .matrix = rows.shape { return prepared }
    return prepared.shape.rows == 1 ? prepared.reshaped(.vector(prepared.shape.columns)) : prepared
  }

  /// The columns in the order that was learned, the categories with the numbers that were.
  private func arranged(_ data: DataSet) throws(LearningError) -> DataSet {
    guard data.featureCount == featureNames.count else {
      throw LearningError(
        "\(title) learned from \(counted(featureNames.count, "feature"))",
        (.data, counted(data.featureCount, "feature")),
        help: ["it learned from \(featureNames.prefix(12).joined(separator: ", "))"])
    }
    var result = data
    if data.featureNames != featureNames, Set(data.featureNames) == Set(featureNames) {
      let places = featureNames.compactMap { data.featureNames.firstIndex(of: $0) }
      result = data.selectingFeatures(places)
    }
    for (feature, names) in categories.sorted(by: { $0.key < $1.key }) {
      guard let present = result.categories[feature], present != names else { continue }
      result = try result.recoding(feature, from: present, to: names)
    }
    return result
  }
}

extension Samples {
  /// The rows after a further step.
  /// - Throws: where the step does not fit the rows.
  package func prepared(by step: Preparation) throws(LearningError) -> Samples {
    switch self {
    case .table(let data): .table(try data.prepared(by: step))
    case .stream(let stream):
      .stream(
        try stream.following { part throws(LearningError) in try part.prepared(by: step) })
    }
  }
}

extension DataSet {
  /// The features by the places given, in that order.
  package func selectingFeatures(_ places: [Int]) -> DataSet {
    var elements: [Double] = []
    elements.reserveCapacity(count * places.count)
    for row in 0..<count {
      for place in places { elements.append(x.elements[row * featureCount + place]) }
    }
    var result = DataSet(
      title: title, checked: Tensor(.matrix(count, places.count), elements), target: target,
      featureNames: places.map { featureNames[$0] }, targetNames: targetNames)
    for (new, old) in places.enumerated() { result.categories[new] = categories[old] }
    result.rowNames = rowNames
    result.kept = kept
    return result
  }

  /// The data with one more feature, its numbers by row.
  /// - Throws: where the data were prepared, or have a feature of that name.
  package func adding(_ name: String, _ column: [Double]) throws(LearningError) -> DataSet {
    guard pipeline == nil else {
      throw LearningError(
        "features are added before the data are prepared",
        (.data, "went through \(pipeline?.title ?? "")"))
    }
    guard !featureNames.contains(name), column.count == count else {
      throw LearningError("there is a feature \(name) already", (.option("name"), "taken"))
    }
    let width = featureCount
    guard count <= Self.largestCount / (width + 1) else {
      throw LearningError("the data would have too many numbers", (.data, "\(count) rows"))
    }
    var elements: [Double] = []
    elements.reserveCapacity(count * (width + 1))
    for row in 0..<count {
      elements += x.elements[row * width..<(row + 1) * width]
      elements.append(column[row])
    }
    var result = DataSet(
      title: title, checked: Tensor(.matrix(count, width + 1), elements), target: target,
      featureNames: featureNames + [name], targetNames: targetNames)
    result.categories = categories
    result.rowNames = rowNames
    result.kept = kept
    return result
  }

  /// The same with the numbers of one category as another list of names has them.
  fileprivate func recoding(
    _ feature: Int, from present: [String], to names: [String]
  ) throws(LearningError) -> DataSet {
    var changed = x
    let all = names + present.filter { !names.contains($0) }
    let places = present.map { name in Double((all.firstIndex(of: name) ?? -1) + 1) }
    for row in 0..<count {
      let index = row * featureCount + feature
      guard let number = Int(exactly: changed.elements[index]), places.indices.contains(number - 1)
      else { continue }
      changed.elements[index] = places[number - 1]
    }
    var result = replacing(x: changed)
    // Values that are new keep a number of their own, which one-hot encoding refuses by name.
    result.categories[feature] = all
    return result
  }

  /// The numbers of one feature, from 0.
  package func column(_ feature: Int) -> [Double] {
    stride(from: feature, to: x.elements.count, by: max(1, featureCount)).map { x.elements[$0] }
  }

  /// The data after a further step.
  /// - Throws: where the step does not fit the data.
  package func prepared(by step: Preparation) throws(LearningError) -> DataSet {
    var result = try step.applied(to: self)
    let raw =
      pipeline ?? Pipeline(featureNames: featureNames, categories: categories, steps: [])
    result.pipeline = Pipeline(
      featureNames: raw.featureNames, categories: raw.categories, steps: raw.steps + [step])
    return result
  }

  /// - Throws: where a net could not learn from the features as they are.
  package func checkIsNumeric() throws(LearningError) {
    if let (feature, names) = categories.min(by: { $0.key < $1.key }) {
      throw LearningError(
        "\(featureNames[feature]) holds categories, not numbers",
        (.data, "\(names.prefix(3).joined(separator: ", ")), …"),
        help: ["onehot makes one feature of each: train net (onehot data)"])
    }
    if let index = x.elements.firstIndex(where: { $0.isInfinite }) {
      throw infinite(feature: index % featureCount, row: index / featureCount)
    }
    guard let index = x.elements.firstIndex(where: { $0.isNaN }) else { return }
    throw missing(feature: index % featureCount, row: index / featureCount)
  }

  /// - Parameters: feature and row count from 0.
  func infinite(feature: Int, row: Int) -> LearningError {
    LearningError(
      "\(featureNames[feature]) is infinite in row \(row + 1)", (.data, "has infinite values"),
      help: ["leave the row out, or give it a finite number"])
  }

  /// - Parameters: feature and row count from 0.
  func missing(feature: Int, row: Int) -> LearningError {
    LearningError(
      "\(featureNames[feature]) is missing in row \(row + 1)", (.data, "has missing values"),
      help: ["impute fills missing values: train net (impute data)"])
  }
}
