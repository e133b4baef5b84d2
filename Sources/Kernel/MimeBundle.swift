import Differentiation
import Explanation
import Interchange
import Language
import Rendering

/// A value in the forms that a front end may show, by their media types.
struct MimeBundle {
  private var forms: [(type: String, text: String)] = []

  /// The fallback of every front end.
  var plain: String { forms.first?.text ?? "" }

  var json: JSON { .record(forms.map { ($0.type, .text($0.text)) }) }

  /// What the prompt shows of a value.
  init(_ value: Value, _ session: Session) {
    forms = [("text/plain", session.echo(value, name: nil))]
  }

  init(_ report: Report, _ session: Session) {
    var text = report.text(session.host.display())
    if text.hasSuffix("\n") { text.removeLast() }
    forms = [("text/plain", text)]
    if let picture = report.picture {
      add(picture)
      forms.append(("image/png", SVG.base64(PNG.bytes(picture))))
    }
    // A front end shows the HTML in place of the picture, so that holds both.
    if let html = report.html(Outputs.display) {
      let drawn = report.picture.map { picture in
        let svg = SVG.base64(Array(SVG.text(picture).utf8))
        return "\n<img src=\"data:image/svg+xml;base64,\(svg)\">"
      }
      forms.append(("text/html", html + (drawn ?? "")))
    }
    if let derivation = report.derivation() {
      let number = report.number ?? session.numberText
      forms.append(("text/markdown", derivation.markdown(number: number)))
      forms.append(("text/latex", derivation.latex(number: number)))
    }
  }

  /// A picture that is drawn anew many times, in the forms that are made fast.
  init(live picture: Picture, _ display: Display) {
    forms = [("text/plain", picture.text(on: display))]
    add(picture)
  }

  init(text: String) { forms = [("text/plain", text)] }

  private mutating func add(_ picture: Picture) {
    forms.append(("image/svg+xml", SVG.text(picture)))
  }
}
