internal import CKernels

// The calls a program is a list of; the places are those of rows × columns numbers each.
extension BPStep {
  typealias Source = UnsafeRawPointer
  typealias Target = UnsafeMutableRawPointer

  static func map(
    _ function: BPMap, _ x: Source, _ y: Target, count: Int, _ a: Double = 0, _ b: Double = 0
  ) -> BPStep {
    var step = BPStep(BPOperation.map, x, y, columns: count)
    step.function = function.rawValue
    step.p = a
    step.q = b
    return step
  }

  static func zip(
    _ function: BPZip, _ strides: BPStrides, _ a: Source, _ b: Source, _ y: Target,
    _ constant: Double
  ) -> BPStep {
    var step = BPStep(BPOperation.zip, a, y, strides)
    step.function = function.rawValue
    step.b = b
    step.p = constant
    return step
  }

  static func choose(
    _ strides: BPStrides, condition: Source, _ a: Source, _ b: Source, _ y: Target
  ) -> BPStep {
    var step = BPStep(BPOperation.choose, a, y, strides)
    step.b = b
    step.c = condition
    return step
  }

  /// - Parameters:
  ///   - scratch: room for the right operand, which may have to be transposed.
  ///   - then: a function of every number of the result.
  ///   - other: what a function of two numbers takes besides.
  static func product(
    _ shape: BPProduct, _ a: Source, _ b: Source, bias: Source?, _ y: Target, scratch: Target?,
    then: Kernel? = nil, with other: Source? = nil
  ) -> BPStep {
    var step = BPStep(BPOperation.product, a, y, columns: 0)
    step.product = shape
    step.b = b
    step.c = bias
    step.scratch = scratch
    step.function = BPMap.copy.rawValue
    switch then {
    case .map(let function, let p, let q)?:
      step.function = function.rawValue
      step.p = p
      step.q = q
    case .zip(let function, let constant)?:
      step.joint = function.rawValue
      step.d = other
      step.p = constant
    default: break
    }
    return step
  }

  static func transpose(_ x: Source, _ y: Target, rows: Int, columns: Int) -> BPStep {
    BPStep(BPOperation.transpose, x, y, rows: rows, columns: columns)
  }

  static func reduce(
    _ function: BPReduce, axis: Int32, _ x: Source, _ y: Target, rows: Int, columns: Int,
    scale: Double
  ) -> BPStep {
    var step = BPStep(BPOperation.reduce, x, y, rows: rows, columns: columns)
    step.function = function.rawValue
    step.axis = axis
    step.p = scale
    return step
  }

  static func row(
    _ function: BPRow, _ x: Source, _ targets: Source?, _ y: Target, rows: Int, columns: Int
  ) -> BPStep {
    var step = BPStep(BPOperation.row, x, y, rows: rows, columns: columns)
    step.function = function.rawValue
    step.b = targets
    return step
  }

  static func accumulate(_ x: Source, _ y: Target, count: Int, backward: Bool) -> BPStep {
    var step = BPStep(BPOperation.accumulate, x, y, columns: count)
    step.backward = backward
    return step
  }

  static func take(
    _ x: Source, _ indices: UnsafePointer<Int>, _ y: Target, count: Int
  ) -> BPStep {
    var step = BPStep(BPOperation.take, x, y, columns: count)
    step.indices = indices
    return step
  }

  /// - Parameter total: how many numbers the target has.
  static func scatter(
    _ x: Source, _ indices: UnsafePointer<Int>, _ y: Target, count: Int, total: Int
  ) -> BPStep {
    var step = BPStep(BPOperation.scatter, x, y, rows: total, columns: count)
    step.indices = indices
    return step
  }

  static func spread(_ strides: BPStrides, _ x: Source, _ y: Target) -> BPStep {
    BPStep(BPOperation.spread, x, y, strides)
  }

  private init(_ operation: BPOperation, _ a: Source, _ y: Target, rows: Int = 1, columns: Int) {
    self.init()
    self.operation = operation
    self.a = a
    self.y = y
    strides.rows = rows
    strides.columns = columns
  }

  private init(_ operation: BPOperation, _ a: Source, _ y: Target, _ strides: BPStrides) {
    self.init()
    self.operation = operation
    self.a = a
    self.y = y
    self.strides = strides
  }
}

extension Kernel {
  /// A tensor in memory.
  struct Operand {
    let at: UnsafeMutableRawPointer
    let shape: Shape
  }

  /// The calls that compute the result from the operands.
  ///
  /// - Parameters:
  ///   - width: bytes of an element.
  ///   - indices: the kernel's positions, in memory that outlives the steps.
  func steps(
    _ inputs: [Operand], into result: Operand, width: Int, indices: UnsafePointer<Int>
  ) -> [BPStep] {
    let x = inputs[0]
    switch self {
    case .map(let function, let a, let b):
      return [.map(function, x.at, result.at, count: result.shape.count, a, b)]
    case .zip(let function, let constant):
      let strides = BPStrides(result.shape, x.shape, inputs[1].shape)
      return [.zip(function, strides, x.at, inputs[1].at, result.at, constant)]
    case .choose:
      let strides = BPStrides(result.shape, inputs[1].shape, inputs[2].shape, x.shape)
      return [.choose(strides, condition: x.at, inputs[1].at, inputs[2].at, result.at)]
    case .product:
      let shape = Kernel.product(x.shape, inputs[1].shape)
      return [.product(shape, x.at, inputs[1].at, bias: nil, result.at, scratch: nil)]
    case .outer:
      let shape = BPProduct(
        m: x.shape.count, n: inputs[1].shape.count, k: 1, transposeA: false, transposeB: false,
        accumulate: false)
      return [.product(shape, x.at, inputs[1].at, bias: nil, result.at, scratch: nil)]
    case .transpose:
      return [.transpose(x.at, result.at, rows: x.shape.rows, columns: x.shape.columns)]
    case .reduce(let function, let axis, let mean, let factor):
      let count = Double(x.shape.count) / Double(Swift.max(result.shape.count, 1))
      let whole = axis == 0 || result.shape == .scalar
      return [
        .reduce(
          function, axis: whole ? 0 : Int32(axis), x.at, result.at, rows: x.shape.rows,
          columns: x.shape.columns, scale: mean ? factor / count : factor)
      ]
    case .row(let function):
      let t = inputs.count > 1 ? UnsafeRawPointer(inputs[1].at) : nil
      return [
        .row(function, x.at, t, result.at, rows: x.shape.rows, columns: x.shape.columns)
      ]
    case .accumulate(let backward):
      return [.accumulate(x.at, result.at, count: x.shape.count, backward: backward)]
    case .take:
      return [.take(x.at, indices, result.at, count: result.shape.count)]
    case .scatter(let positions):
      return [
        .scatter(
          x.at, indices, result.at, count: positions.count, total: result.shape.count)
      ]
    case .join:
      var at = result.at
      var steps: [BPStep] = []
      for input in inputs {
        steps.append(.map(BPMap.copy, input.at, at, count: input.shape.count))
        at += input.shape.count * width
      }
      return steps
    case .view:
      return [.map(BPMap.copy, x.at, result.at, count: x.shape.count)]
    case .broadcast:
      return [.spread(BPStrides(result.shape, x.shape), x.at, result.at)]
    case .collapse:
      let to = result.shape
      let axis: Int32 = to.count == 1 ? 0 : to.columns == x.shape.columns ? 1 : 2
      if to.count == x.shape.count {
        return Kernel.view.steps(inputs, into: result, width: width, indices: indices)
      }
      return [
        .reduce(
          BPReduce.sum, axis: axis, x.at, result.at, rows: x.shape.rows,
          columns: x.shape.columns, scale: 1)
      ]
    }
  }

  var indices: [Int] {
    switch self {
    case .take(let indices), .scatter(let indices): indices
    default: []
    }
  }

  /// The product of operands whose shapes have been found to fit.
  static func product(_ a: Shape, _ b: Shape) -> BPProduct {
    var (m, k, n) = (1, 1, 1)
    switch (a, b) {
    case (.vector(let count), .vector): k = count
    case (.vector(let count), .matrix(let rows, let columns)):
      n = columns
      if rows == count { k = count } else { m = count }
    case (.matrix(let rows, let columns), .matrix(_, let outer)):
      (m, k, n) = (rows, columns, outer)
    case (.matrix(let rows, let columns), _): (m, k) = (rows, columns)
    default: break
    }
    return BPProduct(m: m, n: n, k: k, transposeA: false, transposeB: false, accumulate: false)
  }
}
