import Differentiation
import Learning

/// A net as a Python program for Keras 3.
enum KerasProgram {
  static func text(_ network: Network) -> String {
    var text = """
      \"\"\"\(ProgramText.title(network)).

      build() gives the compiled Keras model, predict(rows) its outputs for raw rows.
      \"\"\"
      import numpy as np
      import keras

      keras.config.set_floatx("\(network.precision.rawValue)")


      """
    text += ProgramText.numpyArrays(network)
    if let classes = network.classes { text += "CLASSES = \(ProgramText.names(classes))\n" }
    text += "\n\n" + ProgramText.numpyPreparation(network)
    text += "\n\ndef build():\n    model = keras.Sequential([\n"
    text += "        keras.Input((\(network.inputCount),)),\n"
    var weights: [String] = []
    var place = 0
    for layer in network.layers {
      let (name, module) = activation(layer)
      let option = name.map { ", activation=\"\($0)\"" } ?? ""
      let bias = layer.hasBias ? "" : ", use_bias=False"
      text += "        keras.layers.Dense(\(layer.units)\(option)\(bias)),\n"
      let arrays = layer.hasBias ? "W\(layer.number).T, b\(layer.number)" : "W\(layer.number).T"
      weights.append("    model.layers[\(place)].set_weights([\(arrays)])\n")
      place += 1
      if let module {
        text += "        \(module),\n"
        if layer.activation.traits.contains(.learnedSlope) {
          weights.append(
            "    model.layers[\(place)].set_weights([np.atleast_1d(slope\(layer.number))])\n")
        }
        place += 1
      }
    }
    text += "    ])\n" + weights.joined()
    text += "    model.compile(optimizer=\"adam\", loss=\"\(loss(network))\")\n    return model\n"
    text += """


      def predict(rows):
          return build().predict(prepare(rows), verbose=0)


      if __name__ == "__main__":
          build().summary()

      """
    return text
  }

  /// The name of an activation, or a layer of its own.
  private static func activation(_ layer: Layer) -> (name: String?, module: String?) {
    let values = layer.activation.values
    func number(_ name: String) -> String { ProgramText.literal(values.number(name)) }
    switch layer.activation.name {
    case "sigmoid", "tanh", "relu", "softmax", "softplus", "gelu":
      return (layer.activation.name, nil)
    case "swish": return ("silu", nil)
    case "leaky": return (nil, "keras.layers.LeakyReLU(negative_slope=\(number("slope")))")
    case "prelu": return (nil, "keras.layers.PReLU(shared_axes=[1])")
    case "elu": return (nil, "keras.layers.ELU(alpha=\(number("alpha")))")
    case "tanh_half": return (nil, "keras.layers.Activation(lambda z: keras.ops.tanh(z / 2))")
    case "step":
      return (nil, "keras.layers.Activation(lambda z: keras.ops.cast(z >= 0, z.dtype))")
    case "sign":
      return (nil, "keras.layers.Activation(lambda z: 2 * keras.ops.cast(z >= 0, z.dtype) - 1)")
    case "clip":
      return (
        nil,
        "keras.layers.Activation(lambda z: keras.ops.clip(z, \(number("from")), \(number("to"))))"
      )
    default: return (nil, nil)
    }
  }

  private static func loss(_ network: Network) -> String {
    switch network.loss.name {
    case "bce", "bce_sum": "binary_crossentropy"
    case "ce": "categorical_crossentropy"
    case "mae": "mae"
    case "huber": "huber"
    case "hinge": "hinge"
    default: "mse"
    }
  }
}
