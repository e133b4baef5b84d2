import Learning

/// What the language calls the quantities that a notation writes by symbols: `W1[2,1]` of w3,
/// `a1[2]` of out_h2, `loss`.
package struct QuantityNames {
  private var names: [Symbol: String] = [:]

  /// Nets with more weights are not drawn with names.
  private static let mostWeights = 4_096

  /// - Parameter sample: the row whose loss is written, from 1.
  package init(_ network: Network, _ notation: Notation, sample: Int) {
    let symbols = NetSymbols(notation, sizes: network.sizes)
    let losses = [symbols.loss, symbols.loss(ofSample: sample)]
    for loss in losses { names[loss] = "loss" }
    for input in 1...network.inputCount { names[symbols.out(0, input)] = "x[\(input)]" }
    for output in 1...network.outputCount { names[symbols.target(output)] = "t[\(output)]" }
    func add(_ symbol: Symbol, _ name: String) {
      names[symbol] = name
      names[symbol.next] = name
      for loss in losses { names[.derivative(of: loss, by: symbol)] = "grad \(name)" }
    }
    for layer in network.layers.map({ $0.number }) {
      for unit in 1...network.sizes[layer] {
        add(symbols.net(layer, unit), "z\(layer)[\(unit)]")
        add(symbols.out(layer, unit), "a\(layer)[\(unit)]")
        names[symbols.delta(layer, unit)] = "delta\(layer)[\(unit)]"
        names[.derivative(of: symbols.out(layer, unit), by: symbols.net(layer, unit))] =
          "slope a\(layer)[\(unit)]"
        add(symbols.bias(layer, unit), "b\(layer)[\(unit)]")
        guard network.count <= Self.mostWeights else { continue }
        for source in 1...network.sizes[layer - 1] {
          add(symbols.weight(layer, to: unit, from: source), "W\(layer)[\(unit),\(source)]")
        }
      }
    }
  }

  /// Nil for what has no name of its own.
  package func name(of symbol: Symbol) -> String? { names[symbol] }

  /// The names of what a formula is made of, each once.
  package func names(in formula: Formula) -> [String] {
    formula.symbols.compactMap { names[$0] }.sorted()
  }
}
