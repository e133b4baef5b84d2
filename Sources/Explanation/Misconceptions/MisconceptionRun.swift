import Differentiation
import Learning

/// Computes the number in question for a net with a misconception in its rules.
struct MisconceptionRun {
  private let question: Diagnosis.Question
  private let targets: Tensor
  /// Over all rows; its data are constants where no step is made, else inputs.
  private let graph: LossGraph

  /// - Throws: where data and net do not fit.
  init(_ question: Diagnosis.Question) throws(LearningError) {
    self.question = question
    let (network, data) = (question.network, question.data)
    targets = try network.targets(of: data, for: question.loss ?? network.loss)
    let x: Node
    let t: Node
    if question.steps > 0 {
      x = .input(data.x.shape, name: "x")
      t = .input(targets.shape, name: "t")
    } else {
      x = .constant(data.x, name: "x")
      t = .constant(targets, name: "t")
    }
    graph = try network.lossGraph(
      x: x, t: t, loss: question.loss, reduction: question.reduction,
      parameters: network.parameterNodes())
  }

  private var isMean: Bool { (question.reduction ?? question.network.reduction) == .mean }

  /// The misconceptions that can be made here.
  func misconceptions() -> [Misconception] {
    let frozen = zip(question.network.parameters, graph.parameters).filter {
      $0.0.isFrozen(by: question.frozen)
    }
    var search = MisconceptionSearch(
      output: graph.loss, parameters: graph.parameters,
      rates: question.hasRate ? [question.rate] : Diagnosis.commonRates,
      frozen: Set(frozen.map { ObjectIdentifier($0.1) }))
    let loss = question.loss ?? question.network.loss
    search.outputs = ["half_sse", "sse", "bce_sum"].contains(loss.name) ? targets.shape.columns : 1
    search.samples = question.data.count
    search.isMean = isMean
    var misconceptions = search.misconceptions()
    guard question.steps > 0 else { return misconceptions }
    var notReset = Misconception(
      .notReset, "the gradients are not set to zero before the next step")
    notReset.accumulates = true
    misconceptions.append(notReset)
    let hasBias = question.network.parameters.contains {
      $0.role == .bias && !$0.isFrozen(by: question.frozen)
    }
    if hasBias {
      var noBias = Misconception(.biasNotTrained, "the biases are not trained")
      noBias.freezesBiases = true
      misconceptions.append(noBias)
    }
    return misconceptions
  }

  /// The number with a misconception; nil where it does not apply.
  func value(_ misconception: Misconception?) throws(LearningError) -> Double? {
    if question.steps > 0 { return try valueAfterSteps(misconception) }
    guard let place = question.place else {
      // A loss without a step has no backward pass to go wrong in.
      guard let loss = graph.loss.value?.number else { return nil }
      switch misconception?.kind {
      case nil: return loss
      case .half: return loss * 2
      case .mean, .noMean: return loss * (misconception?.scale ?? 1)
      default: return nil
      }
    }
    let target = graph.parameters[position(of: place.parameter)]
    let gradient = try deriving(
      gradients(of: graph.loss, by: [target], revision: misconception?.revision))
    return gradient.first?.value.map { $0.elements[element(place)] * (misconception?.scale ?? 1) }
  }

  private func position(of parameter: String) -> Int {
    question.network.parameterNames.firstIndex(of: parameter) ?? 0
  }

  private func element(_ place: WeightDerivation.Place) -> Int {
    place.source.map {
      (place.unit - 1) * question.network.sizes[place.layer - 1] + $0 - 1
    } ?? place.unit - 1
  }

  private func valueAfterSteps(_ misconception: Misconception?) throws(LearningError) -> Double? {
    let network = question.network
    let parameters = network.parameters
    let moving = parameters.indices.filter { index in
      !parameters[index].isFrozen(by: question.frozen)
        && !(misconception?.freezesBiases == true && parameters[index].role == .bias)
    }
    let trainable = moving.map { graph.parameters[$0] }
    var gradient = try deriving(
      gradients(of: graph.loss, by: trainable, revision: misconception?.revision))
    if let scale = misconception?.scale, scale != 1 {
      gradient = try building(
        gradient.map { part throws(ShapeError) in try part * Node(number: scale) })
    }
    let graphOfStep = TrainingLoop.Graph(
      inputs: [graph.x, graph.t], loss: graph.loss, gradients: gradient)
    let rows = question.data.count
    let loop = try deriving(
      TrainingLoop(
        trainable: trainable, data: [question.data.x, targets],
        // Gradients that are never reset add up as a momentum of 1 does.
        rule: .kernel(misconception?.accumulates == true ? .momentum(1) : .sgd()), batch: rows
      ) { _ in graphOfStep })
    let order = Array(0..<rows)
    func step() throws(LearningError) -> TrainingLoop.Epoch {
      try deriving(
        TrainingLoop.withoutDenormals { () throws(DifferentiationError) in
          try loop.runEpoch(order: order, batch: rows, rate: question.rate)
        })
    }
    for _ in 0..<question.steps {
      guard try step().ending == .finished else { return nil }
    }
    guard let place = question.place else {
      let trained = network.copy()
      for (index, node) in zip(moving, trainable) {
        guard let value = loop.parameters.value(of: node) else { continue }
        try trained.set(parameters[index].name, to: value)
      }
      return try trained.loss(
        on: question.data, Objective(loss: question.loss, reduction: question.reduction))
    }
    // The derivative is what the next step goes along.
    let target = graph.parameters[position(of: place.parameter)]
    guard trainable.contains(where: { $0 === target }),
      let before = loop.parameters.value(of: target)
    else { return nil }
    _ = try step()
    guard let after = loop.parameters.value(of: target) else { return nil }
    let index = element(place)
    return (before.elements[index] - after.elements[index]) / question.rate
  }
}
