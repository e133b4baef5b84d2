/// The layers of a net with their output shapes and parameters, as Keras prints them.
package struct LayerTable: Sendable {
  package struct Layer: Sendable {
    /// `dense_1 (relu)`.
    package var name: String
    package var units: Int
    package var parameters: Int
    package var isTrainable: Bool

    package init(name: String, units: Int, parameters: Int, isTrainable: Bool = true) {
      self.name = name
      self.units = units
      self.parameters = parameters
      self.isTrainable = isTrainable
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
  package func text(on display: Display = .plain) -> String {
    var table = Table([
      .init("layer"), .init("output shape", .right), .init("parameters", .right),
    ])
    for layer in layers {
      table.append([layer.name, "(None, \(layer.units))", Self.grouped(layer.parameters)])
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
      table.append(["trainable", "", Self.grouped(sum(\.isTrainable))])
      table.append(["not trainable", "", Self.grouped(fixed)])
    }
    table.notes = notes
    return table.text(display.isASCII ? .ascii : .unicode, width: display.columns)
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
