import Explanation
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
      "<title>\(MathMLWriter.escaped(title))</title>", "<style>",
      // --u is a hundredth of a page's width.
      ":root{--u:min(1vw,1.7777vh)}",
      "html{background:\(ground);color:\(ink);"
        + "font-family:'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif}",
      "math{font-family:'STIX Two Math','Latin Modern Math','Cambria Math',math;"
        + "font-size:\(TalkRow.formulaLetters)em}",
      "body{margin:0}",
      "section{box-sizing:border-box;width:calc(var(--u)*100);height:calc(var(--u)*56.25);"
        + "display:none;position:absolute;left:50%;top:50%;transform:translate(-50%,-50%);"
        + "overflow:hidden}",
      "section.shown{display:block}",
      "h1,figure,footer,.text{position:absolute;margin:0}",
      "h1{left:5%;width:90%;top:calc(var(--u)*2.8);line-height:1.2;white-space:nowrap}",
      ".text{line-height:\(TalkRow.line);font-variant-numeric:tabular-nums;"
        + "font-size:calc(var(--u)*var(--letters))}",
      ".text p,.text h2,.text pre{margin:0;overflow-wrap:break-word}",
      ".text p{text-indent:-\(TalkRow.hanging)em}",
      ".text h2{font-size:1.08em;padding-top:.3em}",
      ".text div{padding-left:1em}",
      "table{border-collapse:collapse}",
      "th{text-align:left;border-bottom:.09em solid \(ink)}",
      "th,td{padding:.1em \(TalkRow.cellGap)em .1em 0;white-space:nowrap}",
      "section.first h1{top:35%;text-align:center;white-space:normal;font-size:calc(var(--u)*4.6)}",
      "pre{font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace;line-height:\(TalkLayout.line)}",
      "svg{width:100%;height:100%}",
      "footer{right:2%;bottom:1.5%;color:\(faint);font-size:calc(var(--u)*1.1)}",
      "@page{size:297mm 167.1mm;margin:0}",
      "@media print{:root{--u:2.97mm}section{display:block;position:relative;left:0;top:0;"
        + "transform:none;break-after:page}}",
      "</style>", "</head>", "<body>",
      "<section class=\"first shown\"><h1>\(MathMLWriter.escaped(title))</h1></section>",
    ]
    let symbols = symbols
    for (index, slide) in slides.enumerated() {
      let size = min(3.6, 90 / (1.1 * max(TalkRow.width(of: slide.title), 1)))
      let title =
        "<h1 style=\"font-size:\(units(size))\">\(MathMLWriter.escaped(slide.title))</h1>"
      for page in TalkLayout(items(of: slide, symbols)).pages {
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
      // Letters of other widths than those that were counted with take more lines: they become smaller.
      "function fit(s){s.classList.add('shown');s.querySelectorAll('.text').forEach(t=>{"
        + "for(let k=0;k<25&&(t.scrollHeight>t.clientHeight*1.06"
        + "||t.scrollWidth>t.clientWidth*1.02);k++)"
        + "t.style.setProperty('--letters',0.97*t.style.getPropertyValue('--letters'))});"
        + "s.classList.remove('shown')}",
      "all.forEach(fit);",
      "go(parseInt(location.hash.slice(1))||0);", "</script>", "</body>", "</html>",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func html(_ block: TalkLayout.Block, _ theme: Figure.Theme) -> String {
    func place(_ frame: TalkLayout.Frame) -> String {
      "left:\(units(frame.x));top:\(units(frame.y))"
    }
    switch block {
    case .text(let text, let frame):
      return "<div class=\"text\" style=\"\(place(frame));width:\(units(frame.width));"
        + "height:\(units(frame.height));"
        + "--letters:\(NumberStyle.decimals(2).text(text.letters))\">\n"
        + html(text).joined(separator: "\n") + "\n</div>"
    case .picture(let picture, let frame):
      // Letters of pictures are about as large as those of the text.
      let scale = max(9.5, 300 / frame.height, 460 / frame.width)
      let size = Figure.Size(frame.width * scale, frame.height * scale)
      return "<figure style=\"\(place(frame));width:\(units(frame.width));"
        + "height:\(units(frame.height))\">\(SVG.text(picture, theme: theme, size: size))</figure>"
    }
  }

  /// Rows as elements below each other; lines with columns stay together.
  private func html(_ text: TalkText) -> [String] {
    var elements: [String] = []
    var listing: [String] = []
    var scale = 1.0
    let gap = "margin-bottom:\(em(text.gap))"
    func finish() {
      guard !listing.isEmpty else { return }
      let lines = MathMLWriter.escaped(listing.joined(separator: "\n"))
      elements.append(
        "<pre style=\"font-size:\(em(scale));margin-bottom:\(em(text.gap / scale))\">\(lines)</pre>"
      )
      listing = []
      scale = 1
    }
    for row in text.rows {
      let look = row.look(width: text.width / text.letters)
      if case .listing(let line) = row {
        listing.append(line)
        scale = min(scale, look.scale)
        continue
      }
      finish()
      switch row {
      case .listing: break
      case .gap: elements.append("<p style=\"height:\(em(look.height));\(gap)\"></p>")
      case .heading(let spans):
        elements.append("<h2 style=\"\(gap)\">\(MathMLWriter.text(spans))</h2>")
      case .paragraph(let spans, let indent):
        let left = em(TalkRow.hanging + TalkRow.indent * Double(indent))
        elements.append(
          "<p style=\"padding-left:\(left);\(gap)\">\(MathMLWriter.text(spans))</p>")
      case .equation(let equation):
        let width = TalkRow.formulaWidth(text.width / text.letters)
        elements.append(
          "<div style=\"\(size(look.scale, text.gap))\">"
            + "\(MathMLWriter.element(equation, width: width))</div>")
      case .table(let titles, let rows):
        elements.append(
          MathMLWriter.table(titles, rows, style: size(look.scale, text.gap)))
      }
    }
    finish()
    return elements
  }

  private func size(_ scale: Double, _ gap: Double) -> String {
    "font-size:\(em(scale));margin-bottom:\(em(gap / scale))"
  }

  private func em(_ number: Double) -> String { "\(NumberStyle.decimals(3).text(number))em" }

  private func units(_ number: Double) -> String {
    "calc(var(--u)*\(NumberStyle.decimals(2).text(number)))"
  }
}
