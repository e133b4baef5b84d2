import Differentiation
import Learning
import Rendering
import Syntax

extension Catalog {
  static let pictureFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "show", .session,
      "Draws: a net as a layer table, a net on data as a map of its decisions, a run as curves.",
      parameters: [picturePath.parameter, view.parameter, drawnSample.parameter],
      rest: Parameter("x", .any, "A net, a net and data, runs, data, a function or a matrix."),
      passesOptions: true
    ) { arguments throws(Failure) in
      guard let subject = arguments.rest.first else {
        throw Failure(
          "show needs something to show", at: arguments.range,
          help: ["show net", "show net circles", "show run"])
      }
      if case .function(let function) = subject.value {
        return try computationalGraph(of: function, subject, arguments)
      }
      try refuseOptions(arguments)
      switch subject.value {
      case .traced(let node) where node.shape == .scalar && node.primitive != nil:
        return try computationalGraph(of: node, subject, arguments)
      case .network(let network):
        guard arguments.rest.count > 1 else { return try layers(of: network, arguments) }
        if try showsUnits(of: network, arguments) {
          return try units(of: network, arguments)
        }
        return try decisionMap(
          of: network, on: try arguments.data(network, arguments.rest[1]), arguments)
      case .run: return try curves(arguments)
      case .data(let data): return try scatter(of: data, arguments)
      default:
        let text = arguments.rest.map { arguments.session.text(of: $0.value) }
          .joined(separator: "\n")
        return .report(Report(title: "value", text: { _ in text }))
      }
    }
  ]

  private static let picturePath = Key.string(
    "to", .absent, "A file to draw into: picture.svg or picture.png.")

  static func layerTable(of network: Network) -> LayerTable {
    let layers = network.layers.map { layer in
      LayerTable.Layer(
        name: "dense_\(layer.number) (\(layer.activation.title))", units: layer.units,
        parameters: layer.count)
    }
    let inputs = network.inputCount == 1 ? "1 input" : "\(network.inputCount) inputs"
    let hidden = network.layers.count - 1
    let depth =
      "\(network.layers.count) weight layer\(network.layers.count == 1 ? "" : "s"), \(hidden) hidden"
    let choice = network.isLossAutomatic ? " (chosen by the output activation)" : ""
    return LayerTable(
      layers, notes: ["\(inputs); \(depth); loss \(network.loss.title)\(choice)"])
  }

  private static func decisionMap(
    of network: Network, on data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> Value {
    guard network.inputCount == 2 else {
      throw arguments.failure(
        "a map of the plane needs a net with two inputs",
        [(arguments.rest[0].range, "takes \(network.inputCount) inputs")])
    }
    let classes = try arguments.learning { try network.classification(on: data) }
    let samples = (0..<data.count).map { row in
      DecisionMap.Sample(
        data.x.elements[row * 2], data.x.elements[row * 2 + 1],
        classIndex: classes.actual[row] - 1)
    }
    let region = DecisionMap.Region.around(samples)
    let points = Tensor(
      .matrix(region.inputs.count, 2), region.inputs.flatMap { [$0.x, $0.y] })
    let values: [Double]
    let outputs: DecisionMap.Outputs
    if network.outputCount == 1 {
      values = try arguments.learning { try network.output(points).elements }
      let isSigned = network.output.activation.range.map { $0.lowerBound < 0 } ?? false
      outputs = .values(low: isSigned ? -1 : 0, high: 1)
    } else {
      values = try arguments.learning { try network.classify(points).map { Double($0 - 1) } }
      outputs = .classes(count: network.outputCount)
    }
    let names = classes.classes.map { Double($0) == nil ? $0 : "class \($0)" }
    let picture = DecisionMap.picture(
      title: "\(network.title) on \(data.title)", region: region, values: values,
      outputs: outputs, samples: samples, classNames: names, xLabel: data.featureNames[0],
      yLabel: data.featureNames[1])
    return try drawn(picture, arguments)
  }

  private static func curves(_ arguments: Arguments) throws(Failure) -> Value {
    var runs: [LossCurves.Run] = []
    for argument in arguments.rest {
      guard case .run(let run) = argument.value else {
        throw Failure(
          "runs are shown beside runs only", at: argument.range, label: argument.value.kind)
      }
      let name = argument.name ?? "run \(runs.count + 1)"
      runs.append(LossCurves.Run(name, run.losses))
      if !run.validationLosses.isEmpty {
        runs.append(LossCurves.Run("\(name), validation", run.validationLosses))
      }
    }
    return try drawn(LossCurves.picture(title: "loss by epoch", runs), arguments)
  }

  private static func scatter(of data: DataSet, _ arguments: Arguments) throws(Failure) -> Value {
    let text = arguments.session.summary(of: data)
    guard data.featureCount == 2, let classes = data.classes,
      case .classes(let numbers, _) = data.target
    else { return .report(Report(title: "data", text: { _ in text })) }
    let marks = classes.indices.map { number -> Plot.Mark in
      .points(
        numbers.indices.filter { numbers[$0] == number + 1 }.map {
          Point(data.x.elements[$0 * 2], data.x.elements[$0 * 2 + 1])
        }, series: number)
    }
    func column(_ place: Int) -> [Double] {
      stride(from: place, to: data.x.elements.count, by: 2).map { data.x.elements[$0] }
    }
    let plot = Plot(
      x: Axis.fitting(data.featureNames[0], column(0), margin: 0.1),
      y: Axis.fitting(data.featureNames[1], column(1), margin: 0.1), marks: marks)
    return try drawn(
      Picture(
        title: text, .plot(plot),
        legend: classes.enumerated().map { LegendEntry(.point(series: $0), "class \($1)") }),
      arguments)
  }

  /// The picture on the terminal, or in the file of `to=`.
  static func drawn(
    _ picture: Picture, _ arguments: Arguments, below text: String = ""
  ) throws(Failure) -> Value {
    guard let path = try arguments.optional(picturePath) else {
      return .report(
        Report(title: picture.title) { display in
          [text, picture.text(on: display)].filter { !$0.isEmpty }.joined(separator: "\n\n")
        })
    }
    let bytes: [UInt8]
    if path.hasSuffix(".svg") {
      bytes = Array(SVG.text(picture).utf8)
    } else if path.hasSuffix(".png") {
      bytes = PNG.bytes(picture)
    } else {
      throw Failure(
        "a picture is written as .svg or .png", at: arguments.range(of: picturePath),
        label: "other ending")
    }
    try arguments.write(bytes, to: picturePath)
    return .nothing
  }
}
