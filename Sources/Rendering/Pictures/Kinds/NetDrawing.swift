/// A small net: its units in layers, weights on the edges, values within the units.
package enum NetDrawing {
  package struct Unit: Sendable {
    package var name: String
    /// Further lines: `out 0.5933`, `b 0.35`, `δ 0.0088`.
    package var lines: [String]
    /// Colours the unit, −1 to 1.
    package var activity: Double?
    /// What the language calls it: `a1[2]`.
    package var variable: String
    /// Whether dropout leaves it out.
    package var isLeftOut = false

    package init(
      _ name: String, lines: [String] = [], activity: Double? = nil, variable: String = ""
    ) {
      self.name = name
      self.lines = lines
      self.activity = activity
      self.variable = variable
    }
  }

  package struct Layer: Sendable {
    package var title: String
    package var units: [Unit]
    /// Units × units of the layer before; empty for the inputs.
    package var weights: [Double]
    /// What the weights are called; empty where they are not named.
    package var names: [String]
    /// What the language calls the matrix of the weights: `W1`; empty where nothing does.
    package var variable = ""

    package init(
      _ title: String, _ units: [Unit], weights: [Double] = [], names: [String] = []
    ) {
      self.title = title
      self.units = units
      self.weights = weights
      self.names = names
    }
  }

  /// - Parameters:
  ///   - unitLimit: units of a layer that are drawn; of more the middle is left out.
  ///   - style: how weights are written; nil leaves them off. Between layers with more than 12
  ///     edges they are always left off, since nobody could tell to which edge a number belongs.
  package static func picture(
    title: String = "", _ layers: [Layer], unitLimit: Int = 8,
    style: NumberStyle? = .significantDigits(4)
  ) -> Picture {
    var nodes: [Diagram.Node] = []
    var edges: [Diagram.Edge] = []
    let drawn = layers.map { shown($0.units.count, limit: max(unitLimit, 2)) }
    let highest = drawn.map { $0.count }.max() ?? 0
    let strongest = layers.flatMap { $0.weights }.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    var before: [Int?: Int] = [:]
    var isLeftOff = false
    for (column, layer) in layers.enumerated() {
      var here: [Int?: Int] = [:]
      for (row, index) in drawn[column].enumerated() {
        let place = Double(row) + Double(highest - drawn[column].count) / 2
        guard let index else {
          let left = layer.units.count - drawn[column].count + 1
          nodes.append(
            .init(column: column, place: place, outline: .none, lines: ["… \(left) more"]))
          continue
        }
        let unit = layer.units[index]
        here[index] = nodes.count
        var node = Diagram.Node(
          column: column, place: place, outline: .circle, lines: [unit.name] + unit.lines,
          fill: unit.activity, name: unit.variable)
        node.isLeftOut = unit.isLeftOut
        nodes.append(node)
      }
      if column > 0 {
        let inputs = layers[column - 1].units.count
        let isReadable = drawn[column].count * drawn[column - 1].count <= 12
        isLeftOff = isLeftOff || !isReadable
        for (target, to) in here.sorted(by: { $0.value < $1.value }) {
          for (source, from) in before.sorted(by: { $0.value < $1.value }) {
            guard let target, let source else { continue }
            let index = target * inputs + source
            guard index < layer.weights.count else { continue }
            let weight = layer.weights[index]
            edges.append(
              .init(
                from: from, to: to,
                above: isReadable
                  ? label(style?.text(weight), index < layer.names.count ? layer.names[index] : nil)
                  : "",
                strength: strongest > 0 ? weight / strongest : 0,
                name: layer.variable.isEmpty
                  ? "" : "\(layer.variable)[\(target + 1),\(source + 1)]",
                description: "weight from \(layers[column - 1].units[source].name) to "
                  + "\(layer.units[target].name): \(NumberStyle.standard.text(weight))"))
          }
        }
      }
      before = here
    }
    return Picture(
      title: title,
      .diagram(Diagram(nodes: nodes, edges: edges, columnTitles: layers.map { $0.title })),
      notes: isLeftOff && style != nil ? ["weights are left out where lines are many"] : [])
  }

  /// A weight with its name, or one of the two.
  private static func label(_ number: String?, _ name: String?) -> String {
    [name, number].compactMap { $0 }.joined(separator: "=")
  }

  /// Indexes to draw; nil stands for those left out.
  private static func shown(_ count: Int, limit: Int) -> [Int?] {
    let all = (0..<count).map(Optional.some)
    if count <= limit { return all }
    let tail = (limit - 1) / 2
    return all.prefix(limit - 1 - tail) + [nil] + all.suffix(tail)
  }
}
