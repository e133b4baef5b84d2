import Differentiation

extension Network {
  /// The rows worked on at a time where nothing needs to be kept: bounds the memory.
  var chunk: Int {
    let widest = layers.reduce(inputCount) { max($0, $1.units) }
    return max(1, min(4096, (1 << 22) / widest))
  }

  /// The net inputs and activations of all layers, rows × units each.
  /// - Parameter masks: of each hidden layer rows × units, 0 where a unit is left out, else 1; all
  ///   take part where nil.
  /// - Throws: where the columns of x are not the inputs of the net, or the masks do not fit; what a
  ///   user's activation throws.
  package func forward(
    _ x: Tensor, masks: [Tensor]? = nil
  ) throws(LearningError) -> (z: [Tensor], a: [Tensor]) {
    let rows = if case .matrix(let rows, _) = x.shape { rows } else { 1 }
    let graph = try forwardGraph(
      .constant(x, name: "x"), masks: factors(of: masks, rows: rows))
    return (graph.z.compactMap { $0.value }, graph.a.compactMap { $0.value })
  }

  /// The outputs for rows of samples, rows × outputs.
  /// - Parameter x: rows × inputs; a vector is one sample, and a number one sample of one input.
  /// - Throws: where the columns of x are not the inputs of the net; what a user's activation
  ///   throws.
  package func output(_ x: Tensor) throws(LearningError) -> Tensor {
    let rows = x.reshaped(try rowShape(of: x.shape))
    let count = rows.shape.rows
    let isCompiled = CompiledPass.isFor(self, rows: count)
    let elements = try answers(
      to: rows, by: isCompiled ? try CompiledPass(outputsOf: self, rows: count) : nil)
    let answers = Tensor(.matrix(count, outputCount), elements)
    return Tensor(answerShape(of: x.shape), inUnits(answers).elements)
  }

  /// Scaled targets make a net that answers in their units.
  func inUnits(_ answers: Tensor) -> Tensor {
    pipeline?.targetScaling?.undone(on: answers) ?? answers
  }

  /// The outputs for rows as the layers give them, row by row.
  /// - Parameter pass: compiled for so many rows as there are in all; nil where they are too few.
  func answers(to rows: Tensor, by pass: CompiledPass?) throws(LearningError) -> [Double] {
    let count = rows.shape.rows
    var elements: [Double] = []
    elements.reserveCapacity(count * outputCount)
    if let pass {
      try pass.run(rows) { elements += $0 }
      return elements
    }
    for start in stride(from: 0, to: count, by: chunk) {
      let end = min(count, start + chunk)
      let part = Array(rows.elements[start * inputCount..<end * inputCount])
      let input = Node.constant(Tensor(.matrix(end - start, inputCount), part))
      elements += try forwardGraph(input).y.value?.elements ?? []
      if end < count, Interruption.cutsShort() {
        elements += [Double](repeating: 0, count: (count - end) * outputCount)
        break
      }
    }
    return elements
  }

  /// The outputs for samples that remember how they were computed, with their history. The
  /// parameters count as constants.
  /// - Throws: where the columns of x are not the inputs of the net; what a user's activation
  ///   throws.
  package func output(_ x: Node) throws(LearningError) -> Node {
    let constants = parameters.map { Node.constant($0.value, name: $0.name) }
    let shape = try rowShape(of: x.shape)
    let rows = try building(x.reshaped(shape))
    let output = try forwardGraph(rows, parameters: constants).y
    let scaling = pipeline?.targetScaling
    let y = try building(
      scaling.map { scaling throws(ShapeError) in
        try scaling.undone(on: output)
      } ?? output)
    return try building(y.reshaped(answerShape(of: x.shape)))
  }

  /// The shape of samples as rows: a vector is one sample, or for a net of one input several.
  private func rowShape(of shape: Shape) throws(LearningError) -> Shape {
    switch shape {
    case .matrix(_, inputCount): return shape
    case .vector(inputCount): return .matrix(1, inputCount)
    case .vector(let count) where inputCount == 1: return .matrix(count, 1)
    case .scalar where inputCount == 1: return .matrix(1, 1)
    default:
      throw LearningError(
        "the net takes \(counted(inputCount, "input")), not \(shape)",
        (.network, "takes \(counted(inputCount, "input"))"), (.data, "\(shape)"))
    }
  }

  /// The shape of the outputs for samples of a shape that the net takes.
  private func answerShape(of shape: Shape) -> Shape {
    switch shape {
    case .matrix(let rows, _): .matrix(rows, outputCount)
    case .vector(let count) where inputCount == 1 && count != 1: .matrix(count, outputCount)
    case .vector: .vector(outputCount)
    case .scalar: outputCount == 1 ? .scalar : .vector(outputCount)
    }
  }

  /// The class number, from 1, of each row, one a row: the largest of several outputs; for one
  /// output 2 from the middle between the two targets on.
  /// - Parameter code: how the outputs are read, where the net has learned nothing.
  /// - Throws: where the columns of x are not the inputs of the net; what a user's activation
  ///   throws.
  package func classify(
    _ x: Tensor, as code: TargetCode? = nil
  ) throws(LearningError) -> [Int] {
    let outputs = try output(x.reshaped(try rowShape(of: x.shape)))
    try refuseNotANumber(outputs)
    return (code ?? outputCode).classes(of: outputs)
  }

  /// The numbers, from 1, of the labels that each row has where it may have several.
  /// - Throws: as `classify`.
  package func labels(_ x: Tensor, as code: TargetCode) throws(LearningError) -> [[Int]] {
    try labels(in: try output(x.reshaped(try rowShape(of: x.shape))), as: code)
  }

  func labels(in outputs: Tensor, as code: TargetCode) throws(LearningError) -> [[Int]] {
    try refuseNotANumber(outputs)
    let limit = code.threshold
    return stride(from: 0, to: outputs.elements.count, by: outputCount).map { start in
      (1...outputCount).filter { outputs.elements[start + $0 - 1] >= limit }
    }
  }

  /// - Throws: where an output of some row is no number: such a row has no class.
  /// - Parameter first: the place of the first of these rows among all, from 0.
  func refuseNotANumber(_ outputs: Tensor, from first: Int = 0) throws(LearningError) {
    let width = outputCount
    let rows = (0..<outputs.elements.count / width).filter { row in
      outputs.elements[row * width..<(row + 1) * width].contains { $0.isNaN }
    }
    guard !rows.isEmpty else { return }
    let named = rows.prefix(8).map { String(first + $0 + 1) }.joined(separator: ", ")
    let broken = parameters.first { $0.value.elements.contains { !$0.isFinite } }
    throw LearningError(
      "the net answers nan to \(rows.count == 1 ? "row" : "rows") \(named)"
        + (rows.count > 8 ? ", … (\(rows.count) of \(outputs.elements.count / width))" : "")
        + ": that is no class",
      (.network, broken.map { "\($0.name) is not finite" } ?? "answers nan"))
  }

  /// The loss over all rows.
  /// - Parameter objective: holds for this call only.
  /// - Throws: where data, net and loss do not fit; what a user's activation or loss throws.
  package func loss(
    on data: DataSet, _ objective: Objective = Objective()
  ) throws(LearningError) -> Double { try loss(on: .table(data), objective) }

  /// The loss over all rows in the units of the targets, where the net learned them scaled.
  /// - Throws: where data, net and loss do not fit; what a user's activation or loss throws.
  package func lossInUnits(on data: DataSet, loss: Loss) throws(LearningError) -> Double {
    guard pipeline?.targetScaling != nil else {
      return try self.loss(on: data, Objective(loss: loss))
    }
    let (y, t) = (try output(data.x), data.inUnits(try targets(of: data, for: loss)))
    let losses = try loss.samples(y: .constant(y, name: "y"), t: .constant(t, name: "t"))
    let sum = losses.value?.elements.reduce(0, +) ?? .nan
    return reduction == .mean ? sum / Double(data.count) : sum
  }

  /// The loss of every row by itself, without factors and penalties.
  /// - Parameter masks: which hidden units take part in each row; all where nil.
  /// - Throws: where data, net and loss do not fit; what a user's activation or loss throws.
  package func losses(
    on data: DataSet, loss choice: Loss? = nil, masks: [Tensor]? = nil
  ) throws(LearningError) -> [Double] {
    if masks != nil {
      var objective = Objective(loss: choice)
      objective.masks = masks
      return try lossGraph(data, objective).losses.value?.elements ?? []
    }
    let targets = try self.targets(of: data, for: choice ?? loss)
    var result: [Double] = []
    for start in stride(from: 0, to: data.count, by: chunk) {
      let end = min(data.count, start + chunk)
      let x = Array(data.x.elements[start * inputCount..<end * inputCount])
      let t = Array(targets.elements[start * outputCount..<end * outputCount])
      let graph = try lossGraph(
        x: .constant(Tensor(.matrix(end - start, inputCount), x), name: "x"),
        t: .constant(Tensor(.matrix(end - start, outputCount), t), name: "t"), loss: choice)
      result += graph.losses.value?.elements ?? []
    }
    return result
  }

  /// ∂L/∂ every parameter, by name, over all rows.
  /// - Throws: where data, net and loss do not fit, or something has no derivative.
  package func gradient(
    on data: DataSet, _ objective: Objective = Objective()
  ) throws(LearningError) -> [(name: String, value: Tensor)] {
    let graph = try lossGraph(data, objective)
    try graph.checkIsFinite()
    let slopes = try deriving(gradients(of: graph.loss, by: graph.parameters))
    return zip(parameterNames, slopes).compactMap { name, node in
      node.value.map { (name, $0) }
    }
  }

  /// The node deltas ∂L/∂z by layer, rows × units. Those of a mean are already divided by the
  /// rows.
  /// - Throws: where data, net and loss do not fit, or something has no derivative.
  package func deltas(
    on data: DataSet, _ objective: Objective = Objective()
  ) throws(LearningError) -> [Tensor] {
    let graph = try lossGraph(data, objective)
    try graph.checkIsFinite()
    let deltas = try deriving(gradients(of: graph.loss, by: graph.z))
    return deltas.compactMap { $0.value }
  }

  /// One step over all rows, of gradient descent or of another optimizer: then the first of a
  /// training. A perceptron goes through the rows by its own rule.
  /// - Parameter frozen: as in `TrainingOptions`.
  /// - Returns: the gradient it followed.
  /// - Throws: where data and net do not fit, and what a user's function throws.
  @discardableResult
  package func descend(
    on data: DataSet, rate: Double = 0.1, optimizer: Optimizer = .standard, frozen: [String] = [],
    _ objective: Objective = Objective()
  ) throws(LearningError) -> [(name: String, value: Tensor)] {
    if rule == .perceptron { return try descendByRule(on: data, rate: rate, frozen: frozen) }
    let gradient = try gradient(on: data, objective)
    var next: [(name: String, value: Tensor)] = []
    for (parameter, slope) in zip(parameters, gradient) where !parameter.isFrozen(by: frozen) {
      let step = try optimizer.firstStep(w: parameter.value, g: slope.value, rate: rate)
      if let value = step.w.value { next.append((parameter.name, value)) }
    }
    for (name, value) in next { try set(name, to: value) }
    return gradient
  }

  // MARK: Metrics

  /// Predicted against actual classes, or labels where a row may have several.
  /// - Throws: where the targets are numbers, no classes.
  package func scores(on data: DataSet) throws(LearningError) -> Classification {
    guard let classes = try classes(of: data) else {
      throw LearningError(
        "the targets of \(data.title) are numbers, not classes", (.data, "no classes"),
        help: ["r2 says how well numbers are met"])
    }
    let outputs = try output(data.x)
    try refuseNotANumber(outputs)
    return classification(
      of: outputs, against: try classes.code.isMultiple ? targets(of: data) : nil, classes)
  }

  /// - Parameter targets: where a row may have several labels.
  func classification(
    of outputs: Tensor, against targets: Tensor?, _ classes: Classes
  ) -> Classification {
    let code = classes.code
    guard let targets else {
      // One name alone leaves an output without any.
      let names =
        classes.names.count == max(2, outputCount)
        ? classes.names : code.names(columns: DataSet.standardTargetNames(outputCount))
      return Classification(
        predicted: code.classes(of: outputs), actual: classes.numbers, classes: names)
    }
    return Classification(
      predictedLabels: outputs.elements.map { $0 >= code.threshold },
      actualLabels: targets.elements.map { $0 >= code.threshold }, labels: classes.names)
  }

  /// Predicted against actual classes, one a row.
  /// - Throws: where the targets are numbers, or several labels a row.
  package func classification(on data: DataSet) throws(LearningError) -> Classification {
    try scores(on: data).ofOneClassARow(data.title)
  }

  /// - Throws: where the data do not fit the net, or have no classes.
  package func accuracy(on data: DataSet) throws(LearningError) -> Double {
    try scores(on: data).accuracy
  }

  /// - Throws: where the data do not fit the net.
  package func rSquared(on data: DataSet) throws(LearningError) -> Double {
    Learning.rSquared(
      outputs: try output(data.x), targets: data.inUnits(try targets(of: data)))
  }

  /// - Throws: where the data do not fit the net.
  package func meanSquaredError(on data: DataSet) throws(LearningError) -> Double {
    Learning.meanSquaredError(
      outputs: try output(data.x), targets: data.inUnits(try targets(of: data)))
  }

  /// The area under the ROC curve of a net with one output.
  /// - Throws: where the data do not fit the net, or have not two classes.
  package func areaUnderCurve(on data: DataSet) throws(LearningError) -> Double {
    let classes = try classification(on: data)
    guard outputCount == 1 else { throw needsOneOutput }
    return Learning.areaUnderCurve(
      scores: try output(data.x).elements, positive: classes.actual.map { $0 == 2 })
  }

  var needsOneOutput: LearningError {
    LearningError("auc needs one output", (.network, "has \(counted(outputCount, "output"))"))
  }

  /// What tells best how good the net is on such data: accuracy for classes, r2 for numbers, and
  /// mse where a column of numbers does not vary and so leaves nothing to explain.
  /// - Throws: where targets and outputs of the net do not fit.
  package func metric(for data: DataSet) throws(LearningError) -> Metric {
    let targets = data.inUnits(try targets(of: data))
    guard code(of: targets) == .numbers else { return .accuracy }
    let width = targets.shape.columns
    let varies = (0..<width).allSatisfy { column in
      stride(from: column, to: targets.elements.count, by: width).contains {
        targets.elements[$0] != targets.elements[column]
      }
    }
    return varies ? .rSquared : .meanSquaredError
  }
}

extension Classification {
  /// - Parameter title: of the rows.
  /// - Throws: where a row may have several labels.
  func ofOneClassARow(_ title: String) throws(LearningError) -> Classification {
    guard isByLabel else { return self }
    throw LearningError(
      "the rows of \(title) have several labels each, and no label is confused with another",
      (.data, "several labels a row"),
      help: ["report gives precision, recall and f1 of every label"])
  }
}

package enum Metric: String, Hashable, Sendable {
  case accuracy
  case rSquared = "r2"
  case meanSquaredError = "mse"
}

extension Network.Parameter {
  /// Whether one of the names means this parameter: its own, `bias`, `weights`, or `slopes`.
  package func isFrozen(by names: [String]) -> Bool {
    names.contains { name in
      switch role {
      case _ where name == self.name: true
      case .bias: name == "bias"
      case .weights: name == "weights"
      case .slope: name == "slopes"
      }
    }
  }
}
