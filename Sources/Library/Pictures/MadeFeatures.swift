import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Arguments {
  /// The inputs of a net that a function makes of the places of a plane, one place a row.
  /// - Throws: where the function does not give one number for each input.
  func inputs(
    made function: Function, of region: DecisionMap.Region, for network: Network
  ) throws(Failure) -> Tensor {
    let range = range(of: ViewOption.features)
    let points = region.inputs
    var elements: [Double] = []
    elements.reserveCapacity(points.count * network.inputCount)
    for point in points {
      try runtime.countRound(at: self.range)
      let answer = try runtime.call(function, [.number(point.x), .number(point.y)], at: range)
      guard let made = answer.tensor, made.shape == .vector(network.inputCount) else {
        throw Failure(
          "features makes the \(network.inputCount) inputs of the net", at: range,
          label: "gave \(answer.kind)",
          help: ["a function of two numbers: (x1, x2) -> [x1, x2, x1*x2]"])
      }
      elements += made.elements
    }
    return Tensor(.matrix(points.count, network.inputCount), elements)
  }
}
