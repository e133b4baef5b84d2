import Differentiation

/// How a step follows from a gradient: a graph of the parameter w, its gradient g and the arrays
/// kept beside it. What is trained, what is explained and what a user writes are such graphs.
package struct Optimizer: CatalogEntry, Sendable {
  package static let kind = EntryKind.optimizer
  package var header: EntryHeader
  /// The learning rate where the user gives none.
  package let standardRate: Double
  /// The arrays that are kept beside each parameter.
  package let states: [State]
  /// What makes the same steps elsewhere; a program writes the rule out where nothing fits.
  package let frameworks: [FrameworkOptimizer]
  private let rule: Rule
  private var kernel: (@Sendable (Settings) -> UpdateKernel)?

  /// An array of numbers that is kept beside a parameter, of its shape.
  package struct State: Hashable, Sendable, ExpressibleByStringLiteral {
    package let name: String
    /// What all its numbers are before the first step.
    package let start: Double

    package init(_ name: String, from start: Double = 0) {
      self.name = name
      self.start = start
    }

    package init(stringLiteral name: String) { self.init(name) }
  }

  private enum Rule: Sendable {
    case builtIn(@Sendable (UpdateOperands) throws(ShapeError) -> [String: Node])
    case user(UserRule<UpdateOperands, [String: Node]>)
  }

  /// - Parameters:
  ///   - formula: what `rule` computes, in the language: assignments to states, and the next w last.
  ///   - rate: the learning rate where the user gives none.
  ///   - rule: the next values under the names `w` and those of the states.
  package init(
    _ name: String, aliases: [String] = [], _ summary: String, formula: String, rate: Double,
    settings: [Parameter] = [], states: [State] = [], frameworks: [FrameworkOptimizer] = [],
    rule: @escaping @Sendable (UpdateOperands) throws(ShapeError) -> [String: Node]
  ) {
    header = EntryHeader(
      name, aliases: aliases, summary, formula: formula, settings: settings)
    standardRate = rate
    self.states = states
    self.frameworks = frameworks
    self.rule = .builtIn(rule)
  }

  /// A user's function of w, g and what it names besides.
  /// - Parameter function: may throw whatever the user's function throws.
  package init(
    userFunction name: String, rate: Double, settings: [Parameter], states: [State],
    _ function: @escaping (UpdateOperands) throws(LearningError) -> [String: Node]
  ) {
    header = EntryHeader(name, "The user's update rule \(name).", settings: settings)
    standardRate = rate
    self.states = states
    frameworks = []
    rule = .user(UserRule(call: function))
  }

  /// The same with a kernel that does what the graph says, faster.
  private func fast(_ kernel: @escaping @Sendable (Settings) -> UpdateKernel) -> Optimizer {
    var result = self
    result.kernel = kernel
    return result
  }

  /// The graph of a step.
  /// - Throws: what the user's function throws, or an error about the shapes of its answer.
  package func graph(_ operands: UpdateOperands) throws(LearningError) -> UpdateGraph {
    let next: [String: Node]
    switch rule {
    case .builtIn(let rule): next = try building(rule(operands))
    case .user(let rule): next = try rule.call(operands)
    }
    let states = operands.states.map { next[$0.name] ?? $0.node }
    do throws(ShapeError) {
      return try UpdateGraph(operands, w: next["w"] ?? operands.w, states: states)
    } catch {
      throw LearningError(
        "the optimizer \(name) changes shapes: \(error.message)",
        (.option("optimizer"), "changes shapes"),
        help: ["an update keeps the shape of the parameter"])
    }
  }

  /// The graph of a step for a parameter of some shape, without values.
  /// - Throws: what the user's function throws, or an error about the shapes of its answer.
  package func graph(for shape: Shape) throws(LearningError) -> UpdateGraph {
    try graph(
      UpdateOperands(shape: shape, states: states.map { $0.name }, settings: settingNodes))
  }

  /// The first step of a training, with its numbers.
  /// - Parameters:
  ///   - w: the parameter.
  ///   - g: its gradient, of the same shape.
  /// - Throws: what the user's function throws, or an error about the shapes of its answer.
  package func firstStep(w: Tensor, g: Tensor, rate: Double) throws(LearningError) -> UpdateGraph {
    // Traced without numbers, as for a training: what is explained is what is trained.
    let traced = try graph(for: w.shape)
    return try building(
      traced.evaluated(
        at: UpdateOperands(
          w: .parameter(w, name: "w"), g: .parameter(g, name: "g"),
          lr: .parameter(Tensor(rate), name: "lr"), step: .parameter(Tensor(1), name: "step"),
          states: states.map {
            ($0.name, .parameter(Tensor(repeating: $0.start, shape: w.shape), name: $0.name))
          }, settings: [:])))
  }

  private var settingNodes: [String: Node] {
    var nodes: [String: Node] = [:]
    for setting in settings {
      nodes[setting.name] = .constant(Tensor(values.number(setting.name)), name: setting.name)
    }
    return nodes
  }

  /// What carries out the steps for parameters of these shapes: the kernel, where there is one.
  /// - Throws: what the user's function throws, or an error about the shapes of its answer.
  func update(for shapes: [Shape]) throws(LearningError) -> UpdateRule {
    if let kernel { return .kernel(kernel(values)) }
    return try graphs(for: shapes)
  }

  /// The graphs for parameters of these shapes, whether or not there is a kernel.
  /// - Throws: what the user's function throws, or an error about the shapes of its answer.
  func graphs(for shapes: [Shape]) throws(LearningError) -> UpdateRule {
    .graphs(
      try shapes.map { shape throws(LearningError) in try graph(for: shape) },
      starts: states.map { $0.start })
  }

  /// Whether the rule is a user's function.
  var isCustom: Bool { if case .user = rule { true } else { false } }

  /// The words that tell it from another optimizer. A user's name may come to mean another rule, so
  /// the computation itself belongs to them.
  var identity: String {
    guard case .user = rule, let graph = try? graph(for: .vector(2)) else { return title }
    // FNV-1a.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in graph.signature.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return "\(title) update=\(String(hash, radix: 16))"
  }

  /// Whether a step is w - lr*g and nothing else.
  package var isPlainDescent: Bool {
    guard states.isEmpty, let graph = try? graph(for: .scalar),
      graph.w.primitive === Primitive.subtract, graph.w.inputs[0] === graph.operands.w
    else { return false }
    let change = graph.w.inputs[1]
    let factors = [graph.operands.lr, graph.operands.g]
    return change.primitive === Primitive.multiply
      && (zip(change.inputs, factors).allSatisfy { $0 === $1 }
        || zip(change.inputs, factors.reversed()).allSatisfy { $0 === $1 })
  }
}

private func decay(_ standard: Double) -> Parameter {
  .number(
    "weight_decay", standard, from: 0,
    "How strongly weights and biases are pulled to 0.")
}

extension UpdateOperands {
  /// Whether parameters are pulled to 0.
  fileprivate var decays: Bool { self["weight_decay"].value?.number != 0 }

  /// g + λ·w, where parameters are pulled to 0.
  fileprivate func gradient() throws(ShapeError) -> Node {
    decays ? try g + self["weight_decay"] * w : g
  }

  /// The mean of a state and a newer array, which the setting weights.
  fileprivate func mean(
    of state: String, and newer: Node, by setting: String
  ) throws(ShapeError) -> Node {
    try self[setting] * self[state] + (1 - self[setting]) * newer
  }

  /// The step of adam from its next means: both as if they had not begun at 0.
  fileprivate func corrected(_ m: Node, _ s: Node) throws(ShapeError) -> Node {
    let mean = try m / (1 - Node.apply(.power, to: [self["beta1"], step]))
    let square = try s / (1 - Node.apply(.power, to: [self["beta2"], step]))
    return try lr * mean / (square.applying(.sqrt) + self["eps"])
  }
}

private let epsilonSummary = "Keeps the divisor away from 0."

private let moments: [Parameter] = [
  .number("beta1", 0.9, from: 0, to: 1, open: true, "Memory of the mean gradient."),
  .number("beta2", 0.999, from: 0, to: 1, open: true, "Memory of the mean squared gradient."),
  .number("eps", 1e-8, from: 0, open: true, aliases: ["epsilon"], epsilonSummary),
]

// Arguments of the constructors of frameworks.
private let decays = "weight_decay={weight_decay}"
private let keeps = "momentum={momentum}"
private let kerasMoments = ["beta_1={beta1}", "beta_2={beta2}", "epsilon={eps}"]
private let torchMoments = ["betas=({beta1}, {beta2})", "eps={eps}"]
private let kerasEpsilon = "Keras adds epsilon before it corrects the mean square for its start."

private let momentum = Parameter.number(
  "momentum", 0.9, from: 0, to: 1, open: true, aliases: ["alpha", "mu"],
  "The share of the last step that is kept.")

extension Optimizer {
  package static let all: [Optimizer] = [
    Optimizer(
      "sgd", aliases: ["gradient_descent"], "Plain gradient descent.",
      formula: "w - lr*(g + weight_decay*w)", rate: 0.1, settings: [decay(0)],
      frameworks: [
        .init(.keras, "SGD", ifNotZero: [decays]), .init(.torch, "SGD", ifNotZero: [decays]),
      ]
    ) { x throws(ShapeError) in
      ["w": try x.w - x.lr * x.gradient()]
    }.fast { .sgd(weightDecay: $0.number("weight_decay")) },
    Optimizer(
      "momentum",
      "Gradient descent that keeps a share of its last step (Rumelhart and others, 1986).",
      formula: "v = momentum*v - lr*(g + weight_decay*w); w + v", rate: 0.1,
      settings: [
        momentum,
        .number(
          "dampening", 0, from: 0, to: 1,
          "The share of the gradient left out; above 0 the step is PyTorch's, -lr*v."
        ), decay(0),
      ], states: ["v"],
      frameworks: [
        .init(.keras, "SGD", [keeps], zeros: ["dampening", "weight_decay"]),
        .init(
          .torch, "SGD", [keeps], ifNotZero: ["dampening={dampening}", decays],
          needsSteadyRate: true),
      ]
    ) { x throws(ShapeError) in
      let kept = try x["momentum"] * x["v"]
      // Equation (9) has no dampening: with it the formula is PyTorch's.
      guard let dampening = x["dampening"].value?.number, dampening > 0 else {
        let v = try kept - x.lr * x.gradient()
        return ["v": v, "w": try x.w + v]
      }
      let isFirst = try Node.apply(.less, to: [x.step, 2])
      let share = try Node.apply(.choose, to: [isFirst, 1, 1 - x["dampening"]])
      let v = try kept + share * x.gradient()
      return ["v": v, "w": try x.w - x.lr * v]
    }.fast { settings in
      let (share, decay) = (settings.number("momentum"), settings.number("weight_decay"))
      let dampening = settings.number("dampening")
      return dampening == 0
        ? .rumelhart(share, weightDecay: decay)
        : .momentum(share, dampening: dampening, weightDecay: decay)
    },
    Optimizer(
      "nesterov", "Momentum that looks one step ahead (Sutskever and others, 2013).",
      formula: "g = g + weight_decay*w; v = momentum*v + g; w - lr*(g + momentum*v)",
      rate: 0.1, settings: [momentum, decay(0)], states: ["v"],
      frameworks: [
        .init(
          .keras, "SGD", [keeps, "nesterov=True"], zeros: ["weight_decay"],
          needsSteadyRate: true),
        .init(
          .torch, "SGD", [keeps, "nesterov=True"], ifNotZero: [decays], others: ["momentum"]),
      ]
    ) { x throws(ShapeError) in
      let g = try x.gradient()
      let v = try x["momentum"] * x["v"] + g
      return ["v": v, "w": try x.w - x.lr * (g + x["momentum"] * v)]
    }.fast { .nesterov($0.number("momentum"), weightDecay: $0.number("weight_decay")) },
    Optimizer(
      "rmsprop", "Steps divided by the recent size of the gradient (Tieleman and Hinton, 2012).",
      formula:
        "g = g + weight_decay*w; s = alpha*s + (1 - alpha)*g^2; w - lr*g/(sqrt(s) + eps)",
      rate: 0.01,
      settings: [
        .number("alpha", 0.99, from: 0, to: 1, open: true, aliases: ["rho"], "Memory of g^2."),
        .number("eps", 1e-8, from: 0, open: true, aliases: ["epsilon"], epsilonSummary),
        decay(0),
      ], states: ["s"],
      frameworks: [
        .init(
          .keras, "RMSprop", ["rho={alpha}", "epsilon={eps}**2"], zeros: ["weight_decay"],
          remark: "Keras adds epsilon under the root."),
        .init(.torch, "RMSprop", ["alpha={alpha}", "eps={eps}"], ifNotZero: [decays]),
      ]
    ) { x throws(ShapeError) in
      let g = try x.gradient()
      let s = try x.mean(of: "s", and: g.applying(.square), by: "alpha")
      return ["s": s, "w": try x.w - x.lr * g / (s.applying(.sqrt) + x["eps"])]
    }.fast {
      .rmsprop(
        smoothing: $0.number("alpha"), epsilon: $0.number("eps"),
        weightDecay: $0.number("weight_decay"))
    },
    Optimizer(
      "adagrad", "Steps divided by the size of all gradients so far (Duchi and others, 2011).",
      formula: "g = g + weight_decay*w; s = s + g^2; w - lr*g/(sqrt(s) + eps)", rate: 0.01,
      settings: [
        .number("eps", 1e-10, from: 0, open: true, aliases: ["epsilon"], epsilonSummary),
        decay(0),
      ], states: ["s"],
      frameworks: [
        .init(
          .keras, "Adagrad", ["initial_accumulator_value=0.0", "epsilon={eps}**2"],
          zeros: ["weight_decay"], remark: "Keras adds epsilon under the root."),
        .init(.torch, "Adagrad", ["eps={eps}"], ifNotZero: [decays]),
      ]
    ) { x throws(ShapeError) in
      let g = try x.gradient()
      let s = try x["s"] + g.applying(.square)
      return ["s": s, "w": try x.w - x.lr * g / (s.applying(.sqrt) + x["eps"])]
    }.fast { .adagrad(epsilon: $0.number("eps"), weightDecay: $0.number("weight_decay")) },
    Optimizer(
      "adam",
      "Momentum and scaling together, both corrected for their start (Kingma and Ba, 2015).",
      formula:
        "g = g + weight_decay*w; m = beta1*m + (1 - beta1)*g; s = beta2*s + (1 - beta2)*g^2; w - lr*(m/(1 - beta1^step))/(sqrt(s/(1 - beta2^step)) + eps)",
      rate: 0.001, settings: moments + [decay(0)], states: ["m", "s"],
      frameworks: [
        .init(.keras, "Adam", kerasMoments, zeros: ["weight_decay"], remark: kerasEpsilon),
        .init(.torch, "Adam", torchMoments, ifNotZero: [decays]),
      ]
    ) { x throws(ShapeError) in
      let g = try x.gradient()
      let m = try x.mean(of: "m", and: g, by: "beta1")
      let s = try x.mean(of: "s", and: g.applying(.square), by: "beta2")
      return ["m": m, "s": s, "w": try x.w - x.corrected(m, s)]
    }.fast {
      .adam(
        beta1: $0.number("beta1"), beta2: $0.number("beta2"), epsilon: $0.number("eps"),
        weightDecay: $0.number("weight_decay"))
    },
    Optimizer(
      "adamw",
      "Adam with a weight decay that bypasses the gradient (Loshchilov and Hutter, 2019).",
      formula:
        "m = beta1*m + (1 - beta1)*g; s = beta2*s + (1 - beta2)*g^2; w*(1 - lr*weight_decay) - lr*(m/(1 - beta1^step))/(sqrt(s/(1 - beta2^step)) + eps)",
      rate: 0.001, settings: moments + [decay(0.01)], states: ["m", "s"],
      frameworks: [
        .init(.keras, "AdamW", kerasMoments + [decays], remark: kerasEpsilon),
        .init(.torch, "AdamW", torchMoments + [decays]),
      ]
    ) { x throws(ShapeError) in
      let m = try x.mean(of: "m", and: x.g, by: "beta1")
      let s = try x.mean(of: "s", and: x.g.applying(.square), by: "beta2")
      let w = x.decays ? try x.w * (1 - x.lr * x["weight_decay"]) : x.w
      return ["m": m, "s": s, "w": try w - x.corrected(m, s)]
    }.fast {
      .adamw(
        beta1: $0.number("beta1"), beta2: $0.number("beta2"), epsilon: $0.number("eps"),
        weightDecay: $0.number("weight_decay"))
    },
    Optimizer(
      "lion", "Steps of one size along the sign of a mean gradient (Chen and others, 2023).",
      formula:
        "c = beta1*m + (1 - beta1)*g; m = beta2*m + (1 - beta2)*g; w - lr*(where(c > 0, 1, where(c < 0, -1, 0)) + weight_decay*w)",
      rate: 1e-4,
      settings: [
        .number("beta1", 0.9, from: 0, to: 1, open: true, "The share of m in the step."),
        .number("beta2", 0.99, from: 0, to: 1, open: true, "Memory of the mean gradient."),
        decay(0),
      ], states: ["m"],
      // PyTorch has no Lion.
      frameworks: [
        .init(
          .keras, "Lion", ["beta_1={beta1}", "beta_2={beta2}"], ifNotZero: [decays],
          others: ["beta1"])
      ]
    ) { x throws(ShapeError) in
      let c = try x.mean(of: "m", and: x.g, by: "beta1")
      c.name = "c"
      let isBelow = try Node.apply(.less, to: [c, 0])
      let isAbove = try Node.apply(.greater, to: [c, 0])
      let sign = try Node.apply(
        .choose, to: [isAbove, 1, Node.apply(.choose, to: [isBelow, -1, 0])])
      let direction = x.decays ? try sign + x["weight_decay"] * x.w : sign
      return [
        "w": try x.w - x.lr * direction, "m": try x.mean(of: "m", and: x.g, by: "beta2"),
      ]
    },
  ]
}
