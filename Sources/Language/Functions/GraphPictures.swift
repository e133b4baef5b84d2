import Differentiation
import Explanation
import Learning
import Rendering
import Syntax

// Computations and nets as drawings with their numbers.

extension Catalog {
  static let view = Key.word(
    "view", of: ["map", "net"], .absent, "A net on data as a map of its decisions, or its units.")
  static let drawnSample = Key.wholeNumber(
    "sample", .number(1), in: 1...Int.max, "The sample whose outputs and δ stand in the units.")
  private static let mostNodes = 60
  private static let mostUnits = 8

  // MARK: Computations

  static func computationalGraph(
    of function: Function, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    if arguments.rest.count == 1, arguments.options.isEmpty, function.parameterNames.count == 1 {
      return try curve(of: function, subject, arguments)
    }
    let (output, inputs) = try arguments.tracedCall(of: function, subject)
    return try computationalGraph(
      of: output, name: function.name, targets: inputs, detail: .everyOperation, arguments)
  }

  /// A function of one number and its derivative, over -4 … 4.
  private static func curve(
    of function: Function, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let places = (-80...80).map { Double($0) / 20 }
    var values: [Double] = []
    var slopes: [Double] = []
    for place in places {
      let value = try arguments.machine.call(function, [.number(place)], at: subject.range)
      guard let number = value.number else {
        throw notOneNumber(value, function, subject.range)
      }
      values.append(number)
      let slope = try? arguments.machine.derivative(
        of: function, at: .number(place), range: subject.range)
      if let slope = slope?.number { slopes.append(slope) }
    }
    return try drawn(
      ActivationPlot.picture(
        name: function.name, arguments: places, values: values,
        derivatives: slopes.count == places.count ? slopes : []), arguments)
  }

  static func computationalGraph(
    of node: Node, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let targets = topologicalOrder(of: [node]).filter(\.isParameter)
    return try computationalGraph(
      of: node, name: node.name ?? subject.name ?? "result", targets: targets,
      detail: .everyOperation, arguments)
  }

  private static func computationalGraph(
    of node: Node, name: String, targets: [Node], detail: StationGraph.Detail,
    _ arguments: Arguments
  ) throws(Failure) -> Value {
    let rounding = arguments.session.stepRounding
    let (graph, gradients) = try arguments.learning { () throws in
      let graph = try StationGraph(
        of: node, name: name, targets: targets, detail: detail, rounding: rounding)
      return (graph, try graph.edgeGradients(to: targets))
    }
    guard graph.stations.count <= mostNodes else {
      throw Failure(
        "a graph of \(graph.stations.count) nodes is too large to be read", at: arguments.range,
        help: ["explain shows it as text"])
    }
    let number = arguments.session.numberText
    func text(_ tensor: Tensor) -> String {
      tensor.number.map(number) ?? tensor.shape.description
    }
    let nodes = graph.stations.enumerated().map { place, station in
      ComputationalGraph.Node(
        label(of: station),
        inputs: station.inputs.map { input in
          .init(input, gradient: gradients[place]?[input].map(text) ?? "")
        },
        value: text(station.value))
    }
    let picture = ComputationalGraph.picture(
      title: "\(name): values above, gradients below", nodes, result: name)
    return try drawn(picture, arguments)
  }

  /// The operation of a node, with its constant where it has one; an input's name.
  private static func label(of station: StationGraph.Station) -> String {
    guard let primitive = station.node.primitive else { return station.symbol.text }
    let constants = station.node.inputs.filter { $0.isConstant && $0.name == nil }
    let constant = constants.first?.value?.number.map { NumberStyle.significantDigits(4).text($0) }
    let isFirst = station.node.inputs.first.map { $0.isConstant && $0.name == nil } ?? false
    let signs = ["add": "+", "subtract": "−", "multiply": "×", "divide": "/", "power": "^"]
    guard let sign = signs[primitive.name] else {
      return primitive.name == "negate" ? "−" : primitive.name
    }
    guard let constant else { return sign }
    return isFirst ? "\(constant)\(sign)" : "\(sign)\(constant)"
  }

  // MARK: Nets

  /// The layer table, and for a small net its units with the weights on the edges.
  static func layers(of network: Network, _ arguments: Arguments) throws(Failure) -> Value {
    let table = layerTable(of: network)
    guard network.sizes.allSatisfy({ $0 <= mostUnits }), network.layers.count <= 4 else {
      return .report(Report(title: "layers", text: { table.text(on: $0) }))
    }
    let picture = drawing(of: network, nil, arguments)
    if try arguments.optional(view) != nil || !isToTerminal(arguments) {
      return try drawn(picture, arguments)
    }
    return .report(
      Report(title: "layers") { "\(table.text(on: $0))\n\n\(picture.text(on: $0))" })
  }

  private static func isToTerminal(_ arguments: Arguments) -> Bool {
    guard let place = arguments.function.parameters.firstIndex(where: { $0.name == "to" }) else {
      return true
    }
    return arguments.bound[place] == nil
  }

  /// Whether a net on data is drawn by its units: what has no map of the plane, or is asked for.
  static func showsUnits(of network: Network, _ arguments: Arguments) throws(Failure) -> Bool {
    if let view = try arguments.optional(view) { return view == "net" }
    guard case .data(let data) = arguments.rest[1].value else { return false }
    let isReadable = network.sizes.allSatisfy { $0 <= mostUnits }
    return isReadable && (network.inputCount != 2 || data.classes == nil)
  }

  static func units(of network: Network, _ arguments: Arguments) throws(Failure) -> Value {
    let data = try arguments.data(network, arguments.rest[1])
    let number = try arguments(drawnSample)
    let pass = try arguments.learning { try SamplePass(network, data, sample: number) }
    return try drawn(drawing(of: network, pass, arguments), arguments)
  }

  private static func drawing(
    of network: Network, _ pass: SamplePass?, _ arguments: Arguments
  ) -> Picture {
    let notation = arguments.session.notation
    let symbols = NetSymbols(notation, sizes: network.sizes)
    let style = NumberStyle.significantDigits(4)
    let parameters = network.parameters
    let layers = network.sizes.enumerated().map { layer, count -> NetDrawing.Layer in
      let bias = parameters.first { $0.layer == layer && $0.role == .bias }?.value.elements
      let units = (1...count).map { unit -> NetDrawing.Unit in
        var lines: [String] = []
        if let pass { lines.append(style.text(pass.a[layer][unit - 1])) }
        if let bias { lines.append("b \(style.text(bias[unit - 1]))") }
        if let pass, layer > 0 {
          lines.append("δ \(style.text(notation.deltaSign * pass.deltas[layer - 1][unit - 1]))")
        }
        return NetDrawing.Unit(symbols.out(layer, unit).text, lines: lines)
      }
      let title =
        layer == 0 ? "inputs" : "\(layer): \(network.layers[layer - 1].activation.title)"
      let weights = parameters.first { $0.layer == layer && $0.role == .weights }?.value.elements
      return NetDrawing.Layer(title, units, weights: weights ?? [])
    }
    return NetDrawing.picture(title: network.title, layers)
  }
}
