import Differentiation

extension Network {
  /// A layer of threshold units that learns by Rosenblatt's rule; its weights start at 0.
  /// - Parameter sizes: the inputs and, if there are several, the units.
  /// - Throws: where the sizes make no perceptron.
  package static func perceptron(sizes: [Int]) throws(LearningError) -> Network {
    guard sizes.count == 1 || sizes.count == 2 else {
      throw LearningError(
        "a perceptron has one layer: give its inputs, or its inputs and units",
        (.sizes, counted(sizes.count, "size")), help: ["for example perceptron [2]"])
    }
    var options = Options(initializer: try .required("zeros", as: .option("init")))
    options.rule = .perceptron
    return try Network(
      sizes: sizes.count == 1 ? sizes + [1] : sizes,
      activations: [try .required("step", as: .activation(0))], options: options)
  }

  /// One pass of the rule w += lr·(t - y)·x over the rows in this order; the bias counts as the
  /// weight of an input that is always 1.
  /// - Parameters:
  ///   - targets: rows × units, of 0 and 1.
  ///   - frozen: parameters that stay as they are.
  /// - Returns: how many outputs were wrong when their row came.
  @discardableResult
  package func learnOnce(
    _ x: Tensor, targets: Tensor, order: some Sequence<Int>, rate: Double, frozen: [String] = []
  ) -> Int {
    var values = parameters.map { $0.value }
    let layer = layers[0]
    let learns = parameters.map { !$0.isFrozen(by: frozen) }
    var errors = 0
    for row in order {
      let input = x.elements[row * layer.inputs..<(row + 1) * layer.inputs]
      for unit in 0..<layer.units {
        let first = unit * layer.inputs
        var z = layer.hasBias ? values[1].elements[unit] : 0
        for (k, xk) in input.enumerated() { z += values[0].elements[first + k] * xk }
        let error = targets.elements[row * layer.units + unit] - (z >= 0 ? 1 : 0)
        guard error != 0 else { continue }
        errors += 1
        if learns[0] {
          for (k, xk) in input.enumerated() { values[0].elements[first + k] += rate * error * xk }
        }
        if layer.hasBias, learns[1] { values[1].elements[unit] += rate * error }
      }
    }
    setValues(values)
    return errors
  }

  /// One pass of the rule over all rows in their order, as the first epoch of a training.
  /// - Returns: in place of a gradient, minus what the rows with an error add at a rate of 1, by
  ///   parameter.
  /// - Throws: where data and net do not fit, or a target is neither 0 nor 1.
  func descendByRule(
    on data: DataSet, rate: Double, frozen: [String]
  ) throws(LearningError) -> [(name: String, value: Tensor)] {
    let targets = try perceptronTargets(of: data)
    let (layer, width) = (layers[0], inputCount)
    var sums = parameters.map { Tensor(repeating: 0, shape: $0.value.shape) }
    for row in 0..<data.count {
      let x = Tensor(.matrix(1, width), Array(data.x.elements[row * width..<(row + 1) * width]))
      let y = try output(x).elements
      for unit in 0..<layer.units {
        let error = targets.elements[row * layer.units + unit] - y[unit]
        for (k, xk) in x.elements.enumerated() { sums[0].elements[unit * width + k] -= error * xk }
        if layer.hasBias { sums[1].elements[unit] -= error }
      }
      learnOnce(data.x, targets: targets, order: [row], rate: rate, frozen: frozen)
    }
    return zip(parameterNames, sums).map { ($0, $1) }
  }

  /// The targets of a perceptron, rows × units.
  /// - Throws: where data and net do not fit, or a target is neither 0 nor 1.
  package func perceptronTargets(of data: DataSet) throws(LearningError) -> Tensor {
    let targets = try targets(of: data)
    guard let other = targets.elements.first(where: { $0 != 0 && $0 != 1 }) else { return targets }
    throw LearningError(
      "a perceptron learns targets of 0 and 1", (.data, "has the target \(brief(other))"),
      (.network, title))
  }

  /// The learning rate where none is given: the perceptron's rule goes a whole step.
  package func standardRate(_ optimizer: Optimizer) -> Double {
    rule == .perceptron ? 1 : optimizer.standardRate
  }
}
