import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

// Computations and nets as drawings with their numbers.

extension Catalog {
  static let drawnSample = Key.wholeNumber(
    "sample", .number(1), in: 1...Int.max, "The sample whose outputs and δ stand in the units.")
  private static let mostNodes = 60

  // MARK: Computations

  static func computationalGraph(
    of function: Function, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let (output, inputs) = try arguments.tracedCall(of: function, subject)
    return try computationalGraph(
      of: output, name: function.name, targets: inputs, detail: .everyOperation, arguments)
  }

  static func computationalGraph(
    of node: Node, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let order = topologicalOrder(of: [node])
    var ways: [Node] = []
    for argument in arguments.rest.dropFirst() {
      ways.append(try target(argument, in: order, of: subject, arguments))
    }
    let isNamed = try arguments(ViewOption.names)
    return try computationalGraph(
      of: node, name: node.name ?? subject.name ?? "result",
      targets: ways.isEmpty ? order.filter { $0.isParameter } : ways, isOnlyWay: !ways.isEmpty,
      detail: isNamed ? .named : .everyOperation, arguments)
  }

  private static func computationalGraph(
    of node: Node, name: String, targets: [Node], isOnlyWay: Bool = false,
    detail: DerivationGraph.Detail, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let rounding = arguments.session.stepRounding
    let graph = try arguments.mappingErrors(
      deriving(
        DerivationGraph(
          of: node, name: name, targets: targets, detail: detail, rounding: rounding)))
    let gradients = try arguments.mappingErrors(deriving(graph.edgeGradients(to: targets)))
    // Of the way from a value to the result all that is computed with it, and what goes in beside it.
    let start = Set(targets.compactMap { graph.place(of: $0) })
    var onWay = isOnlyWay ? start : Set(graph.steps.indices)
    for (place, step) in graph.steps.enumerated()
    where isOnlyWay && step.inputs.contains(where: onWay.contains) {
      onWay.insert(place)
    }
    let open = isOnlyWay ? onWay.subtracting(start) : onWay
    let shown = graph.steps.indices.filter { place in
      onWay.contains(place) || open.contains { graph.steps[$0].inputs.contains(place) }
    }
    var places: [Int: Int] = [:]
    for (new, old) in shown.enumerated() { places[old] = new }
    guard shown.count <= mostNodes else {
      throw Failure(
        "a graph of \(shown.count) nodes is too large to be read", at: arguments.range,
        help: ["explain shows it as text"])
    }
    // On a slide four digits are read from the back of a room, unless others were asked for.
    let isShort = arguments.given(PictureOption.file) != nil && !arguments.session.hasChosenStyle
    let number =
      isShort ? { NumberStyle.significantDigits(4).text($0) } : arguments.session.numberText
    func text(_ tensor: Tensor) -> String {
      tensor.number.map(number) ?? tensor.shape.description
    }
    // With names the last box is the result itself.
    let isNamed = if case .named = detail { true } else { false }
    let nodes = shown.map { place in
      let step = graph.steps[place]
      return ComputationalGraph.Node(
        isNamed ? step.symbol.text : label(of: step),
        inputs: (open.contains(place) ? step.inputs : []).compactMap { input in
          places[input].map { .init($0, gradient: gradients[place]?[input].map(text) ?? "") }
        },
        value: text(step.value))
    }
    let picture = ComputationalGraph.picture(
      title: "\(name): values above, gradients below", nodes, result: isNamed ? "" : name)
    return try arguments.drawn(picture)
  }

  /// The operation of a node, with its constant where it has one; an input's name.
  private static func label(of step: DerivationGraph.Step) -> String {
    guard let primitive = step.node.primitive else { return step.symbol.text }
    let constants = step.node.inputs.filter { $0.isConstant && $0.name == nil }
    let constant = constants.first?.value?.number.map { NumberStyle.significantDigits(4).text($0) }
    let isFirst = step.node.inputs.first.map { $0.isConstant && $0.name == nil } ?? false
    let signs = ["add": "+", "subtract": "−", "multiply": "×", "divide": "/", "power": "^"]
    guard let sign = signs[primitive.name] else {
      return primitive.name == "negate" ? "−" : primitive.name
    }
    guard let constant else { return sign }
    return isFirst ? "\(constant)\(sign)" : "\(sign)\(constant)"
  }

  // MARK: Nets

  /// The units with what one sample makes of them, forward and backward.
  static func units(
    of network: Network, on data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> Picture {
    let number = try arguments(drawnSample)
    var objective = Objective()
    objective.masks = try arguments.masks(arguments.mask(), of: network, rows: data.count)
    let asked = objective
    let pass = try arguments.mappingErrors(SamplePass(network, data, sample: number, asked))
    return drawing(of: network, pass, arguments)
  }

  /// Units in layers with the weights on the edges, biases and what a pass computed in the units.
  static func drawing(
    of network: Network, _ pass: SamplePass?, _ arguments: Arguments
  ) -> Picture {
    let notation = arguments.session.notation
    let symbols = NetSymbols(notation, sizes: network.sizes)
    let style = NumberStyle.significantDigits(4)
    let parameters = network.parameters
    // A page of a net draws it without being asked.
    let isNamed = (try? arguments(ViewOption.names)) ?? false
    let layers = network.sizes.enumerated().map { layer, count -> NetDrawing.Layer in
      let bias = parameters.first { $0.layer == layer && $0.role == .bias }?.value.elements
      let units = (1...count).map { unit -> NetDrawing.Unit in
        var lines: [String] = []
        if let pass { lines.append(style.text(pass.a[layer][unit - 1])) }
        if let bias { lines.append("b \(style.text(bias[unit - 1]))") }
        if let pass, layer > 0 {
          lines.append(
            "\(symbols.deltaLetter) \(style.text(notation.deltaSign * pass.deltas[layer - 1][unit - 1]))"
          )
        }
        if let pass, isNamed, layer == network.layers.count {
          lines.append("\(symbols.target(unit).text) \(style.text(pass.target[unit - 1]))")
        }
        let isLeftOut = pass?.mask(layer, unit) == 0
        if isLeftOut { lines.append("left out") }
        var drawn = NetDrawing.Unit(
          symbols.out(layer, unit).text, lines: lines,
          variable: layer == 0 ? "x[\(unit)]" : "a\(layer)[\(unit)]")
        drawn.isLeftOut = isLeftOut
        return drawn
      }
      let title =
        layer == 0
        ? "inputs"
        : "\(symbols.number(ofLayer: layer)): \(network.layers[layer - 1].activation.title)"
      let weights = parameters.first { $0.layer == layer && $0.role == .weights }?.value.elements
      let sources = layer == 0 ? 0 : network.sizes[layer - 1]
      let names =
        isNamed && layer > 0
        ? (1...count).flatMap { unit in
          (1...sources).map { symbols.weight(layer, to: unit, from: $0).text }
        } : []
      var drawn = NetDrawing.Layer(title, units, weights: weights ?? [], names: names)
      drawn.variable = layer == 0 ? "" : "W\(layer)"
      return drawn
    }
    return NetDrawing.picture(title: network.title, layers)
  }
}
