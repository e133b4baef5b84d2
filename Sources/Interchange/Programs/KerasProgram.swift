import Differentiation
import Learning

/// A net as a Python program for Keras 3.
enum KerasProgram {
  static func text(_ network: Network) -> String {
    var text = """
      \"\"\"\(ProgramText.title(network)).

      build() gives the compiled Keras model, predict(rows) its outputs for raw rows.
      Keras computes with float64 on TensorFlow; on other backends its products are float32.
      \"\"\"
      import numpy as np
      import keras

      keras.config.set_floatx("\(network.precision.rawValue)")
      keras.config.set_dtype_policy("\(network.precision.rawValue)")


      """
    text += ProgramText.numpyArrays(network)
    if let classes = network.classes { text += "CLASSES = \(ProgramText.names(classes))\n" }
    text += "\n\n" + ProgramText.numpyPreparation(network)
    text += "\n\ndef build():\n    model = keras.Sequential([\n"
    text += "        keras.Input((\(network.inputCount),)),\n"
    var weights: [String] = []
    var place = 0
    for layer in network.layers {
      let (name, module) = activation(layer, network.precision)
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
    text += "    model.compile(optimizer=\"adam\", loss=\(loss(network)))\n    return model\n"
    text += """


      def predict(rows):
          return build().predict(prepare(rows), verbose=0)


      if __name__ == "__main__":
          build().summary()

      """
    return text
  }

  /// The name of an activation, or a layer of its own.
  private static func activation(
    _ layer: Layer, _ precision: Precision
  ) -> (name: String?, module: String?) {
    let values = layer.activation.values
    func number(_ name: String) -> String { ProgramText.literal(values.number(name)) }
    switch layer.activation.name {
    case "sigmoid", "tanh", "relu", "softmax", "softplus":
      return (layer.activation.name, nil)
    case "swish": return ("silu", nil)
    case "leaky":
      // TensorFlow takes the constants of its own leaky relu and gelu as float32.
      return precision == .float32
        ? (nil, "keras.layers.LeakyReLU(negative_slope=\(number("slope")))")
        : (
          nil,
          "keras.layers.Activation(lambda z: keras.ops.where(z >= 0, z, \(number("slope")) * z))"
        )
    case "gelu":
      return precision == .float32
        ? ("gelu", nil)
        : (nil, "keras.layers.Activation(lambda z: z * (1 + keras.ops.erf(z / 2**0.5)) / 2)")
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
    case "bce": "\"binary_crossentropy\""
    case "bce_sum":
      "lambda t, y: \(network.outputCount) * keras.losses.binary_crossentropy(t, y)"
    case "ce": "\"categorical_crossentropy\""
    case "mae": "\"mae\""
    case "huber":
      "keras.losses.Huber(delta=\(ProgramText.literal(network.loss.values.number("δ"))))"
    case "hinge":
      "lambda t, y: keras.ops.mean(keras.ops.maximum(1 - t * y, 0), axis=-1)"
    case "sse": "lambda t, y: keras.ops.sum((t - y) ** 2, axis=-1)"
    case "half_sse": "lambda t, y: keras.ops.sum((t - y) ** 2, axis=-1) / 2"
    default: "\"mse\""
    }
  }
}
