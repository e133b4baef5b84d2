extension Picture {
  /// The picture in characters, no wider than the display, without a line end after the last line.
  package func text(on display: Display = .plain) -> String {
    let text = lines(on: display).joined(separator: "\n")
    return display.isASCII ? Self.spelledInASCII(text) : text
  }

  /// One character for one, so that columns stay where they are.
  private static func spelledInASCII(_ text: String) -> String {
    let spelling: [Character: Character] = [
      "…": "~", "∂": "d", "δ": "d", "Δ": "D", "σ": "s", "×": "x", "·": ".", "−": "-", "→": ">",
      "η": "n", "α": "a", "β": "b", "λ": "l", "μ": "u", "π": "p", "θ": "t", "²": "2",
    ]
    return String(text.map { $0.isASCII ? $0 : spelling[$0] ?? "?" })
  }

  private func lines(on display: Display) -> [String] {
    var lines: [String] = []
    let ellipsis: Character = display.isASCII ? "~" : "…"
    if !title.isEmpty {
      lines.append(TextWidth.truncated(title, to: display.columns, ellipsis: ellipsis))
    }
    switch content {
    case .plot(let plot): lines += CharacterPlot.lines(plot, on: display)
    case .diagram(let diagram): lines += CharacterDiagram.lines(diagram, on: display)
    case .panels(let pictures, let columns):
      lines += Self.lines(of: pictures, columns: columns, on: display)
    }
    lines += legendLines(on: display)
    lines += notes.flatMap { TextWidth.wrapped($0, to: display.columns) }
    return lines
  }

  private static func lines(
    of pictures: [Picture], columns: Int, on display: Display
  ) -> [String] {
    let gap = 3
    // A panel narrower than this shows nothing.
    let fitting = max((display.columns + gap) / (24 + gap), 1)
    let perRow = min(max(columns, 1), fitting)
    var panel = display
    panel.columns = (display.columns + gap) / perRow - gap
    var lines: [String] = []
    for start in stride(from: 0, to: pictures.count, by: perRow) {
      let row = pictures[start..<min(start + perRow, pictures.count)].map { $0.lines(on: panel) }
      if start > 0 { lines.append("") }
      for index in 0..<(row.map({ $0.count }).max() ?? 0) {
        var line = row.map { lines in
          TextWidth.padded(index < lines.count ? lines[index] : "", to: panel.columns, .left)
        }.joined(separator: String(repeating: " ", count: gap))
        while line.last == " " { line.removeLast() }
        lines.append(line)
      }
    }
    return lines
  }

  private func legendLines(on display: Display) -> [String] {
    let marks = CharacterMarks(display: display)
    let entries = legend.map { entry in
      let sample: String
      let ink: Colour
      switch entry.sample {
      case .line(let series):
        let level =
          display.characters == .braille && display.hasColour
          ? "⠒" : marks.stroke(series).level
        sample = String(repeating: level, count: 2)
        ink = Palette.series(series)
      case .point(let series):
        sample = String(CharacterMarks.point(series))
        ink = Palette.classColour(series)
      case .shade(let value, let scale):
        if display.hasColour {
          let colour = Palette.field(value, scale, on: display)
          return colour.escape(asGround: true, on: display) + "  \u{1B}[0m \(entry.text)"
        }
        let shade = marks.shade(value, scale)
        sample =
          shade == " " ? (display.isASCII ? "(blank)" : "␣") : String(repeating: shade, count: 2)
        ink = Palette.black
      }
      let shown =
        display.hasColour ? ink.escape(asGround: false, on: display) + sample + "\u{1B}[0m" : sample
      return "\(shown) \(entry.text)"
    }
    var lines: [String] = []
    for entry in entries {
      if let last = lines.last,
        TextWidth.columns(of: last) + 3 + TextWidth.columns(of: entry) <= display.columns
      {
        lines[lines.count - 1] = last + "   " + entry
      } else {
        lines.append(TextWidth.truncated(entry, to: display.columns))
      }
    }
    return lines
  }
}
