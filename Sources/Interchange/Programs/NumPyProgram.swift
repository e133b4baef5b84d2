import Differentiation
import Learning

/// A net as a Python program that needs NumPy only.
enum NumPyProgram {
  static func text(_ network: Network) throws(FormatError) -> String {
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
      let graph = try TracedGraph(activationOf: layer, slope: "slope\(layer.number)")
      let activation = try GraphText(graph, in: .numpy)
      text += activation.statements.map { "    \($0)\n" }.joined()
      text += "    a = \(activation.expression)\n"
    }
    text += """
          return a\(ProgramText.numpyUnits(network))


      if __name__ == "__main__":
          for line in sys.stdin:
              numbers = [float(word) for word in line.replace(",", " ").split()]
              if numbers:
                  print(*predict(numbers)[0])

      """
    return text
  }
}
