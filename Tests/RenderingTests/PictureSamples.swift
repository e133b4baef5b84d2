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
}
