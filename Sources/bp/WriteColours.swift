import ArgumentParser
import Highlighting
import Language
import Library

/// `bp colours --as pygments`
struct WriteColours: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "colours", abstract: "Write what colours scripts in an editor or a document.",
    usage: """
      bp colours --as textmate|vim|pygments|listings|codemirror [--to FILE]
      bp colours --as tokens FILE.bp   the tokens of a script, to compare a grammar with
      """)

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "\(GrammarFormat.allCases.map { $0.rawValue }.joined(separator: ", ")), or tokens.",
      valueName: "format"))
  var format: String

  @Option(help: ArgumentHelp("Where to write; - for standard output.", valueName: "file"))
  var to = "-"

  @ArgumentParser.Argument(help: "With tokens: the script.")
  var file: String?

  func validate() throws {
    guard format != "tokens" else {
      if file == nil { throw ValidationError("write bp colours --as tokens FILE.bp") }
      return
    }
    guard GrammarFormat(rawValue: format) != nil else {
      let names = GrammarFormat.allCases.map { $0.rawValue }.joined(separator: ", ")
      throw ValidationError("there is no format \(format); write one of \(names), tokens")
    }
    if file != nil { throw ValidationError("only --as tokens takes a script") }
  }

  func run() throws {
    throw ExitCode(
      Worker.run { output in
        guard let text = text(output) else { return ExitStatus.runtimeError }
        if to == "-" { return output.write(text) ? ExitStatus.done : ExitStatus.runtimeError }
        return output.save(text, to: to) ? ExitStatus.done : ExitStatus.runtimeError
      })
  }

  private func text(_ output: StandardOutput) -> String? {
    if let grammar = GrammarFormat(rawValue: format) { return grammar.text(.standard) }
    let file = file ?? "-"
    switch SystemFiles.read(file).flatMap(FileAccess.text) {
    case .success(let text): return GrammarFormat.tokens(of: text)
    case .failure(let problem):
      output.reportFailure("\(file) cannot be read: \(problem.words)")
      return nil
    }
  }
}
