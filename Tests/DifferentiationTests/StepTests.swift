import CKernels
import TestSupport
import Testing

@testable import Differentiation

/// Steps on few numbers are carried out on the spot: they give what the kernels give.
@Suite struct StepTests {
  /// What the step leaves in `y`, as it is planned and as it is without planning.
  private func results(
    _ step: BPStep, count: Int, _ table: KernelTable
  ) -> (small: [Double], general: [Double]) {
    var planned = step
    table.kernels.pointee.prepare(&planned, 1)
    func run(_ step: BPStep) -> [Double] {
      var step = step
      let y = table.memory([Double](repeating: 7, count: count + 1))
      return withExtendedLifetime(y) {
        step.y = UnsafeMutableRawPointer(y.base)
        table.kernels.pointee.run(&step, 1)
        return table.precision.read(count + 1, from: y.base)
      }
    }
    return (run(planned), run(step))
  }

  static let maps: [BPMap] = (0...BPMap.clipDerivative.rawValue).compactMap { BPMap(rawValue: $0) }
  static let zips: [BPZip] = (0...BPZip.tanhBack.rawValue).compactMap { BPZip(rawValue: $0) }

  @Test("A function of few numbers, with the same bits", arguments: KernelTable.all)
  func maps(_ table: KernelTable) {
    var numbers = SplitMix(11)
    for function in StepTests.maps {
      for count in 1...17 {
        let x = table.memory(table.rounded((0..<count).map { _ in numbers.number(in: 0.1...1) }))
        withExtendedLifetime(x) {
          let step = BPStep.map(function, x.base, x.base, count: count, 0.3, 0.8)
          let (small, general) = results(step, count: count, table)
          #expect(small == general, "\(function) of \(count)")
          #expect(small.last == 7, "writes beyond its \(count) numbers")
        }
      }
    }
  }

  @Test("Two operands, repeated or not, with the same bits", arguments: KernelTable.all)
  func zips(_ table: KernelTable) {
    var numbers = SplitMix(12)
    let shapes: [(Shape, Shape)] = [
      (.vector(1), .vector(1)), (.vector(2), .vector(2)), (.vector(5), .scalar),
      (.scalar, .vector(3)), (.matrix(2, 2), .matrix(2, 2)), (.matrix(3, 2), .vector(2)),
      (.matrix(3, 1), .matrix(3, 1)), (.matrix(3, 2), .matrix(3, 1)), (.vector(15), .vector(15)),
      (.matrix(1, 4), .matrix(3, 4)),
    ]
    for function in StepTests.zips {
      for (left, right) in shapes {
        let result = left.count > right.count ? left : right
        let a = table.memory((0..<left.count).map { _ in numbers.number(in: 0.1...1) })
        let b = table.memory((0..<right.count).map { _ in numbers.number(in: 0.1...1) })
        withExtendedLifetime((a, b)) {
          let step = BPStep.zip(
            function, BPStrides(result, left, right), a.base, b.base, a.base, 0.4)
          let (small, general) = results(step, count: result.count, table)
          #expect(small == general, "\(function) of \(left) and \(right)")
          #expect(small.last == 7)
        }
      }
    }
  }

  @Test(
    "Small products of every transposition, with a function of the result",
    arguments: KernelTable.all)
  func products(_ table: KernelTable) {
    var numbers = SplitMix(13)
    let functions: [BPMap] = [.copy, .sigmoid, .relu, .sin]
    for (m, n, k) in [
      (1, 1, 1), (1, 2, 2), (2, 2, 1), (1, 3, 4), (2, 2, 2), (4, 1, 2), (3, 5, 2), (1, 7, 9),
      (2, 4, 3), (8, 2, 2), (5, 6, 7),
    ] {
      let a = table.memory((0..<m * k).map { _ in numbers.number(in: -1...1) })
      let b = table.memory((0..<k * n).map { _ in numbers.number(in: -1...1) })
      let bias = table.memory((0..<n).map { _ in numbers.number(in: -1...1) })
      let scratch = table.memory([Double](repeating: 0, count: k * n))
      withExtendedLifetime((a, b, bias, scratch)) {
        for variant in 0..<8 {
          for function in functions {
            let shape = BPProduct(
              m: m, n: n, k: k, transposeA: variant & 1 != 0, transposeB: variant & 2 != 0,
              accumulate: false)
            let step = BPStep.product(
              shape, a.base, b.base, bias: variant & 4 != 0 ? UnsafeRawPointer(bias.base) : nil,
              a.base, scratch: scratch.base, then: .map(function))
            let (small, general) = results(step, count: m * n, table)
            let limit = table.precision == .float64 ? 1e-15 : 1e-6
            let isClose = zip(small, general).allSatisfy { abs($0 - $1) <= limit }
            #expect(isClose, "\(m)×\(k) by \(k)×\(n), variant \(variant), \(function)")
            #expect(small.last == 7)
          }
        }
      }
    }
  }

  /// A function of a product's numbers, and whether they are kept as they are before it.
  private static let shallowFunctions: [(then: Kernel?, isKept: Bool)] = [
    (nil, false), (.map(.relu), false), (.map(.relu), true), (.map(.tanh), true),
    (.zip(.leakyBack, 0.3), false), (.zip(.tanhBack, 1), false),
  ]

  @Test(
    "Products of few terms a sum, with what is done to them, have the bits of any product",
    arguments: KernelTable.all)
  func shallowProducts(_ table: KernelTable) {
    var numbers = SplitMix(14)
    for (m, n, k) in [(10, 20, 2), (10, 20, 1), (7, 9, 8), (3, 24, 3), (2, 40, 1), (5, 17, 5)] {
      let count = m * n
      let a = table.memory(table.rounded((0..<m * k).map { _ in numbers.number(in: -1...1) }))
      let b = table.memory(table.rounded((0..<k * n).map { _ in numbers.number(in: -1...1) }))
      let bias = table.memory(table.rounded((0..<n).map { _ in numbers.number(in: -1...1) }))
      let other = table.memory((0..<count).map { _ in numbers.number(in: -1...1) })
      let before = table.memory([Double](repeating: 0, count: count))
      withExtendedLifetime((a, b, bias, other, before)) {
        for variant in 0..<4 {
          for (then, isKept) in Self.shallowFunctions {
            let shape = BPProduct(
              m: m, n: n, k: k, transposeA: variant & 1 != 0, transposeB: false, accumulate: false)
            let isJoint = if case .zip? = then { true } else { false }
            var step = BPStep.product(
              shape, a.base, b.base,
              bias: variant & 2 != 0 && !isJoint ? UnsafeRawPointer(bias.base) : nil, a.base,
              scratch: nil, then: then, with: isJoint ? UnsafeRawPointer(other.base) : nil)
            if isKept { step.before = before.base }
            var planned = step
            table.kernels.pointee.prepare(&planned, 1)
            #expect(planned.operation == BPOperation.shallowProduct)
            let (shallow, general) = results(step, count: count, table)
            let name = "\(m)×\(k) by \(k)×\(n), variant \(variant), \(String(describing: then))"
            #expect(shallow == general, "\(name)")
            #expect(shallow.last == 7)
            guard isKept else { continue }
            let kept = table.precision.read(count, from: before.base)
            step.function = BPMap.copy.rawValue
            step.before = nil
            #expect(kept == results(step, count: count, table).general.dropLast(), "\(name)")
          }
        }
      }
    }
  }

  @Test("A function joins its product unless it is written where the product still reads")
  func joins() {
    let (m, n, k) = (10, 6, 4)
    let places = Memory(bytes: 4096)
    let product = BPStep.product(
      BPProduct(m: m, n: n, k: k, transposeA: false, transposeB: false, accumulate: false),
      places.base, places.base + 1024, bias: UnsafeRawPointer(places.base + 1536),
      places.base + 2048, scratch: nil)
    /// How many steps are left where the function is written at this place.
    func count(at offset: Int) -> Int {
      let function = BPStep.map(.relu, places.base + 2048, places.base + offset, count: m * n)
      var steps = [product, function]
      steps.joinFunctions(width: 8)
      return steps.count
    }
    #expect(count(at: 3072) == 1)
    // Over the left operand, its end, the right operand and the bias.
    for offset in [0, 256, 1024, 1536] { #expect(count(at: offset) == 2, "\(offset)") }
    // Right behind the left operand, which has 320 bytes.
    #expect(count(at: 320) == 1)
    withExtendedLifetime(places) {}
  }
}
