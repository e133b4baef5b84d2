import Differentiation

/// What is minimised: a number for each sample from the output y and the target t.
package struct Loss: CatalogEntry, Sendable {
  package static let kind = EntryKind.loss
  package var header: EntryHeader
  package let outputRequirement: OutputRequirement
  /// The outputs whose loss it is where none is chosen; nil for a loss that must be chosen.
  package let partner: Partner?
  /// Whether it is a squared error, and whether one with the factor ½.
  package let squaredError: SquaredError?
  private let rule: Rule

  package enum Partner: Hashable, Sendable {
    case probability, distribution, anyOther
  }

  package enum SquaredError: Hashable, Sendable {
    case halved, whole
  }

  /// What the outputs must be for the loss to make sense.
  package enum OutputRequirement: Hashable, Sendable {
    case nothing
    /// Every output by itself a probability.
    case probabilities
    /// All outputs together a distribution over the classes.
    case distribution
    /// A score whose sign tells the class; targets are -1 and 1.
    case signedScores
  }

  /// The same loss from the net inputs of one activation, where that is more exact.
  package struct Logits: Sendable {
    let activation: String
    let rule: @Sendable (_ z: Node, _ t: Node) throws(ShapeError) -> Node

    init(
      _ activation: String,
      rule: @escaping @Sendable (_ z: Node, _ t: Node) throws(ShapeError) -> Node
    ) {
      self.activation = activation
      self.rule = rule
    }
  }

  private enum Rule: Sendable {
    /// From outputs and targets, rows × outputs, to one number a row.
    case rows(
      @Sendable (Settings, _ y: Node, _ t: Node) throws(ShapeError) -> Node, logits: Logits?)
    /// From the output and target vectors of one sample to a number.
    case sample(UserRule<[Node], Node>)
  }

  package init(
    _ name: String, aliases: [String] = [], _ summary: String, formula: String,
    _ outputRequirement: OutputRequirement = .nothing, partner: Partner? = nil,
    squaredError: SquaredError? = nil, settings: [Parameter] = [],
    logits: Logits? = nil,
    rule: @escaping @Sendable (Settings, _ y: Node, _ t: Node) throws(ShapeError) -> Node
  ) {
    header = EntryHeader(
      name, aliases: aliases, summary, formula: formula, settings: settings)
    self.outputRequirement = outputRequirement
    self.partner = partner
    self.squaredError = squaredError
    self.rule = .rows(rule, logits: logits)
  }

  /// A user's function of the output and the target of one sample.
  package init(
    userFunction name: String,
    _ function: @escaping (_ y: Node, _ t: Node) throws(LearningError) -> Node
  ) {
    header = EntryHeader(name, "The user's function \(name).")
    outputRequirement = .nothing
    partner = nil
    squaredError = nil
    rule = .sample(
      UserRule { operands throws(LearningError) in try function(operands[0], operands[1]) })
  }

  /// Whether it was written by the user.
  var isCustom: Bool { if case .sample = rule { true } else { false } }

  /// The losses of all samples, a vector of rows.
  /// - Parameters:
  ///   - y: the outputs, rows × outputs.
  ///   - t: the targets, of the same shape.
  ///   - z: the net inputs that the activation made y from, where they are known.
  /// - Throws: what the user's function throws, or an error about the shape of its value.
  package func samples(
    y: Node, t: Node, z: Node? = nil, activation: String? = nil
  ) throws(LearningError) -> Node {
    switch rule {
    case .rows(let rule, let logits):
      return try building { () throws(ShapeError) in
        if let logits, let z, logits.activation == activation { return try logits.rule(z, t) }
        return try rule(values, y, t)
      }
    case .sample(let function):
      let result = try batched([y, t], function.call)
      guard result.shape == .vector(y.shape.rows) else {
        throw LearningError(
          "the loss \(name) does not give one number for each sample",
          help: ["a loss takes the output y and the target t of one sample and gives a number"])
      }
      return result
    }
  }

  /// The loss that goes with an output activation.
  package static func automatic(for output: Activation) -> Loss {
    let partner: Partner =
      if output.traits.contains(.probability) {
        .probability
      } else if output.isDistribution {
        .distribution
      } else {
        .anyOther
      }
    return all.first { $0.partner == partner } ?? standard
  }

  /// - Throws: where the outputs of this activation make no sense for the loss.
  func check(output: Activation, target: LearningError.Target) throws(LearningError) {
    guard let range = output.range else { return }
    let reason: String
    let choice: String
    let isSoftmax = output.isDistribution
    switch outputRequirement {
    case .nothing: return
    case .probabilities:
      if isSoftmax {
        reason = "softmax outputs share one total of 1, and \(name) takes each for itself"
        choice = "ce"
      } else if range.lowerBound < 0 || range.upperBound > 1 {
        reason = "\(name) takes logarithms of probabilities, and \(output.title) leaves 0..1"
        choice = "mse, or sigmoid as output activation"
      } else {
        return
      }
    case .distribution:
      if isSoftmax { return }
      reason = "\(name) needs outputs that sum to 1, and those of \(output.title) need not"
      choice = output.traits.contains(.probability) ? "bce" : "softmax as output activation"
    case .signedScores:
      if range.lowerBound < 0 { return }
      reason =
        "\(name) needs outputs of both signs, and those of \(output.title) are never negative"
      choice = "linear or tanh as output activation"
    }
    throw LearningError(
      "\(output.title) with the loss \(name) makes no sense: \(reason)",
      (target, "does not go with \(output.title)"), help: ["use \(choice)"])
  }
}

/// One number a row of a rows × outputs matrix.
private func perRow(
  _ node: Node, _ reduction: (Axis) -> Primitive
) throws(ShapeError) -> Node {
  // With one output there is nothing to reduce, only a shape to change.
  if node.shape.columns == 1 { return try node.reshaped(.vector(node.shape.rows)) }
  return try node.applying(reduction(.columns))
}

private func sum(_ node: Node) throws(ShapeError) -> Node {
  try perRow(node, Primitive.sum(axis:))
}

private func mean(_ node: Node) throws(ShapeError) -> Node {
  try perRow(node, Primitive.mean(axis:))
}

private func squared(_ y: Node, _ t: Node) throws(ShapeError) -> Node {
  try (t - y).applying(.square)
}

/// -t ln y - (1-t) ln(1-y) for every output; a logarithm with the factor 0 is left out.
private func binaryCrossEntropy(_ y: Node, _ t: Node) throws(ShapeError) -> Node {
  let positive = try t * logarithm(y, unless: t, is: 0)
  let negative = try (1 - t) * logarithm(1 - y, unless: t, is: 1)
  return try -(positive + negative)
}

private func logarithm(
  _ node: Node, unless t: Node, is constant: Node
) throws(ShapeError) -> Node {
  let isOff = try Node.apply(.equal, to: [t, constant])
  return try Node.apply(.choose, to: [isOff, 1, node]).applying(.log)
}

extension Loss {
  package static let all: [Loss] = [
    Loss(
      "half_sse", "Half the sum of squared errors.", formula: "sum((t - y)^2)/2",
      squaredError: .halved
    ) {
      _, y, t throws(ShapeError) in try sum(squared(y, t)) * 0.5
    },
    Loss("sse", "The sum of squared errors.", formula: "sum((t - y)^2)", squaredError: .whole) {
      _, y, t throws(ShapeError) in try sum(squared(y, t))
    },
    Loss(
      "mse", aliases: ["mean_squared_error"], "The mean of squared errors over the outputs.",
      formula: "mean((t - y)^2)", partner: .anyOther, squaredError: .whole
    ) { _, y, t throws(ShapeError) in try mean(squared(y, t)) },
    Loss(
      "mae", aliases: ["mean_absolute_error", "l1_loss"],
      "The mean of absolute errors over the outputs.", formula: "mean(abs(t - y))"
    ) { _, y, t throws(ShapeError) in try mean((t - y).applying(.abs)) },
    Loss(
      "huber", "Squared for small errors, absolute for large ones, mean over the outputs.",
      formula: "mean(where(abs(t - y) <= δ, (t - y)^2/2, δ*(abs(t - y) - δ/2)))",
      settings: [
        .number("δ", 1, from: 0, open: true, aliases: ["delta"], "Where small errors end.")
      ]
    ) { settings, y, t throws(ShapeError) in
      let limit = settings.number("δ")
      let error = try t - y
      let size = try error.applying(.abs)
      let isSmall = try Node.apply(.lessOrEqual, to: [size, Node(number: limit)])
      let large = try Node(number: limit) * (size - Node(number: limit / 2))
      return try mean(
        Node.apply(.choose, to: [isSmall, error.applying(.square) * 0.5, large]))
    },
    Loss(
      "bce", aliases: ["binary_crossentropy", "binary_cross_entropy"],
      "Binary cross-entropy, the mean over the outputs.",
      formula: "-mean(t*log(y) + (1 - t)*log(1 - y))", .probabilities, partner: .probability,
      logits: Logits("sigmoid") { z, t throws(ShapeError) in
        try mean(Node.apply(.binaryCrossEntropy, to: [z, t]))
      }
    ) { _, y, t throws(ShapeError) in try mean(binaryCrossEntropy(y, t)) },
    Loss(
      "bce_sum", "Binary cross-entropy, the sum over the outputs.",
      formula: "-sum(t*log(y) + (1 - t)*log(1 - y))", .probabilities,
      logits: Logits("sigmoid") { z, t throws(ShapeError) in
        try sum(Node.apply(.binaryCrossEntropy, to: [z, t]))
      }
    ) { _, y, t throws(ShapeError) in try sum(binaryCrossEntropy(y, t)) },
    Loss(
      "ce", aliases: ["cce", "cross_entropy", "categorical_crossentropy"],
      "Cross-entropy between the target and a distribution over the classes.",
      formula: "-sum(t*log(y))", .distribution, partner: .distribution,
      logits: Logits("softmax") { z, t throws(ShapeError) in
        try Node.apply(.crossEntropy, to: [z, t])
      }
    ) { _, y, t throws(ShapeError) in try -sum(t * logarithm(y, unless: t, is: 0)) },
    Loss(
      "hinge", "How far a score falls short of a margin of 1, the mean over the outputs.",
      formula: "mean(max(1 - t*y, 0))", .signedScores
    ) { _, y, t throws(ShapeError) in try mean((1 - t * y).applying(.relu)) },
    Loss(
      "cosine", aliases: ["cosine_distance"],
      "How far outputs and targets point apart: 1 less the cosine of the angle between them.",
      formula: "1 - sum(t*y)/sqrt(max(sum(t^2)*sum(y^2), 1e-16))"
    ) { _, y, t throws(ShapeError) in
      let squares = try sum(t.applying(.square)) * sum(y.applying(.square))
      // Outputs of 0 point nowhere: they are at a right angle to everything.
      let lengths = try Node.apply(.maximum, to: [squares, 1e-16]).applying(.sqrt)
      return try 1 - sum(t * y) / lengths
    },
  ]
}
