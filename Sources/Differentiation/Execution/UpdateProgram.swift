internal import CKernels

/// Carries out steps that are graphs on the parameters of a store, without allocating anything.
///
/// Element-wise steps go over all parameters that they are the same for in blocks that stay in the
/// cache; others are programs of their own for each parameter.
final class UpdateProgram {
  /// Numbers of a block: a handful of arrays of them fit into the nearest cache.
  private static let block = 1024

  let parts: [Part]

  /// - Parameter graphs: one for each trainable parameter of the store.
  /// - Throws: where an operation cannot be repeated.
  init(_ graphs: [UpdateGraph], on store: ParameterStore) throws(ShapeError) {
    var parts: [Part] = []
    var groups: [(signature: String, graph: UpdateGraph, members: [Int])] = []
    for (position, graph) in graphs.enumerated() {
      guard graph.isElementwise else {
        parts.append(try Part(graph, alone: store.trainable[position], in: store))
        continue
      }
      let signature = graph.signature
      if let place = groups.firstIndex(where: { $0.signature == signature }) {
        groups[place].members.append(position)
      } else {
        groups.append((signature, graph, [position]))
      }
    }
    for group in groups {
      // All at once, the room between parameters included.
      let ranges =
        group.members.count == graphs.count
        ? [0..<store.count] : group.members.compactMap { store.range(of: store.trainable[$0]) }
      let block = min(Self.block, ranges.map { $0.count }.max() ?? 0)
      parts.append(try Part(group.graph, ranges, block: max(block, 1), in: store))
    }
    self.parts = parts
  }

  /// One step.
  /// - Parameter step: its number, counted from 1.
  func run(rate: Double, step: Int) {
    for index in 0..<parts.count { parts[index].run(rate: rate, step: Double(step)) }
  }

  /// One program and the parameters that it goes over.
  final class Part {
    let program: Program
    /// In binary64, from learning rate and step.
    private let scalars: Program
    private let rate: UnsafeMutableRawPointer?
    private let step: UnsafeMutableRawPointer?
    private let precision: Precision
    private let kernels: UnsafePointer<BPKernels>
    let block: Int
    /// Of a matrix kept transposed, its rows and columns; else nil.
    let turned: (rows: Int, columns: Int)?
    // Arrays would be counted up and down at every step.
    let ranges: UnsafeMutableBufferPointer<Range<Int>>
    let loads: UnsafeMutableBufferPointer<Transfer>
    let stores: UnsafeMutableBufferPointer<Transfer>
    let inputs: UnsafeMutableBufferPointer<UnsafeMutableRawPointer?>

    /// Between an array of the store and its place in the program.
    struct Transfer {
      let array: UnsafeMutableRawPointer
      let place: UnsafeMutableRawPointer
    }

    convenience init(
      _ graph: UpdateGraph, alone node: Node, in store: ParameterStore
    ) throws(ShapeError) {
      let range = store.range(of: node) ?? 0..<0
      var turned: (rows: Int, columns: Int)?
      if case .matrix(let rows, let columns) = node.shape,
        store.address(of: node)?.isTransposed == true
      {
        turned = (rows, columns)
      }
      try self.init(
        graph.compiled(for: node.shape), [range], block: max(range.count, 1), turned, store)
    }

    convenience init(
      _ graph: UpdateGraph, _ ranges: [Range<Int>], block: Int, in store: ParameterStore
    ) throws(ShapeError) {
      try self.init(graph.compiled(for: .vector(block)), ranges, block: block, nil, store)
    }

    private init(
      _ graph: UpdateGraph.Compiled, _ ranges: [Range<Int>], block: Int,
      _ turned: (rows: Int, columns: Int)?, _ store: ParameterStore
    ) {
      precision = store.precision
      kernels = precision.kernels
      self.block = block
      self.turned = turned
      let program = Program(graph.outputs, precision: precision)
      let scalars = Program(graph.scalars.map { $0.node })
      self.program = program
      self.scalars = scalars
      rate = scalars.address(of: graph.lr)
      step = scalars.address(of: graph.step)
      let nodes = [graph.operands.w, graph.operands.g] + graph.operands.states.map { $0.node }
      let arrays = [store.values.base, store.gradients.base] + store.states.map { $0.base }
      var loads: [Transfer] = []
      for (node, array) in zip(nodes, arrays) {
        if let place = program.address(of: node) {
          loads.append(Transfer(array: array, place: place))
        }
      }
      let results = [store.values.base] + store.states.map { $0.base }
      let stores = zip(results, graph.outputs.indices).map {
        Transfer(array: $0, place: program.address(ofOutput: $1))
      }
      self.ranges = .allocate(capacity: ranges.count)
      _ = self.ranges.initialize(from: ranges)
      self.loads = .allocate(capacity: loads.count)
      _ = self.loads.initialize(from: loads)
      self.stores = .allocate(capacity: stores.count)
      _ = self.stores.initialize(from: stores)
      inputs = .allocate(capacity: graph.scalars.count)
      _ = inputs.initialize(from: graph.scalars.map { program.address(of: $0.input) })
    }

    deinit {
      ranges.deallocate()
      loads.deallocate()
      stores.deallocate()
      inputs.deallocate()
    }

    func run(rate number: Double, step count: Double) {
      computeNumbers(rate: number, step: count)
      for index in 0..<inputs.count {
        if let input = inputs[index] { precision.store(self.number(index), to: input) }
      }
      for place in 0..<ranges.count {
        let range = ranges[place]
        var start = range.lowerBound
        while start < range.upperBound {
          let count = min(block, range.upperBound - start)
          for index in 0..<loads.count {
            let transfer = loads[index]
            copy(from: transfer.array + start * precision.width, to: transfer.place, count, true)
          }
          program.run()
          for index in 0..<stores.count {
            let transfer = stores[index]
            copy(from: transfer.place, to: transfer.array + start * precision.width, count, false)
          }
          start += count
        }
      }
    }

    /// Computes what only learning rate and step decide.
    func computeNumbers(rate number: Double, step count: Double) {
      rate?.storeBytes(of: number, as: Double.self)
      step?.storeBytes(of: count, as: Double.self)
      scalars.run()
    }

    /// What was computed for an input.
    func number(_ input: Int) -> Double { scalars.number(input) }

    private func copy(
      from source: UnsafeMutableRawPointer, to target: UnsafeMutableRawPointer, _ count: Int,
      _ isLoad: Bool
    ) {
      guard let turned else {
        target.copyMemory(from: source, byteCount: count * precision.width)
        return
      }
      let (rows, columns) =
        isLoad ? (turned.columns, turned.rows) : (turned.rows, turned.columns)
      kernels.pointee.transpose(source, target, rows, columns)
    }
  }
}
