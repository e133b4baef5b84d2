import Foundation
import TestSupport

/// Backpropagation in plain loops, as a student does it: rightly, or with one misconception. Written
/// out from the definitions, without any of the code that is compared with it.
struct StudentBackpropagation {
  /// A misconception by name and place; an empty name is none.
  struct Mistake: Hashable, CustomStringConvertible {
    var name = ""
    var place = ""
    var description: String { place.isEmpty ? name : "\(name) at \(place)" }
  }

  /// By layer, unit, input.
  let weights: [[[Double]]]
  /// By layer, unit.
  let biases: [[Double]]
  /// By layer.
  let activations: [String]
  let loss: String
  let isMean: Bool
  let xs: [[Double]]
  let ts: [[Double]]

  static let rates = [0.5, 0.1, 1, 0.01, 0.001, 0.2, 0.05]

  private var depth: Int { weights.count }
  private var outputs: Int { ts[0].count }
  private var share: Double { isMean ? 1 / Double(xs.count) : 1 }
  private var lastActivation: String { activations[depth - 1] }
  /// Where the slope of the outputs cancels against the loss.
  private var isFused: Bool {
    loss == "ce" || lastActivation == "sigmoid" && (loss == "bce" || loss == "bce_sum")
  }
  private var takesMeanOfOutputs: Bool { ["mse", "mae", "huber", "bce", "hinge"].contains(loss) }
  private var takesSumOfOutputs: Bool { ["half_sse", "sse", "bce_sum", "ce"].contains(loss) }

  // MARK: Places

  /// The layers with an activation that the loss does not take in, by what they are called.
  private var groups: [(place: String, layers: [Int])] {
    let present = (0..<depth).reversed().filter { layer in
      activations[layer] != "linear" && !(layer == depth - 1 && isFused)
    }
    var groups = present.map { layer in
      (
        place: layer == depth - 1
          ? "the outputs" : depth == 2 ? "the hidden units" : "layer \(layer + 1)",
        layers: [layer]
      )
    }
    if present.count > 1 { groups.append(("all units", present)) }
    return groups
  }

  private func layers(at place: String) -> [Int] {
    groups.first { place == $0.place || place.hasSuffix(", at \($0.place)") }?.layers ?? []
  }

  /// Everything that can be done wrongly with this net.
  var mistakes: [Mistake] {
    var result: [Mistake] = []
    func add(_ name: String, _ places: [String] = [""]) {
      result += places.map { Mistake(name: name, place: $0) }
    }
    let isSquared = ["half_sse", "sse", "mse", "huber"].contains(loss)
    if loss == "half_sse" || loss == "huber" { add("half") }
    if isSquared { add("two") }
    if loss == "sse" || loss == "mse" { add("halved") }
    if outputs > 1, takesSumOfOutputs { add("mean", ["the outputs"]) }
    if outputs > 1, takesMeanOfOutputs { add("noMean", ["the outputs"]) }
    if xs.count > 1 { add(isMean ? "noMean" : "mean", ["the samples"]) }
    if ["ce", "bce", "bce_sum"].contains(loss) { add("logarithm", ["2", "10"]) }
    if isSquared || loss == "mae" || isFused { add("targetForgotten") }
    let outputNames =
      outputs == 1
      ? ["the output"] : (1...outputs).map { "output \($0)" } + ["the sum of the outputs"]
    add("outputDerived", outputNames.map { "\($0) is derived" })
    add("noDerivative", groups.map { $0.place })
    add("derivativeAtOutput", groups.map { $0.place })
    add("noActivation", groups.map { $0.place })
    for (place, layers) in groups {
      let names = Set(layers.map { activations[$0] })
      let written = ["sigmoid": "z(1 - z)", "tanh": "1 - z²", "tanh_half": "(1 - z²)/2"]
      let others = [
        "sigmoid": ["1 - a²"], "tanh": ["a(1 - a)"], "tanh_half": ["a(1 - a)", "1 - a²"],
      ]
      for name in names.sorted() {
        if let formula = written[name] {
          add("slopeOfNetInput", ["\(formula) for \(name), at \(place)"])
        }
        add("otherSlope", (others[name] ?? []).map { "\($0) for \(name), at \(place)" })
      }
    }
    if isFused { add("extraDerivative", ["y(1 - y)"]) }
    if loss == "ce" { add("extraDerivative", ["the matrix of softmax"]) }
    if lastActivation == "softmax" { add("softmaxDiagonal") }
    if ["sigmoid", "softmax"].contains(lastActivation) {
      add("activationTwice", [lastActivation])
    }
    let widest = weights.map { $0.count }.max() ?? 1
    if widest > 1 {
      add("onePath", (1...widest).map { "unit \($0) of the layer above" })
    }
    for name in ["notTransposed", "inputForgotten", "netForOut", "sign", "notReset", "transposed"] {
      add(name)
    }
    for name in ["updatedWeights", "newWeight"] {
      add(name, Self.rates.map { ", with the learning rate \($0.formatted())" })
    }
    add(
      "move",
      Self.rates.filter { $0 != 1 }.map {
        "the derivative, with the learning rate \($0.formatted())"
      })
    for name in Set(activations).intersection(["relu", "leaky", "prelu", "clip"]).sorted()
    where groups.contains(where: { $0.layers.contains { activations[$0] == name } }) {
      add("kink", ["\(name) at its kink"])
    }
    return result
  }

  // MARK: The four equations, with a mistake

  private func value(_ name: String, _ z: [Double]) -> [Double] {
    if name == "softmax" {
      let powers = z.map { exp($0) }
      let total = powers.reduce(0, +)
      return powers.map { $0 / total }
    }
    if name == "prelu" { return z.map { $0 >= 0 ? $0 : 0.25 * $0 } }
    return z.map(Textbook.functions[name]?.value ?? { _ in .nan })
  }

  private func slope(_ name: String, _ z: Double) -> Double {
    if name == "prelu" { return z >= 0 ? 1 : 0.25 }
    return Textbook.functions[name]?.derivative(z) ?? .nan
  }

  /// What goes back through an activation at net inputs z with outputs a.
  private func back(
    _ name: String, _ adjoint: [Double], z: [Double], a: [Double]
  ) -> [Double] {
    guard name == "softmax" else { return zip(adjoint, z).map { $0 * slope(name, $1) } }
    let mean = zip(adjoint, a).reduce(0) { $0 + $1.0 * $1.1 }
    return zip(adjoint, a).map { $1 * ($0 - mean) }
  }

  private func forward(_ x: [Double], _ mistake: Mistake) -> (z: [[Double]], a: [[Double]]) {
    var z: [[Double]] = []
    var a = [x]
    let without = mistake.name == "noActivation" ? layers(at: mistake.place) : []
    for layer in 0..<depth {
      let net = weights[layer].indices.map { unit in
        zip(weights[layer][unit], a[layer]).reduce(biases[layer][unit]) { $0 + $1.0 * $1.1 }
      }
      z.append(net)
      a.append(without.contains(layer) ? net : value(activations[layer], net))
    }
    return (z, a)
  }

  /// ∂L/∂y of one sample.
  private func errors(_ y: [Double], _ t: [Double], _ mistake: Mistake) -> [Double] {
    let n = Double(y.count)
    if loss == "cosine" {
      func product(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let lengths = (product(y, y) * product(t, t)).squareRoot()
      return zip(y, t).map { -$1 / lengths + product(t, y) * $0 / (lengths * product(y, y)) }
    }
    let forgets = mistake.name == "targetForgotten"
    return zip(y, t).map { y, t in
      let error = forgets ? y : y - t
      switch loss {
      case "half_sse": return error * (mistake.name == "two" ? 0.5 : 1)
      case "sse": return error * (mistake.name == "two" ? 1 : 2)
      case "mse": return error * (mistake.name == "two" ? 1 : 2) / n
      case "mae": return (error == 0 ? 0 : error > 0 ? 1 : -1) / n
      case "huber":
        let factor = mistake.name == "two" ? 0.5 : mistake.name == "half" ? 2 : 1.0
        return abs(y - t) <= 1 ? error * factor / n : (error > 0 ? 1 : -1) / n
      case "bce", "bce_sum":
        let positive = t == 0 ? 0 : -t / y
        let negative = t == 1 ? 0 : (1 - t) / (1 - y)
        return (positive + negative) / (loss == "bce" ? n : 1)
      case "ce": return t == 0 ? 0 : -t / y
      case "hinge": return t * y <= 1 ? -t / n : 0
      default: return .nan
      }
    }
  }

  /// δ of the outputs of one sample.
  private func outputDelta(
    _ z: [Double], _ a: [Double], _ t: [Double], _ mistake: Mistake
  ) -> [Double] {
    let name = lastActivation
    let here = layers(at: mistake.place).contains(depth - 1)
    if mistake.name == "outputDerived" {
      let unit = Int(mistake.place.filter { $0.isNumber })
      let ones = a.indices.map { unit == nil || unit == $0 + 1 ? 1.0 : 0 }
      return back(name, ones, z: z, a: a)
    }
    if mistake.name == "activationTwice" {
      let twice = value(name, a)
      let outer = back(name, errors(twice, t, mistake), z: a, a: twice)
      return back(name, outer, z: z, a: a)
    }
    if isFused {
      let total = loss == "ce" ? t.reduce(0, +) : 1
      let share = loss == "bce" ? Double(outputs) : 1
      var delta = zip(a, t).map { y, t in
        (y * total - (mistake.name == "targetForgotten" ? 0 : t)) / share
      }
      switch (mistake.name, mistake.place) {
      case ("extraDerivative", "y(1 - y)"): delta = zip(delta, a).map { $0 * $1 * (1 - $1) }
      case ("extraDerivative", _): delta = back(name, delta, z: z, a: a)
      case ("softmaxDiagonal", _): delta = zip(a, t).map { -$1 * (1 - $0) }
      default: break
      }
      return delta
    }
    let adjoint = errors(a, t, mistake)
    if mistake.name == "softmaxDiagonal" {
      return zip(adjoint, a).map { $0 * $1 * (1 - $1) }
    }
    return wrongly(depth - 1, adjoint, z: z, a: a, here ? mistake : Mistake())
  }

  /// Back through the activation of a layer, with a mistake that is made there.
  private func wrongly(
    _ layer: Int, _ adjoint: [Double], z: [Double], a: [Double], _ mistake: Mistake
  ) -> [Double] {
    let name = activations[layer]
    func times(_ slopes: [Double]) -> [Double] { zip(adjoint, slopes).map { $0 * $1 } }
    switch mistake.name {
    case "noDerivative", "noActivation": return adjoint
    case "derivativeAtOutput": return back(name, adjoint, z: a, a: value(name, a))
    case "slopeOfNetInput" where mistake.place.contains(" for \(name),"):
      switch name {
      case "sigmoid": return times(z.map { $0 * (1 - $0) })
      case "tanh": return times(z.map { 1 - $0 * $0 })
      default: return times(z.map { (1 - $0 * $0) / 2 })
      }
    case "otherSlope" where mistake.place.contains(" for \(name),"):
      return times(a.map { mistake.place.hasPrefix("1 - a²") ? 1 - $0 * $0 : $0 * (1 - $0) })
    default: return back(name, adjoint, z: z, a: a)
    }
  }

  /// Moves net inputs that lie on a kink to its other side.
  private func moved(_ z: [Double], _ layer: Int, _ mistake: Mistake) -> [Double] {
    let name = activations[layer]
    guard mistake.name == "kink", mistake.place == "\(name) at its kink" else { return z }
    return z.map { $0 == 0 ? -1e-12 : $0 == 1 && name == "clip" ? 1 + 1e-12 : $0 }
  }

  /// All derivatives, by layer and unit: those by the weights, and behind them that by the bias.
  func gradient(_ mistake: Mistake = Mistake()) -> [[[Double]]] {
    let passes = xs.map { forward($0, mistake) }
    var result: [[[Double]]] = weights.map { $0.map { $0.map { _ in 0 } + [0] } }
    var deltas = zip(passes, ts).map { pass, t in
      outputDelta(
        moved(pass.z[depth - 1], depth - 1, mistake), pass.a[depth], t, mistake)
    }
    let rate = mistake.name == "updatedWeights" ? Self.rate(in: mistake.place) : 0
    for layer in (0..<depth).reversed() {
      for (pass, delta) in zip(passes, deltas) {
        for unit in delta.indices {
          for source in pass.a[layer].indices {
            let input: Double
            if mistake.name == "inputForgotten" {
              input = 1
            } else if mistake.name == "netForOut", layer > 0 {
              input = pass.z[layer - 1][source]
            } else {
              input = pass.a[layer][source]
            }
            result[layer][unit][source] += delta[unit] * input * share
          }
          result[layer][unit][weights[layer][unit].count] += delta[unit] * share
        }
      }
      guard layer > 0 else { break }
      let units = weights[layer].count
      deltas = zip(passes, deltas).map { pass, delta in
        let adjoint = pass.a[layer].indices.map { source in
          (0..<units).reduce(0.0) { sum, unit in
            if mistake.name == "onePath", units > 1,
              let kept = Int(mistake.place.filter { $0.isNumber }), kept <= units, kept != unit + 1
            {
              return sum
            }
            var weight = weights[layer][unit][source]
            if mistake.name == "notTransposed", units == pass.a[layer].count, units > 1 {
              weight = weights[layer][source][unit]
            }
            return sum + delta[unit] * (weight - rate * result[layer][unit][source])
          }
        }
        let isHere = layers(at: mistake.place).contains(layer - 1)
        return wrongly(
          layer - 1, adjoint, z: moved(pass.z[layer - 1], layer - 1, mistake), a: pass.a[layer],
          isHere ? mistake : Mistake())
      }
    }
    return result
  }

  private static func rate(in place: String) -> Double {
    place.split(separator: " ").last.flatMap { Double($0) } ?? .nan
  }

  /// The number that is given for ∂L/∂W[unit,source] of a layer, or for that of a bias where the
  /// source is the number of inputs; all counted from 0. Nil where the mistake cannot be made.
  func answer(_ layer: Int, _ unit: Int, _ source: Int, _ mistake: Mistake = Mistake()) -> Double? {
    let isBias = source == weights[layer][unit].count
    let derivative = gradient(mistake)[layer][unit][source]
    switch mistake.name {
    case "half" where loss == "half_sse", "notReset": return 2 * derivative
    case "halved": return derivative / 2
    case "sign": return -derivative
    case "mean": return derivative / Double(mistake.place == "the outputs" ? outputs : xs.count)
    case "noMean": return derivative * Double(mistake.place == "the outputs" ? outputs : xs.count)
    case "logarithm": return derivative / log(mistake.place == "2" ? 2 : 10)
    case "newWeight":
      let weight = isBias ? biases[layer][unit] : weights[layer][unit][source]
      return weight - Self.rate(in: mistake.place) * derivative
    case "move": return -Self.rate(in: mistake.place) * derivative
    case "transposed":
      guard !isBias, weights[layer].count == weights[layer][unit].count else { return nil }
      return gradient()[layer][source][unit]
    default: return derivative
    }
  }
}
