import CKernels
import Glibc
import GoldenNumbers
import TestSupport
import Testing

@testable import Differentiation

/// The kernels of every instruction set this runtime has.
struct KernelTable: CustomTestStringConvertible {
  let set: BPInstructionSet
  let precision: Precision

  static var all: [KernelTable] {
    [BPInstructionSet.portable, .avx2, .avx512].flatMap { set in
      Precision.allCases.map { KernelTable(set: set, precision: $0) }
    }.filter { $0.table != nil }
  }

  private var table: UnsafePointer<BPKernels>? {
    bp_kernels_for(
      precision == .float64 ? BPPrecision.float64 : BPPrecision.float32, set)
  }

  var kernels: UnsafePointer<BPKernels> { table ?? precision.kernels }

  var testDescription: String {
    let name =
      switch set {
      case .portable: "portable"
      case .avx2: "avx2"
      case .avx512: "avx512"
      }
    return "\(name) \(precision)"
  }

  /// Memory holding these numbers in the table's format.
  func memory(_ numbers: [Double]) -> Memory {
    let memory = Memory(bytes: numbers.count * precision.width)
    precision.write(numbers, to: memory.base)
    return memory
  }

  func map(_ function: BPMap, _ points: [Double]) -> [Double] {
    let x = memory(points)
    let y = memory(points)
    return withExtendedLifetime((x, y)) {
      kernels.pointee.map(function, x.base, y.base, points.count, 1, 0)
      return precision.read(points.count, from: y.base)
    }
  }

  func rounded(_ numbers: [Double]) -> [Double] {
    precision == .float64 ? numbers : numbers.map { Double(Float($0)) }
  }
}

@Suite struct KernelTests {
  @Test(
    "Products of all sizes and transpositions agree with the plain sum",
    arguments: KernelTable.all)
  func products(_ table: KernelTable) {
    var numbers = SplitMix(1)
    let sizes = [1, 2, 3, 5, 8, 17, 33]
    for m in sizes {
      for n in sizes {
        for k in [1, 2, 7, 20] {
          let a = table.rounded((0..<m * k).map { _ in numbers.number(in: -1...1) })
          let b = table.rounded((0..<k * n).map { _ in numbers.number(in: -1...1) })
          let bias = table.rounded((0..<n).map { _ in numbers.number(in: -1...1) })
          for variant in 0..<16 {
            var shape = BPProduct(
              m: m, n: n, k: k, transposeA: variant & 1 != 0, transposeB: variant & 2 != 0,
              accumulate: variant & 8 != 0)
            let start = [Double](repeating: 0.5, count: m * n)
            let y = table.memory(start)
            let scratch = table.memory([Double](repeating: 0, count: k * n))
            let added = variant & 4 != 0 ? table.memory(bias) : nil
            let left = table.memory(a)
            let right = table.memory(b)
            let found = withExtendedLifetime((left, right, added, y, scratch)) {
              table.kernels.pointee.product(
                &shape, left.base, right.base, added?.base, y.base, scratch.base)
              return table.precision.read(m * n, from: y.base)
            }
            var largest = 0.0
            for i in 0..<m {
              for j in 0..<n {
                var sum = (shape.accumulate ? 0.5 : 0) + (added == nil ? 0 : bias[j])
                for p in 0..<k {
                  sum +=
                    a[shape.transposeA ? p * m + i : i * k + p]
                    * b[shape.transposeB ? j * k + p : p * n + j]
                }
                largest = max(largest, abs(found[i * n + j] - sum))
              }
            }
            #expect(
              largest < (table.precision == .float64 ? 1e-14 : 1e-5),
              "\(m)×\(k) by \(k)×\(n), variant \(variant)")
          }
        }
      }
    }
  }

  static let functions: [(BPMap, ClosedRange<Double>, @Sendable (Double) -> Double)] = [
    (.exp, -30...30, { Glibc.exp($0) }), (.exp, -1e-3...1e-3, { Glibc.exp($0) }),
    (.tanh, -9...9, { Glibc.tanh($0) }), (.tanh, -0.01...0.01, { Glibc.tanh($0) }),
    (.log, 1e-6...4, { Glibc.log($0) }), (.log, 0.9...1.1, { Glibc.log($0) }),
    (.log, 1...1e30, { Glibc.log($0) }),
    (.sigmoid, -30...30, { logistic($0) }), (.softplus, -30...30, { smoothed($0) }),
    (.elu, -20...3, { $0 < 0 ? expm1($0) : $0 }), (.elu, -0.01...0.01, { $0 < 0 ? expm1($0) : $0 }),
    (.sqrt, 0...9, { $0.squareRoot() }), (.swish, -20...20, { $0 * logistic($0) }),
  ]

  @Test(
    "Polynomial functions stay within a few units in the last place",
    arguments: KernelTable.all, functions.indices)
  func accuracy(_ table: KernelTable, _ position: Int) {
    let (function, range, exact) = KernelTests.functions[position]
    var numbers = SplitMix(2)
    let points = table.rounded((0..<2003).map { _ in numbers.number(in: range) })
    var worst = 0.0
    for (x, found) in zip(points, table.map(function, points)) {
      let expected = exact(x)
      let unit =
        table.precision == .float64 ? expected.ulp : Double(Float(expected).ulp)
      worst = max(worst, abs(found - expected) / unit)
    }
    #expect(worst <= (function == .exp || function == .log || function == .tanh ? 3 : 4.5))
  }

  @Test("Extreme arguments give the limits", arguments: KernelTable.all)
  func extremes(_ table: KernelTable) {
    let infinity = Double.infinity
    let points = [1e4, -1e4, infinity, -infinity, .nan, 0]
    func values(_ function: BPMap) -> [Double] { table.map(function, points) }
    #expect(Array(values(.exp)[..<4]) == [infinity, 0, infinity, 0])
    #expect(Array(values(.tanh)[..<4]) == [1, -1, 1, -1])
    #expect(Array(values(.sigmoid)[..<4]) == [1, 0, 1, 0])
    #expect(Array(values(.softplus)[..<4]) == [1e4, 0, infinity, 0])
    #expect(values(.log)[2] == infinity && values(.log)[5] == -infinity)
    for function in [BPMap.exp, .tanh, .sigmoid, .softplus, .log, .relu] {
      #expect(values(function)[4].isNaN, "\(function)")
    }
    #expect(values(.log)[1].isNaN)
  }

  @Test("Optimizer updates follow their formulas for every length", arguments: KernelTable.all)
  func updates(_ table: KernelTable) {
    typealias Formula = (Double, Double, Double, Double) -> (Double, Double, Double)
    var rules: [(UpdateKernel, Formula)] = []
    // Weight decay is part of the gradient everywhere but in adamw.
    for decay in [0, 0.1] {
      func decayed(_ formula: @escaping Formula) -> Formula {
        { w, g, s, t in formula(w, g + decay * w, s, t) }
      }
      func adam(_ w: Double, _ g: Double, _ s: Double, _ t: Double) -> (Double, Double, Double) {
        let m = 0.9 * s + 0.1 * g
        let v = 0.999 * t + 0.001 * g * g
        let mHat = m / (1 - pow(0.9, 3))
        let vHat = v / (1 - pow(0.999, 3))
        return (w - 0.2 * mHat / (vHat.squareRoot() + 1e-8), m, v)
      }
      rules += [
        (.sgd(weightDecay: decay), decayed { w, g, s, t in (w - 0.2 * g, s, t) }),
        (
          .momentum(0.9, dampening: 0.5, weightDecay: decay),
          decayed { w, g, s, t in
            let v = 0.9 * s + 0.5 * g
            return (w - 0.2 * v, v, t)
          }
        ),
        (
          .rumelhart(0.9, weightDecay: decay),
          decayed { w, g, s, t in (w + 0.9 * s - 0.2 * g, 0.9 * s - 0.2 * g, t) }
        ),
        (
          .nesterov(0.9, weightDecay: decay),
          decayed { w, g, s, t in
            let v = 0.9 * s + g
            return (w - 0.2 * (g + 0.9 * v), v, t)
          }
        ),
        (
          .adagrad(weightDecay: decay),
          decayed { w, g, s, t in
            (w - 0.2 * g / ((s + g * g).squareRoot() + 1e-10), s + g * g, t)
          }
        ),
        (
          .rmsprop(weightDecay: decay),
          decayed { w, g, s, t in
            let v = 0.99 * s + 0.01 * g * g
            return (w - 0.2 * g / (v.squareRoot() + 1e-8), v, t)
          }
        ),
        (.adam(weightDecay: decay), decayed(adam)),
        (
          .adamw(weightDecay: decay),
          { w, g, s, t in
            let (next, m, v) = adam(w, g, s, t)
            return (next - 0.2 * decay * w, m, v)
          }
        ),
      ]
    }
    var numbers = SplitMix(4)
    for (rule, formula) in rules {
      for count in [1, 7, 8, 19] {
        let draw = { (_: Int) in numbers.number(in: 0.1...1) }
        let lists = (0..<4).map { _ in table.rounded((0..<count).map(draw)) }
        let memories = lists.map(table.memory)
        let constants = rule.constants(0.2, 3)
        let settings = (0..<8).map { constants[$0] }
        let found = withExtendedLifetime(memories) {
          table.kernels.pointee.update(
            rule.function, memories[0].base, memories[1].base,
            rule.stateCount > 0 ? memories[2].base : nil,
            rule.stateCount > 1 ? memories[3].base : nil, count, settings)
          return [0, 2, 3].map { table.precision.read(count, from: memories[$0].base) }
        }
        for index in 0..<count {
          let (w, s, t) = formula(
            lists[0][index], lists[1][index], lists[2][index], lists[3][index])
          let got = found.map { $0[index] }
          let tolerance = table.precision == .float64 ? 1e-14 : 2e-6
          expectClose(got, [w, s, t], relative: tolerance, absolute: tolerance)
        }
      }
    }
  }

  @Test(
    "The large-product library, where there is one, agrees with our own kernels",
    arguments: Precision.allCases)
  func library(_ precision: Precision) {
    guard bp_blas_name() != nil else { return }
    let size = 41
    var numbers = SplitMix(8)
    let a = Memory(bytes: size * size * precision.width)
    let b = Memory(bytes: size * size * precision.width)
    precision.write((0..<size * size).map { _ in numbers.number(in: -1...1) }, to: a.base)
    precision.write((0..<size * size).map { _ in numbers.number(in: -1...1) }, to: b.base)
    var results: [[Double]] = []
    for isOn in [true, false] {
      let before = bp_blas_from(isOn ? 1000 : .max)
      defer { _ = bp_blas_from(before) }
      let y = Memory(bytes: size * size * precision.width)
      let scratch = Memory(bytes: size * size * precision.width)
      var shape = BPProduct(
        m: size, n: size, k: size, transposeA: true, transposeB: true, accumulate: false)
      withExtendedLifetime((a, b, y, scratch)) {
        precision.kernels.pointee.product(&shape, a.base, b.base, b.base, y.base, scratch.base)
        results.append(precision.read(size * size, from: y.base))
      }
    }
    let largest = zip(results[0], results[1]).map { abs($0 - $1) }.max() ?? .infinity
    #expect(largest < (precision == .float64 ? 1e-13 : 2e-5))
  }

  @Test("Matrices of all sizes are turned", arguments: KernelTable.all)
  func transposition(_ table: KernelTable) {
    for rows in [1, 3, 4, 8, 9, 17] {
      for columns in [1, 2, 4, 8, 11, 24] {
        let x = table.memory((0..<rows * columns).map(Double.init))
        let y = table.memory(Array(repeating: -1, count: rows * columns))
        let found = withExtendedLifetime((x, y)) {
          table.kernels.pointee.transpose(x.base, y.base, rows, columns)
          return table.precision.read(rows * columns, from: y.base)
        }
        let expected = (0..<columns).flatMap { column in
          (0..<rows).map { Double($0 * columns + column) }
        }
        #expect(found == expected, "\(rows)×\(columns)")
      }
    }
  }

  @Test("A norm neither overflows nor vanishes on the way", arguments: KernelTable.all)
  func norms(_ table: KernelTable) {
    func norm(_ numbers: [Double]) -> Double {
      let x = table.memory(numbers)
      let y = table.memory([-1])
      return withExtendedLifetime((x, y)) {
        let step = BPStep.reduce(
          BPReduce.norm, axis: 0, x.base, y.base, rows: 1, columns: numbers.count, scale: 1)
        withUnsafePointer(to: step) { table.kernels.pointee.run($0, 1) }
        return table.precision.read(1, from: y.base)[0]
      }
    }
    let isWide = table.precision == .float64
    let (huge, tiny) = isWide ? (1e200, 1e-200) : (1e30, 1e-30)
    for scale in [1, huge, tiny] {
      for count in [1, 3, 9, 40] {
        let found = norm((0..<count).map { ($0 == 0 ? 3 : $0 == 1 ? -4 : 0) * scale })
        let right = (count == 1 ? 3 : 5) * scale
        #expect(abs(found - right) <= (isWide ? 1e-15 : 1e-6) * right, "\(scale) \(count)")
      }
    }
    #expect(norm([0, 0]) == 0)
    #expect(norm([-.infinity, 1]) == .infinity)
    #expect(norm([.nan, .infinity, 1e300]).isNaN)
  }

  @Test("Masks keep their share, repeat, and are the same on every instruction set")
  func masks() {
    let lists = KernelTable.all.map { table in
      let y = table.memory(Array(repeating: -1, count: 4000))
      return withExtendedLifetime(y) {
        table.kernels.pointee.mask(5, 100, 0.8, y.base, 4000)
        return table.precision.read(4000, from: y.base)
      }
    }
    for list in lists {
      let kept = list.filter { $0 > 0 }
      #expect(abs(Double(kept.count) / 4000 - 0.8) < 0.03)
      #expect(kept.allSatisfy { abs($0 - 1.25) < 1e-6 })
      #expect(list.map { $0 > 0 } == lists[0].map { $0 > 0 })
    }
  }
}
