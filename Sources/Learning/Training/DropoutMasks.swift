import Differentiation

/// Where in a training a step is, and the rows that it is made on.
package struct StepPlace {
  /// From 1.
  package let step: Int
  /// From 1.
  package let epoch: Int
  /// The rows in the order of the step, counted from 0 in the data that the training was handed.
  package let rows: [Int]
  /// The rows of those data.
  package let dataCount: Int
  let seed: UInt64

  /// - Parameters:
  ///   - step: from 1.
  ///   - options: of the training; those count that say which rows a step takes.
  ///   - data: that it is handed.
  ///   - made: the steps that it made; as many as its epochs have where nil.
  /// - Throws: where the training has no such step.
  package init(
    _ step: Int, of options: TrainingOptions, on data: Samples, made: Int? = nil
  ) throws(LearningError) {
    var order = Array(0..<data.count)
    if case .fraction(let fraction)? = options.validation {
      let parts = try DataSet.shared(data.count, fraction: 1 - fraction, seed: options.seed)
      order = Array(parts.order[..<parts.size])
    }
    let count = order.count
    guard count > 0 else {
      throw LearningError("a training on no rows has no steps", (.data, "has no rows"))
    }
    let batch = options.batchSize(rows: count)
    let stepsAnEpoch = (count + batch - 1) / batch
    let last = made ?? options.epochs * stepsAnEpoch
    guard step >= 1, step <= last else {
      let needed = (max(step, 1) - 1) / stepsAnEpoch + 1
      let epochs = "\(counted(options.epochs, "epoch")) of \(counted(stepsAnEpoch, "step"))"
      throw LearningError(
        made == nil
          ? "the training would have \(counted(last, "step")), \(epochs)"
          : "the training made \(counted(last, "step"))",
        (.option("step"), "beyond its end"),
        help: made != nil
          ? (last > 0 ? ["steps are counted from 1 to \(last)"] : [])
          : step >= 1 && needed <= TrainingOptions.longestTraining
            ? ["epochs=\(needed) has step \(step)"] : [])
    }
    self.step = step
    epoch = (step - 1) / stepsAnEpoch + 1
    dataCount = data.count
    seed = options.maskSeed
    if options.isShuffled {
      // Every epoch mixes the order that the one before left.
      var places = Array(0..<count)
      var random = options.makeShuffling()
      for _ in 1...epoch {
        random.shuffle(&places)
        if Interruption.cutsShort() { break }
      }
      order = places.map { order[$0] }
    }
    let start = (step - 1) % stepsAnEpoch * batch
    rows = Array(order[start..<min(start + batch, count)])
  }
}

extension StepPlace {
  /// The same on rows of a table.
  /// - Throws: as above.
  package init(
    _ step: Int, of options: TrainingOptions, on data: DataSet, made: Int? = nil
  ) throws(LearningError) {
    try self.init(step, of: options, on: .table(data), made: made)
  }
}

extension Network {
  /// Which hidden units take part in a step of a training: what dropout leaves in.
  /// - Returns: of each hidden layer rows × units, 1 where a unit takes part, and 0 where it is left
  ///   out. The activations of those that take part are divided by 1 - p for a share p of dropout.
  /// - Throws: where the net leaves no units out, or the step is too large for one.
  package func dropoutMasks(at place: StepPlace) throws(LearningError) -> [Tensor] {
    try requireDropout()
    guard fits(rows: place.rows.count) else {
      throw LearningError(
        "a step of \(place.rows.count) rows is too large for a net of this size",
        (.option("batch"), counted(place.rows.count, "row")), (.network, title),
        help: ["take a smaller batch"])
    }
    return layers.dropLast().enumerated().map { position, layer in
      var mask = TrainingLoop.mask(
        at: position, seed: place.seed, step: place.step - 1, keep: 1 - dropout,
        shape: .matrix(place.rows.count, layer.units))
      for index in mask.elements.indices where mask.elements[index] != 0 {
        mask.elements[index] = 1
      }
      return mask
    }
  }

  /// - Throws: where the net leaves no units out.
  package func requireDropout() throws(LearningError) {
    guard dropout == 0 else { return }
    let hidden = layers.count > 1
    throw LearningError(
      "this net leaves no units out", (.network, "has no dropout"),
      (.option("mask"), "of a net with dropout"),
      help: hidden && rule == .gradientDescent
        ? ["\(title) dropout=0.5 does"] : ["mlp [2,8,1] relu sigmoid dropout=0.5 does"])
  }

  /// - Parameter rows: of the pass.
  /// - Throws: where the masks are no masks of so many rows of this net.
  func check(masks: [Tensor], rows: Int) throws(LearningError) {
    try requireDropout()
    guard masks.count == layers.count - 1 else {
      throw LearningError(
        "the net has \(counted(layers.count - 1, "hidden layer")), the mask is of \(masks.count)",
        (.option("mask"), "of \(counted(masks.count, "layer"))"),
        (.network, "has \(counted(layers.count - 1, "hidden layer"))"))
    }
    for (layer, mask) in zip(layers, masks) {
      guard mask.shape == .matrix(rows, layer.units) else {
        throw LearningError(
          "the mask of layer \(layer.number) must be \(Shape.matrix(rows, layer.units)), "
            + "a row for each sample and a column for each unit",
          (.option("mask"), "is \(mask.shape)"),
          (.network, "layer \(layer.number) has \(counted(layer.units, "unit"))"))
      }
      if let number = mask.elements.first(where: { $0 != 0 && $0 != 1 }) {
        throw LearningError(
          "a mask is 1 where a unit takes part and 0 where it is left out, not \(brief(number))",
          (.option("mask"), "has \(brief(number))"),
          help: ["the net itself divides by 1 - \(brief(dropout)) what is left in"])
      }
    }
  }

  /// What the activations of the hidden layers are multiplied by, 0 or 1/(1 - p); none where there
  /// are no masks.
  /// - Parameter masks: of each hidden layer rows × units, 0 or 1; all units take part where nil.
  /// - Throws: where they are no masks of so many rows of this net.
  package func factors(of masks: [Tensor]?, rows: Int) throws(LearningError) -> [Node] {
    guard let masks else { return [] }
    try check(masks: masks, rows: rows)
    // As the kernel has it.
    let factor = 1 / (1 - dropout)
    return masks.map { mask in
      .constant(Tensor(mask.shape, mask.elements.map { $0 * factor }), name: "mask")
    }
  }
}
