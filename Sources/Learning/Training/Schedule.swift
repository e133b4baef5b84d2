import Glibc

/// How the learning rate changes from epoch to epoch, as a factor of the rate asked for.
package struct Schedule: CatalogEntry, Sendable {
  package static let kind = EntryKind.schedule
  package var header: EntryHeader
  private let rule: @Sendable (Settings, Double, Double) -> Double

  package init(
    _ name: String, aliases: [String] = [], _ summary: String, formula: String,
    settings: [Parameter] = [],
    rule: @escaping @Sendable (Settings, _ done: Double, _ all: Double) -> Double
  ) {
    header = EntryHeader(
      name, aliases: aliases, summary, formula: formula, settings: settings)
    self.rule = rule
  }

  /// Whether the rate stays as it is.
  package var isConstant: Bool { name == Schedule.standard.name }

  /// The factor in an epoch.
  /// - Parameters:
  ///   - epoch: from 0.
  ///   - epochs: how many are planned.
  package func factor(epoch: Int, of epochs: Int) -> Double {
    rule(values, Double(epoch), Double(max(1, epochs)))
  }
}

extension Schedule {
  package static let all: [Schedule] = [
    Schedule("constant", "The learning rate stays as it is.", formula: "1") { _, _, _ in 1 },
    Schedule(
      "exponential", aliases: ["exp"], "The learning rate shrinks by one factor every epoch.",
      formula: "rate^epoch",
      settings: [.number("rate", 0.95, from: 0, to: 1, aliases: ["gamma"], "Factor an epoch.")]
    ) { settings, epoch, _ in pow(settings.number("rate"), epoch) },
    Schedule(
      "step", aliases: ["step_decay"], "The learning rate drops every so many epochs.",
      formula: "factor^floor(epoch/every)",
      settings: [
        .wholeNumber(
          "every", 30, in: 1...Int.max, aliases: ["step_size"], "Epochs between drops."),
        .number("factor", 0.1, from: 0, to: 1, aliases: ["gamma"], "Factor a drop."),
      ]
    ) { settings, epoch, _ in
      pow(settings.number("factor"), (epoch / settings.number("every")).rounded(.down))
    },
    Schedule(
      "cosine", "The learning rate falls along half a cosine to its final share.",
      formula: "final + (1 - final)*(1 + cos(pi*epoch/epochs))/2",
      settings: [.number("final", 0, from: 0, to: 1, "Share of the rate at the very end.")]
    ) { settings, done, all in
      let final = settings.number("final")
      return final + (1 - final) * (1 + cos(Double.pi * done / all)) / 2
    },
    Schedule(
      "warmup", "The learning rate rises evenly over the first epochs and then stays.",
      formula: "min(1, (epoch + 1)/epochs)",
      settings: [.wholeNumber("epochs", 5, in: 1...Int.max, "Epochs until the full rate.")]
    ) { settings, epoch, _ in min(1, (epoch + 1) / settings.number("epochs")) },
  ]
}
