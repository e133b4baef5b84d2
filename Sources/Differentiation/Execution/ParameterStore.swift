internal import CKernels

/// The values of parameters in the precision of the programs that share them; the trainable ones
/// lie side by side with their gradients and the optimizer's state, so that one call updates all.
package final class ParameterStore {
  package let precision: Precision
  /// Those that are updated; others join when a program first meets them.
  package let trainable: [Node]

  private struct Place {
    let offset: Int
    /// A weight matrix that multiplies from the right as W' is kept transposed.
    let isTransposed: Bool
    let memory: Memory
  }

  private var places: [ObjectIdentifier: Place] = [:]
  // Places are found by identity, so the nodes must not go away.
  private var held: [Node]
  let values: Memory
  let gradients: Memory
  let states: [Memory]
  /// Numbers to update, the padding between parameters included.
  let count: Int

  /// - Parameters:
  ///   - trainable: the parameters that an optimizer updates, with their values.
  ///   - transposed: those kept transposed.
  ///   - starts: what the arrays begin at that the optimizer keeps beside each parameter.
  init(
    trainable: [Node], transposed: Set<ObjectIdentifier>, starts: [Double], precision: Precision
  ) {
    self.precision = precision
    self.trainable = trainable
    held = trainable
    var offsets: [Int] = []
    var bytes = 0
    for node in trainable {
      offsets.append(bytes)
      bytes += Memory.padded(node.shape.count * precision.width)
    }
    count = bytes / precision.width
    values = Memory(bytes: bytes)
    gradients = Memory(bytes: trainable.isEmpty ? 0 : bytes)
    let count = count
    states = starts.map { start in
      let memory = Memory(bytes: bytes)
      // Zeroed pages take no memory before they are written to.
      if start != 0 {
        precision.write(Array(repeating: start, count: count), to: memory.base)
      }
      return memory
    }
    for (node, offset) in zip(trainable, offsets) {
      let id = ObjectIdentifier(node)
      places[id] = Place(offset: offset, isTransposed: transposed.contains(id), memory: values)
      if let value = node.value { set(node, to: value) }
    }
  }

  package convenience init(precision: Precision = .float64) {
    self.init(trainable: [], transposed: [], starts: [], precision: precision)
  }

  /// Takes in a parameter that no optimizer updates.
  func include(_ node: Node, transposed: Bool) {
    guard places[ObjectIdentifier(node)] == nil else { return }
    held.append(node)
    let memory = Memory(bytes: node.shape.count * precision.width)
    places[ObjectIdentifier(node)] = Place(offset: 0, isTransposed: transposed, memory: memory)
    if let value = node.value { set(node, to: value) }
  }

  /// Where the parameters lie that no optimizer updates, in the order in which they came.
  var frozen: [Memory] {
    held.dropFirst(trainable.count).compactMap { places[ObjectIdentifier($0)]?.memory }
  }

  func address(of node: Node) -> (at: UnsafeMutableRawPointer, isTransposed: Bool)? {
    places[ObjectIdentifier(node)].map { ($0.memory.base + $0.offset, $0.isTransposed) }
  }

  /// Where a trainable parameter lies, counted in numbers.
  func range(of node: Node) -> Range<Int>? {
    guard let place = places[ObjectIdentifier(node)], place.memory === values else { return nil }
    let start = place.offset / precision.width
    return start..<start + node.shape.count
  }

  /// Where the gradient of a trainable parameter lies, in bytes.
  func gradientBytes(of node: Node) -> Range<Int>? {
    range(of: node).map { $0.lowerBound * precision.width..<$0.upperBound * precision.width }
  }

  func gradientAddress(of node: Node) -> UnsafeMutableRawPointer? {
    guard let place = places[ObjectIdentifier(node)], place.memory === values else { return nil }
    return gradients.base + place.offset
  }

  /// The present value; nothing for a node that is not here.
  package func value(of node: Node) -> Tensor? {
    places[ObjectIdentifier(node)].map { read(node, $0, $0.memory) }
  }

  /// Replaces the present value by one of the same shape; a node that is not here is passed over.
  package func set(_ node: Node, to value: Tensor) {
    guard let place = places[ObjectIdentifier(node)] else { return }
    write(value, node, place, place.memory)
  }

  /// Whether every trainable value is a finite number; what lies between them does not count.
  package var isFinite: Bool {
    // One more in an exponent of nothing but ones, and only there, reaches the sign: whole numbers, of
    // which a vector takes many.
    func isFinite<Bits: FixedWidthInteger & UnsignedInteger>(
      _: Bits.Type, mantissa: Int
    ) -> Bool {
      let numbers = values.base.assumingMemoryBound(to: Bits.self)
      let sign = Bits(1) << (Bits.bitWidth - 1)
      let one = Bits(1) << mantissa
      let exponent = sign - one
      return trainable.allSatisfy { node in
        var sums: Bits = 0
        for place in range(of: node) ?? 0..<0 { sums |= (numbers[place] & exponent) &+ one }
        return sums & sign == 0
      }
    }
    return precision == .float64
      ? isFinite(UInt64.self, mantissa: Double.significandBitCount)
      : isFinite(UInt32.self, mantissa: Float.significandBitCount)
  }

  /// The present value in an array that is there already.
  package func read(_ node: Node, into numbers: inout [Double]) {
    guard let place = places[ObjectIdentifier(node)], numbers.count == node.shape.count else {
      return
    }
    read(node, place, place.memory, into: &numbers)
  }

  /// The gradient of the last step; nil for a node that is not trained here.
  package func gradient(of node: Node) -> Tensor? {
    guard let place = places[ObjectIdentifier(node)], place.memory === values else { return nil }
    return read(node, place, gradients)
  }

  /// What the optimizer keeps beside a parameter: one tensor a slot.
  package func state(of node: Node) -> [Tensor] {
    guard let place = places[ObjectIdentifier(node)], place.memory === values else { return [] }
    return states.map { read(node, place, $0) }
  }

  /// Replaces what the optimizer keeps: one tensor a slot, each in the shape of the parameter.
  package func setState(of node: Node, to state: [Tensor]) {
    guard let place = places[ObjectIdentifier(node)], place.memory === values else { return }
    for (memory, value) in zip(states, state) { write(value, node, place, memory) }
  }

  /// A copy of all trainable values.
  package struct Snapshot {
    fileprivate let memory: Memory
  }

  package func makeSnapshot() -> Snapshot {
    let snapshot = Snapshot(memory: Memory(bytes: values.bytes))
    snapshot.memory.base.copyMemory(from: values.base, byteCount: values.bytes)
    return snapshot
  }

  package func putBack(_ snapshot: Snapshot) {
    values.base.copyMemory(from: snapshot.memory.base, byteCount: values.bytes)
  }

  /// ‖value − earlier value‖ / ‖earlier value‖ of every trainable parameter; nan where it was 0.
  package func changes(since snapshot: Snapshot) -> [Double] {
    trainable.map { node in
      guard let place = places[ObjectIdentifier(node)] else { return .nan }
      let (now, before) = (values.base + place.offset, snapshot.memory.base + place.offset)
      func change<Scalar: BinaryFloatingPoint>(_: Scalar.Type) -> Double {
        let now = now.assumingMemoryBound(to: Scalar.self)
        let before = before.assumingMemoryBound(to: Scalar.self)
        var (moved, size) = (0.0, 0.0)
        for index in 0..<node.shape.count {
          let (value, earlier) = (Double(now[index]), Double(before[index]))
          moved += (value - earlier) * (value - earlier)
          size += earlier * earlier
        }
        return (moved / size).squareRoot()
      }
      return precision == .float64 ? change(Double.self) : change(Float.self)
    }
  }

  private func read(_ node: Node, _ place: Place, _ memory: Memory) -> Tensor {
    var numbers = [Double](repeating: 0, count: node.shape.count)
    read(node, place, memory, into: &numbers)
    return Tensor(node.shape, numbers)
  }

  private func read(
    _ node: Node, _ place: Place, _ memory: Memory, into numbers: inout [Double]
  ) {
    let (rows, columns) =
      if case .matrix(let rows, let columns) = node.shape, place.isTransposed {
        (rows, columns)
      } else {
        (1, numbers.count)
      }
    func copy<Scalar: BinaryFloatingPoint>(_: Scalar.Type, _ numbers: inout [Double]) {
      let source = (memory.base + place.offset).assumingMemoryBound(to: Scalar.self)
      numbers.withUnsafeMutableBufferPointer { numbers in
        Self.inBlocks(rows, columns) { row, column in
          numbers[row * columns + column] = Double(source[column * rows + row])
        }
      }
    }
    switch precision {
    case .float64: copy(Double.self, &numbers)
    case .float32: copy(Float.self, &numbers)
    }
  }

  /// Calls the body for every place of a matrix, block by block: whole rows of what lies transposed would
  /// not stay in the cache.
  @inline(__always)
  private static func inBlocks(_ rows: Int, _ columns: Int, _ body: (Int, Int) -> Void) {
    let side = 32
    for firstRow in stride(from: 0, to: rows, by: side) {
      for firstColumn in stride(from: 0, to: columns, by: side) {
        for row in firstRow..<min(rows, firstRow + side) {
          for column in firstColumn..<min(columns, firstColumn + side) { body(row, column) }
        }
      }
    }
  }

  private func write(_ value: Tensor, _ node: Node, _ place: Place, _ memory: Memory) {
    precondition(value.shape == node.shape)
    let target = memory.base + place.offset
    guard place.isTransposed, case .matrix(let rows, let columns) = value.shape else {
      return precision.write(value.elements, to: target)
    }
    // Transposed on the way: a transposed copy of a large matrix would take as much memory again.
    func copy<Scalar: BinaryFloatingPoint>(_: Scalar.Type) {
      let target = target.assumingMemoryBound(to: Scalar.self)
      value.elements.withUnsafeBufferPointer { numbers in
        Self.inBlocks(rows, columns) { row, column in
          target[column * rows + row] = Scalar(numbers[row * columns + column])
        }
      }
    }
    switch precision {
    case .float64: copy(Double.self)
    case .float32: copy(Float.self)
    }
  }
}
