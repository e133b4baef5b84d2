import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let summaryFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "summary", .nets,
      "The table of a net as keras prints it: layers, output shapes, parameters that are trained and "
        + "that are not.",
      parameters: [summarized.parameter, freeze.parameter],
      examples: [
        .init(
          "summary (mlp [2,20,1] relu sigmoid)",
          prints: """
            Model: "sequential"
            Layer (type)     Output Shape  Param #
            ══════════════════════════════════════
            dense (Dense)    (None, 20)         60
            dense_1 (Dense)  (None, 1)          21
            ──────────────────────────────────────
            Total params: 81
            Trainable params: 81
            Non-trainable params: 0
            """)
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(summarized)
      let frozen = try arguments.frozenNames(freeze)
      let fixed = network.parameters.filter { frozen.contains($0.name) }
        .reduce(0) { $0 + $1.value.elements.count }
      var table = Table(
        [.init("Layer (type)"), .init("Output Shape"), .init("Param #", .right)],
        rows: network.layers.map { layer in
          [
            "\(layer.number == 1 ? "dense" : "dense_\(layer.number - 1)") (Dense)",
            "(None, \(layer.units))", "\(layer.count)",
          ]
        })
      table.appendRule()
      table.notes = [
        "Total params: \(network.count)", "Trainable params: \(network.count - fixed)",
        "Non-trainable params: \(fixed)",
      ]
      let shown = table
      let fields = Record([
        ("total", .number(Double(network.count))),
        ("trainable", .number(Double(network.count - fixed))),
        ("non_trainable", .number(Double(fixed))),
      ])
      return .report(
        .ofTables(title: "summary", fields: fields) { _ in
          TextBlocks([.lines("Model: \"sequential\""), .table(shown)])
        })
    }
  ]

  private static let summarized = Key<Network>.network()
}
