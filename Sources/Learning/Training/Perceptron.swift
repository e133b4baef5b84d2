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
  /// - Parameter targets: rows × units, of 0 and 1.
  /// - Returns: how many outputs were wrong when their row came.
  func learnOnce(_ x: Tensor, targets: Tensor, order: [Int], rate: Double) -> Int {
    var values = parameters.map { $0.value }
    let layer = layers[0]
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
        for (k, xk) in input.enumerated() { values[0].elements[first + k] += rate * error * xk }
        if layer.hasBias { values[1].elements[unit] += rate * error }
      }
    }
    setValues(values)
    return errors
  }
}
