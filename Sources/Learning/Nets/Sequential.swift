import Differentiation

extension Network {
  /// The net whose layers are those of several nets, one after the other, with copies of their
  /// weights. Its loss is that of the last one, its way of preparing data that of the first.
  /// - Throws: where there is no net, one does not take what the one before it gives, or they
  ///   differ in biases or number format.
  package static func sequential(_ nets: [Network]) throws(LearningError) -> Network {
    guard let first = nets.first, let last = nets.last else {
      throw LearningError(
        "sequential needs at least one net",
        help: ["sequential (mlp [2,20] relu) (mlp [20,1] sigmoid)"])
    }
    for (place, (below, above)) in zip(nets, nets.dropFirst()).enumerated() {
      guard below.outputCount == above.inputCount else {
        throw LearningError(
          "the net takes \(counted(above.inputCount, "input")), and the one before it gives"
            + " \(counted(below.outputCount, "output"))",
          (.part(place + 1), "takes \(above.inputCount)"),
          (.part(place), "gives \(below.outputCount)"))
      }
      guard !below.output.activation.isOutputOnly else {
        throw LearningError(
          "\(below.output.activation.name) is for the output layer: in a hidden layer its units"
            + " would compete",
          (.part(place), "ends with \(below.output.activation.name)"),
          (.part(place + 1), "follows"))
      }
      guard below.output.hasBias == above.output.hasBias else {
        throw LearningError(
          "all layers of a net have biases, or none has",
          (.part(place), below.output.hasBias ? "has biases" : "has none"),
          (.part(place + 1), above.output.hasBias ? "has biases" : "has none"))
      }
      guard below.precision == above.precision else {
        throw LearningError(
          "a net computes with one kind of numbers",
          (.part(place), "in \(below.precision.rawValue)"),
          (.part(place + 1), "in \(above.precision.rawValue)"))
      }
    }
    for (place, net) in nets.enumerated() {
      guard net.rule == .gradientDescent, net.dropout == 0 else {
        throw LearningError(
          "\(net.rule == .perceptron ? "a perceptron" : "a net with dropout") is no part of another",
          (.part(place), net.rule == .perceptron ? "has a rule of its own" : "leaves units out"),
          help: ["build the whole net with mlp"])
      }
    }
    var options = Options(initializer: first.initializer)
    options.hasBias = first.output.hasBias
    options.seed = first.seed
    options.loss = last.isLossAutomatic ? nil : last.loss
    options.reduction = last.reduction
    options.precision = first.precision
    let whole = try Network(
      sizes: [first.inputCount] + nets.flatMap { $0.layers.map { $0.units } },
      activations: nets.flatMap { $0.layers.map { $0.activation } }, options: options)
    whole.setValues(nets.flatMap { $0.parameters.map { $0.value } })
    whole.takeOver(preparing: first, classes: last)
    return whole
  }
}
