import Differentiation

/// How a step follows from a gradient: PyTorch's formulas and standard settings.
package struct Optimizer: CatalogEntry {
  package static let kind = EntryKind.optimizer
  package var header: EntryHeader
  /// The learning rate where the user gives none.
  package let standardRate: Double
  private let rule: (Settings) -> UpdateRule

  package init(
    _ name: String, aliases: [String] = [], _ summary: String, formula: String, rate: Double,
    settings: [Parameter] = [], rule: @escaping (Settings) -> UpdateRule
  ) {
    header = EntryHeader(
      name, aliases: aliases, summary, formula: formula, settings: settings)
    standardRate = rate
    self.rule = rule
  }

  /// The rule for the present settings.
  package var update: UpdateRule { rule(values) }

  /// A decay that the rule of equation (9) knows nothing of: λ·w, added to every gradient.
  var gradientDecay: Double {
    name == "momentum" && values.number("dampening") == 0 ? values.number("weight_decay") : 0
  }

  /// Whether a step is w - lr·g and nothing else.
  var isPlainDescent: Bool { name == "sgd" && values.number("weight_decay") == 0 }
}

private func decay(_ standard: Double) -> Parameter {
  .number("weight_decay", standard, from: 0, "How strongly weights and biases are pulled to 0.")
}

private let epsilonSummary = "Keeps the divisor away from 0."

private let moments: [Parameter] = [
  .number("beta1", 0.9, from: 0, to: 1, open: true, "Memory of the mean gradient."),
  .number("beta2", 0.999, from: 0, to: 1, open: true, "Memory of the mean squared gradient."),
  .number("eps", 1e-8, from: 0, open: true, aliases: ["epsilon"], epsilonSummary),
]

private let momentum = Parameter.number(
  "momentum", 0.9, from: 0, to: 1, open: true, aliases: ["alpha", "mu"],
  "The share of the last step that is kept.")

extension Optimizer {
  package static var all: [Optimizer] {
    [
      Optimizer(
        "sgd", aliases: ["gradient_descent"], "Plain gradient descent.", formula: "w - lr*g",
        rate: 0.1, settings: [decay(0)]
      ) { .sgd(weightDecay: $0.number("weight_decay")) },
      Optimizer(
        "momentum",
        "Gradient descent that keeps a share of its last step (Rumelhart and others, 1986).",
        formula: "v = momentum*v - lr*g; w + v", rate: 0.1,
        settings: [
          momentum, .number("dampening", 0, from: 0, to: 1, "The share of the gradient left out."),
          decay(0),
        ]
      ) { settings in
        let (share, dampening) = (settings.number("momentum"), settings.number("dampening"))
        // Equation (9) has no dampening: with it the formula is PyTorch's.
        guard dampening > 0 else { return .rumelhart(share) }
        return .momentum(
          share, dampening: dampening, weightDecay: settings.number("weight_decay"))
      },
      Optimizer(
        "nesterov", "Momentum that looks one step ahead (Sutskever and others, 2013).",
        formula: "v = momentum*v + g; w - lr*(g + momentum*v)", rate: 0.1,
        settings: [momentum, decay(0)]
      ) { .nesterov($0.number("momentum"), weightDecay: $0.number("weight_decay")) },
      Optimizer(
        "rmsprop", "Steps divided by the recent size of the gradient (Tieleman and Hinton, 2012).",
        formula: "s = alpha*s + (1 - alpha)*g^2; w - lr*g/(sqrt(s) + eps)", rate: 0.01,
        settings: [
          .number("alpha", 0.99, from: 0, to: 1, open: true, aliases: ["rho"], "Memory of g^2."),
          .number("eps", 1e-8, from: 0, open: true, aliases: ["epsilon"], epsilonSummary),
          decay(0),
        ]
      ) {
        .rmsprop(
          smoothing: $0.number("alpha"), epsilon: $0.number("eps"),
          weightDecay: $0.number("weight_decay"))
      },
      Optimizer(
        "adagrad", "Steps divided by the size of all gradients so far (Duchi and others, 2011).",
        formula: "s = s + g^2; w - lr*g/(sqrt(s) + eps)", rate: 0.01,
        settings: [
          .number("eps", 1e-10, from: 0, open: true, aliases: ["epsilon"], epsilonSummary),
          decay(0),
        ]
      ) { .adagrad(epsilon: $0.number("eps"), weightDecay: $0.number("weight_decay")) },
      Optimizer(
        "adam",
        "Momentum and scaling together, both corrected for their start (Kingma and Ba, 2015).",
        formula: "w - lr*(m/(1 - beta1^k))/(sqrt(s/(1 - beta2^k)) + eps)", rate: 0.001,
        settings: moments + [decay(0)]
      ) {
        .adam(
          beta1: $0.number("beta1"), beta2: $0.number("beta2"), epsilon: $0.number("eps"),
          weightDecay: $0.number("weight_decay"))
      },
      Optimizer(
        "adamw",
        "Adam with a weight decay that bypasses the gradient (Loshchilov and Hutter, 2019).",
        formula: "w*(1 - lr*weight_decay) - lr*(m/(1 - beta1^k))/(sqrt(s/(1 - beta2^k)) + eps)",
        rate: 0.001, settings: moments + [decay(0.01)]
      ) {
        .adamw(
          beta1: $0.number("beta1"), beta2: $0.number("beta2"), epsilon: $0.number("eps"),
          weightDecay: $0.number("weight_decay"))
      },
    ]
  }
}
