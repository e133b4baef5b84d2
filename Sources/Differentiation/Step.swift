internal import CKernels

/// One call of a kernel with everything it needs: what a program is a list of.
enum Step {
  typealias Source = UnsafeRawPointer
  typealias Target = UnsafeMutableRawPointer

  case map(BPMap, Source, Target, count: Int, Double, Double)
  case zip(BPZip, BPWalk, Source, Source, Target, Double)
  case choose(BPWalk, condition: Source, Source, Source, Target)
  case product(BPProduct, Source, Source, bias: Source?, Target, scratch: Target?)
  case transpose(Source, Target, rows: Int, columns: Int)
  case reduce(BPReduce, axis: Int32, Source, Target, rows: Int, columns: Int, scale: Double)
  case row(BPRow, Source, Source?, Target, rows: Int, columns: Int)
  case accumulate(Source, Target, count: Int, backward: Bool)
  case take(Source, UnsafePointer<Int>, Target, count: Int)
  case scatter(Source, UnsafePointer<Int>, Target, count: Int, total: Int)
  case spread(BPWalk, Source, Target)

  @inline(__always)
  func run(_ kernels: UnsafePointer<BPKernels>) {
    switch self {
    case .map(let function, let x, let y, let count, let a, let b):
      kernels.pointee.map(function, x, y, count, a, b)
    case .zip(let function, var walk, let a, let b, let y, let constant):
      kernels.pointee.zip(function, &walk, a, b, y, constant)
    case .choose(var walk, let condition, let a, let b, let y):
      kernels.pointee.choose(&walk, condition, a, b, y)
    case .product(var shape, let a, let b, let bias, let y, let scratch):
      kernels.pointee.product(&shape, a, b, bias, y, scratch)
    case .transpose(let x, let y, let rows, let columns):
      kernels.pointee.transpose(x, y, rows, columns)
    case .reduce(let function, let axis, let x, let y, let rows, let columns, let scale):
      kernels.pointee.reduce(function, axis, x, y, rows, columns, scale)
    case .row(let function, let x, let t, let y, let rows, let columns):
      kernels.pointee.row(function, x, t, y, rows, columns)
    case .accumulate(let x, let y, let count, let backward):
      kernels.pointee.accumulate(x, y, count, backward)
    case .take(let x, let indices, let y, let count):
      kernels.pointee.take(x, indices, y, count)
    case .scatter(let x, let indices, let y, let count, let total):
      kernels.pointee.scatter(x, indices, y, count, total)
    case .spread(var walk, let x, let y):
      kernels.pointee.spread(&walk, x, y)
    }
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
  ) -> [Step] {
    let x = inputs[0]
    switch self {
    case .map(let function, let a, let b):
      return [.map(function, x.at, result.at, count: result.shape.count, a, b)]
    case .zip(let function, let constant):
      let walk = BPWalk(result.shape, x.shape, inputs[1].shape)
      return [.zip(function, walk, x.at, inputs[1].at, result.at, constant)]
    case .choose:
      let walk = BPWalk(result.shape, inputs[1].shape, inputs[2].shape, x.shape)
      return [.choose(walk, condition: x.at, inputs[1].at, inputs[2].at, result.at)]
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
      var steps: [Step] = []
      for input in inputs {
        steps.append(.map(BPMap.copy, input.at, at, count: input.shape.count, 0, 0))
        at += input.shape.count * width
      }
      return steps
    case .view:
      return [.map(BPMap.copy, x.at, result.at, count: x.shape.count, 0, 0)]
    case .broadcast:
      return [.spread(BPWalk(result.shape, x.shape), x.at, result.at)]
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
