import Differentiation
import Learning

/// A net as a Python program for Keras 3.
enum KerasProgram {
  /// Options of a training that `fit` does without.
  private static let missing = ["order", "sample_weights"]

  static func text(
    _ network: Network, _ training: ProgramTraining, _ onNumbers: (Int) -> Void
  ) throws(FormatError) -> String {
    let loss = try loss(network)
    var functions = PythonFunctions()
    var layers: [String] = []
    var weights: [String] = []
    let penalty = penalty(training.options)
    for layer in network.layers {
      let activation = try activation(layer, network.precision, &functions)
      let option = activation.name.map { ", activation=\"\($0)\"" } ?? ""
      let bias = layer.hasBias ? "" : ", use_bias=False"
      let arrays = layer.hasBias ? "W\(layer.number).T, b\(layer.number)" : "W\(layer.number).T"
      weights.append("    model.layers[\(layers.count)].set_weights([\(arrays)])\n")
      layers.append("keras.layers.Dense(\(layer.units)\(option)\(bias)\(penalty))")
      if training.frozen(in: layer.number).all {
        weights.append("    model.layers[\(layers.count - 1)].trainable = False\n")
      }
      defer {
        if network.dropout > 0, layer.number < network.layers.count {
          layers.append("keras.layers.Dropout(\(Dialect.keras.number(network.dropout)))")
        }
      }
      guard let own = activation.layer else { continue }
      if layer.activation.traits.contains(.learnedSlope) {
        weights.append(
          "    model.layers[\(layers.count)].set_weights([np.atleast_1d(slope\(layer.number))])\n")
      }
      layers.append(own)
    }
    let hasSlopes = layers.contains { $0.hasPrefix("Slope(") }
    var text = """
      \"\"\"\(ProgramText.title(network)).

      python FILE.py              shows the net
      python FILE.py DATA.csv     trains it further and writes FILE.weights.h5

      build() gives the compiled Keras model, fit(model, x, t) trains it, predict(rows) gives its outputs
      for raw rows. DATA.csv has names in its first line, then in each row the raw features and the
      targets, as write_csv writes a data set.
      Keras computes with float64 on TensorFlow; on other backends its products are float32.
      \"\"\"
      import csv
      \(training.schedule == nil ? "" : "import math\n")\
      import os
      import sys

      import numpy as np
      import keras
      from keras import ops

      FLOAT = "\(network.precision.rawValue)"
      keras.config.set_floatx(FLOAT)
      keras.config.set_dtype_policy(FLOAT)


      """
    text += ProgramText.numpyArrays(network, onNumbers)
    text += "\n\n" + functions.definitions + (hasSlopes ? slopeClass : "")
    text += "def loss\(loss)\n\n\n" + ProgramText.numpyPreparation(network)
    text += "\n\n" + ProgramText.numpyReading(network)
    let step = training.step(
      in: .keras, parameters: "", rate: "learning_rate=\(Dialect.keras.number(training.rate))",
      more: training.options.clip.map { ["global_clipnorm=\(Dialect.keras.number($0))"] } ?? [])
    let (metric, metricFunction) = metric(network, training.metric)
    let (lossName, lossClass) = lossObject(network)
    text += metricFunction + lossClass + step.definition + (training.schedule ?? "")
    text += "def build():\n    model = keras.Sequential([\n"
    text += "        keras.Input((\(network.inputCount),)),\n"
    text += layers.map { "        \($0),\n" }.joined()
    text += "    ])\n" + weights.joined()
    text += "    model.compile(\n        loss=\(lossName),\n        optimizer=\(step.expression),\n"
    text += "        metrics=[\(metric)],\n    )\n    return model\n\n\n"
    text += training.comment(
      missing: missing + (training.validationShare == nil ? ["valid"] : []),
      remarks: step.remarks + remarks(network, training))
    text += fit(training)
    text += """
      def predict(rows):
          return build().predict(prepare(rows), verbose=0)\(ProgramText.numpyUnits(network))


      if __name__ == "__main__":
          model = build()
          model.summary()
          if len(sys.argv) > 1:
              fit(model, *read(sys.argv[1]), verbose=2)
              model.save_weights(os.path.splitext(sys.argv[0])[0] + ".weights.h5")

      """
    return text
  }

  /// What differs from the training in bp.
  private static func remarks(_ network: Network, _ training: ProgramTraining) -> [String] {
    var remarks: [String] = []
    if network.layers.contains(where: { training.frozen(in: $0.number).some }) {
      remarks.append("Keras keeps whole layers as they are: freeze of a part of one is left out.")
    }
    if training.validationShare != nil {
      remarks.append("Keras sets the last rows apart, bp rows drawn at random.")
    }
    return remarks
  }

  /// The penalties on weights as an argument of a layer.
  private static func penalty(_ options: TrainingOptions) -> String {
    guard options.l1 > 0 || options.l2 > 0 else { return "" }
    let (l1, l2) = (Dialect.keras.number(options.l1), Dialect.keras.number(options.l2 / 2))
    return ", kernel_regularizer=keras.regularizers.L1L2(l1=\(l1), l2=\(l2))"
  }

  /// The loss as `compile` takes it, and the class for one that is summed over the rows of a step.
  private static func lossObject(_ network: Network) -> (name: String, definition: String) {
    guard network.reduction == .sum else { return ("loss", "") }
    return (
      "Loss(reduction=\"sum\")",
      """
      class Loss(keras.losses.Loss):
          def call(self, t, y):
              return loss(t, y)



      """
    )
  }

  /// The metric as `compile` takes it, and the function for one that Keras does not count.
  private static func metric(
    _ network: Network, _ metric: Metric
  ) -> (name: String, definition: String) {
    switch metric {
    case .rSquared: return ("keras.metrics.R2Score(name=\"r2\")", "")
    case .meanSquaredError: return ("\"mean_squared_error\"", "")
    case .accuracy: break
    }
    let code = network.outputCode
    switch code {
    case .oneHot, .shares, .two(0, 1): return ("\"accuracy\"", "")
    case .two, .labels, .numbers: break
    }
    let bound = Dialect.keras.number(code.threshold)
    return (
      "accuracy",
      """
      def accuracy(t, y):
          \"\"\"1 where a row has all outputs on the side of \(bound) that its targets are on.\"\"\"
          return ops.cast(ops.all(ops.equal(t >= \(bound), y >= \(bound)), axis=-1), FLOAT)



      """
    )
  }

  private static func fit(_ training: ProgramTraining) -> String {
    let options = training.options
    var arguments = ["shuffle=\(options.isShuffled ? "True" : "False")"]
    if let share = training.validationShare {
      arguments.append("validation_split=\(Dialect.keras.number(share))")
    }
    if let weights = options.classWeights {
      let texts = weights.enumerated().map { "\($0): \(Dialect.keras.number($1))" }
      arguments.append("class_weight={\(texts.joined(separator: ", "))}")
    }
    var callbacks: [String] = []
    if training.schedule != nil {
      let rate = Dialect.keras.number(training.rate)
      callbacks.append(
        "keras.callbacks.LearningRateScheduler(\n"
          + "            lambda epoch, lr: \(rate) * rate_factor(epoch, epochs))")
    }
    if let patience = options.patience {
      let watched = training.validationShare == nil ? "loss" : "val_loss"
      callbacks.append(
        "keras.callbacks.EarlyStopping(\n            \"\(watched)\", patience=\(patience), "
          + "min_delta=\(Dialect.keras.number(options.improvement)), restore_best_weights=True)")
    }
    if !callbacks.isEmpty { arguments.append("callbacks=callbacks") }
    let size = training.batch == nil ? "batch_size=batch_size or len(x)" : "batch_size=batch_size"
    let list = callbacks.map { "        \($0),\n" }.joined()
    return """
      def fit(model, x, t, epochs=\(options.epochs), batch_size=\
      \(training.batch.map { "\($0)" } ?? "None"), **options):
          \"\"\"Trains on rows x (prepared) and targets t; options are those of Keras.\"\"\"
      \(callbacks.isEmpty ? "" : "    callbacks = [\n\(list)    ]\n")\
          return model.fit(
              x, t, epochs=epochs, \(size), \(arguments.joined(separator: ", ")), **options)



      """
  }

  private static let slopeClass = """
    class Slope(keras.layers.Layer):
        def __init__(self, function):
            super().__init__()
            self.function = function
            self.slope = self.add_weight(shape=(1,), name="slope")

        def call(self, z):
            return self.function(z, self.slope)



    """

  /// The name of an activation, or a layer of its own; neither where the net inputs are the outputs.
  private static func activation(
    _ layer: Layer, _ precision: Precision, _ functions: inout PythonFunctions
  ) throws(FormatError) -> (name: String?, layer: String?) {
    guard !layer.activation.traits.contains(.linear) else { return (nil, nil) }
    let graph = try TracedGraph(activationOf: layer)
    if let (primitive, row) = graph.single, let form = row.layer,
      precision == .float32 || !form.isFloat32Only
    {
      let text = PrimitiveRow.filled(form.template, with: primitive.constants, in: .keras)
      return form.isName ? (text, nil) : (nil, text)
    }
    let name = functions.name(for: try GraphText(graph, in: .keras), of: graph)
    return (nil, graph.leaves.count == 1 ? "keras.layers.Activation(\(name))" : "Slope(\(name))")
  }

  /// Parameters and statements of the function that gives one number a row.
  private static func loss(_ network: Network) throws(FormatError) -> String {
    let graph = try TracedGraph(lossOf: network)
    return PythonFunctions.body(
      try GraphText(graph, in: .keras), of: graph, parameters: ["t", "y"], result: "x[:, 0]")
  }
}
