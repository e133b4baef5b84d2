import Syntax

/// Why a script stopped: an error with its place, or an end that was asked for.
package final class Failure: Error {
  package enum Reason: Sendable {
    case diagnostic(Diagnostic)
    /// Ctrl-C or a signal.
    case interrupted
    /// Something is not there yet, which stops only its statement.
    case blank(Blank)
    /// `exit`, with the status of the program.
    case exit(Int32)
  }

  /// More than any message shows.
  private static let mostCalls = 64

  package let reason: Reason

  package init(_ diagnostic: Diagnostic) {
    reason = .diagnostic(diagnostic)
  }

  private init(_ reason: Reason) {
    self.reason = reason
  }

  package static var interrupted: Failure { Failure(.interrupted) }

  var isInterrupted: Bool { if case .interrupted = reason { true } else { false } }

  package static func exit(_ status: Int32) -> Failure { Failure(.exit(status)) }

  package static func blank(_ blank: Blank) -> Failure { Failure(.blank(blank)) }

  package convenience init(
    _ message: String, at range: SourceRange, label: String = "",
    labels: [Diagnostic.Label] = [], help: [String] = []
  ) {
    self.init(
      Diagnostic(
        .runtime, message, at: range, label: label, labels: labels,
        help: help.map { Advice($0) }))
  }

  package convenience init(
    _ message: String, at range: SourceRange, label: String, advice: [Advice]
  ) {
    self.init(Diagnostic(.runtime, message, at: range, label: label, help: advice))
  }

  /// The same with the source added to every range that has none yet.
  package func located(in source: SourceID) -> Failure {
    if case .blank(var blank) = reason, blank.source == nil {
      blank.source = source
      return .blank(blank)
    }
    guard case .diagnostic(var diagnostic) = reason else { return self }
    if diagnostic.source == nil { diagnostic.source = source }
    for place in diagnostic.labels.indices where diagnostic.labels[place].source == nil {
      diagnostic.labels[place].source = source
    }
    for place in diagnostic.calls.indices where diagnostic.calls[place].source == nil {
      diagnostic.calls[place].source = source
    }
    return Failure(diagnostic)
  }

  /// The same with a further word of help and a further place.
  package func helped(by help: String, label: Diagnostic.Label? = nil) -> Failure {
    guard case .diagnostic(var diagnostic) = reason, diagnostic.kind != .limit else { return self }
    diagnostic.help.append(Advice(help))
    if let label, diagnostic.range != label.range { diagnostic.labels.append(label) }
    return Failure(diagnostic)
  }

  /// The same, with the call of `function` written at `range` that it happened in.
  package func inside(call function: String, at range: SourceRange) -> Failure {
    guard case .diagnostic(var diagnostic) = reason else { return self }
    diagnostic.calls.append(Diagnostic.Call(function: function, range: range))
    // A hundred thousand calls under way are not copied at each of them.
    if diagnostic.calls.count > Self.mostCalls {
      diagnostic.calls.remove(at: Self.mostCalls / 2)
      diagnostic.omittedCalls += 1
    }
    return Failure(diagnostic)
  }
}
