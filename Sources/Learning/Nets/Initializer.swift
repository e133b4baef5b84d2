import Differentiation

/// How the weights of a new net are drawn; biases start at zero.
package struct Initializer: CatalogEntry, Sendable {
  package static let kind = EntryKind.initializer
  package var header: EntryHeader
  private let draw: @Sendable (Settings, Fan, inout RandomSource) -> Double

  /// What the scale of a layer's weights may depend on.
  package struct Fan {
    package let inputs: Double
    package let units: Double
    /// Whether the layer's activation is of the relu family.
    package let isRectified: Bool
  }

  package init(
    _ name: String, aliases: [String] = [], _ summary: String, formula: String = "",
    settings: [Parameter] = [],
    draw: @escaping @Sendable (Settings, Fan, inout RandomSource) -> Double
  ) {
    header = EntryHeader(
      name, aliases: aliases, summary, formula: formula, settings: settings)
    self.draw = draw
  }

  /// One weight of a layer.
  func weight(_ fan: Fan, _ random: inout RandomSource) -> Double { draw(values, fan, &random) }
}

extension Initializer {
  package static let all: [Initializer] = [
    Initializer(
      "auto", "He for layers of the relu family, Glorot uniform for all others."
    ) { _, fan, random in fan.isRectified ? he(fan, &random) : glorot(fan, &random) },
    Initializer(
      "he", aliases: ["he_normal", "kaiming"],
      "Normal with a variance of 2 over the number of inputs (He and others, 2015).",
      formula: "normal(sqrt(2/inputs))"
    ) { _, fan, random in he(fan, &random) },
    Initializer(
      "glorot", aliases: ["glorot_uniform", "xavier"],
      "Uniform with a variance of 2 over inputs plus units (Glorot and Bengio, 2010).",
      formula: "uniform(sqrt(6/(inputs + units)))"
    ) { _, fan, random in glorot(fan, &random) },
    Initializer(
      "normal", "Normal around zero.",
      settings: [
        .number("σ", 0.05, from: 0, aliases: ["sd", "sigma", "stddev"], "Standard deviation.")
      ]
    ) { settings, _, random in settings.number("σ") * random.normal() },
    Initializer(
      "uniform", "Evenly between -a and a.",
      settings: [.number("a", 0.05, from: 0, aliases: ["limit"], "The largest weight.")]
    ) { settings, _, random in
      random.uniform(from: -settings.number("a"), to: settings.number("a"))
    },
    Initializer("zeros", aliases: ["zero"], "All weights zero, so that all units stay alike.") {
      _, _, _ in 0
    },
    Initializer(
      "constant", "All weights the same number, so that all units stay alike.",
      settings: [.number("c", 0.5, aliases: ["value"], "The number.")]
    ) { settings, _, _ in settings.number("c") },
  ]

  private static func he(_ fan: Fan, _ random: inout RandomSource) -> Double {
    (2 / fan.inputs).squareRoot() * random.normal()
  }

  private static func glorot(_ fan: Fan, _ random: inout RandomSource) -> Double {
    let limit = (6 / (fan.inputs + fan.units)).squareRoot()
    return random.uniform(from: -limit, to: limit)
  }
}
