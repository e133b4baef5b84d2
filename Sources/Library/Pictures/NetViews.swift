import Differentiation
import Language
import Learning
import Rendering
import Syntax

/// The views of a net and its data that `show` offers.
enum NetView: String, CaseIterable {
  /// The units with the numbers of one sample.
  case net
  /// The plane of two inputs as the net divides it.
  case map
  /// What each hidden unit makes of the plane.
  case units
  /// The samples where two hidden units put them.
  case space
  case confusion
  case predicted
  /// The net as a curve over its one input.
  case fit
}

extension Catalog {
  static func netView(
    of network: Network, on data: DataSet, _ word: String?, _ arguments: Arguments
  ) throws(Failure) -> Value {
    var view = word.flatMap { NetView(rawValue: $0) }
    if let word, view == nil {
      throw Failure(
        "\(word) is no view of a net on data", at: arguments.range(of: ViewOption.view),
        help: ["choose one of \(NetView.allCases.map { $0.rawValue }.joined(separator: ", "))"])
    }
    if view == nil,
      arguments.given(ViewOption.units) != nil || arguments.given(ViewOption.layer) != nil
    {
      view = .units
    }
    try arguments.mappingErrors(network.requireFeatures(of: data))
    let isClassified = (try? network.classes(of: data)).map { !$0.code.isMultiple } ?? false
    if isClassified, data.count > 1, view == nil || view == .map {
      // What the net cannot class is no picture of classes.
      _ = try arguments.mappingErrors(network.classification(on: data))
    }
    let standard: NetView =
      switch (isClassified, network.inputCount) {
      // A worked example: the numbers are what is asked for.
      case _ where data.count == 1 || arguments.given(drawnSample) != nil: .net
      case _ where arguments.given(maskOption) != nil: .net
      case (true, _) where arguments.given(ViewOption.features) != nil: .map
      case (_, 1): .fit
      case (true, 2): .map
      case (true, _): .confusion
      case (false, _): .predicted
      }
    if let argument = arguments.given(maskOption), (view ?? standard) != .net {
      throw Failure(
        "a mask is drawn in the units of one sample", at: argument.range, label: "of one pass",
        help: ["show net data view=net mask=m"])
    }
    let picture =
      switch view ?? standard {
      case .net: try units(of: network, on: data, arguments)
      case .map: try decisionMap(of: network, on: data, arguments)
      case .units: try unitMaps(of: network, on: data, arguments)
      case .space: try hiddenSpace(of: network, on: data, arguments)
      case .confusion: try confusionMap(of: network, on: data, arguments)
      case .predicted: try predictedAgainstTarget(of: network, on: data, arguments)
      case .fit: try fit(of: network, on: data, arguments)
      }
    return try arguments.drawn(picture)
  }

  private static func title(_ network: Network, _ data: DataSet) -> String {
    "\(network.title) on \(data.title)"
  }

  /// The samples in the plane of the first two features, with their classes where they have any.
  private static func samples(
    _ network: Network, _ data: DataSet, at points: [Double]
  ) -> (samples: [DecisionMap.Sample], names: [String]) {
    let classes = try? network.classification(on: data)
    let samples = (0..<data.count).map { row in
      DecisionMap.Sample(
        points[row * 2], points[row * 2 + 1],
        classIndex: classes.map { $0.actual[row] - 1 } ?? 0)
    }
    let names = classes?.classes.map { Double($0) == nil ? $0 : "class \($0)" } ?? ["samples"]
    return (samples, names)
  }

  private static func requirePlane(
    _ network: Network, _ what: String, _ arguments: Arguments
  ) throws(Failure) {
    guard network.inputCount == 2 else {
      throw arguments.failure(
        "\(what) needs a net with two inputs",
        [(arguments.rest[0].range, "takes \(network.inputCount) inputs")],
        help: [
          "view=confusion and view=predicted work with any number of inputs",
          "features=((x1, x2) -> [x1, x2, x1*x2]) says how they are made of two",
        ])
    }
  }

  static func decisionMap(
    of network: Network, on data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> Picture {
    let region = planeRegion(of: data, cells: arguments.session.mapCells)
    let inputs: Tensor
    if let function = try arguments.optional(ViewOption.features) {
      guard data.featureCount >= 2 else {
        throw Failure(
          "features are made of two, and the data have one",
          at: arguments.range(of: ViewOption.features))
      }
      inputs = try arguments.inputs(made: function, of: region, for: network)
    } else {
      try requirePlane(network, "a map of the plane", arguments)
      inputs = region.tensor
    }
    var picture = try arguments.mappingErrors(
      decisionMap(of: network, on: data, region, inputs: inputs))
    picture.title = title(network, data)
    return picture
  }

  /// The part of the plane of the first two features where the data lie.
  private static func planeRegion(of data: DataSet, cells: Int) -> DecisionMap.Region {
    let points = planePoints(of: data)
    return .around(
      stride(from: 0, to: points.count, by: 2).map {
        DecisionMap.Sample(points[$0], points[$0 + 1], classIndex: 0)
      }, columns: cells, rows: cells)
  }

  /// The first two features of all rows, one after the other.
  private static func planePoints(of data: DataSet) -> [Double] {
    let (elements, width) = (data.x.elements, data.featureCount)
    if width == 2 { return elements }
    return (0..<data.count).flatMap { row in
      [elements[row * width], width > 1 ? elements[row * width + 1] : 0]
    }
  }

  /// The plane of a net with two inputs.
  static func decisionMap(
    of network: Network, on data: DataSet, cells: Int = 96
  ) throws(LearningError) -> Picture {
    let region = planeRegion(of: data, cells: cells)
    return try decisionMap(of: network, on: data, region, inputs: region.tensor)
  }

  /// - Parameter inputs: those of the net at the places of the region, one a row.
  private static func decisionMap(
    of network: Network, on data: DataSet, _ region: DecisionMap.Region, inputs: Tensor
  ) throws(LearningError) -> Picture {
    let (samples, names) = samples(network, data, at: planePoints(of: data))
    let values: [Double]
    let outputs: DecisionMap.Outputs
    var boundary = DecisionMap.Boundary.none
    if network.outputCount > 1 {
      values = try network.classify(inputs).map { Double($0 - 1) }
      let (answers, count) = (try network.output(inputs).elements, network.outputCount)
      outputs = .classes(
        count: count,
        scores: (0..<count).map { unit in values.indices.map { answers[$0 * count + unit] } })
    } else {
      values = try network.output(inputs).elements
      if (try? network.classification(on: data)) != nil {
        let threshold = network.answerClasses(on: data).code.threshold
        boundary = .level(threshold)
        outputs = .values(values, within: network.output.activation.range, around: threshold)
      } else {
        let finite = values.filter { $0.isFinite }
        outputs = .values(low: finite.min() ?? 0, high: finite.max() ?? 1)
      }
    }
    return DecisionMap.picture(
      region: region, values: values, outputs: outputs, boundary: boundary, samples: samples,
      classNames: names, xLabel: data.featureNames[0], yLabel: data.featureNames[1])
  }

  // MARK: Hidden units

  private static let mostUnits = 24

  private static func unitMaps(
    of network: Network, on data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> Picture {
    try requirePlane(network, "the map of a hidden unit", arguments)
    let number = try layerNumber(of: network, 1, arguments)
    let layer = network.layers[number - 1]
    var chosen = Array(1...layer.units)
    if let list = try arguments.optional(ViewOption.units)?.tensor?.elements {
      chosen = []
      for unit in list {
        guard let unit = Int(exactly: unit), (1...layer.units).contains(unit) else {
          throw Failure(
            "layer \(number) has the units 1 to \(layer.units)",
            at: arguments.range(of: ViewOption.units),
            label: "no such unit")
        }
        chosen.append(unit)
      }
    }
    let shown = chosen.prefix(mostUnits)
    let samples = samples(network, data, at: data.x.elements).samples
    let region = DecisionMap.Region.around(samples, columns: 48, rows: 48)
    let pass = try arguments.mappingErrors(network.forward(region.tensor))
    let (netInputs, activations) = (pass.z[number - 1].elements, pass.a[number - 1].elements)
    let outputs = DecisionMap.Outputs.values(
      activations, within: layer.activation.range, around: 0)
    var legend: [LegendEntry] = []
    let maps = shown.map { unit -> Picture in
      func column(_ elements: [Double]) -> [Double] {
        stride(from: unit - 1, to: elements.count, by: layer.units).map { elements[$0] }
      }
      var map = DecisionMap.picture(
        title: "unit \(unit)", region: region, values: column(activations), outputs: outputs,
        boundary: .zero(of: column(netInputs)), samples: [], xLabel: data.featureNames[0],
        yLabel: data.featureNames[1])
      legend = map.legend
      map.legend = []
      return map
    }
    if maps.count == 1 {
      var map = maps[0]
      map.title = "unit \(shown[0]) of layer \(number), \(layer.activation.title)"
      map.legend = legend
      return map
    }
    return Picture(
      title: "layer \(number) of \(title(network, data)), \(layer.activation.title)",
      .panels(maps, columns: [1, 2, 4].contains(maps.count) ? 2 : maps.count < 10 ? 3 : 4),
      legend: legend,
      notes: chosen.count > shown.count
        ? ["the first \(shown.count) of \(chosen.count) units; units=[…] chooses others"] : [])
  }

  private static func layerNumber(
    of network: Network, _ standard: Int, _ arguments: Arguments
  ) throws(Failure) -> Int {
    let number = try arguments.optional(ViewOption.layer) ?? standard
    guard number <= network.layers.count else {
      throw Failure(
        "the net has the layers 1 to \(network.layers.count)",
        at: arguments.range(of: ViewOption.layer),
        label: "no such layer")
    }
    return number
  }

  private static func hiddenSpace(
    of network: Network, on data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> Picture {
    let first = network.layers.first { $0.units == 2 }?.number
    let number = try layerNumber(of: network, first ?? 1, arguments)
    guard network.layers[number - 1].units == 2 else {
      throw arguments.failure(
        "the space of a layer is drawn where it has two units",
        [(arguments.rest[0].range, "layer \(number) has \(network.layers[number - 1].units)")],
        help: ["mlp [2,8,2,1] tanh sigmoid has such a layer before the output"])
    }
    func bent(_ points: Tensor) throws(Failure) -> [Double] {
      try arguments.mappingErrors(network.forward(points).a[number - 1].elements)
    }
    let (samples, names) = samples(network, data, at: try bent(data.x))
    return HiddenSpace.picture(
      title: "what layer \(number) of \(title(network, data)) sees", samples: samples,
      classNames: names,
      grid: network.inputCount == 2 ? try grid(around: data, bent) : [],
      boundary: boundary(of: network, behind: number, samples), xLabel: "unit 1", yLabel: "unit 2")
  }

  /// Lines of the input plane where the layer puts them.
  private static func grid(
    around data: DataSet, _ bent: (Tensor) throws(Failure) -> [Double]
  ) throws(Failure) -> [[Point]] {
    let places = (0..<data.count).map {
      DecisionMap.Sample(data.x.elements[$0 * 2], data.x.elements[$0 * 2 + 1], classIndex: 0)
    }
    let region = DecisionMap.Region.around(places)
    let (lines, steps) = (9, 60)
    var grid: [[Point]] = []
    func between(_ range: ClosedRange<Double>, _ share: Double) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * share
    }
    for isUpright in [false, true] {
      for line in 0..<lines {
        let fixed = Double(line) / Double(lines - 1)
        let elements = (0...steps).flatMap { step -> [Double] in
          let free = Double(step) / Double(steps)
          return isUpright
            ? [between(region.x, fixed), between(region.y, free)]
            : [between(region.x, free), between(region.y, fixed)]
        }
        let points = try bent(Tensor(.matrix(steps + 1, 2), elements))
        grid.append((0...steps).map { Point(points[$0 * 2], points[$0 * 2 + 1]) })
      }
    }
    return grid
  }

  /// Where the one unit behind two others has net input 0: a line of their plane.
  private static func boundary(
    of network: Network, behind number: Int, _ samples: [DecisionMap.Sample]
  ) -> (Point, Point)? {
    guard number == network.layers.count - 1, network.outputCount == 1,
      let w = network.parameters.first(where: { $0.layer == number + 1 && $0.role == .weights })?
        .value.elements
    else { return nil }
    let b =
      network.parameters.first { $0.layer == number + 1 && $0.role == .bias }?.value.elements[0]
      ?? 0
    let region = DecisionMap.Region.around(samples)
    if abs(w[1]) > abs(w[0]) {
      func y(_ x: Double) -> Double { -(w[0] * x + b) / w[1] }
      return (
        Point(region.x.lowerBound, y(region.x.lowerBound)),
        Point(region.x.upperBound, y(region.x.upperBound))
      )
    }
    guard w[0] != 0 else { return nil }
    func x(_ y: Double) -> Double { -(w[1] * y + b) / w[0] }
    return (
      Point(x(region.y.lowerBound), region.y.lowerBound),
      Point(x(region.y.upperBound), region.y.upperBound)
    )
  }

  // MARK: Answers

  static func confusionMap(
    of network: Network, on data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> Picture {
    let result = try arguments.mappingErrors(network.classification(on: data))
    var picture = ConfusionMap.picture(
      title: title(network, data), classes: result.classes, counts: result.confusion)
    picture.notes = ["accuracy \(NumberStyle.significantDigits(4).text(result.accuracy))"]
    return picture
  }

  static func predictedAgainstTarget(
    of network: Network, on data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> Picture {
    let (targets, outputs) = try arguments.mappingErrors { () throws(LearningError) in
      (data.inUnits(try network.targets(of: data)), try network.output(data.x))
    }
    let measure = (try? network.rSquared(on: data)).map { NamedNumber("r2", $0) }
    return PredictedAgainstTarget.picture(
      title: title(network, data), targets: targets.elements, predictions: outputs.elements,
      measure: measure)
  }

  static func fit(
    of network: Network, on data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> Picture {
    guard network.inputCount == 1 else {
      throw arguments.failure(
        "the curve of a net needs one input",
        [(arguments.rest[0].range, "takes \(network.inputCount) inputs")],
        help: ["view=predicted works with any number of inputs"])
    }
    let axis = PlotAxis.fitting("", data.x.elements, margin: 0.05)
    let count = 241
    let x = (0..<count).map { axis.value(at: Double($0) / Double(count - 1)) }
    let (targets, outputs) = try arguments.mappingErrors { () throws(LearningError) in
      (
        data.inUnits(try network.targets(of: data)),
        try network.output(Tensor(.matrix(count, 1), x))
      )
    }
    let width = network.outputCount
    let names = width == 1 ? ["the net"] : (1...width).map { "output \($0)" }
    let curves = names.enumerated().map { output, name in
      Curves.Curve(name, (0..<count).map { Point(x[$0], outputs.elements[$0 * width + output]) })
    }
    let marks = names.indices.map { output in
      Scatter.Group(
        width == 1 ? "targets" : "target \(output + 1)",
        (0..<data.count).map {
          Point(data.x.elements[$0], targets.elements[$0 * width + output])
        })
    }
    return Curves.picture(
      title: title(network, data), curves, marks: marks, xLabel: data.featureNames[0],
      yLabel: data.targetNames.first ?? "")
  }
}

extension DecisionMap.Region {
  /// The places to ask a net at, one a row.
  var tensor: Tensor {
    let points = inputs
    return Tensor(.matrix(points.count, 2), points.flatMap { [$0.x, $0.y] })
  }
}
