import Language
import Rendering
import Syntax

/// What the code of one block came to.
struct NoteOutcome {
  /// What a script prints, in lines.
  var printed: [String]
  /// What the prompt shows: values and assignments besides.
  var shown: [String]
  /// Errors by the line of the file that they point at, counted from 0.
  var errors: [NoteFault] = []
}

/// An error of a block.
struct NoteFault {
  /// Of the file, counted from 0.
  let line: Int
  let message: String
  fileprivate let diagnostic: Diagnostic
  fileprivate let code: [String]

  /// As a script writes it.
  /// - Parameters:
  ///   - name: what the source is called.
  ///   - firstLine: the line of the file that lines are counted from.
  func text(_ name: String, _ firstLine: Int) -> String {
    var diagnostic = diagnostic
    diagnostic.range.start -= firstLine
    diagnostic.range.end -= firstLine
    for place in diagnostic.labels.indices {
      diagnostic.labels[place].range.start -= firstLine
      diagnostic.labels[place].range.end -= firstLine
    }
    let source = SourceText(name: name, text: code.joined(separator: "\n"))
    return DiagnosticRenderer(source: source).render(diagnostic)
  }
}

/// Runs the blocks of a note as one session; what they write stays in memory.
final class NoteSession {
  private struct Piece {
    let text: String
    /// Whether the prompt alone shows it.
    let isEcho: Bool
  }

  private let interpreter: Interpreter
  private let name: String
  private let path: String
  private var pieces: [Piece] = []
  private var errors: [Diagnostic] = []
  /// The files that blocks have written, by path.
  private let written = WrittenFiles()

  /// Files that were written since this was asked last.
  func takeWritten() -> [(path: String, bytes: [UInt8])] {
    defer { written.recent = [] }
    return written.recent
  }

  private final class WrittenFiles {
    var all: [String: [UInt8]] = [:]
    var recent: [(path: String, bytes: [UInt8])] = []
  }

  init(name: String, path: String, host: Host, catalog: Catalog) {
    self.name = name
    self.path = path
    var host = host
    let files = host.files
    let written = written
    host.files = FileAccess(
      read: { path in written.all[path].map { .success($0) } ?? files.read(path) },
      write: { path, bytes in
        written.all[path] = bytes
        written.recent.append((path, bytes))
        return .success(())
      })
    host.files.list = files.list
    host.showProgress = nil
    host.report = { _ in }
    host.reportsAsJSON = false
    host.hasColouredReports = false
    host.display = { .plain }
    let output = OutputBox()
    host.write = { text in
      output.write(text)
      return true
    }
    interpreter = Interpreter(catalog: catalog, host: host)
    interpreter.setScriptArguments([path])
    output.write = { [unowned self] in pieces.append(Piece(text: $0, isEcho: false)) }
    let session = interpreter.session
    session.echoListener = { [unowned self, unowned session] value, name in
      pieces.append(Piece(text: session.echo(value, name: name) + "\n", isEcho: true))
    }
    session.reportListener = { [unowned self] report in
      let text = report.text(.plain)
      pieces.append(
        Piece(
          text: text.hasSuffix("\n") || text.isEmpty ? text : text + "\n", isEcho: report.isEcho))
    }
    session.errorListener = { [unowned self] in errors.append($0) }
  }

  private final class OutputBox {
    var write: (String) -> Void = { _ in }
  }

  /// - Parameter firstLine: the line of the file that the code begins in, counted from 0.
  func run(_ code: [String], firstLine: Int) -> NoteOutcome {
    (pieces, errors) = ([], [])
    // Lines of errors are those of the file.
    let text = String(repeating: "\n", count: firstLine) + code.joined(separator: "\n")
    _ = interpreter.run(text, name: name, path: path, echoes: true)
    let source = SourceText(name: name, text: text)
    var outcome = NoteOutcome(
      printed: Self.lines(pieces.filter { !$0.isEcho }.map { $0.text }),
      shown: Self.lines(pieces.map { $0.text }))
    outcome.errors = errors.map { error in
      NoteFault(
        line: source.line(at: error.range.start) - 1, message: error.message, diagnostic: error,
        code: code)
    }
    return outcome
  }

  private static func lines(_ texts: [String]) -> [String] {
    var lines = texts.joined().split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0) }
    while lines.last?.trimmed.isEmpty == true { lines.removeLast() }
    return lines
  }
}
