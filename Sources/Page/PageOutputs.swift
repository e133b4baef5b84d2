import Explanation
import Interchange
import Language
import Rendering
import Syntax

/// What a request wrote, showed and drew, in its order.
final class PageOutputs {
  enum Kind: String {
    case text, note, error
  }

  private enum Output {
    case text(String, Kind)
    case report(Report, text: String, number: (Double) -> String)
  }

  private var outputs: [Output] = []
  /// The last report that wrote itself.
  private(set) var lastReport: Report?
  private var keepsTexts = true

  /// How wide the lines of a page are.
  static let display = {
    var display = Display(columns: 88)
    display.shortens = true
    return display
  }()

  /// - Parameter keepsTexts: whether what reports write is asked for, and not only the last report.
  func begin(keepsTexts: Bool = true) {
    self.keepsTexts = keepsTexts
    outputs = []
    lastReport = nil
  }

  /// Sends the values, reports and errors of a session here, until `leave`.
  func listen(to session: Session) {
    session.echoListener = { value, name in
      self.add(session.echo(value, name: name) + "\n", .text)
    }
    session.reportListener = { report in
      self.lastReport = report
      guard self.keepsTexts else { return }
      let text = report.text(Self.display)
      self.outputs.append(.report(report, text: text, number: report.number ?? session.numberText))
    }
    session.errorListener = { diagnostic in
      self.add(session.diagnosticRenderer(isColoured: false).render(diagnostic) + "\n", .error)
    }
  }

  /// The session holds what was given to it, and that the session: it is let go here.
  func leave(_ session: Session) {
    session.echoListener = nil
    session.reportListener = nil
    session.errorListener = nil
  }

  func write(_ text: String) { add(text, .text) }

  /// Adds a text; what is of one kind stays together.
  func add(_ text: String, _ kind: Kind) {
    if case .text(let before, kind)? = outputs.last {
      outputs[outputs.count - 1] = .text(before + text, kind)
    } else {
      outputs.append(.text(text, kind))
    }
  }

  /// The errors of the request; nil where there were none.
  var errorText: String? {
    let errors = outputs.compactMap { output -> String? in
      if case .text(let text, .error) = output { text } else { nil }
    }
    return errors.isEmpty ? nil : errors.joined()
  }

  func json(_ theme: Figure.Theme) -> JSON {
    .list(
      outputs.map { output in
        switch output {
        case .text(let text, let kind):
          return .record([("kind", .text(kind.rawValue)), ("text", .text(text))])
        case .report(let report, let text, let number):
          var members: [(String, JSON)] = [("kind", .text("report")), ("text", .text(text))]
          if let picture = report.picture {
            members.append(("svg", .text(SVG.text(picture, theme: theme))))
          }
          if let html = report.html(Self.display) { members.append(("html", .text(html))) }
          if let derivation = report.derivation() {
            members.append(("html", .text(derivation.html(number: number))))
          }
          return .record(members)
        }
      })
  }
}
