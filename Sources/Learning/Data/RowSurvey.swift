import Differentiation

/// What a pass over all rows of a stream has found out.
struct RowSurvey {
  /// Few of the rows: whatever the targets of all say of classes, codes and ranges, these say too.
  private(set) var telling: DataSet
  /// The largest size of a feature.
  let largestFeature: Double
  /// The largest size of a target that is a number.
  let largestTarget: Double
  /// The first row and feature that are infinite, and those that are missing.
  private let infinite: SurveyedRows.Place?
  private let missing: SurveyedRows.Place?
  /// The first target that is no finite number.
  let oddTarget: (row: Int, column: Int, number: Double)?
  /// Of all features (`Checksum`).
  let featureSum: Checksum
  /// All targets that are numbers, where they are few: what asks for targets alone reads no rows then.
  let targets: [Double]?

  init(_ rows: SurveyedRows, telling: DataSet) {
    self.telling = telling
    largestFeature = rows.largestFeature
    largestTarget = rows.largestTarget
    infinite = rows.infinite
    missing = rows.missing
    oddTarget = rows.oddTarget
    featureSum = rows.featureSum
    targets = rows.targets
  }

  func replacing(telling: DataSet) -> RowSurvey {
    var result = self
    result.telling = telling
    return result
  }

  /// - Throws: where a net could not learn from the features as they are, with the words that a table
  ///   in memory has for it.
  func checkIsNumeric() throws(LearningError) {
    if !telling.categories.isEmpty { return try telling.checkIsNumeric() }
    if let infinite { throw telling.infinite(feature: infinite.feature, row: infinite.row) }
    if let missing { throw telling.missing(feature: missing.feature, row: missing.row) }
  }
}

/// Looks at rows one after another for what a `RowSurvey` says of them.
///
/// What targets say is said by their different values, of which there are few where they are classes:
/// the first rows of each are kept, and of numbers those that are the first to be something that a
/// rule about targets asks for.
struct SurveyedRows {
  struct Place {
    let row: Int
    let feature: Int
  }

  private(set) var largestFeature = 0.0
  private(set) var largestTarget = 0.0
  private(set) var infinite: Place?
  private(set) var missing: Place?
  private(set) var oddTarget: (row: Int, column: Int, number: Double)?
  private(set) var featureSum = Checksum()
  private(set) var targets: [Double]?
  /// Rows that are the first of a class, or the first with their targets.
  private var firsts: [Int32] = []
  /// Rows that are the first with something else.
  private var marked: Set<Int32> = []
  private var classes: [Bool]
  private var values: Set<Double> = []
  private var rows: Set<[Double]> = []
  /// Whether all targets so far are whole numbers that may be labels.
  private var isWhole = true
  private var marks: Marks
  private var extremes: [(low: Double, lowRow: Int32, high: Double, highRow: Int32)] = []

  /// What a row of numbers was the first to be.
  private struct Marks {
    var negative = false
    var aboveOne = false
    var notANumber = false
    var noShares = false
    /// Different numbers among all targets.
    var numbers: [Double] = []
  }

  /// Different targets that are kept where they are no labels.
  private static let mostNumbers = 64

  /// Targets that are kept: 32 MB.
  private static let mostTargets = 1 << 22

  /// - Parameters:
  ///   - pattern: targets of the same kind.
  ///   - rows: how many there are.
  init(_ pattern: DataSet.Target, rows: Int) {
    marks = Marks()
    if case .values(let values) = pattern, rows <= Self.mostTargets / max(1, values.shape.columns) {
      targets = []
      targets?.reserveCapacity(rows * values.shape.columns)
    }
    if case .classes(_, let names) = pattern {
      classes = Array(repeating: false, count: names.count)
    } else {
      classes = []
    }
  }

  /// The telling rows, in their order.
  var telling: [Int32] {
    var all = Set(firsts).union(marked)
    for column in extremes {
      all.insert(column.lowRow)
      all.insert(column.highRow)
    }
    return all.sorted()
  }

  mutating func add(_ part: DataSet, from first: Int) {
    addFeatures(part, first)
    // Two rows at least: one alone says less of what targets are.
    if first == 0 { marked.formUnion((0..<Int32(truncatingIfNeeded: min(2, part.count)))) }
    switch part.target {
    case .classes(let numbers, _):
      for (row, number) in numbers.enumerated() where !classes[number - 1] {
        classes[number - 1] = true
        firsts.append(Int32(truncatingIfNeeded: first + row))
      }
    case .values(let values):
      targets?.append(contentsOf: values.elements)
      addTargets(values, first)
    }
  }

  private mutating func addFeatures(_ part: DataSet, _ first: Int) {
    let width = max(1, part.featureCount)
    var largest = largestFeature
    var hasOdd = false
    featureSum.add(part.x)
    part.x.elements.withUnsafeBufferPointer { numbers in
      for number in numbers {
        let size = abs(number)
        if size > largest { largest = size }
        if !(size < .infinity) { hasOdd = true }
      }
    }
    largestFeature = largest
    guard hasOdd, infinite == nil || missing == nil else { return }
    func place(_ index: Int) -> Place { Place(row: first + index / width, feature: index % width) }
    if infinite == nil {
      infinite = part.x.elements.firstIndex { $0.isInfinite }.map(place)
    }
    if missing == nil { missing = part.x.elements.firstIndex { $0.isNaN }.map(place) }
  }

  private mutating func addTargets(_ targets: Tensor, _ first: Int) {
    let width = targets.shape.columns
    guard width > 0 else { return }
    if extremes.isEmpty {
      extremes = (0..<width).map {
        (
          targets.elements[$0], Int32(truncatingIfNeeded: first), targets.elements[$0],
          Int32(truncatingIfNeeded: first)
        )
      }
    }
    for row in 0..<targets.shape.rows {
      let number = Int32(truncatingIfNeeded: first + row)
      let start = row * width
      if addMarks(targets.elements[start..<start + width], number) { marked.insert(number) }
      if width == 1 {
        addLabel(targets.elements[start], number)
      } else if rows.count < Self.mostNumbers,
        rows.insert(Array(targets.elements[start..<start + width])).inserted
      {
        firsts.append(number)
      }
    }
  }

  /// The first rows of each label, as long as there may be labels: then whole numbers count.
  private mutating func addLabel(_ value: Double, _ row: Int32) {
    if isWhole, Int(exactly: value) == nil {
      isWhole = false
      firsts = Array(firsts.prefix(Self.mostNumbers))
      firsts.append(row)
      values = values.count > Self.mostNumbers ? [] : values
    }
    let limit = isWhole ? DataSet.mostClasses + 1 : Self.mostNumbers
    guard firsts.count < limit, values.insert(value).inserted else { return }
    firsts.append(row)
  }

  /// - Returns: whether the row is the first of its kind.
  private mutating func addMarks(_ row: ArraySlice<Double>, _ number: Int32) -> Bool {
    var isNew = false
    func mark(_ flag: inout Bool, _ holds: Bool) {
      if holds, !flag {
        flag = true
        isNew = true
      }
    }
    var sum = 0.0
    for (column, value) in row.enumerated() {
      sum += value
      mark(&marks.negative, value < 0)
      mark(&marks.aboveOne, value > 1)
      mark(&marks.notANumber, !value.isFinite)
      if !value.isFinite, oddTarget == nil { oddTarget = (Int(number), column, value) }
      if abs(value) > largestTarget { largestTarget = abs(value) }
      if value < extremes[column].low {
        (extremes[column].low, extremes[column].lowRow) = (value, number)
      }
      if value > extremes[column].high {
        (extremes[column].high, extremes[column].highRow) = (value, number)
      }
      if marks.numbers.count < 4, !marks.numbers.contains(value) {
        marks.numbers.append(value)
        isNew = true
      }
    }
    mark(&marks.noShares, !(abs(sum - 1) < 1e-6))
    return isNew
  }
}
