/// A figure as a picture of TikZ, for slides and papers written in LaTeX: `\input{net}` in a document
/// that uses the package tikz.
package enum TikZ {
  /// Points of the page for one of the figure: a slide fills a line of beamer's.
  private static let scale = 0.45

  package static func text(
    _ picture: Picture, theme: Figure.Theme = .light, size: Figure.Size = .slide,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) -> String {
    let figure = Figure(picture, theme: theme, size: size, isStopped: isStopped)
    var lines = ["\\begin{tikzpicture}[x=\(scale)pt,y=-\(scale)pt,line join=round,line cap=round]"]
    if theme == .dark {
      lines.append(
        "\\fill[fill=\(colour(theme.background))] (0,0) rectangle "
          + "(\(number(figure.width)),\(number(figure.height)));")
    }
    figure.forEachShape { lines += commands($0) }
    lines.append("\\end{tikzpicture}")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func commands(_ shape: Figure.Shape) -> [String] {
    switch shape {
    case .line(let points, let ink, let width):
      guard points.count > 1 else { return [] }
      return [
        "\\draw[draw=\(colour(ink)),line width=\(number(width * scale))pt] "
          + points.map(place).joined(separator: " -- ") + ";"
      ]
    case .rectangle(let x, let y, let width, let height, let fill):
      return [
        "\\fill[fill=\(colour(fill))] \(place(Point(x, y))) rectangle "
          + "\(place(Point(x + width, y + height)));"
      ]
    case .box(let x, let y, let width, let height, let radius, let fill, let edge):
      return [
        "\\filldraw[fill=\(colour(fill)),draw=\(colour(edge)),line width=0.6pt,"
          + "rounded corners=\(number(radius * scale))pt] \(place(Point(x, y))) rectangle "
          + "\(place(Point(x + width, y + height)));"
      ]
    case .disc(let point, let radius, let fill, let edge):
      return [
        "\\filldraw[fill=\(colour(fill)),draw=\(colour(edge)),line width=0.3pt] "
          + "\(place(point)) circle[radius=\(number(radius * scale))pt];"
      ]
    case .text(let text):
      let anchor = text.anchor == .start ? "base west" : text.anchor == .end ? "base east" : "base"
      return [
        "\\node[anchor=\(anchor),inner sep=0pt,outer sep=0pt,scale=\(number(text.size * scale / 10)),"
          + "text=\(colour(text.colour))\(text.isTurned ? ",rotate=90" : "")] at \(place(text.place)) "
          + "{\(pieces(of: text))};"
      ]
    case .image(let x, let y, let width, let height, let columns, let rows, let colours, _):
      return cells(x, y, width, height, columns, rows, colours)
    case .translucent(let shapes, let opacity):
      return ["\\begin{scope}[opacity=\(number(opacity))]"] + shapes.flatMap(commands)
        + ["\\end{scope}"]
    case .named(let shapes, _, _): return shapes.flatMap(commands)
    case .place, .area: return []
    }
  }

  private static func pieces(of text: Figure.Text) -> String {
    text.runs.map {
      let piece = TeXCharacters.text($0.text)
      return $0.isLowered ? "\\textsubscript{\(piece)}" : piece
    }.joined()
  }

  /// More cells in a row or column than these are made fewer: TeX draws each by itself.
  private static let mostCells = 72.0
  /// No cell is smaller, in points of the figure: several maps on one slide must fit TeX's memory.
  private static let smallestCell = 6.0

  private static func cells(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ columns: Int, _ rows: Int,
    _ colours: [Colour]
  ) -> [String] {
    guard columns > 0, rows > 0 else { return [] }
    func cells(_ length: Double, _ count: Int) -> Int {
      min(count, max(8, Int(clamped: min(length / smallestCell, mostCells))))
    }
    let (across, down) = (cells(width, columns), cells(height, rows))
    func cell(_ column: Int, _ row: Int) -> Colour {
      let (from, below) = (column * columns / across, row * rows / down)
      let there = colours[min(below, rows - 1) * columns + min(from, columns - 1)]
      // Few colours make long runs.
      return Colour(there.red & 0xF8, there.green & 0xF8, there.blue & 0xF8)
    }
    let (w, h) = (width / Double(across), height / Double(down))
    var result: [String] = []
    for row in 0..<down {
      var column = 0
      while column < across {
        let fill = cell(column, row)
        var end = column + 1
        while end < across, cell(end, row) == fill { end += 1 }
        // A hair more than the cell, so that no seams show.
        result += commands(
          .rectangle(
            x: x + Double(column) * w, y: y + Double(row) * h,
            width: Double(end - column) * w + 0.4, height: h + 0.4, fill))
        column = end
      }
    }
    return result
  }

  private static func place(_ point: Point) -> String { "(\(number(point.x)),\(number(point.y)))" }

  private static func colour(_ colour: Colour) -> String {
    "{rgb,255:red,\(colour.red);green,\(colour.green);blue,\(colour.blue)}"
  }

  private static func number(_ value: Double) -> String { NumberStyle.fixed(value, places: 2) }
}

/// Characters beyond ASCII as LaTeX writes them.
package enum TeXCharacters {
  private static let special: [Character: String] = [
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#",
    "%": "\\%", "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}",
    "<": "$<$", ">": "$>$", "|": "$|$", "\"": "''",
    "∂": "$\\partial$", "·": "$\\cdot$", "½": "$\\frac12$", "…": "\\dots{}", "−": "$-$",
    "×": "$\\times$", "ŷ": "$\\hat{y}$", "Ŷ": "$\\hat{Y}$", "≈": "$\\approx$", "±": "$\\pm$",
    "ℓ": "$\\ell$", "←": "$\\leftarrow$", "→": "$\\rightarrow$", "≥": "$\\ge$", "≤": "$\\le$",
    "∇": "$\\nabla$", "‖": "$\\|$", "⟨": "$\\langle$", "⟩": "$\\rangle$", "√": "$\\surd$",
    "ᵀ": "$^T$", "ᴸ": "$^L$", "ˡ": "$^l$", "ᵏ": "$^k$", "ⁿ": "$^n$", "ⁱ": "$^i$",
    "⁽": "$^($", "⁾": "$^)$", "⁺": "$^+$", "⁻": "$^-$", "′": "$'$", "’": "'", "–": "--", "—": "---",
    "ᵢ": "$_i$", "ⱼ": "$_j$", "ₖ": "$_k$", "•": "$\\bullet$", "á": "\\'a", "é": "\\'e",
    "ï": "\\\"i",
    "ü": "\\\"u", "ö": "\\\"o", "ä": "\\\"a", "█": "\\rule{0.5em}{1.2ex}", "∞": "$\\infty$",
    "Σ": "$\\Sigma$", "∈": "$\\in$", "¬": "$\\neg$", "∧": "$\\wedge$", "∨": "$\\vee$",
    "✓": "$\\surd$", "≠": "$\\ne$", "ˣ": "$^x$", "∝": "$\\propto$", "∑": "$\\sum$", "∏": "$\\prod$",
    "∫": "$\\int$", "∀": "$\\forall$", "∃": "$\\exists$", "⇒": "$\\Rightarrow$", "↦": "$\\mapsto$",
    "°": "$^\\circ$", "„": ",,", "“": "``", "”": "''", "‘": "`", "ᵐ": "$^m$", "ₙ": "$_n$",
    "ₘ": "$_m$",
    "₍": "$_($", "₎": "$_)$", "₊": "$_+$", "₋": "$_-$", "░": "$\\cdot$",
    "⎧": "$\\lceil$", "⎨": "$\\{$", "⎪": "$|$", "⎩": "$\\lfloor$",
  ]
  private static let greek: [Character: String] = [
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi",
    "Π": "Pi", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
  ]
  private static let raised = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
  private static let lowered = Array("₀₁₂₃₄₅₆₇₈₉")

  package static func text(_ text: String) -> String { text.map { character($0) }.joined() }

  /// One character; one that has no name there as a question mark.
  package static func character(_ character: Character) -> String {
    if let known = special[character] { return known }
    if character.isASCII { return String(character) }
    if let name = greek[character] { return "$\\\(name)$" }
    if let digit = raised.firstIndex(of: character) { return "$^\(digit)$" }
    if let digit = lowered.firstIndex(of: character) { return "$_\(digit)$" }
    // Letters with accents are known to LaTeX itself; of the rest there may be a spelling in ASCII.
    if let scalar = character.unicodeScalars.first, (0xC0...0x17F).contains(scalar.value),
      character.isLetter
    {
      return String(character)
    }
    let stroke = PlainCharacters.drawing(String(character))
    return text(stroke.utf8.count == 1 ? stroke : PlainCharacters.ascii(String(character)))
  }
}
