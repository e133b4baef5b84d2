import ArgumentParser
import Syntax

/// How a table is written, where that is not found out.
struct TableForm: ParsableArguments {
  @Option(help: "Lines to leave out before the table.")
  var skip: Int?

  @Option(help: "Whether the first line holds names, true or false.")
  var header: Bool?

  @Option(help: ArgumentHelp("Names of the columns.", valueName: "name,name"))
  var names: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Further spellings of a missing value.", valueName: "text,text"))
  var missing: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What separates values.", valueName: "character"))
  var delimiter: String?

  @Option(help: ArgumentHelp("The decimal point or comma.", valueName: "character"))
  var decimal: String?

  @Option(help: ArgumentHelp("What separates thousands.", valueName: "character"))
  var thousands: String?

  @Option(
    help: "What comes first in dates: ymd, dmy or mdy.", completion: .list(["ymd", "dmy", "mdy"]))
  var dates: String?

  @Option(
    help: "utf-8, utf-16 or windows-1252.",
    completion: .list(["utf-8", "utf-16", "windows-1252"]))
  var encoding: String?

  func validate() throws {
    guard dates.map({ ["ymd", "dmy", "mdy"].contains($0) }) ?? true else {
      throw ValidationError("--dates is ymd, dmy or mdy, not \(dates ?? "")")
    }
  }

  /// The same as options of the language.
  var words: [String] {
    var words: [String] = []
    if let skip { words.append("skip=\(skip)") }
    if let header { words.append("header=\(header)") }
    if let list = Predict.list(names) { words.append("names=\(list)") }
    if let list = Predict.list(missing) { words.append("missing=\(list)") }
    for (name, text) in [
      ("delimiter", delimiter), ("decimal", decimal), ("thousands", thousands),
      ("encoding", encoding),
    ] {
      if let text { words.append("\(name)=\(StringLiteral.written(text))") }
    }
    if let dates { words.append("dates=\(dates)") }
    return words
  }
}
