import Differentiation
import Explanation
import Learning

/// The derivatives that were taken while an exercise is checked, so that a wrong one in a check
/// can be looked into.
package struct GradientMemory {
  private enum Derivative {
    case ofNode(Node, by: Node, value: Tensor)
    /// With a copy of the net as it was.
    case ofNetwork(Network, DataSet, Loss?, Reduction?, parameter: String, value: Tensor)

    var value: Tensor {
      switch self {
      case .ofNode(_, _, let value), .ofNetwork(_, _, _, _, _, let value): value
      }
    }
  }

  /// More are never asked about.
  private static let most = 200
  /// Copies of larger nets are not kept.
  private static let largestNetwork = 10_000

  private var derivatives: [Derivative] = []

  package mutating func add(_ output: Node, by target: Node, _ value: Tensor) {
    append(.ofNode(output, by: target, value: value))
  }

  package mutating func add(
    _ network: Network, _ data: DataSet, _ loss: Loss?, _ reduction: Reduction?,
    _ parts: [(name: String, value: Tensor)]
  ) {
    guard network.count <= Self.largestNetwork else { return }
    let copy = network.copy()
    for (name, value) in parts {
      append(.ofNetwork(copy, data, loss, reduction, parameter: name, value: value))
    }
  }

  private mutating func append(_ derivative: Derivative) {
    if derivatives.count >= Self.most { derivatives.removeFirst(Self.most / 2) }
    derivatives.append(derivative)
  }

  /// The misconception behind a wrong derivative: what a check compares is one of the derivatives taken,
  /// and a number that is not.
  /// - Returns: nothing where neither is a derivative or no known misconception gives the other.
  package func misconception(_ left: Value, _ right: Value) -> String? {
    guard let left = left.tensor, let right = right.tensor, left.shape == right.shape else {
      return nil
    }
    for (given, truth) in [(left, right), (right, left)] {
      guard
        let place = given.elements.indices.first(where: {
          given.elements[$0] != truth.elements[$0]
        })
      else { return nil }
      for derivative in derivatives.reversed() {
        guard
          let misconception = misconception(
            given.elements[place], truth, at: place, of: derivative)
        else { continue }
        return misconception
      }
    }
    return nil
  }

  private func misconception(
    _ given: Double, _ truth: Tensor, at place: Int, of derivative: Derivative
  ) -> String? {
    switch derivative {
    case .ofNode(let output, let target, let value):
      guard value.elements.count == 1, value.elements == truth.elements else { return nil }
      return description(
        try? Diagnosis(
          given, derivativeOf: output, by: target, rates: Diagnosis.commonRates))
    case .ofNetwork(let network, let data, let loss, let reduction, let parameter, let value):
      // The whole matrix of a layer, or one number of it.
      let position: Int
      if value == truth {
        position = place
      } else if truth.elements.count == 1,
        let found = value.elements.firstIndex(of: truth.elements[0])
      {
        position = found
      } else {
        return nil
      }
      let indexes =
        value.shape.rank == 2
        ? [position / value.shape.columns + 1, position % value.shape.columns + 1]
        : [position + 1]
      var question = Diagnosis.Question(network, data)
      question.place = try? WeightDerivation.Place(network, parameter, indexes)
      question.loss = loss
      question.reduction = reduction
      guard question.place != nil else { return nil }
      return description(try? Diagnosis(given, question))
    }
  }

  private func description(_ diagnosis: Diagnosis?) -> String? {
    if case .misconception(_, let description)? = diagnosis?.finding { description } else { nil }
  }
}
