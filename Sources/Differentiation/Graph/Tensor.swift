/// A number, vector or matrix of binary64 elements, stored row by row.
package struct Tensor: Hashable, Sendable {
  package private(set) var shape: Shape
  package var elements: [Double]

  /// - Precondition: `elements.count == shape.count`.
  package init(_ shape: Shape, _ elements: [Double]) {
    precondition(elements.count == shape.count)
    self.shape = shape
    self.elements = elements
  }

  package init(_ number: Double) { self.init(.scalar, [number]) }

  package init(vector elements: [Double]) { self.init(.vector(elements.count), elements) }

  package init(repeating number: Double, shape: Shape) {
    let elements = [Double](unsafeUninitializedCapacity: shape.count) { buffer, initialized in
      Interruption.pieces(buffer.count, of: 1 << 20) { piece in
        buffer[piece].update(repeating: number)
      }
      initialized = shape.count
    }
    self.init(shape, elements)
  }

  /// - Returns: nothing where the rows differ in length.
  package init?(rows: [[Double]]) {
    let columns = rows.first?.count ?? 0
    guard rows.allSatisfy({ $0.count == columns }) else { return nil }
    self.init(.matrix(rows.count, columns), rows.flatMap { $0 })
  }

  /// The number, where the tensor is one.
  package var number: Double? { shape == .scalar ? elements.first : nil }

  /// Element of a matrix by row and column, counted from 0.
  package subscript(row: Int, column: Int) -> Double {
    get { elements[row * shape.columns + column] }
    set { elements[row * shape.columns + column] = newValue }
  }

  /// Adds a number to a vector, in place where nobody else has it.
  package mutating func append(_ number: Double) {
    elements.append(number)
    shape = .vector(elements.count)
  }

  /// Adds a row to a matrix, in place where nobody else has it.
  /// - Precondition: it has as many elements as the matrix has columns.
  package mutating func append(row: [Double]) {
    precondition(row.count == shape.columns && shape.rank == 2)
    elements += row
    shape = .matrix(shape.rows + 1, row.count)
  }

  /// The same elements in another shape of the same count.
  package func reshaped(_ shape: Shape) -> Tensor { Tensor(shape, elements) }

  package var transposed: Tensor {
    guard case .matrix(let rows, _) = shape else { return reshaped(shape.transposed) }
    let transposed = [Double](count: elements.count) { place in
      self[place % rows, place / rows]
    }
    return Tensor(shape.transposed, transposed)
  }
}
