import ArgumentParser

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

  @Option(name: .customLong("as"), help: "csv, or jsonl for a JSON object a line.")
  var form = "csv"

  @Option(help: "A file for the answers, instead of standard output.")
  var to: String?

  @Flag(help: "End with status 3 where a row cannot be used.")
  var strict = false

  @Flag(help: "Write errors as JSON, one object a line.")
  var json = false

  @OptionGroup var limits: RunLimits

  @OptionGroup var writing: WriteOptions

  @Argument(help: "A model that load reads.")
  var model: String

  @Argument(help: "A table, or - for standard input.")
  var file = "-"

  func validate() throws {
    guard ["csv", "jsonl"].contains(form) else {
      throw ValidationError("--as is csv or jsonl, not \(form)")
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
    var words = ["predict_file (load \(Self.literal(model))) \(Self.literal(file))"]
    let names = keep.flatMap { $0.split(separator: ",").map { String($0) } }
    if !names.isEmpty {
      words.append("keep=[\(names.map { Self.literal($0) }.joined(separator: ", "))]")
    }
    if probabilities { words.append("probabilities=true") }
    if form != "csv" { words.append("as=\(form)") }
    if let to { words.append("to=\(Self.literal(to))") }
    if strict { words.append("strict=true") }
    return words.joined(separator: " ")
  }

  /// A text as a string of the language.
  private static func literal(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "\"", "{", "}": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
