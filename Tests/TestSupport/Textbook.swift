import Foundation

/// Backpropagation by the four equations of the textbooks, in plain loops over numbers, one sample
/// at a time: z = W a + b and a = f(z) forward; δᴸ = ∂L/∂a ⊙ f'(z), δˡ = Wᵀδ ⊙ f'(z), ∂L/∂b = δ,
/// ∂L/∂W = δ aᵀ back.
///
/// Every activation, loss and optimizer is written out once more from its definition, without any
/// of the code that is compared with it.
package struct Textbook {
  package struct Function: Sendable {
    package let value: @Sendable (Double) -> Double
    package let derivative: @Sendable (Double) -> Double
  }

  package struct Layer {
    /// By unit, input.
    package var weights: [[Double]]
    /// By unit; zeros where the layer has no biases.
    package var biases: [Double]
    package let activation: String
    /// The slope that prelu learns; nil for other activations.
    package var slope: Double?

    package init(
      weights: [[Double]], biases: [Double], activation: String, slope: Double? = nil
    ) {
      self.weights = weights
      self.biases = biases
      self.activation = activation
      self.slope = slope
    }

    /// All numbers that are learned, in the order of the net's parameters.
    var numbers: [Double] { weights.flatMap { $0 } + biases + (slope.map { [$0] } ?? []) }

    /// As many numbers of another source in the same places.
    func filled(from source: inout IndexingIterator<[Double]>) -> Layer {
      func next() -> Double { source.next() ?? .nan }
      var layer = self
      layer.weights = weights.map { $0.map { _ in next() } }
      layer.biases = biases.map { _ in next() }
      layer.slope = slope.map { _ in next() }
      return layer
    }
  }

  package var layers: [Layer]
  package let loss: String
  private var memory: [[Double]] = []
  private var step = 0

  package init(_ layers: [Layer], loss: String) {
    self.layers = layers
    self.loss = loss
  }

  // MARK: - Definitions

  @Sendable static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
  @Sendable static func normal(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

  /// What gelu_tanh takes the tangent of.
  @Sendable static func bend(_ x: Double) -> Double {
    (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
  }

  /// Every activation of single numbers, by name.
  package static let functions: [String: Function] = [
    "linear": Function(value: { $0 }, derivative: { _ in 1 }),
    "sigmoid": Function(value: logistic, derivative: { logistic($0) * (1 - logistic($0)) }),
    "tanh": Function(value: { tanh($0) }, derivative: { 1 / (cosh($0) * cosh($0)) }),
    "tanh_half": Function(
      value: { tanh($0 / 2) }, derivative: { 0.5 / (cosh($0 / 2) * cosh($0 / 2)) }),
    "relu": Function(value: { max(0, $0) }, derivative: { $0 >= 0 ? 1 : 0 }),
    "leaky": Function(value: { $0 >= 0 ? $0 : 0.1 * $0 }, derivative: { $0 >= 0 ? 1 : 0.1 }),
    "softplus": Function(value: { log(1 + exp($0)) }, derivative: logistic),
    "elu": Function(
      value: { $0 >= 0 ? $0 : exp($0) - 1 }, derivative: { $0 >= 0 ? 1 : exp($0) }),
    "gelu": Function(
      value: { $0 * normal($0) },
      derivative: { normal($0) + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }),
    "swish": Function(
      value: { $0 * logistic($0) },
      derivative: { logistic($0) + $0 * logistic($0) * (1 - logistic($0)) }),
    "gelu_tanh": Function(
      value: { 0.5 * $0 * (1 + tanh(bend($0))) },
      derivative: {
        let slope = (2 / Double.pi).squareRoot() * (1 + 3 * 0.044715 * $0 * $0)
        return 0.5 * (1 + tanh(bend($0))) + 0.5 * $0 * slope / (cosh(bend($0)) * cosh(bend($0)))
      }),
    "selu": Function(
      value: { 1.0507009873554805 * ($0 >= 0 ? $0 : 1.6732632423543772 * (exp($0) - 1)) },
      derivative: { 1.0507009873554805 * ($0 >= 0 ? 1 : 1.6732632423543772 * exp($0)) }),
    "celu": Function(
      value: { $0 >= 0 ? $0 : exp($0) - 1 }, derivative: { $0 >= 0 ? 1 : exp($0) }),
    "mish": Function(
      value: { $0 * tanh(log(1 + exp($0))) },
      derivative: {
        let soft = log(1 + exp($0))
        return tanh(soft) + $0 * logistic($0) / (cosh(soft) * cosh(soft))
      }),
    "softsign": Function(
      value: { $0 / (1 + abs($0)) }, derivative: { 1 / ((1 + abs($0)) * (1 + abs($0))) }),
    "hardsigmoid": Function(
      value: { min(max($0 / 6 + 0.5, 0), 1) }, derivative: { abs($0) <= 3 ? 1.0 / 6 : 0 }),
    "hardswish": Function(
      value: { $0 * min(max($0 / 6 + 0.5, 0), 1) },
      derivative: { $0 < -3 ? 0 : $0 > 3 ? 1 : $0 / 3 + 0.5 }),
    "clip": Function(
      value: { min(max($0, 0), 1) }, derivative: { $0 >= 0 && $0 <= 1 ? 1 : 0 }),
    "step": Function(value: { $0 >= 0 ? 1 : 0 }, derivative: { _ in 1 }),
    "sign": Function(value: { $0 >= 0 ? 1 : -1 }, derivative: { _ in 1 }),
  ]

  private func function(_ layer: Layer) -> Function {
    if let slope = layer.slope {
      return Function(
        value: { $0 >= 0 ? $0 : slope * $0 }, derivative: { $0 >= 0 ? 1 : slope })
    }
    return Self.functions[layer.activation]
      ?? Function(value: { _ in .nan }, derivative: { _ in .nan })
  }

  private func outputs(_ layer: Layer, _ z: [Double]) -> [Double] {
    guard layer.activation.hasSuffix("softmax") else { return z.map(function(layer).value) }
    let largest = z.max() ?? 0
    let powers = z.map { exp($0 - largest) }
    let total = powers.reduce(0, +)
    return powers.map { layer.activation == "softmax" ? $0 / total : log($0 / total) }
  }

  /// The loss of a sample and its derivatives by the outputs.
  private func judge(_ y: [Double], _ t: [Double]) -> (loss: Double, derivatives: [Double]) {
    let n = Double(y.count)
    let each: (Double, Double) -> (Double, Double)
    switch loss {
    case "half_sse": each = { y, t in ((y - t) * (y - t) / 2, y - t) }
    case "sse": each = { y, t in ((y - t) * (y - t), 2 * (y - t)) }
    case "mse": each = { y, t in ((y - t) * (y - t) / n, 2 * (y - t) / n) }
    case "mae": each = { y, t in (abs(y - t) / n, (y > t ? 1 : y < t ? -1 : 0) / n) }
    case "huber":
      each = { y, t in
        let d = y - t
        return abs(d) <= 1 ? (d * d / 2 / n, d / n) : ((abs(d) - 0.5) / n, (d > 0 ? 1 : -1) / n)
      }
    case "bce", "bce_sum":
      let share = loss == "bce" ? n : 1
      each = { y, t in
        (-(t * log(y) + (1 - t) * log(1 - y)) / share, (y - t) / (y * (1 - y)) / share)
      }
    case "ce": each = { y, t in (t == 0 ? 0 : -t * log(y), -t / y) }
    case "cosine":
      func product(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let (yy, tt, ty) = (product(y, y), product(t, t), product(t, y))
      let lengths = (yy * tt).squareRoot()
      return (1 - ty / lengths, zip(y, t).map { -$1 / lengths + ty * $0 / (lengths * yy) })
    case "hinge": each = { y, t in (max(0, 1 - t * y) / n, t * y <= 1 ? -t / n : 0) }
    default: each = { _, _ in (.nan, .nan) }
    }
    let pairs = zip(y, t).map { each($0, $1) }
    return (pairs.reduce(0) { $0 + $1.0 }, pairs.map { $0.1 })
  }

  /// Whether an activation is written out here.
  package static func knows(activation: String) -> Bool {
    functions[activation] != nil || ["softmax", "logsoftmax", "prelu"].contains(activation)
  }

  /// Whether a loss is written out here.
  package static func knows(loss: String) -> Bool {
    Textbook([], loss: loss).judge([0.5], [0.25]).loss.isFinite
  }

  /// Whether an optimizer is written out here.
  package static func knows(optimizer: String) -> Bool {
    var memory = (0.0, 0.0)
    return updated(1, 0.5, &memory.0, &memory.1, optimizer, 0.1, 1).isFinite
  }

  // MARK: - The four equations

  private func forward(_ x: [Double]) -> (z: [[Double]], a: [[Double]]) {
    var z: [[Double]] = []
    var a = [x]
    for layer in layers {
      let input = a[a.count - 1]
      let net = layer.weights.indices.map { unit in
        zip(layer.weights[unit], input).reduce(layer.biases[unit]) { $0 + $1.0 * $1.1 }
      }
      z.append(net)
      a.append(outputs(layer, net))
    }
    return (z, a)
  }

  /// The sum over the samples of the loss, and of its derivatives in place of the parameters.
  package func gradient(
    _ xs: [[Double]], _ ts: [[Double]]
  ) -> (loss: Double, layers: [Layer]) {
    var total = 0.0
    var sums = layers
    for place in sums.indices {
      var zeros = [Double](repeating: 0, count: sums[place].numbers.count).makeIterator()
      sums[place] = sums[place].filled(from: &zeros)
    }
    for (x, t) in zip(xs, ts) {
      let (z, a) = forward(x)
      let verdict = judge(a[layers.count], t)
      total += verdict.loss
      var back = verdict.derivatives
      for place in layers.indices.reversed() {
        let (layer, y) = (layers[place], a[place + 1])
        let delta: [Double]
        if layer.activation == "softmax" {
          let mean = zip(back, y).reduce(0) { $0 + $1.0 * $1.1 }
          delta = zip(back, y).map { $1 * ($0 - mean) }
        } else if layer.activation == "logsoftmax" {
          let all = back.reduce(0, +)
          delta = zip(back, y).map { $0 - exp($1) * all }
        } else {
          delta = zip(back, z[place]).map { $0 * function(layer).derivative($1) }
        }
        sums[place].slope = sums[place].slope.map { sum in
          sum + zip(back, z[place]).reduce(0) { $0 + $1.0 * min(0, $1.1) }
        }
        for unit in delta.indices {
          sums[place].biases[unit] += delta[unit]
          for (input, value) in a[place].enumerated() {
            sums[place].weights[unit][input] += delta[unit] * value
          }
        }
        back = a[place].indices.map { input in
          delta.indices.reduce(0) { $0 + delta[$1] * layer.weights[$1][input] }
        }
      }
    }
    return (total, sums)
  }

  // MARK: - Descent

  /// All numbers that are learned, in the order W1, b1, W2, ….
  package var numbers: [Double] {
    get { layers.flatMap { $0.numbers } }
    set {
      var source = newValue.makeIterator()
      for place in layers.indices { layers[place] = layers[place].filled(from: &source) }
    }
  }

  /// One step of an optimizer with its standard settings against the mean gradient of these
  /// samples, or against its sum.
  /// - Returns: the mean loss before the step, or its sum.
  @discardableResult
  package mutating func descend(
    _ xs: [[Double]], _ ts: [[Double]], optimizer: String = "sgd", rate: Double,
    bySum isSum: Bool = false
  ) -> Double {
    let (total, sums) = gradient(xs, ts)
    let share = isSum ? 1 : 1 / Double(xs.count)
    let gradient = sums.flatMap { $0.numbers }.map { $0 * share }
    if memory.isEmpty { memory = Array(repeating: gradient.map { _ in 0 }, count: 2) }
    step += 1
    var (values, first, second) = (numbers, memory[0], memory[1])
    for place in values.indices {
      values[place] = Self.updated(
        values[place], gradient[place], &first[place], &second[place], optimizer, rate, step)
    }
    (numbers, memory) = (values, [first, second])
    return total * share
  }

  /// A parameter after a step of the optimizer against its derivative g.
  private static func updated(
    _ w: Double, _ g: Double, _ first: inout Double, _ second: inout Double, _ optimizer: String,
    _ rate: Double, _ step: Int
  ) -> Double {
    switch optimizer {
    case "sgd": return w - rate * g
    case "momentum":
      first = 0.9 * first - rate * g
      return w + first
    case "nesterov":
      first = 0.9 * first + g
      return w - rate * (g + 0.9 * first)
    case "rmsprop":
      first = 0.99 * first + 0.01 * g * g
      return w - rate * g / (first.squareRoot() + 1e-8)
    case "adagrad":
      first += g * g
      return w - rate * g / (first.squareRoot() + 1e-10)
    case "lion":
      let c = 0.9 * first + 0.1 * g
      first = 0.99 * first + 0.01 * g
      return w - rate * (c > 0 ? 1 : c < 0 ? -1 : 0)
    case "adam", "adamw":
      let decayed = optimizer == "adamw" ? w * (1 - rate * 0.01) : w
      first = 0.9 * first + 0.1 * g
      second = 0.999 * second + 0.001 * g * g
      let m = first / (1 - pow(0.9, Double(step)))
      let v = second / (1 - pow(0.999, Double(step)))
      return decayed - rate * m / (v.squareRoot() + 1e-8)
    default: return .nan
    }
  }
}
