internal import CKernels

/// Reads the rows of a step where they are asked for, as from a file that is larger than memory.
package final class RowReader {
  /// How many rows there are.
  package let count: Int
  /// The numbers of a row in each of the inputs of a step.
  package let widths: [Int]
  private let read: (UnsafeBufferPointer<Int32>) -> [[Double]]?
  /// Whether rows could not be read: a training ends then.
  private(set) var hasFailed = false

  /// - Parameter read: the rows of these numbers, from 0, one array for each of the inputs, row by row;
  ///   nil where they cannot be read.
  package init(
    count: Int, widths: [Int], read: @escaping (UnsafeBufferPointer<Int32>) -> [[Double]]?
  ) {
    self.count = count
    self.widths = widths
    self.read = read
  }

  fileprivate func rows(_ numbers: UnsafeBufferPointer<Int32>) -> [[Double]]? {
    let rows = read(numbers)
    let isWhole =
      rows.map { rows in
        rows.count == widths.count
          && zip(rows, widths).allSatisfy { $0.count == $1 * numbers.count }
      } ?? false
    if !isWhole { hasFailed = true }
    return isWhole ? rows : nil
  }
}

extension TrainingLoop {
  /// Where the rows of steps come from.
  package enum Rows {
    /// Tensors of equally many rows, held in the precision of the training; a vector counts as one
    /// number a row.
    case held([Tensor])
    case read(RowReader)

    var held: [Tensor] { if case .held(let tensors) = self { tensors } else { [] } }
    var reader: RowReader? { if case .read(let reader) = self { reader } else { nil } }

    /// How many rows there are, and how many numbers each has in every input.
    /// - Throws: where tensors differ in rows, or there are more rows than can be numbered.
    func size() throws(DifferentiationError) -> (rows: Int, widths: [Int]) {
      func rows(of tensor: Tensor) -> Int {
        if case .vector(let count) = tensor.shape { count } else { tensor.shape.rows }
      }
      let count: Int
      let widths: [Int]
      switch self {
      case .read(let reader): (count, widths) = (reader.count, reader.widths)
      case .held(let tensors):
        count = tensors.first.map(rows) ?? 0
        widths = tensors.map { $0.shape.count / max(rows(of: $0), 1) }
        guard tensors.allSatisfy({ rows(of: $0) == count }), count <= Int(Int32.max) else {
          throw .shape(ShapeError("inputs and targets have different numbers of rows"))
        }
      }
      return (count, widths)
    }
  }

  /// Of tensors of equally many rows, which are held.
  /// - Throws: where the update of an optimizer has no program.
  package convenience init(
    trainable: [Node], data: [Tensor], rule: UpdateRule, precision: Precision = .float64,
    batch: Int, division: Division? = nil,
    graph: @escaping (Int) throws(DifferentiationError) -> Graph
  ) throws(DifferentiationError) {
    try self.init(
      trainable: trainable, rows: .held(data), rule: rule, precision: precision, batch: batch,
      division: division, graph: graph)
  }

  /// Puts rows into the inputs of a stage: those that are read, and those of a shard; a whole step on
  /// rows that are held does so itself.
  /// - Returns: false where they cannot be read.
  @inline(__always)
  func take(_ rows: UnsafePointer<Int32>, _ count: Int, into stage: Stage) -> Bool {
    guard let reader else {
      for index in 0..<stage.feeds.count {
        let feed = stage.feeds[index]
        kernels.pointee.takeRows(feed.source, rows, feed.target, count, feed.width)
      }
      return true
    }
    guard let numbers = reader.rows(UnsafeBufferPointer(start: rows, count: count)) else {
      return false
    }
    for index in 0..<stage.feeds.count {
      parameters.precision.write(numbers[stage.places[index]], to: stage.feeds[index].target)
    }
    return true
  }
}
