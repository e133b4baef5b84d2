import CKernels
import TestSupport
import Testing

@testable import Differentiation

/// Nets side by side: every lane comes to the bits that its net comes to alone.
@Suite struct LaneTests {
  /// Numbers of all lanes for each operand, and what is left of them by one step.
  private func expectSameBits(
    _ table: KernelTable, _ operands: [Int], result count: Int, in range: ClosedRange<Double>,
    _ numbers: inout SplitMix, _ name: @autoclosure () -> String,
    step: ([UnsafeMutableRawPointer], UnsafeMutableRawPointer) -> BPStep
  ) {
    let lanes = table.kernels.pointee.lanes.count
    let width = table.precision.width
    let factors = Memory(bytes: Memory.alignment)
    var alone: [[Double]] = []
    let places = operands.map { Memory(bytes: $0 * lanes * width) }
    let together = Memory(bytes: (count + 1) * lanes * width)
    var planned = BPStep()
    for lane in 0..<lanes {
      let own = operands.enumerated().map { place, size in
        let values = (0..<size).map { _ in numbers.number(in: range) }
        let memory = table.memory(values)
        table.precision.spread(
          memory, count: size, to: places[place].base, lane: lane, of: lanes)
        return memory
      }
      let start = table.memory([Double](repeating: 0.75, count: count + 1))
      table.precision.spread(start, count: count + 1, to: together.base, lane: lane, of: lanes)
      let scratch = Memory(bytes: 1 << 14)
      planned = step(own.map { $0.base }, start.base)
      planned.scratch = scratch.base
      // Each lane has a factor of its own.
      if planned.function == BPMap.scale.rawValue, planned.operation == BPOperation.map {
        planned.p = Double(lane) + 0.5
        table.precision.store(planned.p, to: factors.base + lane * width)
      }
      table.kernels.pointee.prepare(&planned, 1)
      table.kernels.pointee.run(&planned, 1)
      alone.append(table.precision.read(count + 1, from: start.base))
      withExtendedLifetime((own, scratch)) {}
    }
    let operation = planned.operation
    planned = step(places.map { $0.base }, together.base)
    planned.operation = operation
    if operands.count > 0, planned.function == BPMap.scale.rawValue {
      planned.scratch = factors.base
    }
    table.kernels.pointee.lanes.run(&planned, 1)
    let all = table.precision.read((count + 1) * lanes, from: together.base)
    for lane in 0..<lanes {
      let own = (0...count).map { all[$0 * lanes + lane].bitPattern }
      #expect(own == alone[lane].map { $0.bitPattern }, "\(name()), lane \(lane)")
    }
    withExtendedLifetime((places, together, factors)) {}
  }

  /// Positive ones, both signs, and those whose exponentials leave the range.
  private static let ranges: [ClosedRange<Double>] = [0.1...1, -1...1, -900...900]

  @Test("Functions", arguments: KernelTable.all)
  func maps(_ table: KernelTable) {
    var numbers = SplitMix(21)
    for function in StepTests.maps {
      for count in [1, 3, 20] {
        for range in Self.ranges {
          expectSameBits(table, [count], result: count, in: range, &numbers, "\(function)") {
            .map(function, $0[0], $1, count: count, 0.3, 0.8)
          }
        }
      }
    }
  }

  @Test("Functions of two operands, repeated or not, and choosing", arguments: KernelTable.all)
  func zips(_ table: KernelTable) {
    var numbers = SplitMix(22)
    let shapes: [(Shape, Shape)] = [
      (.vector(1), .vector(1)), (.vector(5), .scalar), (.scalar, .vector(3)),
      (.matrix(3, 2), .vector(2)), (.matrix(3, 1), .matrix(3, 1)), (.matrix(3, 2), .matrix(3, 1)),
      (.vector(15), .vector(15)), (.matrix(1, 4), .matrix(3, 4)), (.matrix(10, 20), .vector(20)),
    ]
    for (left, right) in shapes {
      let result = left.count > right.count ? left : right
      for range in Self.ranges {
        for function in StepTests.zips {
          expectSameBits(
            table, [left.count, right.count], result: result.count, in: range, &numbers,
            "\(function) of \(left) and \(right)"
          ) { .zip(function, BPStrides(result, left, right), $0[0], $0[1], $1, 0.4) }
        }
        expectSameBits(
          table, [left.count, right.count, result.count], result: result.count, in: range,
          &numbers, "choosing of \(left) and \(right)"
        ) {
          .choose(BPStrides(result, left, right, result), condition: $0[2], $0[0], $0[1], $1)
        }
      }
    }
  }

  @Test(
    "Products of all sizes and transpositions, and what is done to them", arguments: KernelTable.all
  )
  func products(_ table: KernelTable) {
    var numbers = SplitMix(23)
    for (m, n) in [(1, 1), (1, 2), (2, 1), (1, 9), (9, 1), (3, 3), (5, 4), (10, 20), (17, 6)] {
      for k in [1, 2, 7, 8, 20, 33] {
        for variant in 0..<32 {
          let product = BPProduct(
            m: m, n: n, k: k, transposeA: variant & 1 != 0, transposeB: variant & 2 != 0,
            accumulate: variant & 8 != 0)
          let then: Kernel? =
            switch variant & 20 {
            case 16: .map(BPMap.relu, 0, 0)
            case 20: .map(BPMap.sigmoid, 0, 0)
            default: nil
            }
          let isJoint = then == nil && variant & 4 == 0 && variant & 8 == 0
          expectSameBits(
            table, [m * k, k * n, n, m * n], result: m * n, in: -1...1, &numbers,
            "\(m)×\(k)×\(n), variant \(variant)"
          ) { operands, y in
            let joint: Kernel =
              variant & 1 == 0 ? .zip(BPZip.sigmoidBack, 0) : .zip(BPZip.leakyBack, 0.3)
            var step = BPStep.product(
              product, operands[0], operands[1], bias: variant & 4 != 0 ? operands[2] : nil, y,
              scratch: nil, then: isJoint ? joint : then, with: isJoint ? operands[3] : nil)
            // Its numbers before the function are wanted as well.
            if then != nil, variant & 8 == 0, variant & 1 == 0 { step.before = operands[3] }
            return step
          }
        }
      }
    }
  }

  @Test("Sums, extremes and what rows are turned into", arguments: KernelTable.all)
  func reductions(_ table: KernelTable) {
    var numbers = SplitMix(24)
    let reductions = (0...BPReduce.sumOfSquares.rawValue).compactMap { BPReduce(rawValue: $0) }
    let kinds: [BPRow] = [.softmax, .logSumExp, .crossEntropy]
    for (rows, columns) in [(1, 1), (10, 1), (1, 10), (3, 5), (10, 20), (70, 3), (2, 70), (9, 130)]
    {
      for range in Self.ranges {
        for function in reductions {
          for axis: Int32 in 0...2 {
            let count = axis == 0 || function.rawValue > 2 ? 1 : axis == 1 ? columns : rows
            expectSameBits(
              table, [rows * columns], result: count, in: range, &numbers,
              "\(function) \(axis) of \(rows)×\(columns)"
            ) {
              .reduce(
                function, axis: axis, $0[0], $1, rows: rows, columns: columns, scale: 0.1)
            }
          }
        }
        for kind in kinds {
          let count = kind == .softmax ? rows * columns : rows
          expectSameBits(
            table, [rows * columns, rows * columns], result: count, in: range, &numbers,
            "\(kind) of \(rows)×\(columns)"
          ) { .row(kind, $0[0], $0[1], $1, rows: rows, columns: columns) }
        }
      }
    }
    // Lengths whose squares leave the range.
    for range in [1e-200...2e-200, 1e200...2e200, 0...0] {
      expectSameBits(table, [20], result: 1, in: range, &numbers, "a norm") {
        .reduce(.norm, axis: 0, $0[0], $1, rows: 1, columns: 20, scale: 1)
      }
    }
  }

  @Test("What only moves numbers", arguments: KernelTable.all)
  func moves(_ table: KernelTable) {
    var numbers = SplitMix(25)
    let indices = [3, 0, 3, 5, 1]
    indices.withUnsafeBufferPointer { indices in
      guard let places = indices.baseAddress else { return }
      expectSameBits(table, [6], result: 5, in: -1...1, &numbers, "taking") {
        .take($0[0], places, $1, count: 5)
      }
      expectSameBits(table, [5], result: 6, in: -1...1, &numbers, "scattering") {
        .scatter($0[0], places, $1, count: 5, total: 6)
      }
    }
    for backward in [false, true] {
      expectSameBits(table, [9], result: 9, in: -1...1, &numbers, "running sums") {
        .accumulate($0[0], $1, count: 9, backward: backward)
      }
    }
    expectSameBits(table, [12], result: 12, in: -1...1, &numbers, "turning") {
      .transpose($0[0], $1, rows: 3, columns: 4)
    }
    expectSameBits(table, [3], result: 12, in: -1...1, &numbers, "spreading") {
      .spread(BPStrides(.matrix(4, 3), .vector(3)), $0[0], $1)
    }
  }
}
