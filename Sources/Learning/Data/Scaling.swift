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
    try fitted(.standardize, to: data) { column in
      let count = Double(column.count)
      let mean = column.reduce(0, +) / count
      let squares = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let divisor = ofSample ? count - 1 : count
      return (mean, divisor > 0 ? (squares / divisor).squareRoot() : 0)
    }
  }

  /// The smallest and largest value of every feature become `low` and `high`.
  /// - Throws: where the range is empty, a feature is infinite, or reaches too far.
  package static func normalization(
    of data: DataSet, to low: Double = 0, _ high: Double = 1
  ) throws(LearningError) -> Scaling {
    guard low < high, low.isFinite, high.isFinite else {
      throw LearningError(
        "the lower end of a range lies below its upper end", (.option("to"), "not so"))
    }
    return try fitted(.normalize, to: data) { column in
      let least = column.min() ?? 0
      let width = (column.max() ?? 0) - least
      guard width > 0 else { return (least - low, 0) }
      // (x - shift)/scale is low at the least and high at the largest value.
      let scale = width / (high - low)
      return (least - low * scale, scale)
    }
  }

  private static func fitted(
    _ kind: Kind, to data: DataSet, _ measure: ([Double]) -> (shift: Double, scale: Double)
  ) throws(LearningError) -> Scaling {
    var shift: [Double] = []
    var scale: [Double] = []
    for feature in 0..<data.featureCount {
      let column = data.column(feature).filter { !$0.isNaN }
      if data.categories[feature] != nil || column.isEmpty {
        shift.append(0)
        scale.append(1)
      } else {
        let name = data.featureNames[feature]
        if let row = data.column(feature).firstIndex(where: { $0.isInfinite }) {
          throw LearningError(
            "\(name) is infinite in row \(row + 1)", (.data, "has infinite values"),
            help: ["leave the row out, or give the value a bound"])
        }
        let measured = measure(column)
        guard measured.shift.isFinite, measured.scale.isFinite else {
          let (least, most) = (column.min() ?? 0, column.max() ?? 0)
          throw LearningError(
            "\(name) reaches from \(brief(least)) to \(brief(most)): too far for one scale",
            (.data, "has huge values"), help: ["divide it first, or leave those rows out"])
        }
        shift.append(measured.shift)
        scale.append(measured.scale > 0 ? measured.scale : 1)
      }
    }
    return Scaling(kind: kind, shift: shift, scale: scale)
  }

  /// The same of the targets, one number an output.
  /// - Throws: where the targets are classes.
  package static func ofTargets(
    of data: DataSet, _ fit: (DataSet) throws(LearningError) -> Scaling
  ) throws(LearningError) -> Scaling {
    guard case .values(let values) = data.target, values.shape.columns > 0,
      TargetCode(of: values) == .numbers
    else {
      throw LearningError(
        "targets=true scales targets that are numbers",
        (.data, data.outputCount == 0 ? "has no targets" : "has classes"),
        help: ["leave targets=true out"])
    }
    return try fit(DataSet(x: values, target: .values(Tensor(.matrix(data.count, 0), []))))
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
