import Differentiation
import Explanation
import Learning

/// The derivatives that were taken while an exercise is checked, so that a wrong one in a check
/// can be looked into.
package struct GradientMemory {
  private enum Derivative {
    case ofNode(Node, by: Node, value: Tensor)
    /// With a copy of the net as it was.
    case ofNetwork(Network, DataSet, Objective, parameter: String, value: Tensor)
  }

  /// More are never asked about.
  private static let most = 200
  /// Copies of larger nets are not kept.
  private static let largestNetwork = 10_000

  private var derivatives: [Derivative] = []

  /// Remembers ∂output/∂target, in the shape of the target.
  package mutating func add(_ output: Node, by target: Node, _ value: Tensor) {
    append(.ofNode(output, by: target, value: value))
  }

  /// Remembers the derivatives of a net's loss, each in the shape of its parameter.
  package mutating func add(
    _ network: Network, _ data: DataSet, _ objective: Objective,
    _ parts: [(name: String, value: Tensor)]
  ) {
    guard network.count <= Self.largestNetwork else { return }
    let copy = network.copy()
    for (name, value) in parts {
      append(.ofNetwork(copy, data, objective, parameter: name, value: value))
    }
  }

  private mutating func append(_ derivative: Derivative) {
    if derivatives.count >= Self.most { derivatives.removeFirst(Self.most / 2) }
    derivatives.append(derivative)
  }

  /// The misconception behind a wrong derivative: what a check compares is one of the derivatives
  /// taken, or one number of it, and what is not.
  /// - Returns: nothing where neither is a derivative or no known misconception gives the other.
  package func misconception(_ left: Value, _ right: Value) -> String? {
    guard let left = left.tensor, let right = right.tensor else { return nil }
    for (given, truth) in [(left, right), (right, left)] {
      for derivative in derivatives.reversed() {
        guard let misconception = misconception(given, truth, of: derivative) else { continue }
        return misconception
      }
    }
    return nil
  }

  /// What a value is, where it is one of the derivatives taken, or one number of it.
  package func subject(of truth: Tensor) -> Diagnosis.Subject? {
    for derivative in derivatives.reversed() {
      if let subject = subject(of: truth, in: derivative) { return subject }
    }
    return nil
  }

  private func misconception(
    _ given: Tensor, _ truth: Tensor, of derivative: Derivative
  ) -> String? {
    guard let subject = subject(of: truth, in: derivative),
      var series = try? Diagnosis.Series(subject, pairWork: Diagnosis.pairBudget)
    else { return nil }
    return description(try? series.diagnosis(of: Answer(given)))
  }

  private func subject(of truth: Tensor, in derivative: Derivative) -> Diagnosis.Subject? {
    switch derivative {
    case .ofNode(let output, let target, let value):
      return value == truth ? .derivative(of: output, by: target, rate: nil) : nil
    case .ofNetwork(let network, let data, let objective, let parameter, let value):
      var question = Diagnosis.Question(network, data)
      question.objective = objective
      // The whole matrix of a layer, or one number of it.
      if value == truth {
        question.part = .whole(parameter)
      } else if truth.elements.count == 1,
        let position = value.elements.firstIndex(of: truth.elements[0])
      {
        let columns = value.shape.columns
        let indexes =
          value.shape.rank == 2
          ? [position / columns + 1, position % columns + 1] : [position + 1]
        guard let place = try? WeightDerivation.Place(network, parameter, indexes) else {
          return nil
        }
        question.part = .element(place, in: network)
      } else {
        return nil
      }
      return .network(question)
    }
  }

  private func description(_ diagnosis: Diagnosis?) -> String? {
    let explanations: [Diagnosis.Explanation]
    switch diagnosis?.finding {
    case .misconceptions(let found), .partly(_, let found): explanations = found
    default: return nil
    }
    guard !explanations.isEmpty else { return nil }
    return explanations.map { $0.description }.joined(separator: ", or if ")
  }
}
