import CKernels
import Glibc
import TestSupport
import Testing

@testable import Differentiation

/// What kernels give, against plain loops: at ties, zeros, infinities and nan, and for every length
/// and position in a vector register.
@Suite struct KernelValueTests {
  /// Whether both are the same number, or none.
  static func isSame(_ a: Double, _ b: Double) -> Bool { a == b || a.isNaN && b.isNaN }

  // MARK: Reductions

  private static func reduced(
    _ function: BPReduce, axis: Int, _ x: [Double], rows: Int, columns: Int, _ table: KernelTable
  ) -> [Double] {
    let count = axis == 0 ? 1 : axis == 1 ? columns : rows
    let source = table.memory(x)
    let target = table.memory(Array(repeating: -77, count: count))
    return withExtendedLifetime((source, target)) {
      let step = BPStep.reduce(
        function, axis: Int32(axis), source.base, target.base, rows: rows, columns: columns,
        scale: 1)
      withUnsafePointer(to: step) { table.kernels.pointee.run($0, 1) }
      return table.precision.read(count, from: target.base)
    }
  }

  /// In plain loops; an extreme of what holds a nan is nan.
  private static func plainly(_ function: BPReduce, _ numbers: [Double]) -> Double {
    switch function {
    case .sum: numbers.reduce(0, +)
    case .maximum: numbers.reduce(-.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
    case .minimum: numbers.reduce(.infinity) { $0.isNaN || $1.isNaN ? .nan : min($0, $1) }
    case .norm: numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case .sumOfSquares: numbers.reduce(0) { $0 + $1 * $1 }
    }
  }

  @Test(
    "Sums and extremes along every axis are those of plain loops", arguments: KernelTable.all)
  func reductions(_ table: KernelTable) {
    var numbers = SplitMix(6)
    for (rows, columns) in [
      (1, 1), (2, 1), (1, 2), (2, 2), (3, 5), (7, 3), (4, 8), (5, 16), (3, 17), (17, 4), (2, 70),
    ] {
      for hasGap in [false, true] {
        // Whole numbers, so that sums are exact in any order, and equal ones are frequent.
        var x = (0..<rows * columns).map { _ in Double(numbers.below(9)) - 4 }
        if hasGap { x[numbers.below(x.count)] = .nan }
        for function in [BPReduce.sum, .maximum, .minimum] {
          for axis in 0...2 {
            let found = Self.reduced(
              function, axis: axis, x, rows: rows, columns: columns, table)
            let parts =
              switch axis {
              case 0: [x]
              case 1: (0..<columns).map { j in (0..<rows).map { x[$0 * columns + j] } }
              default: (0..<rows).map { Array(x[$0 * columns..<($0 + 1) * columns]) }
              }
            let right = parts.map { Self.plainly(function, $0) }
            #expect(
              found.count == right.count && zip(found, right).allSatisfy(Self.isSame),
              "\(function), \(rows)×\(columns), axis \(axis): \(found), not \(right)")
          }
        }
        for function in [BPReduce.sumOfSquares, .norm] {
          let found = Self.reduced(function, axis: 0, x, rows: rows, columns: columns, table)[0]
          let right = Self.plainly(function, x)
          #expect(Self.isSame(found, right) || abs(found - right) <= 1e-6 * right)
        }
      }
    }
  }

  // MARK: Products

  /// From six million multiply-adds on the parts of a product go to several threads.
  @Test(
    "A product in parts is that of its rows one by one, whatever its bias",
    arguments: KernelTable.all)
  func productInParts(_ table: KernelTable) {
    let before = bp_threads(0)
    defer { _ = bp_threads(before) }
    _ = bp_threads(2)
    var numbers = SplitMix(12)
    let (m, n, k) = (190, 185, 180)
    let a = table.memory((0..<m * k).map { _ in numbers.number(in: -1...1) })
    let b = table.memory((0..<k * n).map { _ in numbers.number(in: -1...1) })
    let bias = table.memory((0..<n).map { _ in numbers.number(in: -1...1) })
    let scratch = table.memory(Array(repeating: 0, count: k * n))
    let (whole, single) = (
      table.memory(Array(repeating: 0, count: m * n)),
      table.memory(Array(repeating: 0, count: m * n))
    )
    withExtendedLifetime((a, b, bias, scratch, whole, single)) {
      var shape = BPProduct(
        m: m, n: n, k: k, transposeA: false, transposeB: false, accumulate: false)
      table.kernels.pointee.product(
        &shape, a.base, b.base, bias.base, whole.base, scratch.base)
      shape.m = 1
      let width = table.precision.width
      for row in 0..<m {
        table.kernels.pointee.product(
          &shape, a.base + row * k * width, b.base, bias.base, single.base + row * n * width,
          scratch.base)
      }
      let found = table.precision.read(m * n, from: whole.base)
      let right = table.precision.read(m * n, from: single.base)
      let largest = zip(found, right).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(largest < (table.precision == .float64 ? 1e-12 : 1e-4), "off by \(largest)")
    }
  }

  // MARK: Rows

  private static func row(
    _ function: BPRow, _ x: [Double], targets: [Double]? = nil, _ table: KernelTable
  ) -> [Double] {
    let count = function == .softmax ? x.count : 1
    let source = table.memory(x)
    let weights = table.memory(targets ?? x)
    let target = table.memory(Array(repeating: -77, count: count))
    return withExtendedLifetime((source, weights, target)) {
      let step = BPStep.row(
        function, source.base, targets == nil ? nil : UnsafeRawPointer(weights.base), target.base,
        rows: 1, columns: x.count)
      withUnsafePointer(to: step) { table.kernels.pointee.run($0, 1) }
      return table.precision.read(count, from: target.base)
    }
  }

  @Test(
    "Targets of 0 count nothing, wherever they stand, at infinite net inputs too",
    arguments: KernelTable.all)
  func zeroTargets(_ table: KernelTable) {
    let tolerance = table.precision == .float64 ? 1e-14 : 1e-5
    for count in 2...35 {
      for hole in [0, count / 2, count - 1] {
        var z = (0..<count).map { Double($0 % 5) / 2 - 1 }
        z[hole] = -.infinity
        var t = Array(repeating: 0.0, count: count)
        let own = (hole + 1) % count
        t[own] = 1
        let rest = z.indices.filter { $0 != hole }.reduce(0) { $0 + exp(z[$1]) }
        let found = Self.row(.crossEntropy, z, targets: t, table)[0]
        #expect(abs(found - (log(rest) - z[own])) < tolerance * 8, "\(count), \(hole): \(found)")
        let sum = Self.row(.logSumExp, z, table)[0]
        #expect(abs(sum - log(rest)) < tolerance * 8, "\(count), \(hole): \(sum)")
        let shares = Self.row(.softmax, z, table)
        #expect(shares[hole] == 0 && abs(shares.reduce(0, +) - 1) < tolerance * 8)
      }
      #expect(
        Self.row(.logSumExp, Array(repeating: -.infinity, count: count), table) == [-.infinity])
      var z = Array(repeating: 1.0, count: count)
      z[count - 1] = .infinity
      #expect(Self.row(.logSumExp, z, table) == [.infinity])
    }
  }

  // MARK: Functions of two

  static let pairs = Primitive.all.filter { primitive in
    if case .two? = primitive.scalar { true } else { false }
  }

  private static let extremes: [Double] = [
    -7, -2.5, -1, -0.5, 0, 0.25, 1, 2.5, 3, 7, .infinity, -.infinity, .nan,
  ]

  @Test(
    "A function of two gives of vectors, numbers and columns what it gives of two numbers",
    arguments: pairs, Precision.allCases)
  func twoOperands(_ primitive: Primitive, _ precision: Precision) throws {
    let extremes = Self.extremes
    let count = extremes.count
    func right(_ a: Double, _ b: Double) throws -> Double {
      try #require(try primitive.evaluate([Tensor(a), Tensor(b)]).number)
    }
    func close(_ a: Double, _ b: Double) -> Bool {
      Self.isSame(a, b) || abs(a - b) <= (precision == .float64 ? 4e-15 : 2e-6) * max(abs(b), 1)
    }
    for other in extremes {
      let number = Tensor(other)
      let alike = Tensor(vector: Array(repeating: other, count: count))
      for isFirst in [true, false] {
        let wanted = try extremes.map { isFirst ? try right(other, $0) : try right($0, other) }
        for (many, one) in [
          (Tensor(vector: extremes), number), (Tensor(vector: extremes), alike),
          (Tensor(.matrix(count, 1), extremes), Tensor(.matrix(1, 1), [other])),
        ] {
          let operands = isFirst ? [one, many] : [many, one]
          guard let shape = try? primitive.shape(of: operands.map { $0.shape }) else { continue }
          #expect(shape.count == count)
          let inputs = operands.map { Node.input($0.shape, name: nil) }
          let program = Program([try Node.apply(primitive, to: inputs)], precision: precision)
          for (input, value) in zip(inputs, operands) { program.set(input, to: value) }
          program.run()
          for values in [program.value(0), try primitive.evaluate(operands)] {
            for (place, found) in values.elements.enumerated() {
              let (a, b) = isFirst ? (other, extremes[place]) : (extremes[place], other)
              #expect(
                close(found, wanted[place]),
                "\(primitive.name)(\(a), \(b)) is \(wanted[place]), here \(found)")
            }
          }
        }
      }
    }
  }

  // MARK: Functions of one

  static let singles = Primitive.all.filter { primitive in
    if case .one? = primitive.scalar { true } else { false }
  }

  @Test(
    "A function of one gives in a program what it gives of a number, at halves, zeros and nan too",
    arguments: singles, Precision.allCases)
  func oneOperand(_ primitive: Primitive, _ precision: Precision) throws {
    let points = [
      -2.5, -1.5, -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.5, 2.5, .infinity, -.infinity,
      .nan,
    ]
    let input = Node.input(.vector(points.count), name: nil)
    let program = Program([try input.applying(primitive)], precision: precision)
    program.set(input, to: Tensor(vector: points))
    program.run()
    for (x, found) in zip(points, program.value(0).elements) {
      let right = try #require(try primitive.evaluate([Tensor(x)]).number)
      let tolerance = precision == .float64 ? 2e-15 : 2e-6
      #expect(
        Self.isSame(found, right) || abs(found - right) <= tolerance * max(abs(right), 1),
        "\(primitive.name)(\(x)) is \(right), here \(found)")
    }
  }
}
