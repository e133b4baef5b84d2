import Differentiation
import Learning

/// A net as a Python program for Keras 3.
enum KerasProgram {
  static func text(_ network: Network) throws(FormatError) -> String {
    let loss = try loss(network)
    var functions = PythonFunctions()
    var layers: [String] = []
    var weights: [String] = []
    for layer in network.layers {
      let activation = try activation(layer, network.precision, &functions)
      let option = activation.name.map { ", activation=\"\($0)\"" } ?? ""
      let bias = layer.hasBias ? "" : ", use_bias=False"
      let arrays = layer.hasBias ? "W\(layer.number).T, b\(layer.number)" : "W\(layer.number).T"
      weights.append("    model.layers[\(layers.count)].set_weights([\(arrays)])\n")
      layers.append("keras.layers.Dense(\(layer.units)\(option)\(bias))")
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

      build() gives the compiled Keras model, predict(rows) its outputs for raw rows.
      Keras computes with float64 on TensorFlow; on other backends its products are float32.
      \"\"\"
      import numpy as np
      import keras
      from keras import ops

      FLOAT = "\(network.precision.rawValue)"
      keras.config.set_floatx(FLOAT)
      keras.config.set_dtype_policy(FLOAT)


      """
    text += ProgramText.numpyArrays(network)
    if let classes = network.classes { text += "CLASSES = \(ProgramText.names(classes))\n" }
    text += "\n\n" + functions.definitions + (hasSlopes ? slopeClass : "")
    text += "def loss\(loss)\n\n\n" + ProgramText.numpyPreparation(network)
    text += "\n\ndef build():\n    model = keras.Sequential([\n"
    text += "        keras.Input((\(network.inputCount),)),\n"
    text += layers.map { "        \($0),\n" }.joined()
    text += "    ])\n" + weights.joined()
    text += "    model.compile(optimizer=\"adam\", loss=loss)\n    return model\n"
    text += """


      def predict(rows):
          return build().predict(prepare(rows), verbose=0)\(ProgramText.numpyUnits(network))


      if __name__ == "__main__":
          build().summary()

      """
    return text
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
