import Foundation

/// Gradient descent with plain loops over numbers: every activation, loss and optimizer written
/// out once more from its definition, to compare with.
struct PlainTrainer {
  struct Function: Sendable {
    let value: @Sendable (Double) -> Double
    let slope: @Sendable (Double) -> Double
  }

  /// By layer, unit, input; the bias stands last. A learned slope is one more row of one number.
  var layers: [[[Double]]]
  /// Slopes of prelu by layer, nil for other activations.
  var slopes: [Double?]
  let activations: [String]
  let loss: String
  private var memory: [[Double]] = []
  private var step = 0

  init(layers: [[[Double]]], slopes: [Double?], activations: [String], loss: String) {
    self.layers = layers
    self.slopes = slopes
    self.activations = activations
    self.loss = loss
  }

  @Sendable static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
  @Sendable static func normal(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

  static let functions: [String: Function] = [
    "linear": Function(value: { $0 }, slope: { _ in 1 }),
    "sigmoid": Function(value: logistic, slope: { logistic($0) * (1 - logistic($0)) }),
    "tanh": Function(value: { tanh($0) }, slope: { 1 / (cosh($0) * cosh($0)) }),
    "tanh_half": Function(
      value: { tanh($0 / 2) }, slope: { 0.5 / (cosh($0 / 2) * cosh($0 / 2)) }),
    "relu": Function(value: { max(0, $0) }, slope: { $0 >= 0 ? 1 : 0 }),
    "leaky": Function(value: { $0 >= 0 ? $0 : 0.1 * $0 }, slope: { $0 >= 0 ? 1 : 0.1 }),
    "softplus": Function(value: { log(1 + exp($0)) }, slope: logistic),
    "elu": Function(value: { $0 >= 0 ? $0 : exp($0) - 1 }, slope: { $0 >= 0 ? 1 : exp($0) }),
    "gelu": Function(
      value: { $0 * normal($0) },
      slope: { normal($0) + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }),
    "swish": Function(
      value: { $0 * logistic($0) },
      slope: { logistic($0) + $0 * logistic($0) * (1 - logistic($0)) }),
    "clip": Function(value: { min(max($0, 0), 1) }, slope: { $0 >= 0 && $0 <= 1 ? 1 : 0 }),
    "step": Function(value: { $0 >= 0 ? 1 : 0 }, slope: { _ in 1 }),
    "sign": Function(value: { $0 >= 0 ? 1 : -1 }, slope: { _ in 1 }),
  ]

  private func function(_ layer: Int) -> Function {
    if let slope = slopes[layer] {
      return Function(value: { $0 >= 0 ? $0 : slope * $0 }, slope: { $0 >= 0 ? 1 : slope })
    }
    return Self.functions[activations[layer]]
      ?? Function(value: { _ in .nan }, slope: { _ in .nan })
  }

  private func answers(_ layer: Int, _ z: [Double]) -> [Double] {
    guard activations[layer] == "softmax" else { return z.map(function(layer).value) }
    let powers = z.map { exp($0) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  /// The loss of a sample and its derivatives by the outputs.
  private func judge(_ y: [Double], _ t: [Double]) -> (loss: Double, slopes: [Double]) {
    let n = Double(y.count)
    let each: (Double, Double) -> (Double, Double)
    switch loss {
    case "half_sse": each = { y, t in ((y - t) * (y - t) / 2, y - t) }
    case "sse": each = { y, t in ((y - t) * (y - t), 2 * (y - t)) }
    case "mse": each = { y, t in ((y - t) * (y - t) / n, 2 * (y - t) / n) }
    case "mae": each = { y, t in (abs(y - t) / n, (y > t ? 1 : -1) / n) }
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
    case "cosine":
      func product(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let (yy, tt, ty) = (product(y, y), product(t, t), product(t, y))
      let lengths = (yy * tt).squareRoot()
      each = { y, t in (0, -t / lengths + ty * y / (lengths * yy)) }
      return (1 - ty / lengths, zip(y, t).map { each($0, $1).1 })
    case "ce": each = { y, t in (t == 0 ? 0 : -t * log(y), -t / y) }
    default: each = { y, t in (max(0, 1 - t * y) / n, t * y < 1 ? -t / n : 0) }
    }
    let pairs = zip(y, t).map { each($0, $1) }
    return (pairs.reduce(0) { $0 + $1.0 }, pairs.map(\.1))
  }

  /// The mean loss and its gradient, laid out as `numbers`.
  func gradient(_ xs: [[Double]], _ ts: [[Double]]) -> (loss: Double, slopes: [Double]) {
    var total = 0.0
    var weights = layers.map { $0.map { $0.map { _ in 0.0 } } }
    var learned = slopes.map { _ in 0.0 }
    for (x, t) in zip(xs, ts) {
      var inputs: [[Double]] = [x]
      var nets: [[Double]] = []
      for layer in layers.indices {
        let z = layers[layer].map { row in
          zip(row, inputs[layer] + [1]).reduce(0) { $0 + $1.0 * $1.1 }
        }
        nets.append(z)
        inputs.append(answers(layer, z))
      }
      let verdict = judge(inputs[layers.count], t)
      total += verdict.loss
      var back = verdict.slopes
      for layer in layers.indices.reversed() {
        let y = inputs[layer + 1]
        let z = nets[layer]
        let delta: [Double]
        if activations[layer] == "softmax" {
          let mean = zip(back, y).reduce(0) { $0 + $1.0 * $1.1 }
          delta = zip(back, y).map { $1 * ($0 - mean) }
        } else {
          delta = zip(back, z).map { $0 * function(layer).slope($1) }
        }
        if slopes[layer] != nil {
          learned[layer] += zip(back, z).reduce(0) { $0 + $1.0 * min(0, $1.1) }
        }
        back = inputs[layer].indices.map { input in
          delta.indices.reduce(0) { $0 + delta[$1] * layers[layer][$1][input] }
        }
        for unit in delta.indices {
          for (input, value) in (inputs[layer] + [1]).enumerated() {
            weights[layer][unit][input] += delta[unit] * value
          }
        }
      }
    }
    let rows = Double(xs.count)
    let flat = layers.indices.flatMap { layer in
      weights[layer].flatMap { $0 } + (slopes[layer] == nil ? [] : [learned[layer]])
    }
    return (total / rows, flat.map { $0 / rows })
  }

  private var numbers: [Double] {
    get {
      layers.indices.flatMap { layer in
        layers[layer].flatMap { $0 } + (slopes[layer].map { [$0] } ?? [])
      }
    }
    set {
      var next = newValue.makeIterator()
      for layer in layers.indices {
        for unit in layers[layer].indices {
          for input in layers[layer][unit].indices {
            layers[layer][unit][input] = next.next() ?? .nan
          }
        }
        if slopes[layer] != nil { slopes[layer] = next.next() }
      }
    }
  }

  /// One step on all rows; the loss before it.
  mutating func descend(
    _ xs: [[Double]], _ ts: [[Double]], optimizer: String, rate: Double
  ) -> Double {
    let (loss, slopes) = gradient(xs, ts)
    var values = numbers
    if memory.isEmpty { memory = [slopes.map { _ in 0 }, slopes.map { _ in 0 }] }
    step += 1
    for index in values.indices {
      let g = slopes[index]
      switch optimizer {
      case "sgd": values[index] -= rate * g
      case "momentum":
        memory[0][index] = 0.9 * memory[0][index] - rate * g
        values[index] += memory[0][index]
      case "nesterov":
        memory[0][index] = 0.9 * memory[0][index] + g
        values[index] -= rate * (g + 0.9 * memory[0][index])
      case "rmsprop":
        memory[0][index] = 0.99 * memory[0][index] + 0.01 * g * g
        values[index] -= rate * g / (memory[0][index].squareRoot() + 1e-8)
      case "adagrad":
        memory[0][index] += g * g
        values[index] -= rate * g / (memory[0][index].squareRoot() + 1e-10)
      case "lion":
        let c = 0.9 * memory[0][index] + 0.1 * g
        values[index] -= rate * (c > 0 ? 1 : c < 0 ? -1 : 0)
        memory[0][index] = 0.99 * memory[0][index] + 0.01 * g
      default:
        if optimizer == "adamw" { values[index] *= 1 - rate * 0.01 }
        memory[0][index] = 0.9 * memory[0][index] + 0.1 * g
        memory[1][index] = 0.999 * memory[1][index] + 0.001 * g * g
        let m = memory[0][index] / (1 - pow(0.9, Double(step)))
        let v = memory[1][index] / (1 - pow(0.999, Double(step)))
        values[index] -= rate * m / (v.squareRoot() + 1e-8)
      }
    }
    numbers = values
    return loss
  }
}
