import Differentiation
import Glibc

/// What one pass over the data came to.
struct EpochOutcome {
  /// The running loss: the mean (or sum) over the samples seen, each before its step.
  let loss: Double
  let steps: Int
  /// Where the pass knows it without extra work.
  var metric: Double?
  /// Whether there is nothing left to learn.
  var isDone = false
}

/// What carries out the steps of a training, epoch by epoch.
final class Learner {
  private let plan: TrainingPlan
  private var random: RandomSource
  private var order: [Int]
  private(set) var values: [Tensor]
  private var state: [(first: [Double], second: [Double])]
  private var step = 0

  init(_ plan: TrainingPlan) {
    self.plan = plan
    random = RandomSource(seed: plan.options.seed, stream: "shuffle")
    order = Array(0..<plan.data.count)
    values = plan.network.parameters.map(\.value)
    state = values.map {
      let zeros = Array(repeating: 0.0, count: $0.elements.count)
      return (zeros, zeros)
    }
  }

  /// One pass over the data, cut short where `stop` is set.
  func epoch(_ epoch: Int, rate: Double, stop: StopFlag?) throws -> EpochOutcome {
    if plan.network.rule == .perceptron { return perceptronEpoch(rate: rate) }
    if plan.options.isShuffled { random.shuffle(&order) }
    let inputs = plan.network.inputCount
    let outputs = plan.network.outputCount
    var sum = 0.0
    var seen = 0
    var steps = 0
    for start in stride(from: 0, to: order.count, by: plan.batch) {
      let rows = Array(order[start..<min(order.count, start + plan.batch)])
      let x = rows.flatMap { Array(plan.data.x.elements[$0 * inputs..<($0 + 1) * inputs]) }
      let t = rows.flatMap { Array(plan.targets.elements[$0 * outputs..<($0 + 1) * outputs]) }
      let weights = plan.weights.map { all in
        Node.constant(Tensor(vector: rows.map { all[$0] }), name: "weights")
      }
      let batch = try plan.step(
        x: .constant(Tensor(.matrix(rows.count, inputs), x), name: "x"),
        t: .constant(Tensor(.matrix(rows.count, outputs), t), name: "t"), weights: weights)
      let loss = batch.graph.loss.value?.number ?? .nan
      sum += plan.network.reduction == .mean ? loss * Double(rows.count) : loss
      seen += rows.count
      step += 1
      steps += 1
      for (position, index) in batch.trained.enumerated() {
        for k in values[index].elements.indices {
          update(index, k, batch.slopes[position].value?.elements[k] ?? 0, rate)
        }
      }
      plan.network.setValues(values)
      if stop?.isSet == true { break }
    }
    let loss = plan.network.reduction == .mean ? sum / Double(seen) : sum
    return EpochOutcome(loss: loss, steps: steps)
  }

  private func update(_ index: Int, _ k: Int, _ slope: Double, _ rate: Double) {
    var g = slope
    let decay = plan.options.optimizer.weightDecay
    let w = values[index].elements[k]
    if plan.options.optimizer.isDecayDecoupled {
      values[index].elements[k] -= rate * decay * w
    } else {
      g += decay * w
    }
    var s = state[index].first[k]
    var q = state[index].second[k]
    let change: Double
    switch plan.options.optimizer.update {
    case .descent: change = rate * g
    case .momentum(let share, let dampening, let isNesterov):
      s = step == 1 ? g : share * s + (1 - dampening) * g
      change = rate * (isNesterov ? g + share * s : s)
    case .rootMeanSquare(let memory, let epsilon):
      s = memory * s + (1 - memory) * g * g
      change = rate * g / (s.squareRoot() + epsilon)
    case .adaptiveGradient(let epsilon):
      s += g * g
      change = rate * g / (s.squareRoot() + epsilon)
    case .adaptiveMoments(let beta1, let beta2, let epsilon):
      s = beta1 * s + (1 - beta1) * g
      q = beta2 * q + (1 - beta2) * g * g
      let mean = s / (1 - pow(beta1, Double(step)))
      let size = (q / (1 - pow(beta2, Double(step)))).squareRoot()
      change = rate * mean / (size + epsilon)
    }
    state[index].first[k] = s
    state[index].second[k] = q
    values[index].elements[k] -= change
  }

  /// The perceptron's rule works row by row, in the order of the data.
  private func perceptronEpoch(rate: Double) -> EpochOutcome {
    let errors = plan.network.learnOnce(
      plan.data.x, targets: plan.targets, order: order, rate: rate)
    values = plan.network.parameters.map(\.value)
    let outputs = order.count * plan.network.outputCount
    return EpochOutcome(
      loss: Double(errors) / Double(outputs), steps: order.count, isDone: errors == 0)
  }
}
