// Nanoseconds a training step takes, everything included: gathering the rows of the batch,
// forward and backward pass, loss and update.
//
// Words on the command line pick the measurements that have them all in their names. `--table`
// writes lines for a program to read, `--wall` measures by the clock whatever the threads.

import Differentiation
import Glibc
import PlainLoops

let isTable = CommandLine.arguments.contains("--table")
let words = CommandLine.arguments.dropFirst().filter { !$0.hasPrefix("-") }

// MARK: Measuring

/// Processor time while one thread works, so that a busy machine does not count; else the clock.
let clock =
  Backends.threads == 1 && !CommandLine.arguments.contains("--wall")
  ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC

@MainActor func seconds() -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The best of several runs, in nanoseconds a step: what else the machine does only adds.
@MainActor func measure(
  steps: Int, runs: Int = 15, _ body: () throws -> Void
) rethrows -> Double {
  try body()
  var times: [Double] = []
  for _ in 0..<runs {
    let start = seconds()
    try body()
    times.append((seconds() - start) * 1e9 / Double(steps))
  }
  return times.min() ?? 0
}

@MainActor func isWanted(_ name: String) -> Bool { words.allSatisfy { name.contains($0) } }

@MainActor func line(_ name: String, _ nanoseconds: Double, _ note: String = "") {
  if isTable { return print("\(name)\tbp\t\(nanoseconds / 1000)\t\(note)") }
  let blanks = String(repeating: " ", count: max(1, 44 - name.utf8.count))
  let number = nanoseconds < 10_000 ? "\(Int(nanoseconds)) ns" : "\(Int(nanoseconds / 1000)) µs"
  let gap = String(repeating: " ", count: max(1, 10 - number.utf8.count))
  print("\(name)\(blanks)\(gap)\(number)  \(note)")
}

func rounded(_ number: Double) -> Double { (number * 100).rounded() / 100 }

// MARK: Data

var randomState: UInt64 = 7

@MainActor func randomData(_ rows: Int, _ columns: Int) -> Tensor {
  Tensor(
    .matrix(rows, columns), (0..<rows * columns).map { _ in LayeredNet.next(&randomState) - 0.5 })
}

@MainActor func classes(_ rows: Int, _ columns: Int) -> Tensor {
  var tensor = Tensor(repeating: 0, shape: .matrix(rows, columns))
  for row in 0..<rows {
    let column = columns == 1 ? 0 : Int(LayeredNet.next(&randomState) * Double(columns))
    tensor[row, column] = columns == 1 ? LayeredNet.next(&randomState).rounded() : 1
  }
  return tensor
}

// MARK: What is measured

/// A step of training: epochs over data drawn at random, in a fixed order.
@MainActor func step(
  of net: LayeredNet, rows: Int, batch: Int, epochs: Int, rule: UpdateKernel, rate: Double,
  precision: Precision, runs: Int = 15
) throws -> Double {
  let data = [
    randomData(rows, net.sizes[0]), classes(rows, net.sizes[net.sizes.count - 1]),
  ]
  let loop = try TrainingLoop(
    trainable: net.parameters, data: data, rule: .kernel(rule), precision: precision, batch: batch
  ) { rows throws(DifferentiationError) in try net.graph(rows: rows) }
  let order = (0..<rows).map { Int32($0 * 7 % rows) }
  return try measure(steps: epochs * (rows / batch), runs: runs) {
    try TrainingLoop.withoutDenormals {
      for _ in 0..<epochs {
        _ = try loop.runEpoch(order: order, batch: batch, rate: rate)
      }
    }
  }
}

@MainActor func reportSteps(
  of net: LayeredNet, _ name: String, rows: Int, batch: Int, epochs: Int, _ rule: UpdateKernel,
  rate: Double, against plain: Double? = nil
) throws {
  for precision in Precision.allCases where isWanted("\(name) \(precision)") {
    let ours = try step(
      of: net, rows: rows, batch: batch, epochs: epochs, rule: rule, rate: rate,
      precision: precision)
    let note = isTable ? nil : plain.map { "\(rounded(ours / $0)) × plain C" }
    line("\(name) \(precision)", ours, note ?? "")
  }
}

/// A step of one of many alike nets: one net after the other, and side by side in lanes.
@MainActor func reportLanes(
  of sizes: [Int], _ loss: LayeredNet.Loss, _ name: String, nets: Int, rows: Int, batch: Int,
  epochs: Int, _ rule: UpdateKernel, rate: Double
) throws {
  for precision in Precision.allCases where isWanted("\(name) \(precision)") {
    let data = [randomData(rows, sizes[0]), classes(rows, sizes[sizes.count - 1])]
    let order = (0..<rows).map { Int32($0 * 7 % rows) }
    let loops = try (0..<nets).map { _ in
      let net = LayeredNet(sizes, hidden: .relu, loss: loss)
      return try TrainingLoop(
        trainable: net.parameters, data: data, rule: .kernel(rule), precision: precision,
        batch: batch
      ) { rows throws(DifferentiationError) in try net.graph(rows: rows) }
    }
    let steps = nets * epochs * (rows / batch)
    func rateOf(_ net: Int) -> Double { rate * (1 + Double(net) / Double(nets)) }
    let alone = try measure(steps: steps, runs: 5) {
      try TrainingLoop.withoutDenormals {
        for (net, loop) in loops.enumerated() {
          for _ in 0..<epochs {
            _ = try loop.runEpoch(order: order, batch: batch, rate: rateOf(net))
          }
        }
      }
    }
    let lanes = LaneLoop(loops[0])
    let together = try measure(steps: steps, runs: 5) {
      try TrainingLoop.withoutDenormals {
        for first in stride(from: 0, to: nets, by: lanes.width) {
          let members = first..<min(nets, first + lanes.width)
          for (lane, net) in members.enumerated() {
            _ = try lanes.enter(loops[net], lane: lane, sizes: [batch, rows % batch])
          }
          for _ in 0..<epochs {
            var passes = [LaneLoop.Pass?](repeating: nil, count: lanes.width)
            for (lane, net) in members.enumerated() {
              passes[lane] = LaneLoop.Pass(
                loops[net], order: order, batch: batch, rate: rateOf(net))
            }
            _ = lanes.runEpoch(passes) { _ in true }
          }
        }
      }
    }
    line("\(name) \(precision)", together, "\(rounded(alone / together)) × one by one")
  }
}

/// A step with its GFLOP/s beside those of its products alone, which a large net cannot outrun.
@MainActor func reportRates(of net: LayeredNet, _ name: String, batch: Int) throws {
  for precision in Precision.allCases where isWanted("\(name) \(precision)") {
    let pairs = Array(zip(net.sizes, net.sizes.dropFirst()))
    // Forward, and back to weights and, but for the first layer, to inputs.
    let once = Double(2 * batch * pairs.reduce(0) { $0 + $1.0 * $1.1 })
    let all = 3 * once - Double(2 * batch * pairs[0].0 * pairs[0].1)
    var inputs: [Node] = []
    let products = try pairs.map { inner, outer in
      inputs += [
        .input(.matrix(batch, inner), name: nil), .input(.matrix(inner, outer), name: nil),
      ]
      return try inputs[inputs.count - 2].product(inputs[inputs.count - 1])
    }
    let program = Program(products, precision: precision)
    for input in inputs {
      program.set(input, to: randomData(input.shape.rows, input.shape.columns))
    }
    let alone = once / measure(steps: 1, runs: 7) { program.run() }
    let ours = try step(
      of: net, rows: batch, batch: batch, epochs: 1, rule: .sgd(), rate: 1e-4,
      precision: precision, runs: 7)
    let rate = all / ours
    line(
      "\(name) \(precision)", ours,
      "\(Int(rate)) GFLOP/s, \(Int((rate / alone * 100).rounded())) % of its products alone "
        + "(\(Int(alone)))")
  }
}

/// Answers to so many rows.
@MainActor func reportPrediction(by net: LayeredNet, _ name: String, rows: Int) throws {
  for precision in Precision.allCases where isWanted("\(name) \(precision)") {
    let part = 160
    let (inputs, outputs) = (net.sizes[0], net.sizes[net.sizes.count - 1])
    let x = Node.input(.matrix(part, inputs), name: nil)
    let program = Program([try net.outputs(x)], precision: precision)
    let data = randomData(rows, inputs)
    var answers: [Double] = []
    let time = measure(steps: 1, runs: 7) {
      answers.removeAll(keepingCapacity: true)
      for start in stride(from: 0, to: rows, by: part) {
        program.set(x, from: data.elements[start * inputs..<(start + part) * inputs])
        program.run()
        answers += program.numbers(0, first: part * outputs)
      }
    }
    line("\(name) \(precision)", time)
  }
}

/// Plain C loops in this very process, as a yardstick while working on the kernels; the table has
/// them compiled for the machine.
@MainActor func plainCircles() -> Double? {
  guard !isTable, isWanted("2-20-1 batch 10 sgd plain C") else { return nil }
  let x = randomData(100, 2).elements
  let t = classes(100, 1).elements
  let order = (0..<100).map { Int32($0 * 7 % 100) }
  var parameters = (0..<81).map { _ in LayeredNet.next(&randomState) - 0.5 }
  let time = measure(steps: 10_000) {
    for _ in 0..<1000 { _ = plain_circles(&parameters, x, t, order, 10, 0.1) }
  }
  line("2-20-1 batch 10 sgd plain C", time)
  return time
}

@MainActor func plainExample() -> Double? {
  guard !isTable, isWanted("2-2-2 batch 1 sgd plain C") else { return nil }
  var parameters = (0..<12).map { _ in LayeredNet.next(&randomState) - 0.5 }
  let time = measure(steps: 10_000) {
    _ = plain_mazur(&parameters, [0.05, 0.1], [0.01, 0.99], 10_000, 0.5)
  }
  line("2-2-2 batch 1 sgd plain C", time)
  return time
}

// MARK: All measurements

let circles = LayeredNet([2, 20, 1], hidden: .relu, loss: .binaryCrossEntropy)
let example = LayeredNet([2, 2, 2], hidden: .sigmoid, loss: .halfSquares)
let digits = LayeredNet([64, 128, 64, 10], hidden: .relu, loss: .crossEntropy)
let images = LayeredNet([784, 256, 128, 10], hidden: .relu, loss: .crossEntropy)
let wide = LayeredNet([1024, 2048, 2048, 1024], hidden: .relu, loss: .halfSquares)

try reportSteps(
  of: circles, "2-20-1 batch 10 sgd", rows: 100, batch: 10, epochs: 1000, .sgd(), rate: 0.1,
  against: plainCircles())
try reportSteps(
  of: example, "2-2-2 batch 1 sgd", rows: 1, batch: 1, epochs: 10_000, .sgd(), rate: 0.5,
  against: plainExample())
try reportLanes(
  of: circles.sizes, .binaryCrossEntropy, "64 nets of 2-20-1 batch 10 sgd", nets: 64, rows: 100,
  batch: 10, epochs: 1000, .sgd(), rate: 0.05)
try reportSteps(
  of: digits, "64-128-64-10 batch 32 adam", rows: 1600, batch: 32, epochs: 4, .adam(), rate: 1e-3)
try reportSteps(
  of: images, "784-256-128-10 batch 128 adam", rows: 2560, batch: 128, epochs: 1, .adam(),
  rate: 1e-3)
try reportRates(of: wide, "1024-2048-2048-1024 batch 512 sgd", batch: 512)
try reportPrediction(by: images, "prediction 20000 rows of 784-256-128-10", rows: 20_000)
