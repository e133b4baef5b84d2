import Differentiation
import Explanation
import Learning
import TestSupport
import Testing

/// Every misconception in nets of every loss, activation and depth, against backpropagation in plain
/// loops.
@Suite struct MisconceptionCrossTests {
  typealias Mistake = StudentBackpropagation.Mistake

  struct Case: CustomTestStringConvertible {
    let loss: String
    let depth: Int
    var testDescription: String { "\(loss), \(depth) layers" }
  }

  static let cases = Loss.all.map { $0.name }.flatMap { loss in
    (1...3).map { Case(loss: loss, depth: $0) }
  }

  private static let smoothOutputs = [
    "linear", "sigmoid", "softmax", "tanh", "softplus", "tanh_half", "leaky", "elu", "gelu",
    "swish",
    "prelu", "sign",
  ]
  /// Those that may be exactly 0, where an absolute error without its target has a kink and a cosine
  /// no direction.
  private static let flatOutputs = ["relu", "clip", "step"]

  /// The activations of an output layer that go with a loss.
  static func outputs(for loss: String) -> [String] {
    switch loss {
    case "ce": ["softmax"]
    case "bce", "bce_sum": ["sigmoid", "clip"]
    case "hinge": ["linear", "tanh"]
    default: smoothOutputs + (["mae", "huber", "cosine"].contains(loss) ? [] : flatOutputs)
    }
  }

  @Test("the misconception made is named, and what is named gives the number", arguments: cases)
  func everyMisconceptionIsNamed(_ tried: Case) throws {
    let hidden = Activation.all.filter { !$0.isJoint }.map { $0.name }
    let outputs = Self.outputs(for: tried.loss)
    let nets = tried.depth == 1 ? outputs.count : max(hidden.count, outputs.count)
    var random = SplitMix(UInt64(tried.depth * 100 + tried.loss.utf8.reduce(0) { $0 + Int($1) }))
    var named: Set<String> = []
    for number in 0..<nets {
      let activations =
        (0..<tried.depth - 1).map { hidden[(number + 5 * $0) % hidden.count] }
        + [outputs[number % outputs.count]]
      let student = try Self.student(activations, tried, number, &random)
      let layer = random.below(tried.depth)
      let unit = random.below(student.weights[layer].count)
      // The last source is the bias.
      let source = random.below(student.weights[layer][unit].count + 1)
      named.formUnion(try Self.examine(student, layer, unit, source))
    }
    #expect(named.count > (tried.depth == 1 ? 8 : 14), "only \(named.sorted())")
  }

  /// What of a net's derivative by one parameter is named rightly.
  static func examine(
    _ student: StudentBackpropagation, _ layer: Int, _ unit: Int, _ source: Int
  ) throws -> Set<String> {
    let isBias = source == student.weights[layer][unit].count
    let name = isBias ? "b\(layer + 1)" : "W\(layer + 1)"
    let network = try network(of: student)
    var question = Diagnosis.Question(network, try data(of: student))
    let place = try WeightDerivation.Place(
      network, name, isBias ? [unit + 1] : [unit + 1, source + 1])
    question.part = .element(place, in: network)
    let truth = try #require(student.answer(layer, unit, source))
    var values: [Mistake: Double] = [:]
    for mistake in student.mistakes {
      guard let value = student.answer(layer, unit, source, mistake), value.isFinite else {
        continue
      }
      values[mistake] = value
    }
    let made = values.filter { !isClose($0.value, truth) }
    let all = Array(values)
    let found = try Diagnosis.diagnoses(of: all.map { Answer(Tensor($0.value)) }, question)
    let what = "\(student.activations), \(student.loss), \(place.text)"
    for ((mistake, value), diagnosis) in zip(all, found) {
      switch diagnosis.finding {
      case .right: #expect(isClose(value, truth), "\(mistake) is called right: \(what)")
      case .misconceptions(let explanations):
        let named = explanations.flatMap { explanation in
          explanation.places.map { Mistake(name: explanation.names[0], place: $0) }
        }
        if made[mistake] != nil {
          #expect(named.contains(mistake), "\(mistake) is not named but \(named): \(what)")
        }
        for other in named {
          let its = try #require(values[other], "\(other) is named and not known: \(what)")
          #expect(isClose(its, value), "\(other) gives \(its) and not \(value): \(what)")
        }
      default:
        #expect(isClose(value, truth), "\(mistake), \(value), is not found: \(what)")
      }
    }
    let right = try Diagnosis(Answer(Tensor(truth)), question)
    if case .right = right.finding {} else { Issue.record("the truth is not right: \(what)") }
    return Set(made.keys.map { $0.name })
  }

  static func isClose(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= 1e-9 * max(abs(a), abs(b)) + 1e-14
  }

  static func student(
    _ activations: [String], _ tried: Case, _ number: Int, _ random: inout SplitMix
  ) throws -> StudentBackpropagation {
    // One output points nowhere else than its target, or away from it.
    let fewest = tried.loss == "cosine" ? 2 : 1
    let outputs =
      tried.loss == "ce" || activations.last == "softmax" ? 3 : max(fewest, 1 + number % 3)
    let sizes = [2] + (1..<max(tried.depth, 1)).map { _ in 2 + random.below(2) } + [outputs]
    let rows = 1 + number % 3
    func numbers(_ count: Int, _ range: ClosedRange<Double>) -> [Double] {
      (0..<count).map { _ in random.number(in: range) }
    }
    let targets = (0..<rows).map { row -> [Double] in
      switch tried.loss {
      case "ce": (0..<outputs).map { $0 == (row + number) % outputs ? 1 : 0 }
      case "bce", "bce_sum": numbers(outputs, 0.1...0.9)
      case "hinge": (0..<outputs).map { ($0 + row + number) % 2 == 0 ? 1 : -1 }
      case "huber": numbers(outputs, -2...2)
      default: numbers(outputs, 0...1)
      }
    }
    // The outputs of clip are kept away from 0 and 1, where logarithms are infinite.
    let isClipped = activations.last == "clip"
    let top = tried.depth - 1
    return StudentBackpropagation(
      weights: (0..<tried.depth).map { layer in
        (0..<sizes[layer + 1]).map { _ in
          numbers(sizes[layer], isClipped && layer == top ? -0.1...0.1 : -0.9...0.9)
        }
      },
      biases: (0..<tried.depth).map { layer in
        numbers(sizes[layer + 1], isClipped && layer == top ? 0.4...0.6 : -0.5...0.5)
      },
      activations: activations, loss: tried.loss, isMean: number % 2 == 0,
      xs: (0..<rows).map { _ in numbers(2, -1...1) }, ts: targets)
  }

  static func network(of student: StudentBackpropagation) throws -> Network {
    var options = Network.Options()
    options.loss = try .required(student.loss, as: .option("loss"))
    options.reduction = student.isMean ? .mean : .sum
    let sizes = [student.xs[0].count] + student.weights.map { $0.count }
    let network = try Network(
      sizes: sizes,
      activations: try student.activations.map {
        try Activation.required($0, as: .activation(0))
      }, options: options)
    for layer in student.weights.indices {
      let weights = try #require(Tensor(rows: student.weights[layer]))
      try network.set("W\(layer + 1)", to: weights)
      try network.set("b\(layer + 1)", to: Tensor(vector: student.biases[layer]))
    }
    return network
  }

  static func data(of student: StudentBackpropagation) throws -> DataSet {
    try DataSet(
      x: try #require(Tensor(rows: student.xs)),
      target: .values(try #require(Tensor(rows: student.ts))))
  }
}
