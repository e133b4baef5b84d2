import Language
import Rendering

extension Talk {
  /// The talk as one file for any browser: arrow keys turn the pages, printing gives one slide a page,
  /// and nothing is loaded from anywhere.
  package func html(theme: Figure.Theme) -> String {
    let (ground, ink, faint) =
      theme == .light ? ("#ffffff", "#212529", "#868e96") : ("#101216", "#e6e8eb", "#8b929c")
    var lines = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<title>\(HTMLText.escaped(title))</title>", "<style>",
      "html{background:\(ground);color:\(ink);font-family:system-ui,'DejaVu Sans',sans-serif}",
      "body{margin:0}",
      "section{box-sizing:border-box;width:100vw;height:100vh;padding:4vh 5vw 5vh;display:none;"
        + "flex-direction:column;overflow:hidden}",
      "section.shown{display:flex}",
      "h1{font-size:min(4.6vh,3.2vw);margin:0 0 2.5vh;line-height:1.15;flex:none}",
      "section.first{justify-content:center;text-align:center}",
      "section.first h1{font-size:7vh}",
      ".body{flex:1;min-height:0;overflow:auto;display:flex;flex-direction:column;gap:1.5vh}",
      "pre{margin:0;font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;"
        + "font-size:var(--s,2.4vh);line-height:1.22;flex:none}",
      "figure{margin:0;flex:1 1 0;min-height:32vh;display:flex;justify-content:center}",
      "svg{max-width:100%;max-height:100%;height:100%;width:auto}",
      "footer{position:absolute;right:2vw;bottom:1.5vh;color:\(faint);font-size:1.8vh}",
      "@page{size:297mm 167mm;margin:0}",
      "@media print{section{display:flex;width:297mm;height:167mm;break-after:page;position:relative;"
        + "padding:7mm 12mm}h1{font-size:7.5mm}pre{font-size:var(--p,3.6mm)}.body{overflow:hidden}"
        + "figure{min-height:50mm}footer{font-size:3mm}}",
      "</style>", "</head>", "<body>",
      "<section class=\"first shown\"><h1>\(HTMLText.escaped(title))</h1></section>",
    ]
    for (index, slide) in slides.enumerated() {
      lines.append("<section>")
      lines.append("<h1>\(HTMLText.escaped(slide.title))</h1><div class=\"body\">")
      lines += body(of: slide, theme)
      lines.append("</div><footer>\(index + 1)/\(slides.count)</footer></section>")
    }
    lines += [
      "<script>",
      "const all=[...document.querySelectorAll('section')];let at=0;",
      "function go(n){at=Math.max(0,Math.min(all.length-1,n));"
        + "all.forEach((s,i)=>s.classList.toggle('shown',i===at));"
        + "history.replaceState(null,'','#'+at)}",
      "addEventListener('keydown',e=>{const k=e.key;"
        + "if(['ArrowRight','ArrowDown','PageDown',' ','Enter','n'].includes(k))go(at+1);"
        + "else if(['ArrowLeft','ArrowUp','PageUp','Backspace','p'].includes(k))go(at-1);"
        + "else if(k==='Home')go(0);else if(k==='End')go(all.length-1);else return;"
        + "e.preventDefault()});",
      "addEventListener('click',e=>go(at+(e.clientX<innerWidth/3?-1:1)));",
      "go(parseInt(location.hash.slice(1))||0);", "</script>", "</body>", "</html>",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func body(of slide: Slide, _ theme: Figure.Theme) -> [String] {
    let wide = Display(columns: 100)
    var result: [String] = []
    var text = ""
    // Letters are as large as the slide's lines let them.
    let lines = slide.parts.reduce(0) { count, part in
      switch part {
      case .text(let text): count + text.count { $0 == "\n" }
      case .report(let report, let text):
        count + (report.picture == nil ? text.count { $0 == "\n" } : 14)
      }
    }
    let widest = slide.text(on: wide).split(separator: "\n").map {
      TextWidth.columns(of: String($0))
    }.max()
    let share = min(76.0 / Double(max(lines + slide.checks.count, 1)), 3.4)
    let size = min(share, 145.0 / Double(max(widest ?? 1, 1)) * 16 / 9 / 1.02)
    func finish() {
      while text.hasSuffix("\n") { text.removeLast() }
      guard !text.isEmpty else { return }
      let (screen, paper) = (fixed(max(size, 1.1)), fixed(max(size, 1.1) * 1.6))
      result.append(
        "<pre style=\"--s:\(screen)vh;--p:\(paper)mm\">\(HTMLText.escaped(text))</pre>")
      text = ""
    }
    for part in slide.parts {
      switch part {
      case .text(let lines): text += lines
      case .report(let report, let lines):
        guard let picture = report.picture else {
          text += lines.hasSuffix("\n") ? lines : lines + "\n"
          continue
        }
        finish()
        result.append(
          "<figure>\(SVG.text(picture, theme: theme, size: Figure.Size(960, 480)))</figure>")
      }
    }
    finish()
    text = slide.checksText(on: wide)
    finish()
    return result
  }

  private func fixed(_ number: Double) -> String { NumberStyle.decimals(2).text(number) }
}

enum HTMLText {
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }
}
