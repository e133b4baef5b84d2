import TestSupport
import Testing

@testable import Differentiation

/// A case of a test over the primitives; the name tells which one failed.
struct PrimitiveCase: CustomTestStringConvertible {
  let primitive: Primitive
  let shapes: [Shape]
  var testDescription: String { "\(primitive.name) of \(shapes)" }

  static let all = Primitive.all.flatMap { primitive in
    primitive.samples.map { PrimitiveCase(primitive: primitive, shapes: $0) }
  }

  static let derivable = all.filter { sample in
    switch sample.primitive.derivative {
    case .none, .taken: false
    case .local, .rule: true
    }
  }

  func operands(_ numbers: inout SplitMix) -> [Tensor] {
    shapes.indices.map { index in
      let domain = primitive.domain[min(index, primitive.domain.count - 1)]
      var tensor = numbers.tensor(shapes[index], in: domain)
      for i in tensor.elements.indices
      where primitive.kinks.contains(where: { abs($0 - tensor.elements[i]) < 0.05 }) {
        tensor.elements[i] += 0.1
      }
      if primitive === Primitive.choose, index == 0 {
        tensor.elements = tensor.elements.map { $0 > 0 ? 1 : 0 }
      }
      return tensor
    }
  }
}

@Suite struct PrimitiveTests {
  @Test("Every gradient agrees with central differences", arguments: PrimitiveCase.derivable)
  func gradient(_ sample: PrimitiveCase) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      var numbers = SplitMix(seed)
      let point = sample.operands(&numbers)
      let shape = try sample.primitive.shape(of: sample.shapes)
      let weights = Node.constant(numbers.tensor(shape))
      let check = try GradientCheck(at: point) { nodes throws(ShapeError) in
        let y = try Node.apply(sample.primitive, to: nodes)
        return try (y * weights).applying(.sum())
      }
      let worst = try #require(check.worst)
      #expect(check.verdict == .agrees, "\(worst)")
      #expect(check.kinks.isEmpty)
    }
  }

  @Test("A remainder is derived by its divisor as the floor of the quotient says")
  func remainder() throws {
    for (x, y) in [(5.3, 1.9), (-5.3, 1.9), (5.3, -1.9), (-5.3, -1.9), (0.7, 2.2), (-0.7, 2.2)] {
      for point in [
        [Tensor(x), Tensor(y)], [Tensor(vector: [x, x]), Tensor(vector: [y, 3 * y])],
      ] {
        let check = try GradientCheck(at: point) { nodes throws(ShapeError) in
          try Node.apply(.remainder, to: nodes).applying(.sum())
        }
        #expect(check.verdict == .agrees, "\(x) % \(y): \(String(describing: check.worst))")
      }
      let operands = [Node.parameter(Tensor(x), name: "x"), Node.parameter(Tensor(y), name: "y")]
      let slopes = try gradients(of: Node.apply(.remainder, to: operands), by: operands)
      #expect(slopes.map { $0.value?.number } == [1, -(x / y).rounded(.down)])
    }
  }

  @Test("An extreme shares its adjoint among all that attain it", arguments: Axis.allCases)
  func ties(_ axis: Axis) throws {
    let value = Tensor(.matrix(3, 3), [2, 2, 0, 0, 2, 2, 2, 0, 2])
    let x = Node.parameter(value, name: "x")
    let weights = Node.constant(Tensor(vector: [3, 6, 9]))
    for (primitive, extreme) in [(Primitive.max(axis: axis), 2.0), (.min(axis: axis), 0)] {
      let y = try x.applying(primitive)
      let sum = axis == .all ? y : try (y * weights).applying(.sum())
      let slope = try #require(try gradients(of: sum, by: [x])[0].value)
      for row in 0..<3 {
        for column in 0..<3 {
          let group = (0..<9).filter { place in
            value.elements[place] == extreme
              && (axis == .all || (axis == .rows ? place % 3 == column : place / 3 == row))
          }
          let own = axis == .all ? 1.0 : [3, 6, 9][axis == .rows ? column : row]
          let isPart = group.contains(row * 3 + column)
          #expect(
            slope[row, column] == (isPart ? own / Double(group.count) : 0), "\(primitive.name)")
        }
      }
    }
  }

  @Test(
    "A second derivative agrees with central differences of the first",
    arguments: PrimitiveCase.derivable.filter { $0.primitive !== Primitive.remainder })
  func secondDerivative(_ sample: PrimitiveCase) throws {
    var numbers = SplitMix(7)
    let point = sample.operands(&numbers)
    let weights = Node.constant(numbers.tensor(try sample.primitive.shape(of: sample.shapes)))
    let directions = sample.shapes.map { Node.constant(numbers.tensor($0)) }
    let constantShape = [Primitive.max().name, Primitive.min().name]
    if constantShape.contains(sample.primitive.name) { return }
    let check = try GradientCheck(at: point) { nodes throws(ShapeError) in
      let y = try (Node.apply(sample.primitive, to: nodes) * weights).applying(.sum())
      var total: Node = 0
      let firsts: [Node]
      do throws(DifferentiationError) {
        firsts = try gradients(of: y, by: nodes)
      } catch {
        throw ShapeError(error.message)
      }
      for (first, direction) in zip(firsts, directions) {
        total = try total + (first * direction).applying(.sum())
      }
      return total
    }
    #expect(check.verdict != .disagrees, "\(String(describing: check.worst))")
  }

  @Test("The catalog names every operation, its slope and its reason in words")
  func catalog() {
    for primitive in Primitive.all {
      #expect(primitive.summary.hasSuffix("."), "\(primitive.name)")
      if case .none(let reason) = primitive.derivative { #expect(reason.count > 20) }
      if case .local = primitive.derivative, primitive.arity == 1 {
        #expect(primitive.derivativeFormula != nil, "\(primitive.name)")
      }
      for shapes in primitive.samples {
        #expect(shapes.count == primitive.arity, "\(primitive.name)")
      }
    }
  }

  @Test("Powers people write are exact")
  func powers() throws {
    var numbers = SplitMix(3)
    for _ in 0..<1000 {
      let x = numbers.number(in: -10...10)
      let y = try Primitive.power.evaluate([Tensor(x), Tensor(2)])
      #expect(y.number == x * x)
    }
  }
}
