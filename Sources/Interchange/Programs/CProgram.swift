import Differentiation
import Learning

/// A net as one file of C99 that needs the mathematical library only.
enum CProgram {
  static func text(
    _ network: Network, _ onNumbers: (Int) -> Void
  ) throws(FormatError) -> String {
    let raw = network.pipeline?.featureNames.count ?? network.inputCount
    let widest = max(raw, network.sizes.max() ?? 1, widestStep(network))
    var text = """
      /* \(ProgramText.title(network)).
         predict takes \(raw) numbers and gives \(network.outputCount).
         cc FILE.c -lm -o net; ./net < rows.csv prints the outputs of each row, ./net classes < rows.csv
         the class. The first line may name the columns, in any order and among others. A row that
         cannot be used gives an empty line, a message with its line, and the exit status 1. */
      #include <math.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>

      #define INPUTS \(raw)
      #define OUTPUTS \(network.outputCount)
      #define WIDEST \(widest)


      """
    let activations = try network.layers.map(activation)
    var written = 0
    for parameter in network.parameters {
      text += array(parameter.name, parameter.value.elements) { onNumbers(written + $0) }
      written += parameter.value.elements.count
    }
    text += """

      static void dense(int units, int inputs, const double *w, const double *b, const double *x,
                        double *z) {
        for (int i = 0; i < units; i++) {
          double sum = b ? b[i] : 0;
          for (int j = 0; j < inputs; j++) sum += w[i * inputs + j] * x[j];
          z[i] = sum;
        }
      }

      \(Dialect.c.helpers(calledBy: activations.joined()))\
      void predict(const double *row, double *outputs) {
        double a[WIDEST], z[WIDEST];
        memcpy(a, row, sizeof(double) * INPUTS);

      """
    text += preparation(network)
    for (layer, activation) in zip(network.layers, activations) {
      let bias = layer.hasBias ? "b\(layer.number)" : "NULL"
      text += "  dense(\(layer.units), \(layer.inputs), W\(layer.number), \(bias), a, z);\n"
      text += activation
    }
    if let scaling = network.pipeline?.targetScaling {
      text += array("target_scale", scaling.scale, indent: "  ")
      text += array("target_shift", scaling.shift, indent: "  ")
      text += "  for (int i = 0; i < OUTPUTS; i++) a[i] = a[i] * target_scale[i]"
      text += " + target_shift[i];\n"
    }
    text += """
        memcpy(outputs, a, sizeof(double) * OUTPUTS);
      }


      """
    return text + CReading.text(network)
  }

  private static func array(
    _ name: String, _ numbers: [Double], indent: String = "", onNumbers: (Int) -> Void = { _ in }
  ) -> String {
    let list = ProgramText.list(
      numbers, open: "{", close: "}", indent: indent + "  ", onNumbers: onNumbers)
    return "\(indent)static const double \(name)[] = \(list);\n"
  }

  private static func widestStep(_ network: Network) -> Int {
    var width = network.pipeline?.featureNames.count ?? 0
    var widest = width
    for case .encode(let encoding) in network.pipeline?.steps ?? [] {
      width += encoding.columns.reduce(0) { $0 + max(0, $1.values.count - 1) }
      widest = max(widest, width)
    }
    return widest
  }

  private static func preparation(_ network: Network) -> String {
    var text = ""
    var width = network.pipeline?.featureNames.count ?? 0
    for (place, step) in (network.pipeline?.steps ?? []).enumerated() {
      let name = "\(place + 1)"
      switch step {
      case .scale(let scaling):
        text += array("shift\(name)", scaling.shift, indent: "  ")
        text += array("scale\(name)", scaling.scale, indent: "  ")
        text += "  for (int i = 0; i < \(width); i++) a[i] = (a[i] - shift\(name)[i])"
        text += " / scale\(name)[i];\n"
      case .impute(let imputation):
        text += array("fill\(name)", imputation.fills, indent: "  ")
        text += "  for (int i = 0; i < \(width); i++) if (isnan(a[i])) a[i] = fill\(name)[i];\n"
      case .dropMissing, .scaleTargets: break
      case .encode(let encoding):
        var at = 0
        for feature in 0..<width {
          guard let column = encoding.columns.first(where: { $0.feature == feature }) else {
            text += "  z[\(at)] = a[\(feature)];\n"
            at += 1
            continue
          }
          let first = encoding.leavesOutFirst ? 2 : 1
          let count = max(0, column.values.count - first + 1)
          text +=
            "  for (int i = 0; i < \(count); i++) z[\(at) + i] = a[\(feature)] == i + \(first);\n"
          at += count
        }
        width = at
        text += "  memcpy(a, z, sizeof(double) * \(width));\n"
      }
    }
    return text
  }

  /// Statements that compute `a` from `z`.
  private static func activation(_ layer: Layer) throws(FormatError) -> String {
    let graph = try TracedGraph(activationOf: layer, slope: "slope\(layer.number)")
    let text = try GraphText(graph, in: .c)
    let result = Dialect.loop("a", text.expression, width: text.width)
    guard !text.statements.isEmpty else { return "  \(result)\n" }
    return "  {\n" + (text.statements + [result]).map { "    \($0)\n" }.joined() + "  }\n"
  }
}
