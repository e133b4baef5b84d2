internal import CKernels

/// A graph compiled for one set of shapes: a flat list of kernel calls over memory laid out in
/// advance. Running it allocates nothing.
package final class Program {
  package let precision: Precision
  package let parameters: ParameterStore
  /// The inputs that `set` fills, in the order they were met.
  package let inputs: [Node]

  private let outputs: [(at: UnsafeMutableRawPointer, shape: Shape)]
  private let places: [ObjectIdentifier: UnsafeMutableRawPointer]
  let steps: UnsafeMutableBufferPointer<BPStep>
  private let memory: Memory
  let constants: Memory
  private let scratch: Memory
  private let positions: UnsafeMutableBufferPointer<Int>
  private let kernels: UnsafePointer<BPKernels>

  /// - Parameters:
  ///   - outputs: what `value(_:)` will read.
  ///   - parameters: where the parameters' values lie; a program on its own takes those of the
  ///     nodes.
  package convenience init(_ outputs: [Node], parameters: ParameterStore) {
    self.init(outputs, gradients: [], of: [], parameters: parameters)
  }

  package convenience init(_ outputs: [Node], precision: Precision = .float64) {
    self.init(outputs, parameters: ParameterStore(precision: precision))
  }

  /// - Parameters:
  ///   - gradients: values to be left in the store, one for each of `targets`.
  init(
    _ outputs: [Node], gradients: [Node], of targets: [Node], parameters: ParameterStore,
    kernels chosen: UnsafePointer<BPKernels>? = nil
  ) {
    self.parameters = parameters
    precision = parameters.precision
    kernels = chosen ?? precision.kernels
    let width = precision.width
    let transposed = Compilation.transposedParameters(in: outputs + gradients)
    for node in topologicalOrder(of: outputs + gradients) {
      if case .parameter = node.kind {
        parameters.include(node, transposed: transposed.contains(ObjectIdentifier(node)))
      }
    }
    func isTransposed(_ node: Node) -> Bool { parameters.address(of: node)?.isTransposed ?? false }
    let requests =
      outputs.map { (node: $0, transposed: false) }
      + zip(gradients, targets).map { (node: $0, transposed: isTransposed($1)) }
    let compilation = Compilation(requests, storedTransposed: isTransposed)

    // Where values lie that are not in the block: parameters, constants and wanted gradients.
    var known: [Compilation.Value: UnsafeMutableRawPointer] = [:]
    var inputs: [Node] = []
    var inputValues: [Compilation.Value] = []
    for (position, node) in compilation.nodes.enumerated() {
      switch node.kind {
      case .parameter:
        if let place = parameters.address(of: node) {
          known[Compilation.Value(node: position, transposed: place.isTransposed)] = place.at
        }
      case .input:
        inputs.append(node)
        inputValues.append(Compilation.Value(node: position))
      default: break
      }
    }
    self.inputs = inputs
    let constantBytes = compilation.constants.values.reduce(0) {
      $0 + Memory.padded($1.shape.count * width)
    }
    constants = Memory(bytes: constantBytes)
    var next = constants.base
    // The same graph has its constants at the same places.
    let laid = compilation.constants.sorted {
      ($0.key.node, $0.key.transposed ? 1 : 0) < ($1.key.node, $1.key.transposed ? 1 : 0)
    }
    for (value, tensor) in laid {
      precision.write(tensor.elements, to: next)
      known[value] = next
      next += Memory.padded(tensor.shape.count * width)
    }
    var origins: [Compilation.Value: Compilation.Value] = [:]
    var computed: Set<Compilation.Value> = []
    for instruction in compilation.instructions {
      if case .alias = instruction.work {
        let input = instruction.inputs[0]
        origins[instruction.output] = origins[input] ?? input
      } else {
        computed.insert(instruction.output)
      }
    }
    let outputValues = compilation.results.prefix(outputs.count)
    let gradientValues = compilation.results.dropFirst(outputs.count)
    var copies: [(from: Compilation.Value, to: UnsafeMutableRawPointer, count: Int)] = []
    for (value, target) in zip(gradientValues, targets) {
      guard let place = parameters.gradientAddress(of: target) else { continue }
      let origin = origins[value] ?? value
      if known[origin] == nil, computed.contains(origin) {
        known[origin] = place
      } else {
        copies.append((value, place, target.shape.count))
      }
    }
    let plan = SlotPlan(
      compilation, width: width, kept: Set(outputValues).union(copies.map { $0.from }),
      inputs: inputValues, elsewhere: Set(known.keys))
    let memory = Memory(bytes: plan.bytes)
    self.memory = memory
    func address(_ value: Compilation.Value) -> UnsafeMutableRawPointer {
      let origin = plan.origin(of: value)
      if let place = known[origin] { return place }
      return memory.base + (plan.offsets[origin] ?? 0)
    }
    var scratchBytes = 0
    var indexCount = 0
    for instruction in compilation.instructions {
      switch instruction.work {
      case .product(let product, _) where product.transposeB:
        scratchBytes = max(scratchBytes, product.n * product.k * width)
      case .kernel(let kernel): indexCount += kernel.indices.count
      default: break
      }
    }
    scratch = Memory(bytes: scratchBytes)
    positions = .allocate(capacity: max(indexCount, 1))
    positions.initialize(repeating: 0)
    var steps: [BPStep] = []
    var usedPositions = 0
    for instruction in compilation.instructions where instruction.shape.count > 0 {
      let inputs = instruction.inputs.map(address)
      let output = address(instruction.output)
      switch instruction.work {
      case .alias: continue
      case .turn:
        let shape = instruction.shapes[0]
        steps.append(.transpose(inputs[0], output, rows: shape.rows, columns: shape.columns))
      case .product(let product, let then):
        let third = inputs.count > 2 ? UnsafeRawPointer(inputs[2]) : nil
        let isJoint = if case .zip? = then { true } else { false }
        steps.append(
          .product(
            product, inputs[0], inputs[1], bias: isJoint ? nil : third, output,
            scratch: scratch.base, then: then, with: isJoint ? third : nil))
      case .kernel(let kernel):
        guard let base = positions.baseAddress else { continue }
        let indices = base + usedPositions
        for index in kernel.indices {
          positions[usedPositions] = index
          usedPositions += 1
        }
        let operands = zip(inputs, instruction.shapes).map { Kernel.Operand(at: $0, shape: $1) }
        steps += kernel.steps(
          operands, into: Kernel.Operand(at: output, shape: instruction.shape), width: width,
          indices: indices)
      }
    }
    for copy in copies {
      steps.append(.map(BPMap.copy, address(copy.from), copy.to, count: copy.count))
    }
    steps.joinFunctions(width: width)
    self.steps = .allocate(capacity: max(steps.count, 1))
    _ = self.steps.initialize(from: steps)
    kernels.pointee.prepare(self.steps.baseAddress, steps.count)
    stepCount = steps.count
    self.outputs = zip(outputValues, outputs).map { (address($0), $1.shape) }
    var places: [ObjectIdentifier: UnsafeMutableRawPointer] = [:]
    for (node, value) in zip(inputs, inputValues) {
      places[ObjectIdentifier(node)] = address(value)
    }
    self.places = places
  }

  /// The number of kernel calls.
  package let stepCount: Int

  deinit {
    steps.deallocate()
    positions.deallocate()
  }

  /// Writes a value of the input's shape into its place; an input that is not used is passed over.
  package func set(_ input: Node, to value: Tensor) {
    precondition(value.shape == input.shape)
    guard let place = address(of: input) else { return }
    precision.write(value.elements, to: place)
  }

  /// Fills the first rows of an input; the others keep what they hold.
  package func set(_ input: Node, from numbers: ArraySlice<Double>) {
    precondition(numbers.count <= input.shape.count)
    guard let place = address(of: input) else { return }
    precision.write(numbers, to: place)
  }

  func address(of input: Node) -> UnsafeMutableRawPointer? { places[ObjectIdentifier(input)] }

  func address(ofOutput output: Int) -> UnsafeMutableRawPointer { outputs[output].at }

  /// Of what the steps make, without parameters.
  var bytes: Int { memory.bytes }

  /// All memory that the steps work on.
  var regions: [Memory] {
    [memory, constants, scratch, parameters.values, parameters.gradients] + parameters.frozen
  }

  package func run() {
    kernels.pointee.run(steps.baseAddress, stepCount)
  }

  /// Makes some of the steps.
  func run(_ part: Range<Int>) {
    guard let base = steps.baseAddress, !part.isEmpty else { return }
    kernels.pointee.run(base + part.lowerBound, part.count)
  }

  /// How many steps there are until nothing is written to some bytes of the gradients any more, nor
  /// read there: the gradient of a bias may be what those of the layers before are made of.
  func stepsUntilFree(_ bytes: Range<Int>) -> Int {
    let start = UInt(bitPattern: parameters.gradients.base)
    let places = start + UInt(bytes.lowerBound)..<start + UInt(bytes.upperBound)
    func isThere(_ place: UnsafeRawPointer?) -> Bool { places.contains(UInt(bitPattern: place)) }
    let last = (0..<stepCount).last { index in
      let step = steps[index]
      return isThere(step.y) || isThere(step.a) || isThere(step.b) || isThere(step.c)
        || isThere(step.d) || isThere(step.before)
    }
    return (last ?? -1) + 1
  }

  /// An output of the last run, by its position.
  package func value(_ output: Int) -> Tensor {
    let (place, shape) = outputs[output]
    return Tensor(shape, precision.read(shape.count, from: place))
  }

  /// The first numbers of an output of the last run.
  package func numbers(_ output: Int, first count: Int) -> [Double] {
    let (place, shape) = outputs[output]
    return precision.read(min(count, shape.count), from: place)
  }

  /// An output that is one number, without a tensor around it.
  func number(_ output: Int) -> Double {
    let place = outputs[output].at
    return precision == .float64
      ? place.load(as: Double.self) : Double(place.load(as: Float.self))
  }
}
