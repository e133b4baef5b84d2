import Differentiation

/// What a training minimises: how the losses of samples become one number, with the factors of rows
/// and classes and the penalties on weights. What is asked about a net's loss takes the same.
package struct Objective {
  /// The net's own where nil.
  package var loss: Loss?
  /// The net's own where nil.
  package var reduction: Reduction?
  /// The penalty λ·Σ|w| on weights, not on biases.
  package var l1 = 0.0
  /// The penalty λ/2·Σw² on weights, not on biases.
  package var l2 = 0.0
  /// One factor a class, in the order of the data's classes.
  package var classWeights: [Double]?
  /// One factor a row.
  package var sampleWeights: [Double]?
  /// Which hidden units take part in each row: of each hidden layer rows × units, 1 or 0 where
  /// dropout leaves the unit out. All take part where nil, as when the net answers; a training
  /// has others in every step.
  package var masks: [Tensor]?

  package init(loss: Loss? = nil, reduction: Reduction? = nil) {
    self.loss = loss
    self.reduction = reduction
  }

  package var hasPenalty: Bool { l1 > 0 || l2 > 0 }

  /// The same for one of the rows, from 0, by itself, without penalties and factors of rows.
  package func ofRow(_ row: Int) -> Objective {
    var result = Objective(loss: loss)
    result.masks = masks?.compactMap { mask in
      guard case .matrix(let rows, let units) = mask.shape, row >= 0, row < rows else { return nil }
      return Tensor(.matrix(1, units), Array(mask.elements[row * units..<(row + 1) * units]))
    }
    return result
  }

  /// The losses of the samples alone: what a training reports.
  var withoutPenalties: Objective {
    var result = self
    (result.l1, result.l2) = (0, 0)
    return result
  }

  var withoutSampleWeights: Objective {
    var result = self
    result.sampleWeights = nil
    return result
  }

  /// The penalties that are minimised besides the losses of the samples.
  package var penalties: [String] {
    [("l1", l1 > 0), ("l2", l2 > 0)].filter { $0.1 }.map { $0.0 }
  }

  /// What the losses of the samples are weighted by.
  package var weightings: [String] { withoutPenalties.additions }

  /// What is in the number besides the losses of the samples: `l2`, `class_weights`.
  package var additions: [String] {
    [
      ("l1", l1 > 0), ("l2", l2 > 0), ("class_weights", classWeights != nil),
      ("sample_weights", sampleWeights != nil),
    ].filter { $0.1 }.map { $0.0 }
  }

  /// One factor a row, nil where all are 1.
  /// - Parameter network: by which the classes of the data are read.
  /// - Throws: where they do not fit the data, or all are 0.
  package func factors(
    for data: DataSet, of network: Network
  ) throws(LearningError) -> [Double]? {
    try checkSampleWeights(rows: data.count)
    try checkSizes()
    let factors = try TrainingPlan.factors(network, data, self)
    guard let factors, factors.allSatisfy({ $0 == 0 }) else { return factors }
    let name = sampleWeights == nil ? "class_weights" : "sample_weights"
    throw LearningError(
      "all rows count 0: there is nothing to learn from", (.option(name), "leaves no row"),
      help: ["give the rows that count a factor above 0"])
  }

  /// The same for a part of some rows.
  /// - Parameters:
  ///   - part: with its classes read; all rows of a table.
  ///   - places: of its rows among all.
  func factors(
    for part: DataSet, at places: some Collection<Int>, of samples: Samples, by network: Network
  ) throws(LearningError) -> [Double]? {
    if case .table(let data) = samples { return try factors(for: data, of: network) }
    try checkSampleWeights(rows: samples.count)
    guard let sampleWeights else { return try TrainingPlan.factors(network, part, self) }
    var own = self
    own.sampleWeights = places.map { sampleWeights[$0] }
    return try TrainingPlan.factors(network, part, own)
  }

  func checkSampleWeights(rows: Int) throws(LearningError) {
    guard let sampleWeights, sampleWeights.count != rows else { return }
    throw LearningError(
      "sample_weights must be one number for each of the \(rows) rows",
      (.option("sample_weights"), "is of length \(sampleWeights.count)"))
  }

  func checkSizes() throws(LearningError) {
    for (name, weights) in [("sample_weights", sampleWeights), ("class_weights", classWeights)] {
      guard let odd = weights?.first(where: { !$0.isFinite || $0 < 0 }) else { continue }
      throw LearningError(
        "\(name) must be made of finite numbers of at least 0",
        (.option(name), "is \(brief(odd))"))
    }
  }
}

extension TrainingOptions {
  package var objective: Objective {
    var objective = Objective(loss: loss, reduction: reduction)
    objective.l1 = l1
    objective.l2 = l2
    objective.classWeights = classWeights
    objective.sampleWeights = sampleWeights
    return objective
  }
}

extension Network {
  /// The penalties l1·Σ|w| + l2/2·Σw² on the net's weights; nil where there are none. The slope of
  /// |w| at 0 is 0.
  /// - Parameter nodes: one for each of the net's parameters.
  package func penalty(_ objective: Objective, on nodes: [Node]) throws(ShapeError) -> Node? {
    guard objective.hasPenalty else { return nil }
    var total: Node?
    for (node, parameter) in zip(nodes, parameters) where parameter.role == .weights {
      var terms: [Node] = []
      if objective.l2 > 0 {
        terms.append(
          try Node(number: objective.l2 / 2) * node.applying(.square).applying(.sum()))
      }
      if objective.l1 > 0 {
        terms.append(
          try Node(number: objective.l1) * node.applying(.abs).applying(.sum()))
      }
      for term in terms {
        total = try total.map { old throws(ShapeError) in try old + term } ?? term
      }
    }
    return total
  }

  /// The same as a number; 0 where there are none.
  package func penalty(_ objective: Objective) -> Double {
    guard objective.hasPenalty else { return 0 }
    return parameters.filter { $0.role == .weights }.reduce(0) { sum, parameter in
      parameter.value.elements.reduce(sum) {
        $0 + objective.l2 / 2 * $1 * $1 + objective.l1 * abs($1)
      }
    }
  }
}
