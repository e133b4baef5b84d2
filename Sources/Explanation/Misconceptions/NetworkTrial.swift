import Differentiation
import Learning

/// A derivative of a net's loss, or the loss, a weight or a derivative after some steps.
struct NetworkTrial: Trial {
  let computation: Computation
  private let question: Diagnosis.Question
  private let targets: Tensor
  /// Over all rows and without penalties; its data are constants where no step is made, else inputs.
  private let graph: LossGraph

  /// - Throws: where data and net do not fit.
  init(_ question: Diagnosis.Question) throws(LearningError) {
    self.question = question
    let (network, data) = (question.network, question.data)
    let objective = question.objective
    let loss = objective.loss ?? network.loss
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
    let factors = try objective.factors(for: data, of: network)
    let parameters = network.parameterNodes()
    let masks = try network.factors(of: objective.masks, rows: data.count)
    func graph(_ factors: [Double]?) throws(LearningError) -> LossGraph {
      try network.lossGraph(
        x: x, t: t, weights: factors.map { .constant(Tensor(vector: $0), name: "weights") },
        loss: objective.loss, reduction: objective.reduction, parameters: parameters, masks: masks)
    }
    let weighted = try graph(factors)
    let names = network.parameterNames
    let target = question.part.flatMap { part in names.firstIndex(of: part.parameter) }
    var computation = Computation(
      output: weighted.loss, parameters: parameters, target: target.map { parameters[$0] })
    computation.rates = question.rate.map { [$0] } ?? Diagnosis.commonRates
    computation.isRateGiven = question.rate != nil
    computation.frozen = Set(
      zip(network.parameters, parameters)
        .filter { $0.0.isFrozen(by: question.frozen) }.map { ObjectIdentifier($0.1) })
    computation.steps = question.steps
    computation.net = Computation.NetworkLoss(
      graph: weighted, loss: loss,
      isMean: (objective.reduction ?? network.reduction) == .mean, rows: data.count,
      objective: objective, unweighted: factors == nil ? nil : try graph(nil).loss)
    self.computation = computation
    self.graph = weighted
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
    // Steps have their penalties in them already.
    if question.steps > 0 {
      return question.part.map { $0.taken(from: result) } ?? result
    }
    let change = change ?? Change.none
    guard let part = question.part else {
      guard change.changesLoss, let loss = result.number else { return nil }
      return Tensor(
        loss * change.lossScale + question.network.penalty(objective(change)))
    }
    guard
      let whole = change.applied(
        to: result, penalty: penalty(change), weight: computation.target?.value)
    else { return nil }
    // An element of a matrix that is not square has no place in the transposed one.
    if case .element = part, whole.shape != result.shape { return nil }
    return part.taken(from: whole)
  }

  /// What is minimised, with the penalties as a change has them.
  private func objective(_ change: Change) -> Objective {
    var objective = question.objective
    objective.l1 *= change.penaltyScale.l1
    objective.l2 *= change.penaltyScale.l2
    return objective
  }

  /// The derivative of the penalties by the target, at its present value.
  private func penalty(_ change: Change) -> Tensor? {
    guard let target = computation.target, let node = try? penalties(by: [target], change)?[0]
    else {
      return nil
    }
    return node.value
  }

  /// The derivatives of the penalties; nil where there are none.
  private func penalties(
    by nodes: [Node], _ change: Change
  ) throws(LearningError) -> [Node]? {
    guard
      let penalty = try building(question.network.penalty(objective(change), on: graph.parameters))
    else { return nil }
    return try deriving(gradients(of: penalty, by: nodes))
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
    let order = (0..<rows).map { Int32(truncatingIfNeeded: $0) }
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
    let penalties = try penalties(by: trainable, change)
    let (scale, lossScale) = (change.scale, change.lossScale)
    gradient = try building(
      gradient.indices.map { index throws(ShapeError) in
        var part = gradient[index]
        if lossScale != 1 { part = try part * Node(number: lossScale) }
        if let penalties { part = try part + penalties[index] }
        return scale == 1 ? part : try part * Node(number: scale)
      })
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
    return Tensor(try trained.loss(on: question.data, question.objective))
  }
}
