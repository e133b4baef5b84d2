import Foundation

@testable import Rendering

/// Pictures with known content, for snapshots of every backend.
enum PictureSamples {
  /// Two rings and the smooth boundary between them.
  static func decisionMap() -> Picture {
    let samples = (0..<40).map { index -> DecisionMap.Sample in
      let angle = Double(index) * 0.61
      let radius = index % 2 == 0 ? 1.0 : 0.3
      return .init(radius * cos(angle), radius * sin(angle), classIndex: index % 2)
    }
    let region = DecisionMap.Region.around(samples)
    let values = region.inputs.map {
      1 / (1 + exp(12 * (($0.x * $0.x + $0.y * $0.y).squareRoot() - 0.65)))
    }
    return DecisionMap.picture(
      title: "decision map of net", region: region, values: values, samples: samples)
  }

  static func threeClasses() -> Picture {
    let samples = (0..<30).map { index -> DecisionMap.Sample in
      let angle = Double(index % 3) * 2.1 + Double(index) * 0.02
      return .init(cos(angle), sin(angle), classIndex: index % 3)
    }
    let region = DecisionMap.Region.around(samples)
    let values = region.inputs.map { point in
      let angle = atan2(point.y, point.x) - 0.3 + 1.05
      return Double(Int(floor((angle + 2 * .pi) / 2.1)) % 3)
    }
    return DecisionMap.picture(
      region: region, values: values, outputs: .classes(count: 3), samples: samples,
      classNames: ["setosa", "versicolor", "virginica"], xLabel: "petal length",
      yLabel: "petal width")
  }

  static func lossCurves() -> Picture {
    let a = (0..<100).map { 0.7 * exp(-Double($0) / 20) + 0.02 }
    let b = (0..<60).map { 0.9 * exp(-Double($0) / 9) + 0.1 + 0.03 * sin(Double($0)) }
    return LossCurves.picture(title: "loss", [.init("sgd 0.1", a), .init("adam", b)])
  }

  static func logarithmicLoss() -> Picture {
    LossCurves.picture([.init("run", (1...1000).map { 1 / pow(Double($0), 2) })])
  }

  /// The worked example: two inputs, two hidden units, two outputs.
  static func smallNet() -> Picture {
    NetDrawing.picture(
      title: "mlp [2,2,2] sigmoid",
      [
        .init("inputs", [.init("i1", lines: ["0.05"]), .init("i2", lines: ["0.1"])]),
        .init(
          "sigmoid",
          [
            .init("h1", lines: ["0.5933", "b 0.35"], activity: 0.59),
            .init("h2", lines: ["0.5969", "b 0.35"], activity: 0.6),
          ], weights: [0.15, 0.2, 0.25, 0.3]),
        .init(
          "sigmoid",
          [
            .init("o1", lines: ["0.7514", "b 0.6"], activity: 0.75),
            .init("o2", lines: ["0.7729", "b 0.6"], activity: 0.77),
          ], weights: [0.4, 0.45, 0.5, -0.55]),
      ])
  }

  /// A pass in which dropout leaves a unit out.
  static func leftOutUnit() -> Picture {
    var unit = NetDrawing.Unit("h2", lines: ["0", "left out"])
    unit.isLeftOut = true
    return NetDrawing.picture(
      title: "mlp [1,2,1] relu linear",
      [
        .init("inputs", [.init("x", lines: ["2"])]),
        .init("relu", [.init("h1", lines: ["4"]), unit], weights: [1, 3]),
        .init("linear", [.init("y", lines: ["2"])], weights: [0.5, -1]),
      ])
  }

  static func wideNet() -> Picture {
    let hidden = (1...20).map { NetDrawing.Unit("h\($0)") }
    let first = (0..<40).map { sin(Double($0)) }
    let second = (0..<20).map { cos(Double($0)) }
    return NetDrawing.picture([
      NetDrawing.Layer("inputs", [NetDrawing.Unit("x1"), NetDrawing.Unit("x2")]),
      NetDrawing.Layer("relu", hidden, weights: first),
      NetDrawing.Layer("sigmoid", [NetDrawing.Unit("y")], weights: second),
    ])
  }

  static func smallGraph() -> Picture {
    ComputationalGraph.picture(
      [
        .init("x", value: "-2"), .init("y", value: "5"), .init("z", value: "-4"),
        .init("+", inputs: [.init(0, gradient: "-4"), .init(1, gradient: "-4")], value: "3"),
        .init("*", inputs: [.init(3, gradient: "-4"), .init(2, gradient: "3")], value: "-12"),
      ], result: "f")
  }

  /// 1/(1+exp(-(w0*x0+w1*x1+w2))) at w = (2, -3, -3), x = (-1, -2).
  static func deepGraph() -> Picture {
    typealias Node = ComputationalGraph.Node
    typealias Input = ComputationalGraph.Input
    let nodes: [Node] = [
      Node("w0", value: "2"), Node("x0", value: "-1"), Node("w1", value: "-3"),
      Node("x1", value: "-2"), Node("w2", value: "-3"),
      Node("*", inputs: [Input(0, gradient: "-0.2"), Input(1, gradient: "0.39")], value: "-2"),
      Node("*", inputs: [Input(2, gradient: "-0.39"), Input(3, gradient: "-0.59")], value: "6"),
      Node("+", inputs: [Input(5, gradient: "0.2"), Input(6, gradient: "0.2")], value: "4"),
      Node("+", inputs: [Input(7, gradient: "0.2"), Input(4, gradient: "0.2")], value: "1"),
      Node("*-1", inputs: [Input(8, gradient: "0.2")], value: "-1"),
      Node("exp", inputs: [Input(9, gradient: "-0.2")], value: "0.37"),
      Node("+1", inputs: [Input(10, gradient: "-0.53")], value: "1.37"),
      Node("1/x", inputs: [Input(11, gradient: "-0.53")], value: "0.73"),
    ]
    return ComputationalGraph.picture(nodes, result: "f", gradient: "1.00")
  }

  static func heatMap() -> Picture {
    HeatMap.picture(
      title: "W1", elements: [0.5, -1.2, 0, 2, 0.1, -0.4, -2, 1, 0.9, 0.01, -0.7, 1.6], rows: 4,
      columns: 3, rowLabel: "unit", columnLabel: "input")
  }

  static func wideHeatMap() -> Picture {
    HeatMap.picture(elements: (0..<784).map { sin(Double($0) / 30) }, rows: 28, columns: 28)
  }

  static func confusionMap() -> Picture {
    ConfusionMap.picture(
      classes: ["setosa", "versicolor", "virginica"],
      counts: [[50, 0, 0], [0, 47, 3], [0, 2, 48]])
  }

  static func histogram() -> Picture {
    let values = (0..<500).map { index -> Double in
      let angle = Double(index)
      return 2 * sin(0.7 * angle) * cos(0.3 * angle)
    }
    return Histogram.picture(title: "weights of W1", values)
  }

  static func bars() -> Picture {
    BarChart.picture(
      title: "gradient by weight",
      [
        .init("w1", 0.000438567717), .init("w5", 0.0821670406), .init("w6", 0.0826676278),
        .init("w7", -0.0226025404), .init("bias of the output", -0.0227402422),
      ], label: "∂E/∂w")
  }

  static func scatter() -> Picture {
    Scatter.picture(
      [
        .init("rain", (0..<25).map { Point(Double($0 % 7), sin(Double($0)) + 2) }),
        .init("no rain", (0..<25).map { Point(Double($0 % 5) + 2, cos(Double($0))) }),
      ], xLabel: "days", yLabel: "kdp")
  }

  static func activation() -> Picture {
    let arguments = (0...200).map { Double($0) / 20 - 5 }
    let values = arguments.map { 1 / (1 + exp(-$0)) }
    return ActivationPlot.picture(
      name: "sigmoid", arguments: arguments, values: values,
      derivatives: values.map { $0 * (1 - $0) })
  }

  static func predicted() -> Picture {
    let targets = (0..<40).map { Double($0) / 4 }
    return PredictedAgainstTarget.picture(
      targets: targets, predictions: targets.map { $0 + sin($0 * 3) * 0.7 },
      measure: .init("r2", 0.9712))
  }

  static func landscape() -> Picture {
    var path = [Point(-2.5, 2)]
    for _ in 0..<30 {
      let last = path[path.count - 1]
      path.append(Point(last.x * 0.9, last.y * 0.75 * (path.count % 2 == 0 ? -0.5 : 1)))
    }
    let values = (0..<40).flatMap { row in
      (0..<60).map { column -> Double in
        let x = Double(column) / 10 - 2.95
        let y = Double(row) / 8 - 2.4375
        return 0.3 * x * x + y * y
      }
    }
    return LossLandscape.picture(
      title: "loss over w5 and w6", x: PlotAxis("w5", from: -3, to: 3),
      y: PlotAxis("w6", from: -2.5, to: 2.5),
      columns: 60, rows: 40, values: values, path: path)
  }

  static func panels() -> Picture {
    let maps = (1...4).map { unit -> Picture in
      let region = DecisionMap.Region(x: -1...1, y: -1...1, columns: 40, rows: 40)
      let (across, up) = (3 * cos(Double(unit)), 3 * sin(Double(unit)))
      let values = region.inputs.map { point -> Double in tanh(point.x * across + point.y * up) }
      return DecisionMap.picture(
        title: "h\(unit)", region: region, values: values, outputs: .values(low: -1, high: 1),
        samples: [])
    }
    return Picture(title: "hidden units", .panels(maps, columns: 2))
  }
}
