import Differentiation
import Learning

/// A net as a Python program that needs NumPy only.
enum NumPyProgram {
  static func text(
    _ network: Network, _ onNumbers: (Int) -> Void
  ) throws(FormatError) -> String {
    var text = """
      \"\"\"\(ProgramText.title(network)).

      predict(rows) gives one row of outputs for each row. Run, it reads rows of a table from standard
      input and prints the outputs of each, or with the argument "classes" the class. The first line
      may name the columns, in any order and among others. A row that cannot be used gives an empty
      line, a message with its line, and the exit status 1.
      \"\"\"
      import csv
      import math
      import re
      import sys

      import numpy as np


      """
    text += ProgramText.numpyArrays(network, onNumbers)
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
    text += "    return a\(ProgramText.numpyUnits(network))\n\n\n"
    return text + reading(network)
  }

  /// What the program does when it is run.
  private static func reading(_ network: Network) -> String {
    let inputs = network.pipeline?.featureNames.count ?? network.inputCount
    let features = network.pipeline?.featureNames ?? (1...inputs).map { "x\($0)" }
    let categories = (network.pipeline?.categories ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.key): \(ProgramText.names($0.value))" }
    let fillsGaps = (network.pipeline?.steps ?? []).contains {
      if case .impute = $0 { true } else { false }
    }
    let isMultilabel = if case .labels = network.outputCode { true } else { false }
    let hasClasses = network.classes != nil && !isMultilabel
    let choice =
      network.outputCount > 1
      ? "int(np.argmax(outputs))"
      : "int(outputs[0] >= \(ProgramText.literal(CReading.border(network))))"
    return """
      FEATURES = \(ProgramText.names(features))
      CATEGORIES = {\(categories.joined(separator: ", "))}
      GAPS = ["", "NA", "NaN", "nan", "NULL", "null", "None", "?"]
      FILLS_GAPS = \(fillsGaps ? "True" : "False")


      TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]{1,9})[0-9]*)?)? *(?:([ap])m)?", re.I)


      def seconds(text):
          \"\"\"A time of day, 12:30, 8:05:15.5 or 1:30 pm, as seconds since midnight; inf where it is none.\"\"\"
          time = TIME.fullmatch(text)
          if time is None:
              return math.inf
          hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
          if minute > 59 or second > 60 or (time[5] and not 1 <= hour <= 12):
              return math.inf
          if time[5]:
              hour = hour % 12 + (12 if time[5] in "pP" else 0)
          second += int(time[4] or 0) / 10 ** len(time[4] or "")
          if hour > 24 or (hour == 24 and minute + second > 0):
              return math.inf
          return 3600.0 * hour + 60 * minute + second


      def number(feature, text):
          if text in GAPS:
              if FILLS_GAPS:
                  return math.nan
              raise ValueError("there is no value for " + FEATURES[feature])
          if feature in CATEGORIES:
              if text not in CATEGORIES[feature]:
                  raise ValueError('"' + text + '" is no category of ' + FEATURES[feature])
              return CATEGORIES[feature].index(text) + 1.0
          try:
              value = float(text)
          except ValueError:
              value = seconds(text)
          if not math.isfinite(value):
              raise ValueError('"' + text + '" is no number, for ' + FEATURES[feature])
          return value


      def cells(line):
          separator = next((mark for mark in ",;\\t" if mark in line), None)
          if separator is None:
              return line.split()
          return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True))]


      def is_name(feature, text):
          try:
              return text not in GAPS and number(feature, text) is None
          except ValueError:
              return True


      def places_in(row):
          \"\"\"Where the features stand in a first line of names; None where it is a row.\"\"\"
          kinds = [is_name(min(i, len(FEATURES) - 1), text) for i, text in enumerate(row)]
          if any(kind and text in FEATURES for kind, text in zip(kinds, row)):
              missing = [name for name in FEATURES if name not in row]
              if missing:
                  sys.exit("line 1: there is no column " + missing[0])
              return [row.index(name) for name in FEATURES]
          return list(range(len(FEATURES))) if all(kinds) and len(row) == len(FEATURES) else None


      def main(lines, shows_classes):
          places, expected, status, is_first = list(range(len(FEATURES))), len(FEATURES), 0, True
          for count, line in enumerate(lines, 1):
              row = cells(line.lstrip("\\ufeff").rstrip("\\r\\n"))
              if not row:
                  continue
              if is_first:
                  is_first = False
                  found = places_in(row)
                  if found is not None:
                      places, expected = found, len(row)
                      continue
              try:
                  if len(row) != expected:
                      raise ValueError(f"{len(row)} values where {expected} are needed")
                  outputs = predict([number(i, row[place]) for i, place in enumerate(places)])[0]
              except ValueError as error:
                  print(f"line {count}:", error, file=sys.stderr)
                  print()
                  status = 1
                  continue
      \(hasClasses
        ? "        print(CLASSES[\(choice)]) if shows_classes else print(*outputs)"
        : "        print(*outputs)")
          return status


      if __name__ == "__main__":
          sys.exit(main(sys.stdin, sys.argv[1:] == ["classes"]))

      """
  }
}
