import Differentiation
import Learning

/// Finds the activation that computes what a graph of element-wise operations computes, however it
/// is written: by its values at many places, not by the names of the operations.
struct ActivationRecognition {
  /// How a unit's net input becomes its output: post(activation(pre(z))).
  struct Match {
    let activation: Activation
    var pre = Affine.identity
    var post = Affine.identity
  }

  /// The value of a unit, from `leaves`.
  let function: Node
  /// What stands for an affine function of the units' net inputs.
  let leaves: [(node: Node, affine: Affine)]
  /// The net inputs as weights and biases of the file make them.
  let netInput: Affine
  /// Whether the slope below zero is one that training changes.
  let learnsSlope: Bool

  /// The net input of an activation is one of so many of the leaves.
  private static let mostCandidates = 8

  /// The match where there is one, preferably with nothing left to do behind the activation.
  /// - Parameter post: what is done to the value of the function.
  func match(post: Affine) -> Match? {
    let order = topologicalOrder(of: [function])
    let reached = Set(order.map { ObjectIdentifier($0) })
    let used = leaves.filter { reached.contains(ObjectIdentifier($0.node)) }
    let probes = Self.probes(around: order.compactMap { $0.value?.number })
    let tried = netInputs(among: used.map { $0.affine }).compactMap { candidate in
      samples(order, used, candidate, probes).map { (candidate, $0) }
    }
    for (candidate, samples) in tried {
      if !post.isIdentity, let scale = post.scale.uniform, let shift = post.shift.uniform,
        let activation = activation(samples.map { $0 * scale + shift }, probes)
      {
        return Match(activation: activation, pre: candidate)
      }
      if let activation = activation(samples, probes) {
        return Match(activation: activation, pre: candidate, post: post)
      }
    }
    for (candidate, samples) in tried {
      if let (activation, scaled) = scaledActivation(samples, probes) {
        return Match(activation: activation, pre: candidate, post: scaled.then(post))
      }
    }
    return nil
  }

  /// The values of the function where the net input is that of `candidate` at the probes; nil where
  /// the function is none of it alone.
  private func samples(
    _ order: [Node], _ used: [(node: Node, affine: Affine)], _ candidate: Affine,
    _ probes: [Double]
  ) -> [Double]? {
    var values: [ObjectIdentifier: Tensor] = [:]
    for leaf in used {
      guard let (factor, summand) = leaf.affine.relative(to: candidate) else { return nil }
      values[ObjectIdentifier(leaf.node)] = Tensor(vector: probes.map { factor * $0 + summand })
    }
    return Self.samples(order, values, probes.count)
  }

  /// What may be the net input of the activation: that of the file, or one of the leaves, preferably
  /// without a factor that all units have.
  private func netInputs(among leaves: [Affine]) -> [Affine] {
    var candidates = [netInput]
    for leaf in leaves.filter({ $0.isInvertible }).prefix(Self.mostCandidates) {
      if let factor = leaf.scale.uniform, factor != 1 {
        candidates.append(Affine(scale: Coefficients(1), shift: leaf.shift.map { $0 / factor }))
      }
      candidates.append(leaf)
    }
    let negated = Affine(scale: Coefficients(-1), shift: Coefficients(0))
    return candidates + candidates.map { $0.then(negated) }
  }

  /// Places that tell functions apart: dense around 0 and on both sides of the numbers that the
  /// function compares with.
  private static func probes(around numbers: [Double]) -> [Double] {
    var probes = [0.0]
    var size = 0.001
    while size < 60 {
      probes += [size, -size]
      size *= 1.08
    }
    for number in Set(numbers.filter { abs($0) < 1e3 }).sorted().prefix(16) {
      let step = 1e-3 * max(1, abs(number))
      probes += [number - step, number + step, -number - step, -number + step]
    }
    return probes
  }

  /// The values of the last node, where it has any.
  private static func samples(
    _ order: [Node], _ given: [ObjectIdentifier: Tensor], _ count: Int
  ) -> [Double]? {
    var values = given
    for node in order where values[ObjectIdentifier(node)] == nil {
      if let value = node.value {
        values[ObjectIdentifier(node)] = value
        continue
      }
      let inputs = node.inputs.compactMap { values[ObjectIdentifier($0)] }
      guard inputs.count == node.inputs.count,
        let value = try? node.primitive?.evaluate(inputs)
      else { return nil }
      values[ObjectIdentifier(node)] = value
    }
    guard let last = order.last, let value = values[ObjectIdentifier(last)] else { return nil }
    return value.number.map { Array(repeating: $0, count: count) } ?? value.elements
  }

  // MARK: Against the catalog

  private func activation(_ samples: [Double], _ probes: [Double]) -> Activation? {
    // Functions of a unit alone, a learned slope where one is meant, and as they are before with
    // other settings.
    let choices = Activation.all.filter {
      !$0.isJoint
        && (!learnsSlope || $0.traits.contains(.learnedSlope))
    }
    let ordered =
      choices.filter { !$0.traits.contains(.learnedSlope) }
      + choices.filter { $0.traits.contains(.learnedSlope) }
    for choice in ordered where Self.agree(Self.values(choice, probes), samples) { return choice }
    for choice in ordered where !choice.settings.isEmpty {
      if let fitted = Self.fitted(choice, to: samples, probes) { return fitted }
    }
    return nil
  }

  /// An activation of which the samples are a multiple, with a summand.
  private func scaledActivation(
    _ samples: [Double], _ probes: [Double]
  ) -> (Activation, Affine)? {
    let ones = samples.map { _ in 1.0 }
    for choice in Activation.all where !choice.isJoint {
      guard let values = Self.values(choice, probes),
        let fit = Self.leastSquares([values, ones], samples),
        Self.agree(values.map { $0 * fit[0] + fit[1] }, samples), fit[0] != 0
      else { continue }
      let post = Affine(
        scale: Coefficients(Self.rounded(fit[0])), shift: Coefficients(Self.rounded(fit[1])))
      return (choice, post)
    }
    return nil
  }

  private static func values(_ activation: Activation, _ probes: [Double]) -> [Double]? {
    let z = Node.constant(Tensor(.matrix(probes.count, 1), probes))
    return try? activation.output(of: z).value?.elements
  }

  /// Equal to the digits of 32 bits.
  private static func agree(_ values: [Double]?, _ samples: [Double]) -> Bool {
    guard let values, values.count == samples.count else { return false }
    return zip(values, samples).allSatisfy {
      $0.isFinite && $1.isFinite && abs($0 - $1) <= 2e-6 * max(1, abs($0))
    }
  }

  /// The activation with the settings for which it has these values; nil where there are none.
  ///
  /// Gauss and Newton's least squares, with differences for derivatives; one or two numbers.
  private static func fitted(
    _ activation: Activation, to samples: [Double], _ probes: [Double]
  ) -> Activation? {
    var settings: [Double] = []
    for setting in activation.settings {
      guard case .number(let number)? = activation.values.values[setting.name] else { return nil }
      settings.append(number)
    }
    func configured(_ settings: [Double]) -> Activation? {
      try? activation.configured(
        named: zip(activation.settings, settings).map { ($0.name, .number($1)) })
    }
    for _ in 0..<30 {
      guard let present = configured(settings), let values = values(present, probes) else {
        return nil
      }
      if agree(values, samples) {
        return activation.traits.contains(.learnedSlope)
          ? present : configured(settings.map(rounded))
      }
      var slopes: [[Double]] = []
      for place in settings.indices {
        var moved = settings
        moved[place] += 1e-6
        guard let beside = configured(moved), let other = Self.values(beside, probes) else {
          return nil
        }
        slopes.append(zip(other, values).map { ($0 - $1) / 1e-6 })
      }
      let rest = zip(samples, values).map { $0 - $1 }
      guard let step = leastSquares(slopes, rest) else { return nil }
      for place in settings.indices { settings[place] += step[place] }
    }
    return nil
  }

  /// What 32 bits were meant to say.
  private static func rounded(_ number: Double) -> Double {
    let short = (number * 1e6).rounded() / 1e6
    return abs(short - number) <= 1e-6 * abs(number) ? short : number
  }

  private static func leastSquares(_ columns: [[Double]], _ rest: [Double]) -> [Double]? {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    switch columns.count {
    case 1:
      let square = dot(columns[0], columns[0])
      return square > 0 ? [dot(columns[0], rest) / square] : nil
    case 2:
      let (a, b, c) = (
        dot(columns[0], columns[0]), dot(columns[0], columns[1]), dot(columns[1], columns[1])
      )
      let determinant = a * c - b * b
      guard determinant > 1e-12 * a * c else { return nil }
      let (u, v) = (dot(columns[0], rest), dot(columns[1], rest))
      return [(c * u - b * v) / determinant, (a * v - b * u) / determinant]
    default: return nil
    }
  }
}
