import Differentiation
import Learning

/// A derivative of a net's loss, or the loss, a weight or a derivative after some steps.
struct NetworkTrial: Trial {
  let computation: Computation
  private let question: Diagnosis.Question
  private let targets: Tensor
  /// Over all rows; its data are constants where no step is made, else inputs.
  private let graph: LossGraph

  /// - Throws: where data and net do not fit.
  init(_ question: Diagnosis.Question) throws(LearningError) {
    self.question = question
    let (network, data) = (question.network, question.data)
    let loss = question.loss ?? network.loss
    targets = try network.targets(of: data, for: loss)
    let x: Node
    let t: Node
    if question.steps > 0 {
      x = .input(data.x.shape, name: "x")
      t = .input(targets.shape, name: "t")
    } else {
      x = .constant(data.x, name: "x")
      t = .constant(targets, name: "t")
    }
    let graph = try network.lossGraph(
      x: x, t: t, loss: question.loss, reduction: question.reduction,
      parameters: network.parameterNodes())
    let names = network.parameterNames
    let target = question.part.flatMap { part in names.firstIndex(of: part.parameter) }
    var computation = Computation(
      output: graph.loss, parameters: graph.parameters, target: target.map { graph.parameters[$0] })
    computation.rates = question.rate.map { [$0] } ?? Diagnosis.commonRates
    computation.isRateGiven = question.rate != nil
    computation.frozen = Set(
      zip(network.parameters, graph.parameters)
        .filter { $0.0.isFrozen(by: question.frozen) }.map { ObjectIdentifier($0.1) })
    computation.steps = question.steps
    computation.net = Computation.NetworkLoss(
      graph: graph, loss: loss,
      isMean: (question.reduction ?? network.reduction) == .mean, rows: data.count)
    self.computation = computation
    self.graph = graph
  }

  var dependsOnScale: Bool { question.steps > 0 }

  var work: Double {
    let units = question.network.layers.reduce(0) { $0 + $1.units }
    let products = Double(question.network.count + units) * Double(question.data.count) * 3
    // A training is compiled first.
    let perNode = question.steps > 0 ? 10_000.0 : 300
    return Double(computation.order.count) * perNode + products * Double(question.steps + 1)
  }

  func result(_ change: Change?) throws(LearningError) -> Tensor? {
    if question.steps > 0 { return try resultOfSteps(change ?? Change()) }
    let root = change?.root ?? graph.loss
    // A loss without a step has no backward pass to go wrong in.
    guard let target = computation.target else { return root.value }
    return try deriving(gradients(of: root, by: [target], revision: change?.revision)).first?.value
  }

  func answer(_ result: Tensor, _ change: Change?) -> Tensor? {
    guard let part = question.part else {
      guard question.steps == 0, let change else { return result }
      guard change.changesLoss, let loss = result.number else { return nil }
      return Tensor(loss * change.scale)
    }
    guard question.steps == 0, let change else { return part.taken(from: result) }
    guard let whole = change.applied(to: result, weight: computation.target?.value) else {
      return nil
    }
    // An element of a matrix that is not square has no place in the transposed one.
    if case .element = part, whole.shape != result.shape { return nil }
    return part.taken(from: whole)
  }

  // MARK: Steps

  private func resultOfSteps(_ change: Change) throws(LearningError) -> Tensor? {
    // A weight is what the rule makes of it: other uses of a derivative are asked for without steps.
    guard change.weightShare == 0, !change.isTransposed else { return nil }
    let parameters = question.network.parameters
    let moving = parameters.indices.filter { index in
      !parameters[index].isFrozen(by: question.frozen)
        && !(change.freezesBiases && parameters[index].role == .bias)
    }
    let trainable = moving.map { graph.parameters[$0] }
    let loop = try loop(over: trainable, change)
    let rows = question.data.count
    let rate = question.rate ?? 0
    let order = Array(0..<rows)
    func step() throws(LearningError) -> Bool {
      try deriving(
        TrainingLoop.withoutDenormals { () throws(DifferentiationError) in
          try loop.runEpoch(order: order, batch: rows, rate: rate)
        }
      ).ending == .finished
    }
    for _ in 1..<question.steps { guard try step() else { return nil } }
    guard let target = computation.target else {
      guard try step() else { return nil }
      return try lossAfterwards(of: loop, moving, change)
    }
    func present() -> Tensor? {
      trainable.contains { $0 === target } ? loop.parameters.value(of: target) : target.value
    }
    let before = present()
    guard try step(), let after = present(), let before else { return nil }
    if question.asksForWeight {
      switch change.givesInstead {
      case nil: return after
      case .move: return Tensor(after.shape, zip(after.elements, before.elements).map { $0 - $1 })
      case .derivative:
        return Tensor(after.shape, zip(before.elements, after.elements).map { ($0 - $1) / rate })
      }
    }
    // The derivative is what the next step goes along.
    guard change.givesInstead == nil, trainable.contains(where: { $0 === target }), try step(),
      let next = present()
    else { return nil }
    return Tensor(next.shape, zip(after.elements, next.elements).map { ($0 - $1) / rate })
  }

  private func loop(over trainable: [Node], _ change: Change) throws(LearningError) -> TrainingLoop
  {
    let root = change.root ?? graph.loss
    var gradient = try deriving(gradients(of: root, by: trainable, revision: change.revision))
    if change.scale != 1 {
      gradient = try building(
        gradient.map { part throws(ShapeError) in try part * Node(number: change.scale) })
    }
    let step = TrainingLoop.Graph(inputs: [graph.x, graph.t], loss: root, gradients: gradient)
    return try deriving(
      TrainingLoop(
        trainable: trainable, data: [question.data.x, targets],
        // Gradients that are never reset add up as a momentum of 1 does.
        rule: .kernel(change.accumulates ? .momentum(1) : .sgd()), batch: question.data.count
      ) { _ in step })
  }

  /// The loss of the net as the steps left it.
  private func lossAfterwards(
    of loop: TrainingLoop, _ moving: [Int], _ change: Change
  ) throws(LearningError) -> Tensor? {
    let trained = question.network.copy()
    for index in moving {
      guard let value = loop.parameters.value(of: graph.parameters[index]) else { continue }
      try trained.set(question.network.parameters[index].name, to: value)
    }
    return Tensor(
      try trained.loss(
        on: question.data, Objective(loss: question.loss, reduction: question.reduction)))
  }
}
