import Testing

@testable import Differentiation

@Suite struct GradientTests {
  private func number(_ value: Double, _ name: String? = nil) -> Node {
    .parameter(Tensor(value), name: name)
  }

  private func slope(_ y: Node, _ x: Node) throws -> Double {
    try #require(try gradients(of: y, by: [x])[0].value?.number)
  }

  @Test("A value used twice gets both parts of its gradient")
  func sharing() throws {
    let x = number(3)
    #expect(try slope(x * x, x) == 6)
    #expect(try slope(x + x, x) == 2)
    #expect(try slope(x - x, x) == 0)
    #expect(try slope(x / x, x) == 0)
    let square = try x * x
    #expect(try slope(square * square + square, x) == 4 * 27 + 6)
    let residual = try x + (x.applying(.square) + x) * 2
    #expect(try slope(residual, x) == 1 + 2 * 7)
  }

  @Test("A power with a constant exponent is derived without a logarithm")
  func powers() throws {
    let x = number(-3)
    #expect(try slope(Node.apply(.power, to: [x, 2]), x) == -6)
    #expect(try slope(Node.apply(.power, to: [x, 3]), x) == 27)
    #expect(try slope(Node.apply(.power, to: [number(0), 0]), x) == 0)
    let zero = number(0)
    #expect(try slope(Node.apply(.power, to: [zero, 1]), zero) == 1)
    let exponent = number(2)
    #expect(try slope(Node.apply(.power, to: [0, exponent]), exponent) == 0)
  }

  @Test("A node off the path has a zero gradient")
  func independence() throws {
    let x = number(2, "x")
    let y = Node.parameter(Tensor(vector: [1, 2]), name: "y")
    let f = try x * 3
    f.name = "f"
    #expect(try gradients(of: f, by: [y])[0].value == Tensor(vector: [0, 0]))
    #expect(try gradients(of: f, by: [y])[0].name == "∂f/∂y")
    #expect(try slope(f, f) == 1)
  }

  @Test("Adjoints that are one node keep a name each")
  func names() throws {
    let x = number(2, "x")
    let y = number(5, "y")
    let f = try x + y
    f.name = "f"
    #expect(try gradients(of: f, by: [x, y]).map(\.name) == ["∂f/∂x", "∂f/∂y"])
  }

  @Test("What has no derivative says so in words")
  func failures() throws {
    let x = Node.parameter(Tensor(vector: [1, 2]), name: "x")
    #expect(throws: DifferentiationError.outputIsNotANumber(.vector(2))) {
      try gradients(of: x, by: [x])
    }
    let error = #expect(throws: DifferentiationError.self) {
      try gradients(of: x.applying(.floor).applying(.sum()), by: [x])
    }
    #expect(error?.message.hasPrefix("floor has no derivative: ") == true)
    let masked = try Node.apply(.choose, to: [Node.apply(.greater, to: [x, 0]), x, 0])
    #expect(try gradients(of: masked.applying(.sum()), by: [x])[0].value == Tensor(vector: [1, 1]))
  }

  @Test("A chain of 200,000 nodes is derived and released without deep calls")
  func longChain() throws {
    let w = number(1)
    var s: Node = 0
    for _ in 0..<200_000 { s = try s + w }
    #expect(try slope(s, w) == 200_000)
    let order = topologicalOrder(of: [s])
    #expect(order.count == 200_002)
  }

  @Test("A kink within the step is named instead of called wrong")
  func kinks() throws {
    let check = try GradientCheck(at: [Tensor(vector: [1, 0, -2])]) { nodes throws(ShapeError) in
      try nodes[0].applying(.relu).applying(.sum())
    }
    #expect(check.kinks.map(\.element) == [1])
    #expect(check.verdict == .agrees)
    let wrong = GradientCheck(at: [Tensor(3)], gradient: [Tensor(5)]) { point in
      point[0].elements[0] * point[0].elements[0]
    }
    #expect(wrong.verdict == .disagrees && wrong.kinks.isEmpty)
    #expect(wrong.worst?.gradient == 5)
    // Where several kinks meet, the conventions may mix both sides.
    let met = try GradientCheck(at: [Tensor(vector: [0])]) { nodes throws(ShapeError) in
      let (right, left) = (try nodes[0].applying(.relu), try (-nodes[0]).applying(.relu))
      return try (right - 3 * left).applying(.sum())
    }
    #expect(met.kinks.count == 1 && met.verdict == .agrees)
    // The rounding of large values is no kink.
    let large = GradientCheck(at: [Tensor(3)], gradient: [Tensor(5)]) { point in
      1000 + point[0].elements[0] * point[0].elements[0]
    }
    #expect(large.verdict == .disagrees && large.kinks.isEmpty)
  }
}

@Suite struct ShapeTests {
  private func message(_ primitive: Primitive, _ shapes: Shape...) -> String? {
    do {
      _ = try primitive.shape(of: shapes)
      return nil
    } catch {
      return error.message
    }
  }

  @Test("Shapes that do not fit are named with both sizes")
  func messages() {
    #expect(
      message(.matmul, .matrix(2, 3), .matrix(2, 2))
        == "cannot multiply a 2×3 matrix by a 2×2 matrix: 3 columns against 2 rows")
    #expect(
      message(.add, .vector(2), .vector(3)) == "cannot add a vector of 2 and a vector of 3")
    #expect(message(.add, .vector(3), .matrix(2, 3)) == nil)
    let column = message(.add, .vector(3), .matrix(3, 1))
    #expect(column?.contains("a vector of 3 and a 3×1 matrix") == true)
    #expect(message(.subtract, .matrix(1, 3), .matrix(3, 1)) != nil)
    #expect(message(.sum(axis: .columns), .vector(3)) != nil)
    #expect(message(.mean(), .vector(0)) != nil)
    #expect(message(.sum(), .vector(0)) == nil)
    #expect(message(.outer, .vector(1 << 40), .vector(1 << 40))?.contains("too large") == true)
  }

  @Test("A column that meets a row is offered the vector")
  func help() {
    let error = #expect(throws: ShapeError.self) {
      try Primitive.subtract.shape(of: [.vector(3), .matrix(3, 1)])
    }
    #expect(error?.help?.contains("[:,1]") == true)
  }

  @Test("A vector counts as a column in products")
  func vectors() throws {
    let v = Node.constant(Tensor(vector: [1, 2, 3]))
    let w = Node.constant(Tensor(vector: [4, 5, 6]))
    let matrix = Node.constant(Tensor(.matrix(2, 3), [1, 0, 2, 0, 3, 0]))
    #expect(try v.product(w).value == Tensor(32))
    #expect(try matrix.product(v).value == Tensor(vector: [7, 6]))
    #expect(try w.product(matrix.transposed()).value == Tensor(vector: [16, 15]))
    #expect(try v.transposed().shape == .matrix(1, 3))
    let outer = Tensor(.matrix(3, 3), [4, 5, 6, 8, 10, 12, 12, 15, 18])
    #expect(try v.product(w.transposed()).value == outer)
  }
}
