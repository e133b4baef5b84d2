import Interchange
import Language
import Learning
import Syntax

/// The options of `csv`, as the reader of tables takes them.
extension Catalog {
  static let tableParameters = [
    file.parameter, target.parameter, drop.parameter, missing.parameter, categories.parameter,
    columns.parameter, tableKeep.parameter, names.parameter, rowNames.parameter, header.parameter,
    skip.parameter, delimiter.parameter, decimal.parameter, thousands.parameter, dates.parameter,
    encoding.parameter, tableQuiet.parameter,
  ]

  private static let texts = Parameter.Kind.either([.string, .list])
  private static let target = Key.any(
    "target", texts, .absent, "The column of the targets, or a list of them.")
  private static let drop = Key.any("drop", texts, .absent, "Columns to leave out.")
  private static let missing = Key.any(
    "missing", .either([.word(["drop"]), .list]), .absent,
    "drop leaves rows with missing values out; a list names further spellings of one.")
  private static let categories = Key.any(
    "categories", texts, .absent, "Columns of numbers or dates that are names of categories.")
  private static let columns = Key.any(
    "columns", texts, .absent, "The columns that are features; the others are left out.")
  static let tableKeep = Key.any(
    "keep", texts, .absent, "Columns that go along as texts and are no features, as an id.")
  private static let names = Key.any(
    "names", texts, .absent, "Names of the columns, instead of those in the file.")
  private static let rowNames = Key.any(
    "row_names", .either([.truth, .string]), .absent,
    "Whether the first column names the rows, or which one does; found out where left out.")
  private static let header = Key.truth(
    "header", .absent, "Whether the first line holds names; found out where left out.")
  private static let skip = Key.wholeNumber(
    "skip", .number(0), in: 0...1_000_000, "Lines to leave out before the table.")
  private static let delimiter = Key.string(
    "delimiter", .absent,
    "What separates values, \" \" any number of blanks; found out where left out.")
  private static let decimal = Key.string(
    "decimal", .absent, "The decimal point or comma; found out where left out.")
  private static let thousands = Key.string(
    "thousands", .absent, "What separates thousands; found out where left out.")
  private static let dates = Key.word(
    "dates", of: ["ymd", "dmy", "mdy"], .absent,
    "What comes first in dates, year, day or month; found out where left out.")
  private static let encoding = Key.string(
    "encoding", .absent, "utf-8, utf-16 or windows-1252 (latin-1); found out where left out.")
  static let tableQuiet = Key.truth("quiet", .truth(false), "Whether to say nothing.")

  /// The data set that `csv` reads, and what it says about it.
  static func table(_ arguments: Arguments) throws(Failure) -> DataSet {
    let options = try tableOptions(arguments, targets: try arguments.texts(target))
    let title = fileTitle(try arguments(file))
    let result = try csvTable(options, arguments, file)
    if !(try arguments(tableQuiet)) {
      for note in result.notes { arguments.session.note("\(title): \(note)") }
    }
    return try arguments.data(of: result, titled: title, file)
  }

  /// The options of `tableParameters`.
  static func tableOptions(
    _ arguments: Arguments, targets: [String]
  ) throws(Failure) -> CSVOptions {
    var options = CSVOptions()
    options.targets = targets
    options.dropped = try arguments.texts(drop)
    options.categories = try arguments.texts(categories)
    options.columns = try arguments.texts(columns)
    options.kept = try arguments.texts(tableKeep)
    switch try arguments.optional(rowNames) {
    case .truth(let isFirst)?: options.rowNames = isFirst ? .firstColumn : .none
    case .string(let name)?: options.rowNames = .column(name)
    default: break
    }
    try readForm(arguments, into: &options)
    switch try arguments.optional(missing) {
    case .string?: options.leavesOutIncomplete = true
    case .list?: options.missingSpellings = try arguments.texts(missing)
    default: break
    }
    return options
  }

  /// How a file is written, whatever its columns are for.
  static let formParameters = [
    names.parameter, header.parameter, skip.parameter, delimiter.parameter, decimal.parameter,
    thousands.parameter, dates.parameter, encoding.parameter,
  ]

  /// Takes over the options of `formParameters`.
  static func readForm(
    _ arguments: Arguments, into options: inout CSVOptions
  ) throws(Failure) {
    options.names = try arguments.texts(names)
    options.hasHeader = try arguments.optional(header)
    options.skippedLines = try arguments(skip)
    options.delimiter = try byte(delimiter, arguments)
    options.point = try byte(decimal, arguments, of: ".,")
    options.thousands = try byte(thousands, arguments, of: ",. '_")
    options.dateOrder = try arguments.optional(dates)
    if let name = try arguments.optional(encoding) {
      guard let encoding = TextEncoding.named(name) else {
        throw Failure(
          "the encoding \(name) is not read", at: arguments.range(of: encoding),
          help: [
            "one of \(TextEncoding.allCases.map { $0.name }.joined(separator: ", "))",
            "iconv -f \(name) -t utf-8 FILE converts a file",
          ])
      }
      options.encoding = encoding
    }
  }

  /// Reads a file piece by piece; `-` is standard input.
  static func csvTable(
    _ options: CSVOptions, _ arguments: Arguments, _ key: Key<String>
  ) throws(Failure) -> CSVTable {
    var options = options
    options.fileName = try arguments(key)
    var reader: CSVReader?
    var failure: FormatError?
    var isInterrupted = false
    let progress = WorkProgress(arguments.session)
    defer { progress.end() }
    let title = fileTitle(options.fileName)
    var bytesRead = 0
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
        bytesRead += bytes.count
        if let size { progress.show(title, bytes: bytesRead, of: size) }
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
    _ key: Key<String>, _ arguments: Arguments, of choice: String? = nil
  ) throws(Failure) -> UInt8? {
    guard let text = try arguments.optional(key) else { return nil }
    if let choice, !choice.contains(part: text) || text.count != 1 {
      throw Failure(
        "\(key.parameter.name) is none of \(choice.map { "\"\($0)\"" }.joined(separator: " "))",
        at: arguments.range(of: key), label: text)
    }
    guard text.utf8.count == 1, let byte = text.utf8.first else {
      throw Failure(
        "\(key.parameter.name) is one character", at: arguments.range(of: key), label: text)
    }
    return byte
  }

  /// The name of a file without its folder.
  static func fileTitle(_ path: String) -> String {
    if path == "-" { return "standard input" }
    return visible(path.split(separator: "/").last.map(String.init) ?? path)
  }
}
