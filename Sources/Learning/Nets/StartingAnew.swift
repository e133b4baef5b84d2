import Differentiation

extension Network {
  /// Another net of the same build with the weights that this one started from.
  /// - Parameter seed: where the weights are drawn from, its own where nil.
  /// - Throws: where a net of these sizes cannot be made.
  package func startingAnew(seed other: Int? = nil) throws(LearningError) -> Network {
    var options = Options(initializer: initializer)
    options.hasBias = layers.contains { $0.hasBias }
    options.seed = other ?? seed
    options.loss = isLossAutomatic ? nil : loss
    options.reduction = reduction
    options.precision = precision
    options.rule = rule
    options.dropout = dropout
    return try Network(sizes: sizes, activations: layers.map { $0.activation }, options: options)
  }
}
