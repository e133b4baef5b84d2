import Differentiation
import Learning

/// What is asked for, and what becomes of it under a misconception.
protocol Trial {
  var computation: Computation { get }
  /// What the derivation gives before its result is used: nil where it cannot be made so.
  /// - Parameter change: its structure only is looked at; nil for the right way.
  func result(_ change: Change?) throws(LearningError) -> Tensor?
  /// What is given in the end: nil where that cannot be asked for.
  func answer(_ result: Tensor, _ change: Change?) -> Tensor?
  /// Multiplications of one derivation, roughly.
  var work: Double { get }
  /// Whether `result` depends on how the derivative is scaled, since steps are made along it.
  var dependsOnScale: Bool { get }
}

/// The derivative of an expression.
struct ExpressionTrial: Trial {
  let computation: Computation
  let target: Node

  init(of output: Node, by target: Node, rates: [Double], isRateGiven: Bool) {
    var computation = Computation(
      output: output, parameters: topologicalOrder(of: [output]).filter { $0.isParameter },
      target: target)
    computation.rates = rates
    computation.isRateGiven = isRateGiven
    self.computation = computation
    self.target = target
  }

  func result(_ change: Change?) throws(LearningError) -> Tensor? {
    let root = change?.root ?? computation.output
    return try deriving(gradients(of: root, by: [target], revision: change?.revision)).first?.value
  }

  func answer(_ result: Tensor, _ change: Change?) -> Tensor? {
    guard let change else { return result }
    return change.applied(to: result, weight: target.value)
  }

  var work: Double {
    computation.order.reduce(0) { $0 + 300 + Double($1.shape.count) }
  }
  var dependsOnScale: Bool { false }
}

extension Change {
  /// The derivative as this change gives it.
  /// - Parameters:
  ///   - derivative: of the losses of the samples.
  ///   - penalty: the derivative of the penalties, in the same shape; nil where there are none.
  ///   - weight: what the derivative is taken by.
  func applied(to derivative: Tensor, penalty: Tensor? = nil, weight: Tensor?) -> Tensor? {
    var result = derivative
    if lossScale != 1 { result.elements = result.elements.map { $0 * lossScale } }
    if let penalty {
      for place in result.elements.indices { result.elements[place] += penalty.elements[place] }
    }
    if scale != 1 { result.elements = result.elements.map { $0 * scale } }
    if weightShare != 0 {
      guard let weight, weight.shape == result.shape else { return nil }
      for place in result.elements.indices {
        result.elements[place] += weightShare * weight.elements[place]
      }
    }
    return isTransposed ? result.transposed : result
  }
}
