import Differentiation
import Learning

/// Programs in other languages that rebuild a net with its weights and predict the same.
package enum ExportedProgram: String, CaseIterable, Sendable {
  case pytorch, keras, numpy, c

  /// - Parameters:
  ///   - run: the last training of the net, which programs of frameworks repeat.
  ///   - onNumbers: sees how many of the parameters' numbers are written.
  /// - Throws: where an activation or loss uses what the language has no counterpart for, and what a
  ///   user's function throws.
  package func text(
    _ network: Network, trainedBy run: TrainingRun? = nil, onNumbers: (Int) -> Void = { _ in }
  ) throws(FormatError) -> String {
    if let wrong = network.parameters.first(where: {
      !$0.value.elements.allSatisfy({ $0.isFinite })
    }) {
      throw FormatError("\(wrong.name) holds a number that is not finite")
    }
    switch self {
    case .pytorch:
      return try PyTorchProgram.text(network, ProgramTraining(network, run), onNumbers)
    case .keras: return try KerasProgram.text(network, ProgramTraining(network, run), onNumbers)
    case .numpy: return try NumPyProgram.text(network, onNumbers)
    case .c: return try CProgram.text(network, onNumbers)
    }
  }
}

/// Functions of Python that a program defines, each once.
struct PythonFunctions {
  /// Their text.
  private(set) var definitions = ""
  private var names: [String: String] = [:]

  /// The name of a function that computes a graph.
  mutating func name(for text: GraphText, of graph: TracedGraph) -> String {
    let body = Self.body(text, of: graph)
    if let name = names[body] { return name }
    let name = "activation\(names.count + 1)"
    names[body] = name
    definitions += "def \(name)\(body)\n\n\n"
    return name
  }

  /// Parameters and statements of a function that computes a graph.
  /// - Parameters:
  ///   - parameters: in their order; that of the graph's leaves where nil.
  ///   - result: what it returns, in terms of the graph's result `x`.
  static func body(
    _ text: GraphText, of graph: TracedGraph, parameters: [String]? = nil, result: String = "x"
  ) -> String {
    let names = (parameters ?? graph.leaves.map { $0.name }).joined(separator: ", ")
    let value = TemplatePiece.filled(result) { $0 == "x" ? text.expression : nil }
    let lines = [ProgramText.quoted("Computes \(graph.title).")] + text.statements
    return "(\(names)):\n" + lines.map { "    \($0)\n" }.joined() + "    return \(value)"
  }
}

/// Pieces that the programs have in common.
enum ProgramText {
  /// A number that reads back equal in Python and C.
  static func literal(_ number: Double) -> String {
    "\(number)"
  }

  /// The numbers between brackets, a few on each line; what nobody waits for any more is left out.
  /// - Parameter onNumbers: sees now and then how many are written.
  static func list(
    _ numbers: [Double], open: String = "[", close: String = "]", indent: String = "    ",
    onNumbers: (Int) -> Void = { _ in }
  ) -> String {
    guard numbers.count > 6 else {
      return open + numbers.map(literal).joined(separator: ", ") + close
    }
    var text = open + "\n"
    for start in stride(from: 0, to: numbers.count, by: 4) {
      let line = numbers[start..<min(start + 4, numbers.count)].map(literal)
      text += indent + line.joined(separator: ", ") + ",\n"
      if start & 0xFFF == 0 {
        if Interruption.cutsShort() { break }
        onNumbers(start)
      }
    }
    return text + close
  }

  /// Text as a string of Python, which may stand in a string of three quotes too. What cannot be seen
  /// or changes the direction of writing is spelled out.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case _ where isHidden(scalar):
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value < 0x100 ? 2 : scalar.value < 0x10000 ? 4 : 8
        result += ["\\x", "\\u", "\\U"][width == 2 ? 0 : width == 4 ? 1 : 2]
        result += String(repeating: "0", count: width - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Text as a string of C, its bytes those of UTF-8.
  static func cString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      // Two question marks may begin a trigraph.
      case "\"", "\\", "?": result += "\\" + String(scalar)
      case _ where isHidden(scalar):
        for byte in String(scalar).utf8 {
          let digits = String(byte, radix: 8)
          result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
  }

  static func names(_ names: [String]) -> String {
    "[" + names.map(quoted).joined(separator: ", ") + "]"
  }

  /// The weights as NumPy arrays, each under its name.
  static func numpyArrays(_ network: Network, _ onNumbers: (Int) -> Void) -> String {
    var text = ""
    var written = 0
    for parameter in network.parameters {
      let shape =
        switch parameter.value.shape {
        case .scalar: "()"
        case .vector(let count): "(\(count),)"
        case .matrix(let rows, let columns): "(\(rows), \(columns))"
        }
      let numbers = list(parameter.value.elements) { onNumbers(written + $0) }
      text += "\(parameter.name) = np.array(\(numbers)).reshape(\(shape))\n"
      written += parameter.value.elements.count
    }
    return text
  }

  /// What brings scaled answers back to the units of the targets, in NumPy: ` * scale + shift`.
  static func numpyUnits(_ network: Network) -> String {
    guard let scaling = network.pipeline?.targetScaling else { return "" }
    return " * np.array(\(list(scaling.scale))) + np.array(\(list(scaling.shift)))"
  }

  /// `prepare(rows)`: raw rows to what the net takes, in NumPy.
  static func numpyPreparation(_ network: Network) -> String {
    var text = "def prepare(rows):\n"
    var body: [String] = ["x = np.atleast_2d(np.asarray(rows, dtype=np.float64))"]
    if let pipeline = network.pipeline {
      text += "    \"\"\"Raw rows as the net takes them, with what its training set taught.\n\n"
      text += "    Columns: \(names(pipeline.featureNames))\n"
      for (feature, values) in pipeline.categories.sorted(by: { $0.key < $1.key }) {
        text += "    \(quoted(pipeline.featureNames[feature])) is the number, from 1, in "
        text += "\(names(values))\n"
      }
      text += "    \"\"\"\n"
      var width = pipeline.featureNames.count
      for step in pipeline.steps {
        switch step {
        case .scale(let scaling):
          body.append(
            "x = (x - np.array(\(list(scaling.shift, indent: "        "))))"
              + " / np.array(\(list(scaling.scale, indent: "        ")))")
        case .impute(let imputation):
          body.append(
            "x = np.where(np.isnan(x), np.array(\(list(imputation.fills, indent: "        "))), x)")
        case .scaleTargets: break
        case .dropMissing: body.append("x = x[~np.isnan(x).any(axis=1)]")
        case .encode(let encoding):
          body.append("x = \(numpyEncoding(encoding, &width))")
        }
      }
    }
    body.append("return x")
    return text + body.map { "    \($0)\n" }.joined()
  }

  /// `read(path)`: rows and targets of a CSV file in NumPy, as the net learns them.
  static func numpyReading(_ network: Network) -> String {
    let categories = (network.pipeline?.categories ?? [:]).sorted { $0.key < $1.key }
    let texts = categories.map { "\($0.key): \(names($0.value))" }
    let scaling = network.pipeline?.targetScaling
    let leavesOut = (network.pipeline?.steps ?? []).contains {
      if case .dropMissing = $0 { true } else { false }
    }
    return """
      INPUTS = \(network.pipeline?.featureNames.count ?? network.inputCount)
      OUTPUTS = \(network.outputCount)
      CLASSES = \(names(network.classes ?? []))
      CATEGORIES = {\(texts.joined(separator: ", "))}


      def read(path):
          \"\"\"Features as the net takes them, and targets, of a CSV file.\"\"\"
          def number(text, names):
              if text in ("", "NA", "NaN", "nan", "NULL", "null", "None", "?"):
                  return float("nan")
              return names.index(text) + 1.0 if names else float(text)

          with open(path, newline="") as file:
              rows = [row for row in csv.reader(file) if row][1:]
          x = np.array(
              [[number(row[i], CATEGORIES.get(i)) for i in range(INPUTS)] for row in rows])
          if CLASSES and len(rows[0]) == INPUTS + 1:
              codes = np.array([CLASSES.index(row[INPUTS]) for row in rows])
              t = np.eye(len(CLASSES))[codes] if OUTPUTS > 1 else codes[:, None]
      \(network.loss.outputRequirement == .signedScores ? "        t = 2 * t - 1\n" : "")\
          else:
              t = np.array([[float(text) for text in row[INPUTS:INPUTS + OUTPUTS]] for row in rows])
      \(scaling.map {
        "    t = (t - np.array(\(list($0.shift)))) / np.array(\(list($0.scale)))\n" } ?? "")\
      \(leavesOut
        ? "    keep = ~np.isnan(x).any(axis=1)\n    x, t = x[keep], t[keep]\n" : "")\
          return prepare(x), t



      """
  }

  private static func numpyEncoding(_ encoding: OneHotEncoding, _ width: inout Int) -> String {
    var newWidth = 0
    let parts = (0..<width).map { feature -> String in
      guard let column = encoding.columns.first(where: { $0.feature == feature }) else {
        newWidth += 1
        return "x[:, \(feature):\(feature + 1)]"
      }
      let first = encoding.leavesOutFirst ? 2 : 1
      newWidth += max(0, column.values.count - first + 1)
      return "x[:, \(feature):\(feature + 1)] == np.arange(\(first), \(column.values.count + 1))"
    }
    width = newWidth
    return "np.concatenate([\(parts.joined(separator: ", "))], axis=1)"
  }

  static func title(_ network: Network) -> String {
    "\(network.title), exported by bp with its weights"
  }
}
