// Nanoseconds a training step takes, everything included: gathering the rows of the batch,
// forward and backward pass, loss and update.

import Differentiation
import Glibc
import PlainLoops

/// Processor time while one thread works, so that a busy machine does not count; else the clock.
func seconds(_ clock: clockid_t?) -> Double {
  var time = timespec()
  let chosen = Backends.threads == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC
  clock_gettime(clock ?? chosen, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The best of several runs, in nanoseconds a step: what else the machine does only adds.
func measure(
  steps: Int, runs: Int = 15, clock: clockid_t? = nil, _ body: () throws -> Void
) rethrows -> Double {
  try body()
  var times: [Double] = []
  for _ in 0..<runs {
    let start = seconds(clock)
    try body()
    times.append((seconds(clock) - start) * 1e9 / Double(steps))
  }
  return times.min() ?? 0
}

/// `--table` writes what is measured for a program to read: name, who, microseconds.
let isTable = CommandLine.arguments.contains("--table")

func line(_ name: String, _ nanoseconds: Double, _ note: String = "") {
  if isTable {
    let (work, peer) = name.hasPrefix("plain C ") ? (String(name.dropFirst(8)), "C") : (name, "bp")
    return print("\(work)\t\(peer)\t\(nanoseconds / 1000)\t\(note)")
  }
  let blanks = String(repeating: " ", count: max(1, 36 - name.utf8.count))
  let number = nanoseconds < 10_000 ? "\(Int(nanoseconds)) ns" : "\(Int(nanoseconds / 1000)) µs"
  let gap = String(repeating: " ", count: max(1, 10 - number.utf8.count))
  print("\(name)\(blanks)\(gap)\(number)\(note)")
}

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

/// One measurement: epochs over data drawn at random, in a fixed order.
@MainActor func steps(
  of net: LayeredNet, rows: Int, batch: Int, epochs: Int, rule: UpdateRule, rate: Double,
  precision: Precision, runs: Int = 15, clock: clockid_t? = nil
) throws -> Double {
  let data = [
    randomData(rows, net.sizes[0]), classes(rows, net.sizes[net.sizes.count - 1]),
  ]
  let loop = try TrainingLoop(
    trainable: net.parameters, data: data, rule: rule, precision: precision, batch: batch
  ) { rows throws(DifferentiationError) in try net.graph(rows: rows) }
  let order = (0..<rows).map { $0 * 7 % rows }
  return try measure(steps: epochs * (rows / batch), runs: runs, clock: clock) {
    try TrainingLoop.withoutDenormals {
      for _ in 0..<epochs {
        _ = try loop.runEpoch(order: order, batch: batch, rate: rate)
      }
    }
  }
}

let circles = LayeredNet([2, 20, 1], hidden: .relu, loss: .binaryCrossEntropy)
let mazur = LayeredNet([2, 2, 2], hidden: .sigmoid, loss: .halfSquares)
let digits = LayeredNet([64, 128, 64, 10], hidden: .relu, loss: .crossEntropy)
let images = LayeredNet([784, 256, 128, 10], hidden: .relu, loss: .crossEntropy)

let x = randomData(100, 2).elements
let t = classes(100, 1).elements
let order = (0..<100).map { Int32($0 * 7 % 100) }
var plain = (0..<81).map { _ in LayeredNet.next(&randomState) - 0.5 }
let plainCircles = measure(steps: 10_000) {
  for _ in 0..<1000 { _ = plain_circles(&plain, x, t, order, 10, 0.1) }
}
var small = (0..<12).map { _ in LayeredNet.next(&randomState) - 0.5 }
let plainMazur = measure(steps: 10_000) {
  _ = plain_mazur(&small, [0.05, 0.1], [0.01, 0.99], 10_000, 0.5)
}
func ratio(_ ours: Double, _ theirs: Double) -> String {
  "  \((ours / theirs * 100).rounded() / 100) × plain C"
}

/// GFLOP/s of a training step, and of its products alone, which a large net cannot outrun.
@MainActor func reportRates(_ net: LayeredNet, _ name: String) throws {
  let batch = 512
  for precision in Precision.allCases {
    let title = "\(name) \(precision)"
    guard wanted.isEmpty || title.contains(wanted) else { continue }
    let pairs = Array(zip(net.sizes, net.sizes.dropFirst()))
    let operations =
      2 * batch
      * pairs.enumerated().reduce(0) {
        $0 + ($1.offset == 0 ? 2 : 3) * $1.element.0 * $1.element.1
      }
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
    let alone = measure(steps: 1, runs: 7) { program.run() }
    let once = Double(2 * batch * pairs.reduce(0) { $0 + $1.0 * $1.1 })
    let step = try steps(
      of: net, rows: batch, batch: batch, epochs: 1, rule: .sgd(), rate: 1e-4,
      precision: precision, runs: 7)
    let rate = Double(operations) / step
    let share = (rate / (once / alone) * 100).rounded()
    line(
      title, step,
      "  \(Int(rate)) GFLOP/s, \(Int(share)) % of its products alone (\(Int(once / alone)))")
  }
}

/// Answers to 20,000 rows.
@MainActor func reportPrediction(_ net: LayeredNet, _ name: String) throws {
  for precision in Precision.allCases {
    let title = "\(name) \(precision)"
    guard wanted.isEmpty || title.contains(wanted) else { continue }
    let rows = 160
    let x = Node.input(.matrix(rows, net.sizes[0]), name: nil)
    let program = Program([try net.outputs(x)], precision: precision)
    let data = randomData(20_000, net.sizes[0])
    var answers: [Double] = []
    let time = measure(steps: 1, runs: 7) {
      answers.removeAll(keepingCapacity: true)
      for start in stride(from: 0, to: 20_000, by: rows) {
        program.set(
          x, from: data.elements[start * net.sizes[0]..<(start + rows) * net.sizes[0]])
        program.run()
        answers += program.numbers(0, first: rows * net.sizes[net.sizes.count - 1])
      }
    }
    line(title, time)
  }
}

/// A word on the command line picks the measurements whose names contain it.
let wanted = CommandLine.arguments.dropFirst().first { !$0.hasPrefix("-") } ?? ""

@MainActor func report(
  _ net: LayeredNet, _ name: String, rows: Int, batch: Int, epochs: Int, _ rule: UpdateRule,
  rate: Double, against plain: Double? = nil
) throws {
  for precision in Precision.allCases {
    let title = "\(name) \(precision)"
    guard wanted.isEmpty || title.contains(wanted) else { continue }
    let ours = try steps(
      of: net, rows: rows, batch: batch, epochs: epochs, rule: rule, rate: rate,
      precision: precision)
    line(title, ours, plain.map { ratio(ours, $0) } ?? "")
  }
}

line("plain C 2-20-1 batch 10 sgd float64", plainCircles)
line("plain C 2-2-2 batch 1 sgd float64", plainMazur)
try report(
  circles, "2-20-1 batch 10 sgd", rows: 100, batch: 10, epochs: 1000, .sgd(), rate: 0.1,
  against: plainCircles)
try report(
  mazur, "2-2-2 batch 1 sgd", rows: 1, batch: 1, epochs: 10_000, .sgd(), rate: 0.5,
  against: plainMazur)
try report(
  digits, "64-128-64-10 batch 32 adam", rows: 1600, batch: 32, epochs: 4, .adam(), rate: 1e-3)
/// How much faster two threads are than one, taken in turn by the clock: a busy machine slows both.
@MainActor func reportThreads(_ net: LayeredNet, _ name: String) throws {
  for precision in Precision.allCases {
    let title = "\(name) \(precision), 2 threads"
    guard wanted.isEmpty || title.contains(wanted) else { continue }
    let own = Backends.threads
    defer { Backends.setThreads(own) }
    var times: [[Double]] = [[], []]
    for _ in 0..<7 {
      for threads in [1, 2] {
        Backends.setThreads(threads)
        times[threads - 1].append(
          try steps(
            of: net, rows: 1280, batch: 128, epochs: 1, rule: .adam(), rate: 1e-3,
            precision: precision, runs: 1, clock: CLOCK_MONOTONIC))
      }
    }
    let medians = times.map { $0.sorted()[$0.count / 2] }
    line(title, medians[1], "  \((medians[0] / medians[1] * 100).rounded() / 100) × one thread")
  }
}

let wide = LayeredNet([1024, 2048, 2048, 1024], hidden: .relu, loss: .halfSquares)
try reportRates(wide, "1024-2048-2048-1024 batch 512 sgd")
try reportPrediction(images, "prediction 20000 rows of 784-256-128-10")
try reportThreads(images, "784-256-128-10 batch 128 adam")
try report(
  images, "784-256-128-10 batch 128 adam", rows: 2560, batch: 128, epochs: 1, .adam(), rate: 1e-3)
