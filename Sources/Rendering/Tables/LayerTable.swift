/// The layers of a net with their output shapes and parameters, as Keras prints them.
package struct LayerTable: Sendable {
  package struct Layer: Sendable {
    /// `dense_1 (relu)`.
    package var name: String
    package var units: Int
    package var parameters: Int
    package var isTrainable: Bool
    /// How its weights are distributed; empty for no such column.
    package var weights: [Double]

    package init(
      name: String, units: Int, parameters: Int, isTrainable: Bool = true, weights: [Double] = []
    ) {
      self.name = name
      self.units = units
      self.parameters = parameters
      self.isTrainable = isTrainable
      self.weights = weights
    }
  }

  package var layers: [Layer]
  /// Lines below the totals: the loss, the number of inputs.
  package var notes: [String]

  package init(_ layers: [Layer], notes: [String] = []) {
    self.layers = layers
    self.notes = notes
  }

  /// - Parameter display: what it is written for.
  /// - Returns: lines without a line end after the last.
  package func text(on display: Display = .plain) -> String { table(on: display).text(on: display) }

  package func table(on display: Display) -> Table {
    var table = Table([
      .init("layer"), .init("output shape", .right), .init("parameters", .right),
    ])
    let showsWeights = layers.contains { !$0.weights.isEmpty }
    if showsWeights { table.columns.append(.init("weights")) }
    for layer in layers {
      let row = [layer.name, "(None, \(layer.units))", Self.grouped(layer.parameters)]
      table.append(showsWeights ? row + [Self.distribution(layer.weights, display)] : row)
    }
    table.appendRule()
    func sum(_ included: (Layer) -> Bool) -> Int {
      layers.filter(included).reduce(0) {
        let (sum, overflow) = $0.addingReportingOverflow($1.parameters)
        return overflow ? .max : sum
      }
    }
    let fixed = sum { !$0.isTrainable }
    table.append(["total", "", Self.grouped(sum { _ in true })])
    if fixed > 0 {
      table.append(["trainable", "", Self.grouped(sum { $0.isTrainable })])
      table.append(["not trainable", "", Self.grouped(fixed)])
    }
    table.notes = notes.flatMap { TextWidth.wrapped($0, to: display.columns) }
    return table
  }

  /// The least and the largest weight with bars between: how many weights lie where.
  private static func distribution(_ weights: [Double], _ display: Display) -> String {
    let finite = weights.filter { $0.isFinite }
    guard let low = finite.min(), let high = finite.max() else { return "" }
    let style = NumberStyle.significantDigits(3)
    guard low < high else { return style.text(low) }
    let count = min(max(finite.count, 2), 12)
    var counts = [Double](repeating: 0, count: count)
    for weight in finite {
      let share = Field.Scale.share(weight, low: low, high: high)
      counts[min(max(Int(clamped: share * Double(count)), 0), count - 1)] += 1
    }
    return "\(style.text(low)) \(Sparkline.text(counts, on: display)) \(style.text(high))"
  }

  /// 203530 as `203,530`.
  private static func grouped(_ count: Int) -> String {
    var digits = ""
    let text = count.magnitude.description
    for (index, digit) in text.enumerated() {
      if index > 0, (text.count - index) % 3 == 0 { digits.append(",") }
      digits.append(digit)
    }
    return count < 0 ? "-" + digits : digits
  }
}
