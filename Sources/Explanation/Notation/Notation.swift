/// How a lecture names the quantities of a net: symbols, the order of indexes, signs.
///
/// A symbol is a template: `net_<unit>` is a name, anything with braces, `^` or a backslash is TeX.
/// Between `<` and `>` stand
/// - `l`, `l+1`, `l-1`: the number of the layer of weights, from 1;
/// - `i`: the unit of that layer, `j`: the unit of the layer before, both from 1;
///   `i,j` or `j,i`: both, with a comma where a number has two digits;
/// - `u`, `v`: the same two units numbered through the whole net, inputs first; `u,v`: both;
/// - `unit`, `from`: the same two units as `h1`, `o1`, `i1`; `layer`: `h`, `o`;
/// - `n`: the number of the weight, counted through the net.
package struct Notation: Hashable, Sendable {
  package enum Key: String, CaseIterable, Sendable {
    case net, out, output, input, weight, bias, delta, target, loss, rate, momentum
    /// All of a layer together.
    case weights, outs, outputs, nets, deltas, inputs
  }

  package enum Orientation: String, Sendable {
    /// z = W x + b, samples are columns.
    case weightsFirst
    /// z = x W + b, samples are rows.
    case rowsFirst
  }

  package var name: String
  /// One sentence.
  package var summary: String
  package var templates: [Key: String]
  package var orientation = Orientation.weightsFirst
  /// -1 where δ stands for −∂L/∂z.
  package var deltaSign = 1.0
  /// Whether the bias is the weight of an input 0 that is always 1.
  package var biasIsWeight = false
  /// Whether the squared error is written with ½.
  package var halvesSquaredError = true

  package init(name: String, summary: String, templates: [Key: String]) {
    self.name = name
    self.summary = summary
    self.templates = templates
  }

  package static func named(_ name: String) -> Notation? { all.first { $0.name == name } }
}

/// The symbols of one net in a notation.
package struct NetSymbols {
  package let notation: Notation
  /// The inputs, then the units of each layer.
  let sizes: [Int]

  package init(_ notation: Notation, sizes: [Int]) {
    self.notation = notation
    self.sizes = sizes
  }

  private var depth: Int { sizes.count - 1 }

  /// The net input of a unit.
  package func net(_ layer: Int, _ unit: Int) -> Symbol { symbol(.net, layer, unit) }

  /// The output of a unit; of layer 0, an input.
  package func out(_ layer: Int, _ unit: Int) -> Symbol {
    if layer == 0 { return symbol(.input, 0, unit) }
    let isLast = layer == depth && notation.templates[.output] != nil
    return symbol(isLast ? .output : .out, layer, unit)
  }

  package func weight(_ layer: Int, to unit: Int, from source: Int) -> Symbol {
    symbol(.weight, layer, unit, source)
  }

  package func bias(_ layer: Int, _ unit: Int) -> Symbol { symbol(.bias, layer, unit, 0) }
  package func delta(_ layer: Int, _ unit: Int) -> Symbol { symbol(.delta, layer, unit) }
  package func target(_ unit: Int) -> Symbol { symbol(.target, depth, unit) }
  package var loss: Symbol { symbol(.loss, depth, 1) }
  package var rate: Symbol { symbol(.rate, 1, 1) }
  package var momentum: Symbol { symbol(.momentum, 1, 1) }
  /// A setting of an optimizer: the notation's own symbol for the momentum, else its name.
  package func setting(_ name: String) -> Symbol {
    name == Notation.Key.momentum.rawValue ? momentum : Symbol(name: name)
  }
  package func weights(_ layer: Int) -> Symbol { symbol(.weights, layer, 1) }
  package func deltas(_ layer: Int) -> Symbol { symbol(.deltas, layer, 1) }
  package func nets(_ layer: Int) -> Symbol { symbol(.nets, layer, 1) }

  package func outs(_ layer: Int) -> Symbol {
    let isLast = layer == depth && notation.templates[.outputs] != nil
    return symbol(layer == 0 ? .inputs : isLast ? .outputs : .outs, layer, 1)
  }

  /// A unit as `h1`, `o1`, `i1`; with several hidden layers `h2_1`.
  package func unitName(_ layer: Int, _ unit: Int) -> String {
    if layer == 0 { return "i\(unit)" }
    if layer == depth { return "o\(unit)" }
    return depth == 2 ? "h\(unit)" : "h\(layer)_\(unit)"
  }

  private func layerName(_ layer: Int) -> String {
    if layer == 0 { return "i" }
    if layer == depth { return "o" }
    return depth == 2 ? "h" : "h\(layer)"
  }

  private func numberInNet(_ layer: Int, _ unit: Int) -> Int {
    sizes.prefix(layer).reduce(0, +) + unit
  }

  private func weightNumber(_ layer: Int, _ unit: Int, _ source: Int) -> Int {
    var before = 0
    for index in 1..<max(layer, 1) { before += sizes[index - 1] * sizes[index] }
    return before + (unit - 1) * sizes[max(layer, 1) - 1] + source
  }

  private func symbol(_ key: Notation.Key, _ layer: Int, _ unit: Int, _ source: Int = 0) -> Symbol {
    let template = notation.templates[key] ?? key.rawValue
    func joined(_ a: Int, _ b: Int) -> String { a > 9 || b > 9 ? "\(a),\(b)" : "\(a)\(b)" }
    var text = ""
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
      text += rest[..<open]
      let place = rest[rest.index(after: open)..<close]
      switch place {
      case "l": text += "\(layer)"
      case "l+1": text += "\(layer + 1)"
      case "l-1": text += "\(layer - 1)"
      case "i": text += "\(unit)"
      case "j": text += "\(source)"
      case "i,j": text += joined(unit, source)
      case "j,i": text += joined(source, unit)
      case "u": text += "\(numberInNet(layer, unit))"
      case "v": text += "\(source == 0 ? 0 : numberInNet(layer - 1, source))"
      case "u,v":
        text += joined(
          numberInNet(layer, unit), source == 0 ? 0 : numberInNet(layer - 1, source))
      case "unit": text += unitName(layer, unit)
      case "from": text += unitName(layer - 1, source)
      case "layer": text += layerName(layer)
      case "n": text += "\(weightNumber(layer, unit, source))"
      default: text += place
      }
      rest = rest[rest.index(after: close)...]
    }
    text += rest
    let isTeX = template.contains { $0 == "^" || $0 == "{" || $0 == "\\" }
    return isTeX ? Symbol(tex: text) : Symbol(name: text)
  }
}
