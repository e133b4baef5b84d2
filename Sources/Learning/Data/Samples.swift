import Differentiation

/// Rows to learn from or to be asked about: those of a table in memory, or of a stream.
package enum Samples: Hashable {
  case table(DataSet)
  case stream(RowStream)

  package var title: String {
    switch self {
    case .table(let data): data.title
    case .stream(let stream): stream.title
    }
  }

  package var count: Int {
    switch self {
    case .table(let data): data.count
    case .stream(let stream): stream.count
    }
  }

  /// The names of columns and classes, and what was done to the rows: of a stream, its first row.
  package var pattern: DataSet {
    switch self {
    case .table(let data): data
    case .stream(let stream): stream.pattern
    }
  }

  package var featureCount: Int { pattern.featureCount }
  package var pipeline: Pipeline? { pattern.pipeline }

  /// The table in memory; nil for a stream.
  package var table: DataSet? { if case .table(let data) = self { data } else { nil } }
  package var streamed: RowStream? { if case .stream(let stream) = self { stream } else { nil } }

  /// The rows by which it is told what the targets are: all of a table, and few of a stream, which
  /// say whatever all of its rows say.
  /// - Throws: where rows cannot be read.
  package func telling() throws(LearningError) -> DataSet {
    switch self {
    case .table(let data): data
    case .stream(let stream): try stream.survey().telling
    }
  }

  /// The first rows, so many at most.
  /// - Throws: where rows cannot be read.
  package func first(_ count: Int) throws(LearningError) -> DataSet {
    switch self {
    case .table(let data):
      data.count > count ? try data.rows(Array(0..<count)) : data
    case .stream(let stream): try stream.part(0..<min(count, stream.count))
    }
  }

  /// Calls the body with all rows of a table, or with one part of a stream after the other.
  /// - Throws: what the body throws, and where rows cannot be read.
  func forEachPart(
    of size: Int, _ body: (DataSet, Range<Int>) throws(LearningError) -> Void
  ) throws(LearningError) {
    switch self {
    case .table(let data): try body(data, 0..<data.count)
    case .stream(let stream): try stream.forEachPart(of: size, body)
    }
  }

  /// Calls the body with rows that have all targets, part after part; what else they hold means nothing.
  /// - Throws: what the body throws, and where rows cannot be read.
  func forEachTargets(
    _ body: (DataSet) throws(LearningError) -> Void
  ) throws(LearningError) {
    switch self {
    case .table(let data): try body(data)
    case .stream(let stream):
      let width = stream.featureCount
      // Rows for their features alone, as many as a part has.
      let x = Tensor(repeating: 0, shape: .matrix(min(stream.partRows, stream.count), width))
      try stream.forEachTargets { target throws(LearningError) in
        let count = target.count
        let rows =
          count == x.shape.rows ? x : Tensor(repeating: 0, shape: .matrix(count, width))
        try body(stream.pattern.replacing(x: rows).replacing(target: target))
      }
    }
  }

  /// Whether these are the same rows, and the same was done to them.
  package func isSame(as other: Samples) -> Bool {
    switch (self, other) {
    case (.table(let own), .table(let theirs)): own == theirs
    case (.stream(let own), .stream(let theirs)): own.isSame(as: theirs)
    default: false
    }
  }

  package static func == (own: Samples, theirs: Samples) -> Bool { own.isSame(as: theirs) }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(title)
    hasher.combine(count)
  }

  /// Rows held where they are so few that nothing is gained by reading them in parts.
  func held(upTo most: Int) throws(LearningError) -> Samples {
    guard case .stream(let stream) = self, stream.count <= most else { return self }
    return .table(try stream.part(0..<stream.count))
  }

  /// - Throws: where a net could not learn from the features as they are.
  func checkIsNumeric() throws(LearningError) {
    switch self {
    case .table(let data): try data.checkIsNumeric()
    case .stream(let stream): try stream.survey().checkIsNumeric()
    }
  }

  /// Two parts, the first with `fraction` of the rows, drawn at random by the rule of a table.
  /// - Throws: where a part would be empty.
  func split(
    fraction: Double, seed: Int
  ) throws(LearningError) -> (first: Samples, second: Samples) {
    switch self {
    case .table(let data):
      let parts = try data.split(fraction: fraction, seed: seed)
      return (.table(parts.first), .table(parts.second))
    case .stream(let stream):
      let places = try DataSet.shared(stream.count, fraction: fraction, seed: seed)
      func part(_ places: ArraySlice<Int>) throws(LearningError) -> Samples {
        .stream(try stream.choosing(places.map { Int32(truncatingIfNeeded: $0) }))
      }
      return (
        try part(places.order[..<places.size]), try part(places.order[places.size...])
      )
    }
  }
}
