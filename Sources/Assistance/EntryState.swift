import Language
import Syntax

/// Whether a text that is being typed can be run.
package enum EntryState: Equatable, Sendable {
  case complete
  /// More lines are wanted.
  /// - Parameter indent: blanks that the next line begins with.
  case incomplete(indent: String)
  /// No further lines make it right.
  case invalid
}

extension Interpreter {
  package func state(of text: String) -> EntryState {
    let parsed = Parser.parse(SourceText(name: "", text: text), limits: runtime.parserLimits)
    guard let open = parsed.incomplete else {
      return parsed.diagnostics.isEmpty ? .complete : .invalid
    }
    if open.opening == .blockString { return .incomplete(indent: "") }
    let lines = text.utf8.prefix(open.range.start).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let line = text.utf8.dropFirst(lines.dropLast().reduce(0) { $0 + $1.count + 1 })
    let margin = line.prefix { $0 == UInt8(ascii: " ") }.count
    return .incomplete(indent: String(repeating: " ", count: margin + 2))
  }
}
