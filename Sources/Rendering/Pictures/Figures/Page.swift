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
    /// Pictures beside each other where the window is wide enough.
    case gallery([Picture])
  }

  package var title: String
  package var parts: [Part]

  package init(title: String, _ parts: [Part] = []) {
    self.title = title
    self.parts = parts
  }

  package func html(theme: Figure.Theme = .light) -> String {
    let (ground, ink, faint, card) =
      theme == .light
      ? ("#f4f6f8", "#212529", "#dee2e6", "#ffffff") : ("#101216", "#e6e8eb", "#33373f", "#181a1f")
    var lines = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<title>\(SVG.escaped(title))</title>", "<style>",
      "body{margin:2rem auto;max-width:66rem;padding:0 1rem;background:\(ground);color:\(ink);"
        + "font-family:system-ui,'DejaVu Sans',sans-serif;line-height:1.5}",
      "h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.2rem;margin:2.2rem 0 .8rem}",
      "figure,pre,dl{margin:0 0 1rem;padding:1rem;background:\(card);border:1px solid \(faint);"
        + "border-radius:.5rem}",
      "pre{overflow-x:auto;font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;"
        + "font-size:.85rem;line-height:1.25}",
      "dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr));gap:.6rem 1.5rem}",
      "dt{font-size:.8rem;opacity:.7}dd{margin:0;font-variant-numeric:tabular-nums}",
      ".gallery{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));"
        + "gap:1rem;margin-bottom:1rem}.gallery figure{margin:0}",
      "svg{max-width:100%;height:auto;display:block;margin:auto}",
      "@media print{body{background:none}figure,pre,dl{break-inside:avoid}}", "</style>", "</head>",
      "<body>", "<h1>\(SVG.escaped(title))</h1>",
    ]
    for part in parts {
      switch part {
      case .heading(let text): lines.append("<h2>\(SVG.escaped(text))</h2>")
      case .paragraph(let text): lines.append("<p>\(SVG.escaped(text))</p>")
      case .listing(let text): lines.append("<pre>\(SVG.escaped(text, keepsLines: true))</pre>")
      case .pairs(let pairs):
        lines.append("<dl>")
        for (name, value) in pairs {
          lines.append(
            "<div><dt>\(SVG.escaped(name))</dt><dd>\(SVG.escaped(value))</dd></div>")
        }
        lines.append("</dl>")
      case .picture(let picture): lines.append(figure(picture, theme, .slide))
      case .gallery(let pictures):
        lines.append("<div class=\"gallery\">")
        lines += pictures.map { figure($0, theme, Figure.Size(620, 460)) }
        lines.append("</div>")
      }
    }
    return (lines + ["</body>", "</html>"]).joined(separator: "\n") + "\n"
  }

  private func figure(_ picture: Picture, _ theme: Figure.Theme, _ size: Figure.Size) -> String {
    "<figure>\n\(SVG.text(picture, theme: theme, size: size))</figure>"
  }
}
