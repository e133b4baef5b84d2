internal import CKernels

/// One operation of the engine: what it computes, its shapes, its kernel and its derivative.
package final class Primitive: Sendable {
  package let name: String
  /// One sentence.
  package let summary: String
  /// In bp's own syntax, with the names of its operands and constants; empty where the operation has
  /// no formula of its own.
  package let formula: String
  /// The derivative by x, in the names of the formula and the output y; of softmax the Jacobian.
  package let derivativeFormula: String?
  /// x, y, z unless a formula is clearer with others.
  package let operandNames: [String]
  /// What formulas call its `constants`, as the settings of an activation are called.
  package let constantNames: [String]
  /// The number of operands.
  package let arity: Int
  package let derivative: Derivative
  /// The same on numbers, for element-wise operations.
  package let scalar: ScalarFunction?
  /// Where it may be sampled, one interval an operand (the last one repeats).
  package let domain: [ClosedRange<Double>]
  /// Where the derivative jumps, in the first operand.
  package let kinks: [Double]
  /// Shapes to try it on, with the operands of a test.
  package let samples: [[Shape]]

  let kernel: Kernel
  let shapeRule: @Sendable ([Shape]) throws(ShapeError) -> Shape
  /// Multiplies an adjoint by the derivative in one pass, where there is a kernel for that.
  let fusedDerivative: FusedDerivative?

  init(
    _ name: String, _ summary: String, formula: String = "", derivativeFormula: String? = nil,
    operandNames: [String] = ["x", "y", "z"], constantNames: [String] = [], arity: Int = 1,
    kernel: Kernel, derivative: Derivative, scalar: ScalarFunction? = nil,
    fusedDerivative: FusedDerivative? = nil, domain: [ClosedRange<Double>] = [-3...3],
    kinks: [Double] = [],
    samples: [[Shape]] = [[.matrix(2, 3)]],
    shape: @escaping @Sendable ([Shape]) throws(ShapeError) -> Shape = { shapes in shapes[0] }
  ) {
    self.name = name
    self.summary = summary
    self.formula = formula
    self.derivativeFormula = derivativeFormula
    self.operandNames = operandNames
    self.constantNames = constantNames
    self.arity = arity
    self.kernel = kernel
    self.derivative = derivative
    self.scalar = scalar
    self.fusedDerivative = fusedDerivative
    self.domain = domain
    self.kinks = kinks
    self.samples = samples
    shapeRule = shape
  }

  /// The shape of the result.
  /// - Throws: where the shapes of the operands do not go together, or the result is too large.
  package func shape(of shapes: [Shape]) throws(ShapeError) -> Shape {
    guard shapes.count == arity else {
      throw ShapeError("\(name) takes \(arity) operands, not \(shapes.count)")
    }
    let result = try shapeRule(shapes)
    if case .matrix(let rows, let columns) = result {
      let (count, overflows) = rows.multipliedReportingOverflow(by: columns)
      if overflows || count > Primitive.largestCount {
        throw ShapeError(
          "\(result) is too large: a result has at most \(Primitive.largestCount) elements")
      }
    }
    return result
  }

  /// Elements of the largest result, 2 GiB of numbers: more is refused before memory is asked for.
  package static let largestCount = 1 << 28
}

/// An element-wise operation on plain numbers.
package enum ScalarFunction: Sendable {
  case one(@Sendable (Double) -> Double)
  case two(@Sendable (Double, Double) -> Double)
}

/// How a derivative is taken. Every primitive says one of these.
package enum Derivative: Sendable {
  /// Element by element: the partial derivative by one input, from the inputs, the output and the
  /// input's index.
  case local(@Sendable ([Node], Node, Int) throws(ShapeError) -> Node)
  /// Element by element, a constant by convention where the true derivative would teach nothing.
  case taken(as: Double, because: String)
  /// Adds the nodes of one input's adjoint, from the adjoint of the output, the inputs, the output
  /// and the input's index; nothing where the output does not vary with that input.
  case rule(@Sendable (Node, [Node], Node, Int) throws(ShapeError) -> Node?)
  /// There is none to use, and why.
  case none(String)
}

struct FusedDerivative: Sendable {
  enum Operand: Sendable { case input, output }
  let function: BPZip
  let from: Operand
  let constant: Double

  init(_ function: BPZip, from operand: Operand, _ constant: Double = 0) {
    self.function = function
    from = operand
    self.constant = constant
  }
}

/// What runs a primitive: one of a few families, each with its C kernel.
enum Kernel: Sendable {
  case map(BPMap, Double = 0, Double = 0)
  case zip(BPZip, Double = 0)
  case choose
  case product
  case outer
  case transpose
  /// axis 0: everything; 1: over the rows; 2: over the columns. The result of a sum is divided by
  /// the number of summands for a mean, and multiplied by a number.
  case reduce(BPReduce, axis: Int, mean: Bool = false, times: Double = 1)
  case row(BPRow)
  case accumulate(backward: Bool)
  /// Elements by position, counted from 0 row by row.
  case take([Int])
  case scatter([Int])
  case join
  /// The same elements in another shape.
  case view
  case broadcast
  case collapse
}
