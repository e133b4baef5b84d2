import Differentiation

extension Network {
  /// What a training, a step or an assignment changes.
  package struct State {
    /// One a parameter, in their order.
    let values: [Tensor]
    let lastData: Samples?
    let classes: [String]?
    let learnedCode: TargetCode?
    let pipeline: Pipeline?
  }

  package var state: State {
    State(
      values: parameters.map { $0.value }, lastData: lastData, classes: classes,
      learnedCode: learnedCode, pipeline: pipeline)
  }

  /// Makes the net what it was, its preparing and classes included.
  /// - Parameter state: of this net.
  package func restore(_ state: State) {
    setValues(state.values)
    lastData = state.lastData
    classes = state.classes
    learnedCode = state.learnedCode
    pipeline = state.pipeline
  }

  /// Takes over what goes with the answers of another net: what raw rows go through, and what the
  /// classes are called.
  func takeOver(preparing first: Network, classes last: Network) {
    pipeline = first.pipeline
    classes = last.classes
    learnedCode = last.learnedCode
  }
}
