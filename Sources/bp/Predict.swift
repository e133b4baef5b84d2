import ArgumentParser
import Syntax

/// `bp predict model.onnx new.csv`
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Write what a model answers to every row of a table.",
    discussion: """
      The answers are comma-separated values with a line of names, one row for each row of the \
      table, in order. A row that cannot be used keeps its place with an empty answer and is named \
      on standard error with its line.
      """)

  @Option(
    help: ArgumentHelp(
      "Columns that stand before the answers, as an id.", valueName: "name,name"))
  var keep: [String] = []

  @Flag(help: "Add a column for each class with its probability.")
  var probabilities = false

  @Option(
    name: .customLong("as"), help: "csv, or jsonl for a JSON object a line.",
    completion: .list(["csv", "jsonl"]))
  var output = "csv"

  @Option(help: "A file for the answers, instead of standard output.", completion: .file())
  var to: String?

  @Flag(help: "End with status 3 where a row cannot be used.")
  var strict = false

  @Flag(help: "Name rows that cannot be used, and say nothing of how model and table are read.")
  var quiet = false

  @Flag(help: "Write errors as JSON, one object a line.")
  var json = false

  @OptionGroup(title: "How the table is written") var form: TableForm

  @OptionGroup var limits: RunLimits

  @OptionGroup var writing: WriteOptions

  @ArgumentParser.Argument(help: "A model that load reads.", completion: .file())
  var model: String

  @ArgumentParser.Argument(help: "A table, or - for standard input.", completion: .file())
  var file = "-"

  func validate() throws {
    guard ["csv", "jsonl"].contains(output) else {
      throw ValidationError("--as is csv or jsonl, not \(output)")
    }
  }

  func run() throws {
    let status = Worker.run(reportsAsJSON: json) {
      ScriptRun(
        code: [code], name: "predict", file: nil, arguments: [], staysOpen: false, json: json,
        limits: limits.runtime, parserLimits: limits.parser,
        writable: writing.write + (to.map { [$0] } ?? [])
      ).run(writingTo: $0)
    }
    throw ExitCode(status)
  }

  /// The same in the language, which does it.
  private var code: String {
    let loading = "load \(StringLiteral.written(model))\(quiet ? " quiet=true" : "")"
    var words = ["predict_file (\(loading)) \(StringLiteral.written(file))"]
    if let names = Self.list(keep) { words.append("keep=\(names)") }
    if probabilities { words.append("probabilities=true") }
    if output != "csv" { words.append("as=\(output)") }
    if let to { words.append("to=\(StringLiteral.written(to))") }
    if strict { words.append("strict=true") }
    if quiet { words.append("quiet=true") }
    return (words + form.words).joined(separator: " ")
  }

  /// Texts between commas as a list of the language; nil where there are none.
  static func list(_ texts: [String]) -> String? {
    let names = texts.flatMap { $0.split(separator: ",").map { String($0) } }
    return names.isEmpty
      ? nil : "[\(names.map { StringLiteral.written($0) }.joined(separator: ", "))]"
  }
}
