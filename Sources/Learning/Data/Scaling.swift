import Differentiation

/// Brings the features to one scale: (x - shift)/scale, with what a training set taught.
package struct Scaling: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// To mean 0 and standard deviation 1.
    case standardize
    /// To 0...1, or another range.
    case normalize

    /// What it makes of numbers: `standardized`.
    package var adjective: String { "\(rawValue)d" }
  }

  package let kind: Kind
  /// One number a feature; 0 for categories.
  package let shift: [Double]
  /// One number a feature, never 0; 1 for categories and for features that do not vary.
  package let scale: [Double]

  package init(kind: Kind, shift: [Double], scale: [Double]) {
    self.kind = kind
    self.shift = shift
    self.scale = scale
  }

  /// The mean and standard deviation of every feature; missing values play no part.
  /// - Parameter ofSample: divides by n - 1 instead of n.
  /// - Throws: where a feature is infinite, or its deviation too large for a number.
  package static func standardization(
    of data: DataSet, ofSample: Bool = false
  ) throws(LearningError) -> Scaling {
    try standardization(of: .table(data), ofSample: ofSample)
  }

  /// The same of rows that may be read in parts.
  /// - Throws: as above, and where rows cannot be read.
  package static func standardization(
    of samples: Samples, ofSample: Bool = false
  ) throws(LearningError) -> Scaling {
    try fitted(.standardize, to: samples, needsSquares: true) { column in
      let divisor = ofSample ? column.count - 1 : column.count
      return (column.mean, divisor > 0 ? (column.squares / divisor).squareRoot() : 0)
    }
  }

  /// The smallest and largest value of every feature become `low` and `high`.
  /// - Throws: where the range is empty, a feature is infinite, or reaches too far.
  package static func normalization(
    of data: DataSet, to low: Double = 0, _ high: Double = 1
  ) throws(LearningError) -> Scaling {
    try normalization(of: .table(data), to: low, high)
  }

  /// The same of rows that may be read in parts.
  /// - Throws: as above, and where rows cannot be read.
  package static func normalization(
    of samples: Samples, to low: Double = 0, _ high: Double = 1
  ) throws(LearningError) -> Scaling {
    guard low < high, low.isFinite, high.isFinite else {
      throw LearningError(
        "the lower end of a range lies below its upper end", (.option("to"), "not so"))
    }
    return try fitted(.normalize, to: samples, needsSquares: false) { column in
      let width = column.most - column.least
      guard width > 0 else { return (column.least - low, 0) }
      // (x - shift)/scale is low at the least and high at the largest value.
      let scale = width / (high - low)
      return (column.least - low * scale, scale)
    }
  }

  private static func fitted(
    _ kind: Kind, to samples: Samples, needsSquares: Bool,
    _ measure: (ColumnSums) -> (shift: Double, scale: Double)
  ) throws(LearningError) -> Scaling {
    var shift: [Double] = []
    var scale: [Double] = []
    let columns = try ColumnSums.all(of: samples, withSquares: needsSquares)
    for (feature, column) in columns.enumerated() {
      if samples.pattern.categories[feature] != nil || column.count == 0 {
        shift.append(0)
        scale.append(1)
        continue
      }
      let name = samples.pattern.featureNames[feature]
      if let row = column.infiniteRow {
        throw LearningError(
          "\(name) is infinite in row \(row + 1)", (.data, "has infinite values"),
          help: ["leave the row out, or give the value a bound"])
      }
      let measured = measure(column)
      guard measured.shift.isFinite, measured.scale.isFinite else {
        throw LearningError(
          "\(name) reaches from \(brief(column.least)) to \(brief(column.most)): too far for one"
            + " scale",
          (.data, "has huge values"), help: ["divide it first, or leave those rows out"])
      }
      shift.append(measured.shift)
      scale.append(measured.scale > 0 ? measured.scale : 1)
    }
    return Scaling(kind: kind, shift: shift, scale: scale)
  }

  /// The same of the targets, one number an output.
  /// - Throws: where the targets are classes.
  package static func ofTargets(
    of data: DataSet, _ fit: (DataSet) throws(LearningError) -> Scaling
  ) throws(LearningError) -> Scaling {
    try fit(try targetRows(of: data, TargetCode.init(of:)))
  }

  /// The same of rows that may be read in parts.
  /// - Throws: as above, and where rows cannot be read.
  package static func ofTargets(
    of samples: Samples, _ fit: (Samples) throws(LearningError) -> Scaling
  ) throws(LearningError) -> Scaling {
    switch samples {
    case .table(let data): return try fit(.table(try targetRows(of: data, TargetCode.init(of:))))
    case .stream(let stream):
      _ = try targetRows(of: samples.telling(), TargetCode.init(of:))
      // What all targets are, a part alone may not tell.
      return try fit(
        .stream(
          try stream.following { part throws(LearningError) in
            try targetRows(of: part) { _ in .numbers }
          }))
    }
  }

  /// The targets as features.
  private static func targetRows(
    of data: DataSet, _ code: (Tensor) -> TargetCode
  ) throws(LearningError) -> DataSet {
    guard case .values(let values) = data.target, values.shape.columns > 0, code(values) == .numbers
    else {
      throw LearningError(
        "targets=true scales targets that are numbers",
        (.data, data.outputCount == 0 ? "has no targets" : "has classes"),
        help: ["leave targets=true out"])
    }
    return try DataSet(x: values, target: .values(Tensor(.matrix(data.count, 0), [])))
  }

  /// Rows without targets stay as they are.
  func appliedToTargets(of data: DataSet) throws(LearningError) -> DataSet {
    guard case .values(let values) = data.target, values.shape.columns > 0 else {
      guard data.classes == nil else {
        throw LearningError(
          "the targets were scaled as numbers", (.data, "has classes"),
          help: ["give the data the targets that the net learned"])
      }
      return data
    }
    guard values.shape.columns == shift.count else {
      throw LearningError(
        "\(counted(shift.count, "target")) were scaled", (.data, "has \(values.shape.columns)"))
    }
    return data.replacing(target: .values(applied(to: values)))
  }

  /// The way back: x·scale + shift, column by column.
  /// - Parameter x: rows × columns, or one row.
  package func undone(on x: Tensor) -> Tensor {
    var result = x
    for index in result.elements.indices {
      let column = index % shift.count
      result.elements[index] = result.elements[index] * scale[column] + shift[column]
    }
    return result
  }

  /// The same of a value that remembers how it was computed, rows × columns.
  func undone(on x: Node) throws(ShapeError) -> Node {
    let row = Shape.matrix(1, shift.count)
    return try x * .constant(Tensor(row, scale)) + .constant(Tensor(row, shift))
  }

  /// - Parameter x: rows × features.
  func applied(to x: Tensor) -> Tensor {
    var result = x
    let width = shift.count
    var start = 0
    result.elements.withUnsafeMutableBufferPointer { elements in
      while start < elements.count {
        for feature in 0..<width {
          elements[start + feature] = (elements[start + feature] - shift[feature]) / scale[feature]
        }
        start += width
      }
    }
    return result
  }
}
