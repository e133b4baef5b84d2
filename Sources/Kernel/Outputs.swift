import Interchange
import Language
import Rendering
import Syntax

/// The outputs of the cell that runs.
final class Outputs: @unchecked Sendable {
  private let publisher: Publisher
  /// The header of the request that runs; nil between cells.
  private(set) var parent: [UInt8]?
  private var isSilent = true
  private var line = 0
  /// The errors of the cell, as they are written with their place.
  private(set) var errors: [(diagnostic: Diagnostic, text: String)] = []
  /// The last value that was shown.
  private(set) var result: MimeBundle?
  /// Names of displays that are replaced: of the progress, and of the picture of a training.
  private var progress: String?
  private var picture: String?

  /// How wide a notebook is.
  static let display = {
    var display = Display(columns: 100)
    display.shortens = true
    return display
  }()
  /// What is shown beside the text that is typed.
  static let tooltip = Display(columns: 72)

  init(_ publisher: Publisher) { self.publisher = publisher }

  /// Begins a cell.
  func begin(_ parent: [UInt8], line: Int, isSilent: Bool) {
    self.parent = parent
    self.line = line
    self.isSilent = isSilent
    (errors, result, progress, picture) = ([], nil, nil, nil)
  }

  func end() {
    showProgress(nil)
    publisher.flush()
    isSilent = true
  }

  /// Sends the values and reports of a session here.
  func listen(to session: Session) {
    session.echoListener = { [unowned self, unowned session] value, name in
      if let name { return write(session.echo(value, name: name) + "\n", to: .stdout) }
      show(MimeBundle(value, session))
    }
    session.reportListener = { [unowned self, unowned session] report in
      display(MimeBundle(report, session))
    }
    session.errorListener = { [unowned self, unowned session] diagnostic in
      if let (earlier) = errors.last { write(earlier.text, to: .stderr) }
      let text = session.diagnosticRenderer(isColoured: true).render(diagnostic) + "\n"
      errors.append((diagnostic, text))
    }
  }

  func write(_ text: String, to stream: Publisher.Stream) {
    guard !isSilent else { return }
    publisher.write(text, to: stream, parent: parent)
  }

  /// The value of an expression.
  private func show(_ bundle: MimeBundle) {
    result = bundle
    guard !isSilent else { return }
    publisher.publish(
      "execute_result",
      [
        ("execution_count", .number(Double(line))), ("data", bundle.json), ("metadata", .empty),
      ], parent: parent)
  }

  private func display(_ bundle: MimeBundle) {
    publish("display_data", bundle, name: nil)
  }

  private func publish(_ kind: String, _ bundle: MimeBundle, name: String?) {
    guard !isSilent else { return }
    publisher.publish(
      kind,
      [
        ("data", bundle.json), ("metadata", .empty),
        ("transient", name.map { .record([("display_id", .text($0))]) } ?? .empty),
      ], parent: parent)
  }

  /// Takes away what the cell has shown.
  func clear() {
    guard !isSilent else { return }
    publisher.publish("clear_output", [("wait", .truth(false))], parent: parent)
  }

  // MARK: While a training runs

  /// Replaces the line that says how far a long computation is; nil takes it away.
  func showProgress(_ text: String?) {
    replace(&progress, by: text.map { MimeBundle(text: $0) })
  }

  func show(_ picture: Picture) {
    replace(&self.picture, by: MimeBundle(live: picture, Self.display))
  }

  private func replace(_ name: inout String?, by bundle: MimeBundle?) {
    if let known = name {
      publish("update_display_data", bundle ?? MimeBundle(text: ""), name: known)
      if bundle == nil { name = nil }
    } else if let bundle {
      let new = MessageFormat.identifier()
      name = new
      publish("display_data", bundle, name: new)
    }
  }
}
