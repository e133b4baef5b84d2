import ArgumentParser
import Glibc
import REPL
import Rendering
import Syntax

/// `bp fmt FILE.bp…`
struct Format: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Lay scripts out in the one canonical way.",
    discussion: """
      A file is rewritten in place, standard input to standard output. What is not in the language \
      stays untouched.
      """)

  @Flag(help: "Change nothing; name the files that would change, and exit with 1 if there are any.")
  var check = false

  @ArgumentParser.Argument(
    help: "Scripts, or - for standard input.", completion: .scripts)
  var files: [String]

  func run() throws {
    throw ExitCode(
      Worker.run { output in
        files.reduce(0) { max($0, format($1, output)) }
      })
  }

  /// Gives the exit status for one file.
  private func format(_ file: String, _ output: StandardOutput) -> Int32 {
    let bytes: [UInt8]
    switch SystemFiles.read(file) {
    case .success(let read): bytes = read
    case .failure(let failure):
      output.reportFailure("\(file) cannot be read: \(failure.words)")
      return ExitStatus.runtimeError
    }
    let title = SystemFiles.title(of: file)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      output.reportFailure("\(title) is not in UTF-8")
      return ExitStatus.syntaxError
    }
    let source = SourceText(name: title, text: text)
    do {
      return place(try Formatter.format(source), of: file, before: text, output)
    } catch {
      report(error, of: source, output)
      return ExitStatus.syntaxError
    }
  }

  private func place(
    _ formatted: String, of file: String, before text: String, _ output: StandardOutput
  ) -> Int32 {
    let isChanged = !formatted.utf8.elementsEqual(text.utf8)
    if check {
      if isChanged { _ = output.write(lines: "\(SystemFiles.title(of: file))\n") }
      return isChanged ? ExitStatus.unsolved : ExitStatus.done
    }
    if file == "-" {
      _ = output.write(formatted)
      return ExitStatus.done
    }
    guard isChanged else { return ExitStatus.done }
    return output.save(formatted, to: file) ? ExitStatus.done : ExitStatus.runtimeError
  }

  private func report(_ errors: SyntaxErrors, of source: SourceText, _ output: StandardOutput) {
    let isColoured = Display.wantsColour(
      environment: Terminal.environment, isTerminal: Terminal.isTerminal(STDERR_FILENO))
    let renderer = DiagnosticRenderer(style: isColoured ? .terminal : .plain, source: source)
    for diagnostic in errors.diagnostics { output.report(renderer.render(diagnostic) + "\n") }
  }
}
