import Foundation

/// Backpropagation by its four equations, one sample at a time, written without any of the code
/// it is compared with.
struct TextbookBackpropagation {
  /// By layer, unit, input.
  var weights: [[[Double]]]
  /// By layer, unit; zeros where the net has no biases.
  var biases: [[Double]]
  let activations: [String]
  let loss: String

  struct Gradient {
    var weights: [[[Double]]]
    var biases: [[Double]]
  }

  func function(_ name: String, _ z: [Double]) -> [Double] {
    switch name {
    case "sigmoid": return z.map { 1 / (1 + exp(-$0)) }
    case "tanh": return z.map { tanh($0) }
    case "relu": return z.map { max(0, $0) }
    case "softmax":
      let largest = z.max() ?? 0
      let powers = z.map { exp($0 - largest) }
      let total = powers.reduce(0, +)
      return powers.map { $0 / total }
    default: return z
    }
  }

  func slope(_ name: String, _ z: Double) -> Double {
    switch name {
    case "sigmoid":
      let a = 1 / (1 + exp(-z))
      return a * (1 - a)
    case "tanh": return 1 - tanh(z) * tanh(z)
    case "relu": return z >= 0 ? 1 : 0
    default: return 1
    }
  }

  func forward(_ x: [Double]) -> (z: [[Double]], a: [[Double]]) {
    var z: [[Double]] = []
    var a = [x]
    for layer in weights.indices {
      let net = weights[layer].indices.map { unit in
        zip(weights[layer][unit], a[layer]).reduce(biases[layer][unit]) { $0 + $1.0 * $1.1 }
      }
      z.append(net)
      a.append(function(activations[layer], net))
    }
    return (z, a)
  }

  func loss(_ x: [Double], _ t: [Double]) -> Double {
    let y = forward(x).a[weights.count]
    let pairs = zip(y, t)
    let count = Double(y.count)
    switch loss {
    case "half_sse": return pairs.reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) } / 2
    case "sse": return pairs.reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
    case "mse": return pairs.reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) } / count
    case "bce":
      return pairs.reduce(0) { $0 - $1.1 * log($1.0) - (1 - $1.1) * log(1 - $1.0) } / count
    default: return pairs.reduce(0) { $0 - ($1.1 == 0 ? 0 : $1.1 * log($1.0)) }
    }
  }

  /// ∂L/∂z of every layer for one sample.
  func deltas(_ x: [Double], _ t: [Double]) -> [[Double]] {
    let (z, a) = forward(x)
    let last = weights.count - 1
    let y = a[last + 1]
    var delta = Array(repeating: [Double](), count: weights.count)
    switch loss {
    case "bce": delta[last] = zip(y, t).map { ($0 - $1) / Double(y.count) }
    case "ce": delta[last] = zip(y, t).map { $0 - $1 }
    default:
      let factor = loss == "half_sse" ? 1 : loss == "sse" ? 2 : 2 / Double(y.count)
      delta[last] = y.indices.map {
        factor * (y[$0] - t[$0]) * slope(activations[last], z[last][$0])
      }
    }
    for layer in stride(from: last - 1, through: 0, by: -1) {
      delta[layer] = weights[layer].indices.map { unit in
        let back = weights[layer + 1].indices.reduce(0.0) {
          $0 + weights[layer + 1][$1][unit] * delta[layer + 1][$1]
        }
        return back * slope(activations[layer], z[layer][unit])
      }
    }
    return delta
  }

  /// The sum over the samples of ∂L/∂W and ∂L/∂b.
  func gradient(_ xs: [[Double]], _ ts: [[Double]]) -> Gradient {
    var result = Gradient(
      weights: weights.map { $0.map { $0.map { _ in 0 } } },
      biases: biases.map { $0.map { _ in 0 } })
    for (x, t) in zip(xs, ts) {
      let a = forward(x).a
      let delta = deltas(x, t)
      for layer in weights.indices {
        for unit in weights[layer].indices {
          result.biases[layer][unit] += delta[layer][unit]
          for input in weights[layer][unit].indices {
            result.weights[layer][unit][input] += delta[layer][unit] * a[layer][input]
          }
        }
      }
    }
    return result
  }

  /// One step against the mean gradient of these rows.
  mutating func descend(_ xs: [[Double]], _ ts: [[Double]], rate: Double) {
    let slopes = gradient(xs, ts)
    let share = rate / Double(xs.count)
    for layer in weights.indices {
      for unit in weights[layer].indices {
        biases[layer][unit] -= share * slopes.biases[layer][unit]
        for input in weights[layer][unit].indices {
          weights[layer][unit][input] -= share * slopes.weights[layer][unit][input]
        }
      }
    }
  }
}
