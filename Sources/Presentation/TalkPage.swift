import Language
import Rendering

extension Talk {
  /// The talk as one file for any browser: arrow keys turn the pages, printing gives one slide a page,
  /// and nothing is loaded from anywhere.
  package func html(theme: Figure.Theme) -> String {
    let (ground, ink) = (SVG.hex(theme.background), SVG.hex(theme.ink))
    let faint = theme == .light ? "#868e96" : "#8b929c"
    var lines = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<title>\(HTMLText.escaped(title))</title>", "<style>",
      // --u is a hundredth of a page's width.
      ":root{--u:min(1vw,1.7777vh)}",
      "html{background:\(ground);color:\(ink);font-family:system-ui,'DejaVu Sans',sans-serif}",
      "body{margin:0}",
      "section{box-sizing:border-box;width:calc(var(--u)*100);height:calc(var(--u)*56.25);"
        + "display:none;position:absolute;left:50%;top:50%;transform:translate(-50%,-50%);"
        + "overflow:hidden}",
      "section.shown{display:block}",
      "h1,pre,figure,footer{position:absolute;margin:0}",
      "h1{left:5%;width:90%;top:calc(var(--u)*2.8);line-height:1.2;white-space:nowrap}",
      "section.first h1{top:35%;text-align:center;white-space:normal;font-size:calc(var(--u)*4.6)}",
      "pre{font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;line-height:\(TalkLayout.line)}",
      "svg{width:100%;height:100%}",
      "footer{right:2%;bottom:1.5%;color:\(faint);font-size:calc(var(--u)*1.1)}",
      "@page{size:297mm 167.1mm;margin:0}",
      "@media print{:root{--u:2.97mm}section{display:block;position:relative;left:0;top:0;"
        + "transform:none;break-after:page}}",
      "</style>", "</head>", "<body>",
      "<section class=\"first shown\"><h1>\(HTMLText.escaped(title))</h1></section>",
    ]
    for (index, slide) in slides.enumerated() {
      let size = min(3.6, 90 / (0.6 * Double(max(TextWidth.columns(of: slide.title), 1))))
      let title =
        "<h1 style=\"font-size:\(units(size))\">\(HTMLText.escaped(slide.title))</h1>"
      for page in layout(of: slide).pages {
        lines.append("<section>\(title)")
        lines += page.map { html($0, theme) }
        lines.append("<footer>\(index + 1)/\(slides.count)</footer></section>")
      }
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

  private func layout(of slide: Slide) -> TalkLayout {
    func lines(_ text: String) -> TalkLayout.Item {
      .lines(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }
    let parts = slide.parts.map { part in
      switch part {
      case .text(let text): lines(text)
      case .report(let report, let text): report.picture.map { .picture($0) } ?? lines(text)
      }
    }
    return TalkLayout(parts + [lines(slide.checksText(on: Display(columns: 100)))])
  }

  private func html(_ block: TalkLayout.Block, _ theme: Figure.Theme) -> String {
    func place(_ frame: TalkLayout.Frame) -> String {
      "left:\(units(frame.x));top:\(units(frame.y))"
    }
    switch block {
    case .lines(let lines, let letters, let frame):
      let text = HTMLText.escaped(lines.joined(separator: "\n"))
      return "<pre style=\"\(place(frame));font-size:\(units(letters))\">\(text)</pre>"
    case .picture(let picture, let frame):
      // Letters of pictures are about as large as those of the text.
      let scale = max(9.5, 300 / frame.height, 460 / frame.width)
      let size = Figure.Size(frame.width * scale, frame.height * scale)
      return "<figure style=\"\(place(frame));width:\(units(frame.width));"
        + "height:\(units(frame.height))\">\(SVG.text(picture, theme: theme, size: size))</figure>"
    }
  }

  private func units(_ number: Double) -> String {
    "calc(var(--u)*\(NumberStyle.decimals(2).text(number)))"
  }
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
