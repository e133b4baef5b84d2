import Differentiation
import Learning

/// A net as a Python program that needs NumPy only.
enum NumPyProgram {
  static func text(_ network: Network) -> String {
    var text = """
      \"\"\"\(ProgramText.title(network)).

      predict(rows) gives one row of outputs for each row; run, it reads rows of numbers
      separated by commas or blanks from standard input.
      \"\"\"
      import math
      import sys

      import numpy as np


      """
    text += ProgramText.numpyArrays(network)
    if let classes = network.classes { text += "CLASSES = \(ProgramText.names(classes))\n" }
    text += "\n\n" + ProgramText.numpyPreparation(network)
    text += "\n\ndef predict(rows):\n    a = prepare(rows)\n"
    for layer in network.layers {
      let bias = layer.hasBias ? " + b\(layer.number)" : ""
      text += "    z = a @ W\(layer.number).T\(bias)\n"
      text += "    a = \(activation(layer))\n"
    }
    text += """
          return a


      if __name__ == "__main__":
          for line in sys.stdin:
              numbers = [float(word) for word in line.replace(",", " ").split()]
              if numbers:
                  print(*predict(numbers)[0])

      """
    return text
  }

  private static func activation(_ layer: Layer) -> String {
    let values = layer.activation.values
    func number(_ name: String) -> String { ProgramText.literal(values.number(name)) }
    // Both branches of where are computed: neither may overflow.
    let sigmoid = "0.5 * (1 + np.tanh(z / 2))"
    switch layer.activation.name {
    case "sigmoid":
      return "np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))"
    case "tanh": return "np.tanh(z)"
    case "tanh_half": return "np.tanh(z / 2)"
    case "relu": return "np.maximum(z, 0)"
    case "leaky": return "np.where(z >= 0, z, \(number("slope")) * z)"
    case "prelu": return "np.where(z >= 0, z, slope\(layer.number) * z)"
    case "softmax":
      return
        "np.exp(z - z.max(axis=1, keepdims=True)) / "
        + "np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)"
    case "softplus": return "np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))"
    case "elu":
      return "np.where(z >= 0, z, \(number("alpha")) * np.expm1(np.minimum(z, 0)))"
    case "gelu": return "z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2"
    case "swish": return "z * (\(sigmoid))"
    case "step": return "np.where(z >= 0, 1.0, 0.0)"
    case "sign": return "np.where(z >= 0, 1.0, -1.0)"
    case "clip": return "np.minimum(np.maximum(z, \(number("from"))), \(number("to")))"
    default: return "z"
    }
  }
}
