import Differentiation

extension Network {
  /// The weights of a layer with its biases as first column, [b W], as in notations where the
  /// bias is the weight of a unit that is always 1: units × (1 + inputs). Without biases the
  /// column is 0.
  /// - Parameter number: the layer's number, from 1.
  /// - Throws: where there is no such layer.
  package func augmented(_ number: Int) throws(LearningError) -> Tensor {
    guard layers.indices.contains(number - 1) else {
      throw LearningError(
        "there is no layer \(number)", (.option("layer"), "one of 1..\(layers.count)"),
        (.network, "has \(counted(layers.count, "layer"))"))
    }
    let layer = layers[number - 1]
    let weights = try value(of: "W\(number)").elements
    let bias = layer.hasBias ? try value(of: "b\(number)").elements : []
    var elements: [Double] = []
    for unit in 0..<layer.units {
      elements.append(layer.hasBias ? bias[unit] : 0)
      elements += weights[unit * layer.inputs..<(unit + 1) * layer.inputs]
    }
    return Tensor(.matrix(layer.units, layer.inputs + 1), elements)
  }

  /// The net of one layer that computes the same: W = W2 W1, b = W2 b1 + b2, and so on.
  /// - Throws: where a hidden layer is not linear, with its number.
  package func collapsed() throws(LearningError) -> Network {
    for layer in layers.dropLast() where !layer.activation.isLinear {
      throw LearningError(
        "layer \(layer.number) is \(layer.activation.title): only linear layers multiply out",
        (.network, "layer \(layer.number) is not linear"))
    }
    var weights = try value(of: "W1").elements
    var bias = layers[0].hasBias ? try value(of: "b1").elements : []
    for layer in layers.dropFirst() {
      let next = try value(of: "W\(layer.number)").elements
      weights = Self.product(next, weights, layer.units, layer.inputs, inputCount)
      if layer.hasBias {
        let own = try value(of: "b\(layer.number)").elements
        bias = zip(Self.product(next, bias, layer.units, layer.inputs, 1), own).map { $0 + $1 }
      }
    }
    var options = Options(initializer: initializer)
    options.hasBias = output.hasBias
    options.seed = seed
    options.loss = loss
    options.reduction = reduction
    options.precision = precision
    let single = try Network(
      sizes: [inputCount, outputCount], activations: [output.activation], options: options)
    try single.set("W1", to: Tensor(.matrix(outputCount, inputCount), weights))
    if output.hasBias { try single.set("b1", to: Tensor(vector: bias)) }
    for parameter in parameters where parameter.role == .slope {
      try single.set("slope1", to: parameter.value)
    }
    single.takeOver(preparing: self, classes: self)
    return single
  }

  /// The line w1·x1 + w2·x2 + b = 0 on which a unit with two inputs changes sides.
  /// - Parameters:
  ///   - unit: from 1, in the first layer.
  ///   - isRaw: whether x1 and x2 are those of rows before they are prepared.
  /// - Throws: where there is no such unit, or it is not a line.
  package func boundary(
    unit: Int = 1, isRaw: Bool = false
  ) throws(LearningError) -> (w1: Double, w2: Double, b: Double) {
    guard inputCount == 2 else {
      throw LearningError(
        "a boundary is a line only where there are two inputs",
        (.network, "takes \(counted(inputCount, "input"))"))
    }
    guard unit >= 1, unit <= layers[0].units else {
      throw LearningError(
        "there is no unit \(unit) in layer 1", (.network, "has \(counted(layers[0].units, "unit"))")
      )
    }
    let row = try augmented(1).elements[(unit - 1) * 3..<unit * 3]
    let line = (w1: row[row.startIndex + 1], w2: row[row.startIndex + 2], b: row[row.startIndex])
    guard isRaw, let pipeline else { return line }
    guard pipeline.featureNames.count == 2, pipeline.categories.isEmpty else {
      throw LearningError(
        "a boundary is a line of raw rows only where there are two features that are numbers",
        (.network, "prepares \(counted(pipeline.featureNames.count, "feature"))"),
        help: ["prepared=true gives the line of prepared rows"])
    }
    // Each feature is shifted and scaled by itself, so three rows tell the whole preparing.
    let prepared = try pipeline.applied(to: Tensor(.matrix(3, 2), [0, 0, 1, 0, 0, 1])).elements
    let (origin1, origin2) = (prepared[0], prepared[1])
    return (
      line.w1 * (prepared[2] - origin1), line.w2 * (prepared[5] - origin2),
      line.b + line.w1 * origin1 + line.w2 * origin2
    )
  }

  /// The rule of thumb that error grows like parameters over samples.
  package func vcBound(_ data: DataSet) -> Double { Double(count) / Double(data.count) }

  /// The product of a rows × inner and an inner × columns matrix; an empty one counts as zeros.
  private static func product(
    _ a: [Double], _ b: [Double], _ rows: Int, _ inner: Int, _ columns: Int
  ) -> [Double] {
    var result = Array(repeating: 0.0, count: rows * columns)
    guard !b.isEmpty else { return result }
    for row in 0..<rows {
      for k in 0..<inner {
        let factor = a[row * inner + k]
        for column in 0..<columns {
          result[row * columns + column] += factor * b[k * columns + column]
        }
      }
    }
    return result
  }
}
