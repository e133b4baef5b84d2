/// How a lecture names the quantities of a net: symbols, the order of indexes, signs.
///
/// A symbol is a template: `net_<unit>` is a name, anything with braces, `^` or a backslash is TeX.
/// Between `<` and `>` stands a `Placeholder`.
package struct Notation: Hashable, Sendable {
  package enum Key: String, CaseIterable, Sendable {
    case net, out, output, input, weight, bias, delta, target, loss, rate, momentum
    /// 1 where dropout leaves a hidden unit in, 0 where it leaves it out.
    case mask
    /// All of a layer together.
    case weights, outs, outputs, nets, deltas, inputs
    /// Those of the output layer, where they have names of their own.
    case outputNet = "output_net"
    case outputDelta = "output_delta"
    case outputNets = "output_nets"
    case outputDeltas = "output_deltas"
    /// The bias of all units of a layer, while they are equal and stay as they are.
    case sharedBias = "shared_bias"
    /// A weight that leads to the only unit of a layer.
    case singleWeight = "single_weight"
  }

  package enum Orientation: String, Sendable {
    /// z = W x + b, samples are columns.
    case weightsFirst
    /// z = x W + b, samples are rows.
    case rowsFirst
  }

  /// How a step of descent is written.
  package enum UpdateForm: String, CaseIterable, Sendable {
    /// w⁺ = w − η ∂E/∂w.
    case next
    /// Δw = −η ∂E/∂w.
    case change
    /// Δw = η · error · input.
    case deltaRule = "delta_rule"
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
  /// Whether errors are output minus target, (a − y), and not −(y − a).
  package var outputComesFirst = false
  /// Whether a bias is written with the input that it is the weight of, b·1.
  package var biasTimesOne = false
  /// Whether activations are written as what they stand for, 1/(1 + e^-z).
  package var writesDefinitions = false
  /// Whether units are called h1 and o1, and not by the symbol of their output.
  package var namesUnits = false
  /// The number of the first layer that computes.
  package var firstLayer = 1
  package var update = UpdateForm.next

  /// What the number or name of a quantity is put in for.
  package enum Placeholder: String, CaseIterable, Sendable {
    case layer = "l"
    case nextLayer = "l+1"
    case layerBefore = "l-1"
    case unit = "i"
    case source = "j"
    case unitAndSource = "i,j"
    case sourceAndUnit = "j,i"
    case unitInNet = "u"
    case sourceInNet = "v"
    case bothInNet = "u,v"
    case unitName = "unit"
    case sourceName = "from"
    case layerName = "layer"
    case weightNumber = "n"

    /// In a few words, for help.
    package var meaning: String {
      switch self {
      case .layer: "the layer, from 1"
      case .nextLayer: "the layer, where the inputs are layer 1"
      case .layerBefore: "the layer before"
      case .unit: "the unit of the layer, from 1"
      case .source: "the unit of the layer before that a weight comes from, 0 for a bias"
      case .unitAndSource, .sourceAndUnit: "both, with a comma from 10 on"
      case .unitInNet: "the unit, counted through the net, inputs first"
      case .sourceInNet: "the unit before, counted in the same way"
      case .bothInNet: "both"
      case .unitName: "the unit as h1, o1, i1"
      case .sourceName: "the unit before in the same way"
      case .layerName: "the layer as h, o"
      case .weightNumber: "the weight, counted through the net"
      }
    }
  }

  /// The placeholders that say something of a quantity: a layer has no unit, and only weights
  /// come from a unit of the layer before.
  package static func placeholders(of key: Key) -> [Placeholder] {
    let ofLayer: [Placeholder] = [.layer, .nextLayer, .layerBefore, .layerName]
    let ofUnit: [Placeholder] = ofLayer + [.unit, .unitInNet, .unitName]
    switch key {
    case .weight, .singleWeight: return Placeholder.allCases
    case .bias: return Placeholder.allCases.filter { $0 != .weightNumber && $0 != .sourceName }
    case .net, .out, .output, .input, .delta, .target, .mask, .outputNet, .outputDelta:
      return Placeholder.allCases.filter(ofUnit.contains)
    case .weights, .outs, .outputs, .nets, .deltas, .inputs, .outputNets, .outputDeltas,
      .sharedBias:
      return Placeholder.allCases.filter(ofLayer.contains)
    case .loss, .rate, .momentum: return []
    }
  }

  /// What stands between `<` and `>` in a template and means nothing there, with its `<` where it is
  /// not closed; nil where all is known.
  package static func unknownPlaceholder(in template: String, of key: Key) -> String? {
    let known = placeholders(of: key).map { $0.rawValue }
    var rest = Substring(template)
    while let open = rest.firstIndex(of: "<") {
      let inner = rest[rest.index(after: open)...]
      guard let close = inner.firstIndex(of: ">") else { return String(rest[open...]) }
      let word = String(inner[..<close])
      if !known.contains(word) { return word }
      rest = inner[inner.index(after: close)...]
    }
    return nil
  }

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
  package func net(_ layer: Int, _ unit: Int) -> Symbol {
    symbol(own(.outputNet, in: layer) ?? .net, layer, unit)
  }

  /// The key of the output layer's own symbol, where the layer is it and the notation has one.
  private func own(_ key: Notation.Key, in layer: Int) -> Notation.Key? {
    layer == depth && notation.templates[key] != nil ? key : nil
  }

  /// The output of a unit; of layer 0, an input.
  package func out(_ layer: Int, _ unit: Int) -> Symbol {
    if layer == 0 { return symbol(.input, 0, unit) }
    return symbol(layer == depth ? outputKey : .out, layer, unit)
  }

  private var outputKey: Notation.Key { notation.templates[.output] == nil ? .out : .output }

  /// The letters of outputs and targets without indexes, as formulas of a loss have them: `a`
  /// and `y`. Where a notation writes both alike, they are called what they are.
  package var lossLetters: (output: String, target: String) {
    let output = Self.letter(notation.templates[outputKey] ?? "")
    let target = Self.letter(notation.templates[.target] ?? "")
    if output.isEmpty || target.isEmpty || output == target { return ("output", "target") }
    return (output, target)
  }

  /// A template without its indexes: `a` of `a_{<i>}^{(<l+1>)}`, `out` of `out_<unit>`.
  private static func letter(_ template: String) -> String {
    var result = ""
    var rest = Substring(template)
    while let character = rest.popFirst() {
      switch character {
      case "_", "^":
        var index = String(rest.prefix(1))
        if rest.first == "<" {
          index = String(rest.prefix { $0 != ">" }) + ">"
        } else if rest.first == "{" {
          var depth = 0
          let end = rest.firstIndex { character in
            depth += character == "{" ? 1 : character == "}" ? -1 : 0
            return depth == 0
          }
          index = String(end.map { rest[...$0] } ?? rest)
        } else {
          result.append(character)
          continue
        }
        if index.contains("<") {
          rest = rest.dropFirst(index.count)
        } else {
          result.append(character)
        }
      case "<": rest = rest.drop { $0 != ">" }.dropFirst()
      default: result.append(character)
      }
    }
    return Symbol.isTeX(template) ? Symbol(tex: result).text : result
  }

  package func weight(_ layer: Int, to unit: Int, from source: Int) -> Symbol {
    let isSingle = sizes[layer] == 1 && notation.templates[.singleWeight] != nil
    return symbol(isSingle ? .singleWeight : .weight, layer, unit, source)
  }

  package func bias(_ layer: Int, _ unit: Int) -> Symbol { symbol(.bias, layer, unit, 0) }
  package func delta(_ layer: Int, _ unit: Int) -> Symbol {
    symbol(own(.outputDelta, in: layer) ?? .delta, layer, unit)
  }
  /// The bias of every unit of a layer; nil where the notation has no symbol for it.
  package func sharedBias(_ layer: Int) -> Symbol? {
    notation.templates[.sharedBias] == nil ? nil : symbol(.sharedBias, layer, 1)
  }
  package func target(_ unit: Int) -> Symbol { symbol(.target, depth, unit) }
  /// Whether a hidden unit takes part, 1 or 0.
  package func mask(_ layer: Int, _ unit: Int) -> Symbol { symbol(.mask, layer, unit) }
  package var loss: Symbol { symbol(.loss, depth, 1) }
  /// The loss of one row of the data, from 1.
  package func loss(ofSample number: Int) -> Symbol { loss.ofSample(number) }
  package var rate: Symbol { symbol(.rate, 1, 1) }
  package var momentum: Symbol { symbol(.momentum, 1, 1) }
  /// A setting of an optimizer: the notation's own symbol for the momentum, else its name.
  package func setting(_ name: String) -> Symbol {
    name == Notation.Key.momentum.rawValue
      ? momentum : Symbol(name: name, quantity: "setting \(name)")
  }
  package func weights(_ layer: Int) -> Symbol { symbol(.weights, layer, 1) }
  package func deltas(_ layer: Int) -> Symbol {
    symbol(own(.outputDeltas, in: layer) ?? .deltas, layer, 1)
  }
  package func nets(_ layer: Int) -> Symbol {
    symbol(own(.outputNets, in: layer) ?? .nets, layer, 1)
  }

  package func outs(_ layer: Int) -> Symbol {
    let isLast = layer == depth && notation.templates[.outputs] != nil
    return symbol(layer == 0 ? .inputs : isLast ? .outputs : .outs, layer, 1)
  }

  /// The number of a layer as the course counts.
  package func number(ofLayer layer: Int) -> Int { layer + notation.firstLayer - 1 }

  /// What a unit is called in running text: `h1`, or the symbol of its output.
  package func label(_ layer: Int, _ unit: Int) -> String {
    notation.namesUnits ? unitName(layer, unit) : out(layer, unit).text
  }

  /// `δ`, or the letter that the notation uses for it.
  package var deltaLetter: String {
    let template = notation.templates[.delta] ?? ""
    let letters = Symbol(tex: String(template.filter { $0 != "<" && $0 != ">" })).text
    return letters.contains { $0 == "δ" } || letters.hasPrefix("delta") ? "δ" : letters
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
    let sourceInNet = source == 0 ? 0 : numberInNet(layer - 1, source)
    while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
      text += rest[..<open]
      let word = String(rest[rest.index(after: open)..<close])
      switch Notation.Placeholder(rawValue: word) {
      case .layer: text += "\(layer)"
      case .nextLayer: text += "\(layer + 1)"
      case .layerBefore: text += "\(layer - 1)"
      case .unit: text += "\(unit)"
      case .source: text += "\(source)"
      case .unitAndSource: text += joined(unit, source)
      case .sourceAndUnit: text += joined(source, unit)
      case .unitInNet: text += "\(numberInNet(layer, unit))"
      case .sourceInNet: text += "\(sourceInNet)"
      case .bothInNet: text += joined(numberInNet(layer, unit), sourceInNet)
      case .unitName: text += unitName(layer, unit)
      case .sourceName: text += unitName(layer - 1, source)
      case .layerName: text += layerName(layer)
      case .weightNumber: text += "\(weightNumber(layer, unit, source))"
      case nil: text += word
      }
      rest = rest[rest.index(after: close)...]
    }
    text += rest
    let quantity = "\(key.rawValue) \(layer) \(unit) \(source)"
    return Symbol.isTeX(template)
      ? Symbol(tex: text, quantity: quantity) : Symbol(name: text, quantity: quantity)
  }
}
