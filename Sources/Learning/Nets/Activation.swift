import Differentiation

/// The function that a layer applies to its net inputs.
package struct Activation: CatalogEntry, Sendable {
  package static let kind = EntryKind.activation
  package var header: EntryHeader
  /// The outputs lie in this closed range; nil where nothing is known (a user's function).
  package var range: ClosedRange<Double>? { bounds(values) }
  private let bounds: @Sendable (Settings) -> ClosedRange<Double>?
  package let traits: Traits
  private let rule: Rule

  package struct Traits: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let linear = Traits(rawValue: 1 << 0)
    /// Initialised as He and others proposed.
    package static let rectified = Traits(rawValue: 1 << 1)
    /// One slope a layer is learned with the weights.
    package static let learnedSlope = Traits(rawValue: 1 << 2)
    /// Makes sense for the units of the output layer together.
    package static let outputOnly = Traits(rawValue: 1 << 3)
    /// Every output is computed from all net inputs of the layer.
    package static let joint = Traits(rawValue: 1 << 4)
    /// Every output is a probability of its own, above ½ where the net input is positive.
    package static let probability = Traits(rawValue: 1 << 5)
    /// All outputs together are a distribution over the classes, in the order of the net inputs.
    package static let distribution = Traits(rawValue: 1 << 6)
    /// Flat at both ends of its range, where derivatives vanish.
    package static let saturating = Traits(rawValue: 1 << 7)
    /// Gives 0 and passes nothing back for half of all net inputs: units can die.
    package static let dying = Traits(rawValue: 1 << 8)
    /// Its true derivative is 0 almost everywhere; 1 is taken instead.
    package static let surrogateDerivative = Traits(rawValue: 1 << 9)
    /// Written by the user.
    package static let custom = Traits(rawValue: 1 << 10)
  }

  private enum Rule: Sendable {
    /// From the net inputs z, rows × units, and the learned slope if there is one.
    case rows(@Sendable (Settings, _ z: Node, _ slope: Node?) throws(ShapeError) -> Node)
    /// From the net inputs of one sample, a vector.
    case sample(UserRule<[Node], Node>)
  }

  package init(
    _ name: String, aliases: [String] = [], _ summary: String, formula: String,
    range: ClosedRange<Double>, _ traits: Traits = [], settings: [Parameter] = [],
    bounds: (@Sendable (Settings) -> ClosedRange<Double>)? = nil,
    rule: @escaping @Sendable (Settings, _ z: Node, _ slope: Node?) throws(ShapeError) -> Node
  ) {
    header = EntryHeader(
      name, aliases: aliases, summary, formula: formula, settings: settings)
    self.bounds = bounds ?? { _ in range }
    self.traits = traits
    self.rule = .rows(rule)
  }

  /// A user's function of the vector of net inputs of one sample.
  package init(
    userFunction name: String, _ function: @escaping (_ z: Node) throws(LearningError) -> Node
  ) {
    header = EntryHeader(name, "The user's function \(name).")
    bounds = { _ in nil }
    traits = [.custom]
    rule = .sample(
      UserRule { operands throws(LearningError) in try function(operands[0]) })
  }

  /// The outputs for net inputs of all samples.
  /// - Parameters:
  ///   - z: rows × units.
  ///   - slope: a number, where the activation learns one.
  /// - Throws: what the user's function throws, or an error about the shape of its value.
  package func output(of z: Node, slope: Node? = nil) throws(LearningError) -> Node {
    switch rule {
    case .rows(let rule):
      return try building(rule(values, z, slope))
    case .sample(let function):
      let result = try batched([z], function.call)
      guard result.shape == z.shape else {
        throw LearningError(
          "the activation \(name) makes \(result.shape) from \(z.shape)",
          help: ["an activation gives one number for each net input"])
      }
      return result
    }
  }

  var isLinear: Bool { traits.contains(.linear) }
  var isRectified: Bool { traits.contains(.rectified) }
  /// Whether all outputs of a sample together are a distribution over the classes.
  package var isDistribution: Bool { traits.contains(.distribution) }
  /// Whether every output of a sample is computed from all net inputs of the layer.
  package var isJoint: Bool { traits.contains(.joint) }
  var isOutputOnly: Bool { traits.contains(.outputOnly) }
  var hasLearnedSlope: Bool { traits.contains(.learnedSlope) }

  /// Where a learned slope starts.
  var learnedSlope: Double? { hasLearnedSlope ? values.number("slope") : nil }
}

private let allNumbers = -Double.infinity...Double.infinity

private func clipBounds(_ settings: Settings) -> ClosedRange<Double> {
  let (from, to) = (settings.number("from"), settings.number("to"))
  return min(from, to)...max(from, to)
}

extension Activation {
  package static let all: [Activation] = [
    Activation(
      "linear", aliases: ["identity", "none"], "The net input itself.", formula: "x",
      range: allNumbers, [.linear]
    ) { _, z, _ throws(ShapeError) in z },
    Activation(
      "step", aliases: ["threshold", "heaviside"],
      "1 from 0 on, else 0; its derivative is taken as 1.", formula: "where(x >= 0, 1, 0)",
      range: 0...1, [.surrogateDerivative]
    ) { _, z, _ throws(ShapeError) in try z.applying(.step) },
    Activation(
      "sign", "1 from 0 on, else -1; its derivative is taken as 1.",
      formula: "where(x >= 0, 1, -1)", range: -1...1, [.surrogateDerivative]
    ) { _, z, _ throws(ShapeError) in try z.applying(.sign) },
    Activation(
      "clip", aliases: ["clipped", "piecewise"],
      "The net input, kept between two bounds.", formula: "min(max(x, from), to)",
      range: allNumbers,
      settings: [
        .number("from", 0, aliases: ["a", "low"], "The lower bound."),
        .number("to", 1, aliases: ["b", "high"], "The upper bound."),
      ],
      bounds: clipBounds
    ) { settings, z, _ throws(ShapeError) in
      let (from, to) = (settings.number("from"), settings.number("to"))
      return try z.applying(.clip(low: from, high: to))
    },
    Activation(
      "sigmoid", aliases: ["σ", "logistic"], "The logistic curve from 0 to 1.",
      formula: "1/(1 + exp(-x))", range: 0...1, [.probability, .saturating]
    ) { _, z, _ throws(ShapeError) in try z.applying(.sigmoid) },
    Activation(
      "tanh_half", "The hyperbolic tangent of half the net input.", formula: "tanh(x/2)",
      range: -1...1, [.saturating]
    ) { _, z, _ throws(ShapeError) in try z.applying(.tanhHalf) },
    Activation(
      "tanh", "The hyperbolic tangent.", formula: "tanh(x)", range: -1...1, [.saturating]
    ) {
      _, z, _ throws(ShapeError) in try z.applying(.tanh)
    },
    Activation(
      "relu", aliases: ["rectifier"], "The net input where it is positive, else 0.",
      formula: "max(x, 0)", range: 0...Double.infinity, [.rectified, .dying]
    ) { _, z, _ throws(ShapeError) in try z.applying(.relu) },
    Activation(
      "leaky", aliases: ["leaky_relu"], "The net input, where negative times a small slope.",
      formula: "where(x >= 0, x, slope*x)", range: allNumbers, [.rectified],
      settings: [.number("slope", 0.1, aliases: ["alpha"], "The slope below 0.")]
    ) { settings, z, _ throws(ShapeError) in
      try z.applying(.leaky(slope: settings.number("slope")))
    },
    Activation(
      "prelu", "As leaky, with a slope that is learned, one a layer (He and others, 2015).",
      formula: "where(x >= 0, x, slope*x)", range: allNumbers, [.rectified, .learnedSlope],
      settings: [.number("slope", 0.25, aliases: ["alpha"], "The slope to start with.")]
    ) { settings, z, slope throws(ShapeError) in
      try Node.apply(.prelu, to: [z, slope ?? Node(number: settings.number("slope"))])
    },
    Activation(
      "softmax", "The exponentials of the net inputs, divided by their sum.",
      formula: "exp(x)/sum(exp(x))", range: 0...1, [.outputOnly, .joint, .distribution]
    ) { _, z, _ throws(ShapeError) in try z.applying(.softmax) },
    Activation(
      "softplus", "A smooth relu.", formula: "log(1 + exp(x))", range: 0...Double.infinity,
      [.rectified]
    ) { _, z, _ throws(ShapeError) in try z.applying(.softplus) },
    Activation(
      "elu", "The net input, where negative a curve towards -alpha (Clevert and others, 2016).",
      formula: "where(x >= 0, x, alpha*(exp(x) - 1))", range: allNumbers, [.rectified],
      settings: [.number("alpha", 1, from: 0, "The depth of the curve.")]
    ) { settings, z, _ throws(ShapeError) in
      try z.applying(.elu(alpha: settings.number("alpha")))
    },
    Activation(
      "gelu", "The net input times the normal probability below it (Hendrycks and Gimpel, 2016).",
      formula: "x*(1 + erf(x/sqrt(2)))/2", range: allNumbers, [.rectified]
    ) { _, z, _ throws(ShapeError) in try z.applying(.gelu) },
    Activation(
      "gelu_tanh", "The approximation of gelu by a tangent that its authors proposed.",
      formula: "x/2*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))", range: allNumbers, [.rectified]
    ) { _, z, _ throws(ShapeError) in try z.applying(.geluTanh) },
    Activation(
      "swish", aliases: ["silu"], "The net input times its sigmoid.",
      formula: "x*sigmoid(x)", range: allNumbers, [.rectified]
    ) { _, z, _ throws(ShapeError) in try z.applying(.swish) },
    Activation(
      "selu", "The elu whose scale keeps mean and variance (Klambauer and others, 2017).",
      formula: "1.0507009873554805*where(x >= 0, x, 1.6732632423543772*(exp(x) - 1))",
      range: allNumbers, [.rectified]
    ) { _, z, _ throws(ShapeError) in try z.applying(.selu) },
    Activation(
      "celu", "An elu that is smooth for every alpha (Barron, 2017).",
      formula: "where(x >= 0, x, alpha*(exp(x/alpha) - 1))", range: allNumbers, [.rectified],
      settings: [.number("alpha", 1, from: 1e-3, "The depth of the curve.")]
    ) { settings, z, _ throws(ShapeError) in
      try z.applying(.celu(alpha: settings.number("alpha")))
    },
    Activation(
      "mish", "The net input times the hyperbolic tangent of softplus (Misra, 2019).",
      formula: "x*tanh(log(1 + exp(x)))", range: allNumbers, [.rectified]
    ) { _, z, _ throws(ShapeError) in try z.applying(.mish) },
    Activation(
      "softsign", "The net input divided by 1 and its size.", formula: "x/(1 + abs(x))",
      range: -1...1, [.saturating]
    ) { _, z, _ throws(ShapeError) in try z.applying(.softsign) },
    Activation(
      "hardsigmoid", aliases: ["hard_sigmoid"],
      "A straight line from 0 to 1 in place of sigmoid.",
      formula: "min(max(slope*x + 1/2, 0), 1)", range: 0...1, [.probability, .saturating],
      settings: [.number("slope", 1.0 / 6, from: 1e-6, "The slope of the line.")]
    ) { settings, z, _ throws(ShapeError) in
      try z.applying(.hardSigmoid(slope: settings.number("slope")))
    },
    Activation(
      "hardswish", aliases: ["hard_swish"], "The net input times its hardsigmoid.",
      formula: "x*min(max(x/6 + 1/2, 0), 1)", range: allNumbers, [.rectified]
    ) { _, z, _ throws(ShapeError) in try z.applying(.hardSwish) },
    Activation(
      "logsoftmax", aliases: ["log_softmax"], "The logarithm of softmax.",
      formula: "x - log(sum(exp(x)))", range: -Double.infinity...0,
      [.outputOnly, .joint]
    ) { _, z, _ throws(ShapeError) in try z - z.applying(.logSumExp).asColumn(beside: z)
    },
  ]
}
