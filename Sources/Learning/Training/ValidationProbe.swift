import Differentiation

/// Loss and metric on rows set apart, from the values that a training is changing.
struct ValidationProbe {
  private let plan: TrainingPlan
  private let data: Samples
  private let objective: Objective
  /// Nothing where the rows are so many that they are better taken in parts.
  private let compiled: (program: Program, metric: RunningMeasure)?

  /// - Parameters:
  ///   - objective: what the loss is, that of the rows alone where left out.
  ///   - parameters: the nodes whose values lie in the store.
  init(
    _ plan: TrainingPlan, _ rows: Samples, _ objective: Objective = Objective(),
    parameters: [Node], in store: ParameterStore?
  ) throws(LearningError) {
    self.plan = plan
    self.objective = objective
    // So few rows are held, whatever they come from.
    let rows = try rows.held(upTo: plan.network.chunk)
    self.data = rows
    let metric = try RunningMeasure(plan.network, plan.metric, rows)
    guard let store, metric.isFinite, let data = rows.table, data.count <= plan.network.chunk else {
      compiled = nil
      return
    }
    let targets = try plan.network.targets(of: data)
    let x = Node.input(data.x.shape, name: "x")
    let t = Node.input(targets.shape, name: "t")
    let weights = try objective.factors(for: data, of: plan.network)
    let graph = try plan.network.lossGraph(
      x: x, t: t, weights: weights.map { .constant(Tensor(vector: $0), name: "weights") },
      penalties: objective, parameters: parameters)
    let measured = try building(metric.node(graph))
    let program = Program([graph.loss, measured], parameters: store)
    program.set(x, to: data.x)
    program.set(t, to: targets)
    compiled = (program, metric)
  }

  func evaluate() throws(LearningError) -> (loss: Double, metric: Double) {
    guard let (program, metric) = compiled else {
      return try plan.together { () throws(LearningError) in
        (
          try plan.network.loss(on: data, objective),
          try plan.metric.value(of: plan.network, on: data)
        )
      }
    }
    program.run()
    let sum = program.value(1).elements[0]
    return (program.value(0).elements[0], metric.metric(sum: sum, rows: data.count))
  }
}
