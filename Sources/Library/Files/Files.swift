import Differentiation
import Interchange
import Language
import Learning
import Syntax

extension Catalog {
  static let fileFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "csv", .data,
      "A data set from a file of comma-separated values; says what it found out about the file.",
      parameters: [
        file.parameter, target.parameter, drop.parameter, missing.parameter, categories.parameter,
        header.parameter, delimiter.parameter, decimal.parameter, quiet.parameter,
      ],
      examples: [
        .init(
          "write_csv [[1, 2], [3, 4]] \"a.csv\" names=[\"x\", \"t\"]; d = csv \"a.csv\" target=\"t\" quiet=true; print d.n",
          prints: "2")
      ]
    ) { arguments throws(Failure) in .data(try table(arguments)) },
    BuiltinFunction(
      "write_csv", .data, "Writes a data set, matrix or vector as comma-separated values.",
      parameters: [content.parameter, file.parameter, columnNames.parameter, safe.parameter],
      examples: [
        .init(
          "write_csv [[1, 2], [3, 4]] \"b.csv\" names=[\"x\", \"t\"]; d = csv \"b.csv\" target=\"t\" quiet=true; print d.features",
          prints: "[\"x\"]")
      ]
    ) { arguments throws(Failure) in
      let names = try arguments.texts(columnNames)
      let isSafe = try arguments(safe)
      func note(_ text: String?) {
        guard let text, !isSafe else { return }
        arguments.session.note(
          "a spreadsheet takes \(visible(text, limit: 40)) for a formula: safe=true makes it a text"
        )
      }
      switch try arguments(content) {
      case .data(let data):
        note(CSVWriter.firstFormula(in: data))
        try arguments.write(CSVWriter.bytes(data, isSafe: isSafe), to: file)
      case let value:
        guard let tensor = value.tensor else { return .nothing }
        guard
          names.isEmpty || names.count == max(1, tensor.shape.rank == 2 ? tensor.shape.columns : 1)
        else {
          throw Failure(
            "there is one name for each column", at: arguments.range(of: columnNames),
            label: "\(names.count) names")
        }
        note(names.first { CSVWriter.isFormula($0) })
        try arguments.write(CSVWriter.bytes(tensor, names: names, isSafe: isSafe), to: file)
      }
      return .nothing
    },
  ]

  static let file = Key.string("file", "The path, relative to the script.")
  private static let texts = Parameter.Kind.either([.string, .list])
  private static let target = Key.any(
    "target", texts, .absent, "The column of the targets, or a list of them.")
  private static let drop = Key.any("drop", texts, .absent, "Columns to leave out.")
  private static let missing = Key.any(
    "missing", .either([.word(["drop"]), .list]), .absent,
    "drop leaves rows with missing values out; a list names further spellings of one.")
  private static let categories = Key.any(
    "categories", texts, .absent, "Columns of numbers that are names of categories.")
  private static let header = Key.truth(
    "header", .absent, "Whether the first line holds names; found out where left out.")
  private static let delimiter = Key.string(
    "delimiter", .absent, "What separates values; found out where left out.")
  private static let decimal = Key.string(
    "decimal", .absent, "The decimal point or comma; found out where left out.")
  private static let safe = Key.truth(
    "safe", .truth(false), "Whether what a spreadsheet takes for a formula is made a text.")
  private static let quiet = Key.truth("quiet", .truth(false), "Whether to say nothing.")
  private static let content = Key.any(
    "x", .either([.data, .numeric]), "A data set, matrix or vector.")
  private static let columnNames = Key.any("names", texts, .absent, "Names of the columns.")

  static func table(_ arguments: Arguments) throws(Failure) -> DataSet {
    var options = CSVOptions()
    options.targets = try arguments.texts(target)
    options.dropped = try arguments.texts(drop)
    options.categories = try arguments.texts(categories)
    options.hasHeader = try arguments.optional(header)
    options.delimiter = try byte(delimiter, arguments)
    options.point = try byte(decimal, arguments)
    switch try arguments.optional(missing) {
    case .string?: options.leavesOutIncomplete = true
    case .list?: options.missingSpellings = try arguments.texts(missing)
    default: break
    }
    let title = fileTitle(try arguments(file))
    let result = try csvTable(options, arguments, file)
    if !(try arguments(quiet)) {
      for note in result.notes { arguments.session.note("\(title): \(note)") }
    }
    return try arguments.data(of: result, titled: title, file)
  }

  /// Reads a file piece by piece.
  static func csvTable(
    _ options: CSVOptions, _ arguments: Arguments, _ key: Key<String>
  ) throws(Failure) -> CSVTable {
    var reader: CSVReader?
    var failure: FormatError?
    var isInterrupted = false
    let ending = arguments.session.host.files.stream(try arguments.path(key)) { bytes, size in
      if arguments.runtime.isStopped() {
        isInterrupted = true
        return false
      }
      do throws(FormatError) {
        let current =
          reader
          ?? CSVReader(
            options, expectedSize: size, budget: arguments.budget)
        reader = current
        try current.read(bytes)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if isInterrupted { throw .interrupted }
    if case .failure(let reason) = ending { throw arguments.unreadable(key, reason) }
    return try arguments.mappingErrors(in: key) { () throws(FormatError) in
      if let failure { throw failure }
      return try (reader ?? CSVReader(options)).finish()
    }
  }

  private static func byte(
    _ key: Key<String>, _ arguments: Arguments
  ) throws(Failure) -> UInt8? {
    guard let text = try arguments.optional(key) else { return nil }
    guard text.utf8.count == 1, let byte = text.utf8.first else {
      throw Failure(
        "\(key.parameter.name) is one character", at: arguments.range(of: key), label: text)
    }
    return byte
  }

  /// The name of a file without its folder.
  static func fileTitle(_ path: String) -> String {
    visible(path.split(separator: "/").last.map(String.init) ?? path)
  }
}
