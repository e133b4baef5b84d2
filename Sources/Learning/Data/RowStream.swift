import Differentiation

/// Where the rows of a stream are: a file, of which any rows can be read.
package final class RowSource {
  package let title: String
  /// From where in a few words: `from big.csv`.
  package let origin: String
  package let count: Int
  private let read: ([Int32]) throws(LearningError) -> DataSet

  /// The most rows: their numbers are written as Int32.
  package static let mostRows = Int(Int32.max)

  /// - Parameter read: the rows of these numbers, from 0, in this order.
  package init(
    title: String, origin: String, count: Int,
    read: @escaping ([Int32]) throws(LearningError) -> DataSet
  ) {
    self.title = title
    self.origin = origin
    self.count = count
    self.read = read
  }

  func rows(_ numbers: [Int32]) throws(LearningError) -> DataSet { try read(numbers) }
}

/// The rows of a data set that are not held: they stay where they are and are read when they are
/// asked for. What is done to them is done to each part that is read.
package struct RowStream {
  /// Rows to other rows, as many, each by itself.
  package typealias Step = (DataSet) throws(LearningError) -> DataSet

  /// What a pass over all rows has found out.
  private final class Known {
    var survey: RowSurvey?
  }

  package var title: String
  package let source: RowSource
  /// The numbers of its rows in the source; all in their order where nil.
  private let chosen: [Int32]?
  private let steps: [Step]
  /// The first row, from which the names of columns and classes are known.
  package let pattern: DataSet
  private let known: Known

  /// - Throws: where there is no row, or the first cannot be read.
  package init(_ source: RowSource) throws(LearningError) {
    guard source.count > 0 else { throw LearningError("\(source.title) has no rows") }
    guard source.count <= RowSource.mostRows else {
      throw LearningError(
        "\(source.title) has \(source.count) rows, more than can be streamed"
          + " (\(RowSource.mostRows))")
    }
    self.init(
      title: source.title, source, chosen: nil, steps: [], pattern: try source.rows([0]), Known())
  }

  private init(
    title: String, _ source: RowSource, chosen: [Int32]?, steps: [Step], pattern: DataSet,
    _ known: Known
  ) {
    self.title = title
    self.source = source
    self.chosen = chosen
    self.steps = steps
    self.pattern = pattern
    self.known = known
  }

  package var count: Int { chosen?.count ?? source.count }
  package var featureCount: Int { pattern.featureCount }
  package var featureNames: [String] { pattern.featureNames }
  package var targetNames: [String] { pattern.targetNames }
  package var pipeline: Pipeline? { pattern.pipeline }

  /// Whether another stream has the same rows and did the same to them.
  package func isSame(as other: RowStream) -> Bool { known === other.known }

  // MARK: Other streams

  /// The stream whose rows go through a further step.
  /// - Throws: where the first row does not fit the step.
  package func following(_ step: @escaping Step) throws(LearningError) -> RowStream {
    RowStream(
      title: title, source, chosen: chosen, steps: steps + [step], pattern: try step(pattern),
      Known())
  }

  /// The same rows with their targets read in another way.
  /// - Parameter telling: the telling rows, so read.
  func readingTargets(
    as telling: DataSet, _ step: @escaping Step
  ) throws(LearningError) -> RowStream {
    let result = try following(step)
    if let survey = known.survey { result.known.survey = survey.replacing(telling: telling) }
    return result
  }

  /// Some of the rows in this order, from 0.
  func choosing(_ places: [Int32]) throws(LearningError) -> RowStream {
    let numbers = chosen.map { chosen in places.map { chosen[Int($0)] } } ?? places
    return RowStream(
      title: title, source, chosen: numbers, steps: steps, pattern: pattern, Known())
  }

  // MARK: Rows

  /// The rows at these places, from 0, in this order.
  /// - Throws: where they cannot be read, or do not fit a step.
  package func rows(at places: [Int32]) throws(LearningError) -> DataSet {
    let numbers = chosen.map { chosen in places.map { chosen[Int($0)] } } ?? places
    var result = try source.rows(numbers)
    for step in steps {
      do { result = try step(result) } catch {
        throw try named(error, numbers)
      }
    }
    result.title = title
    return result
  }

  /// An error about a row of a part, which counts the rows of the part, as one about the row of the
  /// whole.
  private func named(_ error: LearningError, _ numbers: [Int32]) throws(LearningError)
    -> LearningError
  {
    guard numbers.count > 1 else { return error.naming(row: numbers.first.map { Int($0) } ?? 0) }
    for number in numbers {
      do throws(LearningError) {
        var row = try source.rows([number])
        for step in steps { row = try step(row) }
      } catch { return error.naming(row: Int(number)) }
    }
    return error
  }

  /// The rows of these places, one after the other.
  package func part(_ range: Range<Int>) throws(LearningError) -> DataSet {
    try rows(at: range.map { Int32(truncatingIfNeeded: $0) })
  }

  /// Calls the body with one part of the rows after the other; leaves out the rest where nobody
  /// waits any more.
  /// - Throws: what the body throws, and where rows cannot be read.
  package func forEachPart(
    of size: Int, _ body: (DataSet, Range<Int>) throws(LearningError) -> Void
  ) throws(LearningError) {
    for start in stride(from: 0, to: count, by: max(1, size)) {
      let range = start..<min(count, start + max(1, size))
      try body(try part(range), range)
      if range.upperBound < count, Interruption.cutsShort() { return }
    }
  }

  /// Rows of a part for which little room is needed.
  var partRows: Int { max(64, (1 << 17) / max(1, featureCount)) }

  /// What a pass over all rows finds out, made once.
  func survey() throws(LearningError) -> RowSurvey {
    if let survey = known.survey { return survey }
    var survey = SurveyedRows(pattern.target, rows: count)
    try forEachPart(of: partRows) { part, range in survey.add(part, from: range.lowerBound) }
    let result = RowSurvey(survey, telling: try rows(at: survey.telling))
    if !Interruption.hasCutShort { known.survey = result }
    return result
  }

  /// Calls the body with the targets of one part of the rows after the other.
  /// - Throws: what the body throws, and where rows cannot be read.
  func forEachTargets(
    _ body: (DataSet.Target) throws(LearningError) -> Void
  ) throws(LearningError) {
    let size = partRows
    guard let targets = known.survey?.targets, case .values(let values) = pattern.target else {
      try forEachPart(of: size) { part, _ throws(LearningError) in try body(part.target) }
      return
    }
    let width = values.shape.columns
    for start in stride(from: 0, to: count, by: size) {
      let rows = start..<min(count, start + size)
      try body(
        .values(
          Tensor(
            .matrix(rows.count, width),
            Array(targets[rows.lowerBound * width..<rows.upperBound * width]))))
    }
  }

  /// What is known without a pass.
  var knownSurvey: RowSurvey? { known.survey }
}

extension LearningError {
  /// The same about another row than the first of its part.
  fileprivate func naming(row: Int) -> LearningError {
    var result = self
    let parts = message.parts(by: " in row ")
    guard parts.count > 1 else { return self }
    result.message =
      "\(parts.dropLast().joined(separator: " in row ")) in row \(row + 1)"
    return result
  }
}

extension String {
  /// Cut at each occurrence of a sign.
  fileprivate func parts(by sign: String) -> [String] {
    let (text, sign) = (Array(utf8), Array(sign.utf8))
    var parts: [String] = []
    var start = 0
    var place = 0
    while place + sign.count <= text.count {
      if text[place..<place + sign.count].elementsEqual(sign) {
        parts.append(String(decoding: text[start..<place], as: UTF8.self))
        start = place + sign.count
        place = start
      } else {
        place += 1
      }
    }
    parts.append(String(decoding: text[start...], as: UTF8.self))
    return parts
  }
}
