import Differentiation
import Interchange
import Language
import Learning
import Syntax

extension Catalog {
  static let fileFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "csv", .data,
      "A data set from a file of comma-separated values or its relatives, \"-\" for standard input; says what it found out about the file.",
      parameters: tableParameters,
      examples: [
        .init(
          "write_csv [[1, 2], [3, 4]] \"a.csv\" names=[\"x\", \"t\"]; d = csv \"a.csv\" target=\"t\" quiet=true; print d.n",
          prints: "2")
      ]
    ) { arguments throws(Failure) in .data(try table(arguments)) },
    BuiltinFunction(
      "write_csv", .data,
      "Writes a data set, matrix, vector, list of labels, or record of columns as comma-separated values; \"-\" is standard output.",
      parameters: [content.parameter, file.parameter, columnNames.parameter, safe.parameter],
      examples: [
        .init(
          "write_csv [[1, 2], [3, 4]] \"b.csv\" names=[\"x\", \"t\"]; d = csv \"b.csv\" target=\"t\" quiet=true; print d.features",
          prints: "[\"x\"]"),
        .init(
          "write_csv [id: [\"a\", \"b\"], class: [\"yes\", \"no\"]] \"-\"",
          prints: "id,class\na,yes\nb,no"),
      ]
    ) { arguments throws(Failure) in
      try writeTable(arguments)
      return written(try arguments(file))
    },
  ]

  static let file = Key.string("file", "The path, relative to the script.")
  private static let safe = Key.truth(
    "safe", .truth(false), "Whether what a spreadsheet takes for a formula is made a text.")
  private static let content = Key.any(
    "x", .either([.data, .numeric, .list, .record]),
    "A data set, matrix, vector, list, or record of columns.")
  private static let columnNames = Key.any(
    "names", .either([.string, .list]), .absent, "Names of the columns.")

  private static func writeTable(_ arguments: Arguments) throws(Failure) {
    let names = try arguments.texts(columnNames)
    let isSafe = try arguments(safe)
    func note(_ text: String?) {
      guard let text, !isSafe else { return }
      arguments.session.note(
        "a spreadsheet takes \(visible(text, limit: 40)) for a formula: safe=true makes it a text"
      )
    }
    func check(_ columns: Int) throws(Failure) {
      guard names.isEmpty || names.count == columns else {
        throw Failure(
          "there is one name for each column", at: arguments.range(of: columnNames),
          label: "\(names.count) names")
      }
    }
    switch try arguments(content) {
    case .data(let data):
      note(CSVWriter.firstFormula(in: data))
      try arguments.write(
        try arguments.mappingErrors(in: file, try CSVWriter.bytes(data, isSafe: isSafe)), to: file)
    case let value:
      if let tensor = value.tensor {
        try check(max(1, tensor.shape.rank == 2 ? tensor.shape.columns : 1))
        note(names.first { CSVWriter.isFormula($0) })
        try arguments.write(
          try arguments.mappingErrors(
            in: file, try CSVWriter.bytes(tensor, names: names, isSafe: isSafe)), to: file)
        return
      }
      let made = try arguments.mappingErrors(in: file, try TextTable(value))
      guard var table = made else {
        throw Failure(
          "a table is made of lists and vectors of one length", at: arguments.range(of: content),
          label: value.kind,
          help: ["write_csv [id: d[\"id\"], class: classify net d] \"answers.csv\""])
      }
      try check(table.columns.count)
      if !names.isEmpty {
        let columns = table.columns
        table = try arguments.mappingErrors(
          in: file, try TextTable(names: names, columns: columns))
      }
      note(table.firstFormula)
      try arguments.write(
        try arguments.mappingErrors(in: file, try CSVWriter.bytes(table, isSafe: isSafe)), to: file)
    }
  }
}
