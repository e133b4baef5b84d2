/// A page of its own: headings, texts, tables and pictures in one file of HTML, which loads
/// nothing from anywhere.
package struct Page: Sendable {
  package enum Part: Sendable {
    case heading(String)
    case paragraph(String)
    /// Text whose columns are to stay below each other.
    case listing(String)
    /// Names beside values.
    case pairs([(name: String, value: String)])
    case picture(Picture)
  }

  package var title: String
  package var parts: [Part]

  package init(title: String, _ parts: [Part] = []) {
    self.title = title
    self.parts = parts
  }

  package func html(theme: Figure.Theme = .light) -> String {
    let (ground, ink, faint) =
      theme == .light ? ("#ffffff", "#212529", "#dee2e6") : ("#181a1f", "#e6e8eb", "#40444c")
    var lines = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<title>\(SVG.escaped(title))</title>", "<style>",
      "body{margin:2rem auto;max-width:62rem;padding:0 1rem;background:\(ground);color:\(ink);"
        + "font-family:system-ui,sans-serif;line-height:1.5}",
      "h1,h2{line-height:1.2}h2{margin-top:2.5rem;border-bottom:1px solid \(faint)}",
      "pre{overflow-x:auto;font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;"
        + "font-size:.85rem;line-height:1.25}",
      "table{border-collapse:collapse}td,th{padding:.15rem .8rem .15rem 0;text-align:left;"
        + "vertical-align:top}th{font-weight:600}",
      "svg{max-width:100%;height:auto;display:block;margin:1rem 0}", "</style>", "</head>",
      "<body>", "<h1>\(SVG.escaped(title))</h1>",
    ]
    for part in parts {
      switch part {
      case .heading(let text): lines.append("<h2>\(SVG.escaped(text))</h2>")
      case .paragraph(let text): lines.append("<p>\(SVG.escaped(text))</p>")
      case .listing(let text): lines.append("<pre>\(SVG.escaped(text, keepsLines: true))</pre>")
      case .pairs(let pairs):
        lines.append("<table>")
        for (name, value) in pairs {
          lines.append(
            "<tr><th scope=\"row\">\(SVG.escaped(name))</th><td>\(SVG.escaped(value))</td></tr>")
        }
        lines.append("</table>")
      case .picture(let picture): lines.append(SVG.text(picture, theme: theme))
      }
    }
    return (lines + ["</body>", "</html>"]).joined(separator: "\n") + "\n"
  }
}
