import Differentiation

/// What a net makes of rows that may be more than memory holds: of a stream each part is computed and
/// let go again, with the same numbers as if all rows were held.
extension Network {
  /// The loss over all rows.
  /// - Parameters:
  ///   - objective: holds for this call only.
  ///   - live: nodes whose values lie in a training's store.
  /// - Throws: where data, net and loss do not fit, and where rows cannot be read; what a user's
  ///   activation or loss throws.
  func loss(
    on samples: Samples, _ objective: Objective = Objective(),
    live: (nodes: [Node], store: ParameterStore)?
  ) throws(LearningError) -> Double {
    if objective.masks != nil, let data = samples.table {
      return try lossGraph(data, objective).loss.value?.number ?? .nan
    }
    let (choice, count) = (objective.loss, samples.count)
    try requireFeatures(of: samples.pattern)
    let read = try reading(samples, for: choice ?? loss)
    let pass =
      CompiledPass.isFor(self, loss: choice ?? loss, rows: count)
      ? try CompiledPass(lossesOf: self, loss: choice, rows: count, live: live) : nil
    var sum = 0.0
    try read.forEachPart(of: pass?.partRows ?? chunk) { part, places throws(LearningError) in
      let targets = try targets(ofRead: part, for: choice ?? loss)
      let factors = try objective.factors(for: part, at: places, of: samples, by: self)
      if let pass {
        var row = 0
        try pass.run(part.x, targets: targets) { losses in
          for loss in losses {
            sum += factors.map { $0[row] * loss } ?? loss
            row += 1
          }
        }
        return
      }
      for start in stride(from: 0, to: part.count, by: chunk) {
        let end = min(part.count, start + chunk)
        let x = Array(part.x.elements[start * inputCount..<end * inputCount])
        let t = Array(targets.elements[start * outputCount..<end * outputCount])
        let graph = try lossGraph(
          x: .constant(Tensor(.matrix(end - start, inputCount), x), name: "x"),
          t: .constant(Tensor(.matrix(end - start, outputCount), t), name: "t"),
          weights: factors.map {
            .constant(Tensor(vector: Array($0[start..<end])), name: "weights")
          },
          loss: choice, reduction: .sum)
        sum += graph.loss.value?.number ?? .nan
      }
    }
    let isMean = (objective.reduction ?? reduction) == .mean
    return (isMean ? sum / Double(count) : sum) + penalty(objective)
  }

  /// The loss over all rows.
  /// - Throws: as above.
  package func loss(
    on samples: Samples, _ objective: Objective = Objective()
  ) throws(LearningError) -> Double { try loss(on: samples, objective, live: nil) }

  /// Calls the body with the answers to one part of the rows after the other, in the units of the
  /// targets.
  /// - Throws: what the body throws, and where rows cannot be read or do not fit.
  private func answer(
    _ samples: Samples,
    _ body: (Tensor, DataSet, Range<Int>) throws(LearningError) -> Void
  ) throws(LearningError) {
    try requireFeatures(of: samples.pattern)
    let pass =
      CompiledPass.isFor(self, rows: samples.count)
      ? try CompiledPass(outputsOf: self, rows: samples.count) : nil
    try samples.forEachPart(of: pass?.partRows ?? chunk) { part, places throws(LearningError) in
      let answers = Tensor(.matrix(part.count, outputCount), try answers(to: part.x, by: pass))
      try body(inUnits(answers), part, places)
    }
  }

  /// The outputs for all rows, rows × outputs.
  /// - Throws: where the rows do not fit the net, cannot be read, or are too many for one matrix.
  package func output(_ samples: Samples) throws(LearningError) -> Tensor {
    guard case .stream(let stream) = samples else { return try output(samples.pattern.x) }
    guard stream.count <= DataSet.largestCount / outputCount else {
      throw LearningError(
        "the answers to \(stream.count) rows are more numbers than a matrix holds",
        (.data, "\(stream.count) rows"), help: ["ask for some of the rows: s[1..1000]"])
    }
    var elements: [Double] = []
    elements.reserveCapacity(stream.count * outputCount)
    try answer(samples) { answers, _, _ in elements += answers.elements }
    // Where nobody waits any more, the last rows were left out.
    let rest = stream.count * outputCount - elements.count
    if rest > 0 { elements += Array(repeating: 0, count: rest) }
    return Tensor(.matrix(stream.count, outputCount), elements)
  }

  /// The class number, from 1, of each row.
  /// - Throws: as `output`, and where an answer is no number.
  package func classify(
    _ samples: Samples, as code: TargetCode
  ) throws(LearningError) -> [Int] {
    let outputs = try output(samples)
    try refuseNotANumber(outputs)
    return code.classes(of: outputs)
  }

  /// The numbers, from 1, of the labels that each row has where it may have several.
  /// - Throws: as `classify`.
  package func labels(
    _ samples: Samples, as code: TargetCode
  ) throws(LearningError) -> [[Int]] {
    try labels(in: try output(samples), as: code)
  }

  // MARK: Metrics

  /// How the classes of all rows are read.
  private func judging(
    _ samples: Samples
  ) throws(LearningError) -> (read: Samples, classes: Classes) {
    let telling = try samples.telling()
    guard let classes = try classes(of: telling) else {
      throw LearningError(
        "the targets of \(samples.title) are numbers, not classes", (.data, "no classes"),
        help: ["r2 says how well numbers are met"])
    }
    return (try reading(samples), classes)
  }

  /// Calls the body with the classification of one part of the rows after the other.
  private func judge(
    _ samples: Samples, allowsNaN: Bool = false,
    _ body: (Classification) throws(LearningError) -> Void
  ) throws(LearningError) -> Bool {
    let (read, classes) = try judging(samples)
    var isNumber = true
    try answer(read) { outputs, part, places throws(LearningError) in
      if allowsNaN, outputs.elements.contains(where: { $0.isNaN }) {
        isNumber = false
        return
      }
      try refuseNotANumber(outputs, from: places.lowerBound)
      let targets = try targets(ofRead: part)
      let own = self.classes(ofRead: part, part.inUnits(targets), as: classes.code)
      try body(
        classification(
          of: outputs, against: classes.code.isMultiple ? targets : nil,
          Classes(code: classes.code, names: classes.names, numbers: own?.numbers ?? [])))
    }
    return isNumber
  }

  /// Predicted against actual classes, or labels where a row may have several.
  /// - Throws: where the targets are numbers, no classes, and where rows cannot be read.
  package func scores(on samples: Samples) throws(LearningError) -> Classification {
    if case .table(let data) = samples { return try scores(on: data) }
    var all: Classification?
    _ = try judge(samples) { part in
      if all == nil { all = part } else { all?.append(part) }
    }
    return all ?? Classification(predicted: [], actual: [], classes: [])
  }

  /// - Throws: where the targets are numbers, or several labels a row.
  package func classification(on samples: Samples) throws(LearningError) -> Classification {
    if case .table(let data) = samples { return try classification(on: data) }
    return try scores(on: samples).ofOneClassARow(samples.title)
  }

  /// - Throws: where the data do not fit the net, have no classes, or cannot be read.
  package func accuracy(on samples: Samples) throws(LearningError) -> Double {
    if case .table(let data) = samples { return try accuracy(on: data) }
    return try accuracy(on: samples, allowsNaN: false)
  }

  /// - Parameter allowsNaN: whether an answer that is no number makes the accuracy one too.
  fileprivate func accuracy(
    on samples: Samples, allowsNaN: Bool
  ) throws(LearningError) -> Double {
    var (right, rows) = (0, 0)
    let isNumber = try judge(samples, allowsNaN: allowsNaN) { part in
      right += part.right
      rows += part.rows
    }
    return isNumber && rows > 0 ? Double(right) / Double(rows) : .nan
  }

  /// - Throws: where the data do not fit the net, and where rows cannot be read.
  package func rSquared(on samples: Samples) throws(LearningError) -> Double {
    if case .table(let data) = samples { return try rSquared(on: data) }
    var variance = ExplainedVariance(width: outputCount)
    let read = try reading(samples)
    try read.forEachTargets { part throws(LearningError) in
      variance.addToMeans(part.inUnits(try targets(ofRead: part)))
    }
    variance.finishMeans()
    try answer(read) { outputs, part, _ throws(LearningError) in
      variance.add(outputs: outputs, targets: part.inUnits(try targets(ofRead: part)))
    }
    return variance.share
  }

  /// - Throws: where the data do not fit the net, and where rows cannot be read.
  package func meanSquaredError(on samples: Samples) throws(LearningError) -> Double {
    if case .table(let data) = samples { return try meanSquaredError(on: data) }
    var sum = 0.0
    try answer(try reading(samples)) { outputs, part, _ throws(LearningError) in
      let targets = part.inUnits(try targets(ofRead: part))
      sum = squaredErrors(outputs: outputs, targets: targets, from: sum)
    }
    return sum / Double(samples.count * outputCount)
  }

  /// The area under the ROC curve of a net with one output.
  /// - Throws: where the data do not fit the net, have not two classes, or cannot be read.
  package func areaUnderCurve(on samples: Samples) throws(LearningError) -> Double {
    if case .table(let data) = samples { return try areaUnderCurve(on: data) }
    let classes = try classification(on: samples)
    guard outputCount == 1 else { throw needsOneOutput }
    return Learning.areaUnderCurve(
      scores: try output(samples).elements, positive: classes.actual.map { $0 == 2 })
  }

  /// What tells best how good the net is on such rows.
  /// - Throws: where targets and outputs of the net do not fit, and where rows cannot be read.
  package func metric(for samples: Samples) throws(LearningError) -> Metric {
    try metric(for: try reading(samples).telling())
  }
}

extension Metric {
  /// - Throws: where the data do not fit the net, and where rows cannot be read.
  package func value(of network: Network, on samples: Samples) throws(LearningError) -> Double {
    switch self {
    // A training that ends so says what happened; it has no accuracy.
    case .accuracy: try network.accuracy(on: samples, allowsNaN: true)
    case .rSquared: try network.rSquared(on: samples)
    case .meanSquaredError: try network.meanSquaredError(on: samples)
    }
  }

  /// - Throws: where the data do not fit the net.
  package func value(of network: Network, on data: DataSet) throws(LearningError) -> Double {
    try value(of: network, on: .table(data))
  }
}
