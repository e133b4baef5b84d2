import CKernels
import TestSupport
import Testing

@testable import Differentiation

/// The largest difference of two tensors, relative to numbers above 1.
func distance(_ a: Tensor, _ b: Tensor) -> Double {
  guard a.shape == b.shape else { return .infinity }
  var largest = 0.0
  for (x, y) in zip(a.elements, b.elements) where x != y && !(x.isNaN && y.isNaN) {
    let difference = abs(x - y) / max(1, abs(x), abs(y))
    largest = max(largest, difference.isNaN ? .infinity : difference)
  }
  return largest
}

@Suite struct ProgramTests {
  @Test(
    "A program computes what evaluation at once computes, gradients included",
    arguments: PrimitiveCase.all, Precision.allCases)
  func program(_ sample: PrimitiveCase, _ precision: Precision) throws {
    var numbers = SplitMix(11)
    let point = sample.operands(&numbers)
    let weights = numbers.tensor(try sample.primitive.shape(of: sample.shapes))
    func outputs(_ nodes: [Node]) throws -> [Node] {
      let y = try Node.apply(sample.primitive, to: nodes)
      if case .none = sample.primitive.derivative { return [y] }
      let sum = try (y * Node.constant(weights)).applying(.sum())
      return [y, sum] + (try gradients(of: sum, by: nodes))
    }
    let expected = try outputs(point.map { Node.parameter($0, name: nil) }).compactMap(\.value)
    let inputs = point.map { Node.input($0.shape, name: nil) }
    let program = Program(try outputs(inputs), precision: precision)
    for (input, value) in zip(inputs, point) { program.set(input, to: value) }
    program.run()
    program.run()
    for (position, value) in expected.enumerated() {
      let error = distance(program.value(position), value)
      #expect(error < (precision == .float64 ? 1e-14 : 2e-6), "output \(position)")
    }
  }

  /// A graph drawn at random: matrices that meet in products and element-wise operations.
  private func randomGraph(_ numbers: inout SplitMix, _ leaves: [Node]) throws -> Node {
    var pool = leaves
    for _ in 0..<18 {
      let a = pool[numbers.below(pool.count)]
      let b = pool[numbers.below(pool.count)]
      let node: Node
      switch numbers.below(9) {
      case 0: node = try a.applying(.tanh)
      case 1: node = try a.applying(.sigmoid)
      case 2: node = try a.transposed()
      case 3 where a.shape.columns == b.shape.rows: node = try a.product(b)
      case 4 where a.shape == b.shape: node = try a * b
      case 5 where a.shape == b.shape: node = try a + b
      case 6: node = try a + a.applying(.sum(axis: .rows)).applying(.tanh)
      case 7: node = try a.applying(.relu)
      case 8 where a.shape.columns == b.shape.columns: node = try a.product(b.transposed())
      default: node = try a * 0.7
      }
      pool.append(try node.applying(.tanh))
    }
    var total: Node = 0
    for node in pool.suffix(6) { total = try total + (node * 0.5).applying(.mean()) }
    return total
  }

  @Test("Random graphs and their gradients agree with evaluation at once", arguments: 1...40)
  func random(_ seed: Int) throws {
    var draw = SplitMix(UInt64(seed))
    let shapes: [Shape] = [
      .matrix(3, 4), .matrix(4, 3), .matrix(4, 4), .matrix(1, 3), .matrix(3, 1),
    ]
    let values = shapes.map { draw.tensor($0) }
    let start = draw
    func outputs(_ nodes: [Node]) throws -> [Node] {
      var numbers = start
      let total = try randomGraph(&numbers, nodes)
      return [total] + (try gradients(of: total, by: nodes))
    }
    let eager = try outputs(values.map { Node.parameter($0, name: nil) }).compactMap(\.value)
    for table in KernelTable.all {
      let precision = table.precision
      // Every other leaf is a parameter of the program, so that stored layouts are met as well.
      let leaves = values.enumerated().map { position, value in
        position % 2 == 0 ? Node.parameter(value, name: nil) : Node.input(value.shape, name: nil)
      }
      let program = Program(
        try outputs(leaves), gradients: [], of: [],
        parameters: ParameterStore(precision: precision), kernels: table.kernels)
      for (leaf, value) in zip(leaves, values) where leaf.value == nil {
        program.set(leaf, to: value)
      }
      program.run()
      for (position, value) in eager.enumerated() {
        let error = distance(program.value(position), value)
        #expect(
          error < (precision == .float64 ? 1e-13 : 1e-5),
          "\(table.testDescription), output \(position)")
      }
    }
  }

  @Test("A layer whose net inputs are wanted as well takes one step", arguments: KernelTable.all)
  func layer(_ table: KernelTable) throws {
    var numbers = SplitMix(5)
    for (rows, inputs, units) in [(6, 3, 5), (10, 2, 20), (4, 30, 7)] {
      let (x, w) = (numbers.tensor(.matrix(rows, inputs)), numbers.tensor(.matrix(inputs, units)))
      let b = numbers.tensor(.vector(units))
      func outputs(_ nodes: [Node]) throws -> [Node] {
        let z = try nodes[0].product(nodes[1]) + nodes[2]
        return [z, try z.applying(.relu)]
      }
      let expected = try outputs([x, w, b].map { Node.constant($0) }).compactMap(\.value)
      let nodes = [x, w, b].map { Node.input($0.shape, name: nil) }
      let program = Program(
        try outputs(nodes), gradients: [], of: [],
        parameters: ParameterStore(precision: table.precision), kernels: table.kernels)
      for (node, value) in zip(nodes, [x, w, b]) { program.set(node, to: value) }
      program.run()
      #expect(program.stepCount == 1)
      let (z, y) = (program.value(0), program.value(1))
      #expect(distance(z, expected[0]) < (table.precision == .float64 ? 1e-14 : 2e-6))
      #expect(y.elements == z.elements.map { max($0, 0) })
    }
  }

  @Test("Answers of two classes are counted in two steps", arguments: KernelTable.all)
  func agreement(_ table: KernelTable) throws {
    let (z, t) = (Node.input(.matrix(19, 1), name: "z"), Node.input(.matrix(19, 1), name: "t"))
    let guess = try Node.apply(.greaterOrEqual, to: [z, Node(number: 0.25)])
    let right = try Node.apply(.equal, to: [guess, t]).applying(.sum())
    let scores = (0..<19).map { $0 == 7 ? Double.nan : Double($0 - 9) / 8 }
    let classes = (0..<19).map { $0 % 3 == 0 ? 1.0 : 0 }
    func program(_ outputs: [Node]) -> Program {
      let program = Program(
        outputs, gradients: [], of: [],
        parameters: ParameterStore(precision: table.precision), kernels: table.kernels)
      program.set(z, to: Tensor(.matrix(19, 1), scores))
      program.set(t, to: Tensor(.matrix(19, 1), classes))
      program.run()
      return program
    }
    let wanted = zip(scores, classes).count { ($0 >= 0.25) == ($1 == 1) }
    let counted = program([right])
    #expect(counted.stepCount == 2)
    #expect(counted.value(0).elements == [Double(wanted)])
    // Guesses that are wanted themselves are computed.
    let both = program([right, guess])
    #expect(both.stepCount == 3)
    #expect(both.value(0).elements == [Double(wanted)])
    #expect(both.value(1).elements == scores.map { $0 >= 0.25 ? 1 : 0 })
  }

  @Test("A factor that is the same everywhere is one number")
  func uniformFactor() throws {
    let x = Node.input(.matrix(3, 4), name: nil)
    let column = Node.constant(Tensor(repeating: 0.25, shape: .matrix(3, 1)))
    let program = Program([try x * column], parameters: ParameterStore(precision: .float64))
    program.set(x, to: Tensor(.matrix(3, 4), (0..<12).map { Double($0) }))
    program.run()
    #expect(program.steps.first?.function == BPMap.scale.rawValue)
    #expect(program.value(0).elements == (0..<12).map { Double($0) / 4 })
  }
}
