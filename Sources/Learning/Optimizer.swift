/// How a step follows from a gradient: PyTorch's formulas and standard settings.
package struct Optimizer: Record {
  package static let kind = "optimizer"
  package let name: String
  package let aliases: [String]
  package let summary: String
  package let formula: String
  package let settings: [Setting]
  package var values: Settings
  /// The learning rate where the user gives none.
  package let standardRate: Double
  private let rule: (Settings) -> Rule

  /// What is done to every weight w with its gradient g, once a step.
  package enum Rule: Hashable, Sendable {
    /// w -= lr·g
    case descent
    /// v = μ·v + (1-dampening)·g, at the first step v = g; w -= lr·v or, as Nesterov has it,
    /// w -= lr·(g + μ·v).
    case momentum(Double, dampening: Double, isNesterov: Bool)
    /// s = α·s + (1-α)·g²; w -= lr·g/(√s + ε)
    case rootMeanSquare(decay: Double, epsilon: Double)
    /// s = s + g²; w -= lr·g/(√s + ε)
    case adaptiveGradient(epsilon: Double)
    /// m = β1·m + (1-β1)·g; s = β2·s + (1-β2)·g²;
    /// w -= lr·(m/(1-β1ᵗ))/(√(s/(1-β2ᵗ)) + ε)
    case adaptiveMoments(beta1: Double, beta2: Double, epsilon: Double)
  }

  package init(
    _ name: String, aliases: [String] = [], _ summary: String, formula: String, rate: Double,
    settings: [Setting] = [], rule: @escaping (Settings) -> Rule
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.formula = formula
    standardRate = rate
    self.settings = settings
    self.rule = rule
    values = Settings(standard: settings)
  }

  /// The rule for the present settings.
  package var update: Rule { rule(values) }

  /// The weight decay asked for: added to the gradient as λ·w, or taken from the weight directly
  /// where `isDecayDecoupled`.
  package var weightDecay: Double {
    settings.contains { $0.name == "weight_decay" } ? values.number("weight_decay") : 0
  }

  /// Whether the decay bypasses the gradient (Loshchilov and Hutter, 2019).
  package var isDecayDecoupled: Bool { name == "adamw" }
}

private func decay(_ standard: Double) -> Setting {
  .number("weight_decay", standard, from: 0, "How strongly weights and biases are pulled to 0.")
}

private let epsilonSummary = "Keeps the divisor away from 0."

private let moments: [Setting] = [
  .number("beta1", 0.9, from: 0, to: 1, open: true, "Memory of the mean gradient."),
  .number("beta2", 0.999, from: 0, to: 1, open: true, "Memory of the mean squared gradient."),
  .number("eps", 1e-8, from: 0, open: true, aliases: ["epsilon"], epsilonSummary),
]

private func adaptiveMoments(_ settings: Settings) -> Optimizer.Rule {
  .adaptiveMoments(
    beta1: settings.number("beta1"), beta2: settings.number("beta2"),
    epsilon: settings.number("eps"))
}

private let momentum = Setting.number(
  "momentum", 0.9, from: 0, to: 1, open: true, aliases: ["alpha", "mu"],
  "The share of the last step that is kept.")

extension Optimizer {
  package static var all: [Optimizer] {
    [
      Optimizer(
        "sgd", aliases: ["gradient_descent"], "Plain gradient descent.", formula: "w - lr*g",
        rate: 0.1, settings: [decay(0)]
      ) { _ in .descent },
      Optimizer(
        "momentum",
        "Gradient descent that keeps a share of its last step (Rumelhart and others, 1986).",
        formula: "v = momentum*v + (1 - dampening)*g; w - lr*v", rate: 0.1,
        settings: [
          momentum, .number("dampening", 0, from: 0, to: 1, "The share of the gradient left out."),
          decay(0),
        ]
      ) {
        .momentum(
          $0.number("momentum"), dampening: $0.number("dampening"), isNesterov: false)
      },
      Optimizer(
        "nesterov", "Momentum that looks one step ahead (Sutskever and others, 2013).",
        formula: "v = momentum*v + g; w - lr*(g + momentum*v)", rate: 0.1,
        settings: [momentum, decay(0)]
      ) { .momentum($0.number("momentum"), dampening: 0, isNesterov: true) },
      Optimizer(
        "rmsprop", "Steps divided by the recent size of the gradient (Tieleman and Hinton, 2012).",
        formula: "s = alpha*s + (1 - alpha)*g^2; w - lr*g/(sqrt(s) + eps)", rate: 0.01,
        settings: [
          .number("alpha", 0.99, from: 0, to: 1, open: true, aliases: ["rho"], "Memory of g^2."),
          .number("eps", 1e-8, from: 0, open: true, aliases: ["epsilon"], epsilonSummary),
          decay(0),
        ]
      ) { .rootMeanSquare(decay: $0.number("alpha"), epsilon: $0.number("eps")) },
      Optimizer(
        "adagrad", "Steps divided by the size of all gradients so far (Duchi and others, 2011).",
        formula: "s = s + g^2; w - lr*g/(sqrt(s) + eps)", rate: 0.01,
        settings: [
          .number("eps", 1e-10, from: 0, open: true, aliases: ["epsilon"], epsilonSummary),
          decay(0),
        ]
      ) { .adaptiveGradient(epsilon: $0.number("eps")) },
      Optimizer(
        "adam",
        "Momentum and scaling together, both corrected for their start (Kingma and Ba, 2015).",
        formula: "w - lr*(m/(1 - beta1^k))/(sqrt(s/(1 - beta2^k)) + eps)", rate: 0.001,
        settings: moments + [decay(0)], rule: adaptiveMoments),
      Optimizer(
        "adamw",
        "Adam with a weight decay that bypasses the gradient (Loshchilov and Hutter, 2019).",
        formula: "w*(1 - lr*weight_decay) - lr*(m/(1 - beta1^k))/(sqrt(s/(1 - beta2^k)) + eps)",
        rate: 0.001, settings: moments + [decay(0.01)], rule: adaptiveMoments),
    ]
  }
}
