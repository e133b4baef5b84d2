import Differentiation
import Learning

/// The value of an expression: the way forward alone.
struct ValueTrial: Trial {
  let computation: Computation

  init(of output: Node) {
    computation = Computation(
      output: output, parameters: topologicalOrder(of: [output]).filter { $0.isParameter },
      target: nil)
  }

  func result(_ change: Change?) throws(LearningError) -> Tensor? {
    guard let change else { return computation.output.value }
    // Without a backward pass only a wrong way forward makes a difference.
    guard change.revision == nil, change.changesLoss, !change.accumulates, !change.freezesBiases
    else { return nil }
    return (change.root ?? computation.output).value
  }

  func answer(_ result: Tensor, _ change: Change?) -> Tensor? {
    guard let change else { return result }
    guard change.changesLoss, change.scale == 1, change.weightShare == 0, !change.isTransposed,
      change.givesInstead == nil
    else { return nil }
    var value = result
    value.elements = value.elements.map { $0 * change.lossScale }
    return value
  }

  var work: Double {
    computation.order.reduce(0) { $0 + 300 + Double($1.shape.count) }
  }
  var dependsOnScale: Bool { false }
}
