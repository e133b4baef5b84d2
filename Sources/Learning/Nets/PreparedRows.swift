import Differentiation

/// Where it is decided what the layers of a net are given. A data set knows which steps it went
/// through; numbers do not, and are raw. A net that was trained on prepared data takes raw rows:
/// everything that asks it about rows comes through here.
extension Network {
  /// Rows as the layers take them, from a data set.
  /// - Parameter isPrepared: whether rows that know of no steps went through all of them.
  /// - Throws: where the data went through other steps or have other columns.
  package func prepared(
    _ data: DataSet, isPrepared: Bool = false
  ) throws(LearningError) -> DataSet {
    try preparing(like: data, isPrepared: isPrepared).map { prepare throws(LearningError) in
      try prepare(data)
    } ?? data
  }

  /// The same of rows that may be read in parts.
  /// - Throws: where the rows went through other steps or have other columns, and where a step leaves
  ///   rows of a stream out.
  package func prepared(
    _ samples: Samples, isPrepared: Bool = false
  ) throws(LearningError) -> Samples {
    switch samples {
    case .table(let data): return .table(try prepared(data, isPrepared: isPrepared))
    case .stream(let stream):
      guard let prepare = preparing(like: stream.pattern, isPrepared: isPrepared) else {
        return samples
      }
      if let pipeline, stream.pipeline == nil, !isPrepared { try pipeline.checkKeepsRows(stream) }
      return .stream(try stream.following(prepare))
    }
  }

  /// What makes such rows ready for the layers; nil where nothing is to be done.
  private func preparing(like data: DataSet, isPrepared: Bool) -> RowStream.Step? {
    guard let pipeline else { return arranging(like: data) }
    guard data.pipeline != pipeline else { return nil }
    guard isPrepared, data.pipeline == nil else {
      return { [inputCount] data throws(LearningError) in
        do throws(LearningError) { return try pipeline.applied(to: data) } catch {
          throw pipeline.helped(error, width: data.featureCount, inputs: inputCount)
        }
      }
    }
    return { data throws(LearningError) in
      var result = data
      result.pipeline = pipeline
      return result
    }
  }

  /// What puts the columns of raw rows into the order in which the net learned them, where both have
  /// the same names.
  private func arranging(like data: DataSet) -> RowStream.Step? {
    let names = featureNames
    guard data.pipeline == nil, data.featureNames != names, data.featureCount == names.count,
      Set(data.featureNames).count == names.count, Set(data.featureNames) == Set(names)
    else { return nil }
    let places = names.compactMap { data.featureNames.firstIndex(of: $0) }
    return { data throws(LearningError) in data.selectingFeatures(places) }
  }

  /// Rows as the layers take them, from raw numbers.
  /// - Parameters:
  ///   - rows: rows × raw features; a vector is one row.
  ///   - isPrepared: whether they are prepared already.
  /// - Throws: where the columns are not the features that the net learned from.
  package func prepared(
    _ rows: Tensor, isPrepared: Bool = false
  ) throws(LearningError) -> Tensor {
    guard let pipeline, !isPrepared else { return rows }
    do { return try pipeline.applied(to: rows) } catch {
      throw pipeline.helped(error, width: rows.shape.columns, inputs: inputCount)
    }
  }

  /// The same for rows that remember how they were computed, with their history.
  /// - Throws: as above, and where a step has no derivative.
  package func prepared(_ rows: Node, isPrepared: Bool = false) throws(LearningError) -> Node {
    guard let pipeline, !isPrepared else { return rows }
    var table = rows
    let width = pipeline.featureNames.count
    switch rows.shape {
    case .matrix: break
    case .vector(let count):
      table = try building(
        rows.reshaped(width == 1 ? .matrix(count, 1) : .matrix(1, count)))
    case .scalar: table = try building(rows.reshaped(.matrix(1, 1)))
    }
    guard table.shape.columns == width else {
      throw pipeline.helped(
        pipeline.widthError(rows.shape), width: table.shape.columns, inputs: inputCount)
    }
    for step in pipeline.steps { table = try step.applied(to: table) }
    let result = table
    return try building(result.reshaped(rows.shape))
  }

  /// Data as the net goes on learning from: raw ones are prepared as those before were, others say
  /// themselves what they went through.
  /// - Throws: where raw data do not fit what was prepared before.
  package func preparedForTraining(
    _ data: DataSet, isPrepared: Bool = false
  ) throws(LearningError) -> DataSet {
    data.pipeline == nil ? try prepared(data, isPrepared: isPrepared) : data
  }

  /// The same of rows that may be read in parts.
  /// - Throws: where raw data do not fit what was prepared before.
  package func preparedForTraining(
    _ samples: Samples, isPrepared: Bool = false
  ) throws(LearningError) -> Samples {
    samples.pipeline == nil ? try prepared(samples, isPrepared: isPrepared) : samples
  }
}

extension Pipeline {
  fileprivate func helped(_ error: LearningError, width: Int, inputs: Int) -> LearningError {
    guard width == inputs, width != featureNames.count else { return error }
    var error = error
    error.help.append("prepared=true takes rows that are prepared already")
    return error
  }
}

extension Preparation {
  /// The step as part of a computation.
  /// - Parameter x: rows × features.
  /// - Throws: where the step has no derivative.
  fileprivate func applied(to x: Node) throws(LearningError) -> Node {
    let missing = (x.value?.elements ?? []).map { $0.isNaN }
    switch self {
    case .scale(let scaling):
      func row(_ numbers: [Double]) -> Node {
        .constant(Tensor(.matrix(1, numbers.count), numbers))
      }
      return try building((x - row(scaling.shift)) / row(scaling.scale))
    case .impute(let imputation):
      guard missing.contains(true), let value = x.value else { return x }
      let filled = Node.constant(imputation.applied(to: value))
      let gaps = Node.constant(Tensor(value.shape, missing.map { $0 ? 1 : 0 }))
      return try building(Node.apply(.choose, to: [gaps, filled, x]))
    case .scaleTargets: return x
    case .dropMissing:
      guard missing.contains(true) else { return x }
      throw LearningError("a row with a missing value has no derivative")
    case .encode:
      throw LearningError(
        "onehot makes features of categories: no derivative goes through it",
        help: ["a data set or a record of plain values is taken"])
    }
  }
}
