/// A grid of characters with colours, to draw on and to write out as lines.
struct CharacterCanvas {
  private struct Cell: Equatable {
    /// Nil where the wide character to the left reaches over.
    var character: Character? = " "
    var ink: Colour?
    var ground: Colour?
  }

  let columns: Int
  let rows: Int
  private var cells: [Cell]

  init(columns: Int, rows: Int) {
    self.columns = max(columns, 0)
    self.rows = max(rows, 0)
    cells = Array(repeating: Cell(), count: self.columns * self.rows)
  }

  private func index(_ column: Int, _ row: Int) -> Int? {
    column >= 0 && column < columns && row >= 0 && row < rows ? row * columns + column : nil
  }

  /// Places outside the canvas are left out.
  mutating func put(_ character: Character, _ column: Int, _ row: Int, ink: Colour? = nil) {
    guard let index = index(column, row) else { return }
    cells[index].character = character
    cells[index].ink = ink
  }

  mutating func paint(_ ground: Colour, _ column: Int, _ row: Int) {
    guard let index = index(column, row) else { return }
    cells[index].ground = ground
  }

  func character(_ column: Int, _ row: Int) -> Character? {
    index(column, row).flatMap { cells[$0].character }
  }

  mutating func write(_ text: String, _ column: Int, _ row: Int, ink: Colour? = nil) {
    var column = column
    for character in text {
      let width = TextWidth.columns(of: String(character))
      if width == 0 || column + width > columns { continue }
      put(character, column, row, ink: ink)
      if width == 2, let index = index(column + 1, row) { cells[index].character = nil }
      column += width
    }
  }

  /// The rows as lines without blanks at their ends; colours as escape sequences where asked.
  func lines(on display: Display) -> [String] {
    let hasColour = display.hasColour
    return (0..<rows).map { row in
      let line = cells[(row * columns)..<((row + 1) * columns)]
      let end = line.lastIndex { $0.character != " " || (hasColour && $0.ground != nil) }
      guard let end else { return "" }
      var text = ""
      var ink: Colour?
      var ground: Colour?
      for cell in line[line.startIndex...end] {
        guard let character = cell.character else { continue }
        if hasColour, cell.ink != ink || cell.ground != ground {
          if (ink != nil && cell.ink == nil) || (ground != nil && cell.ground == nil) {
            text += "\u{1B}[0m"
            (ink, ground) = (nil, nil)
          }
          if let colour = cell.ink, colour != ink {
            text += colour.escape(asGround: false, on: display)
          }
          if let colour = cell.ground, colour != ground {
            text += colour.escape(asGround: true, on: display)
          }
          (ink, ground) = (cell.ink, cell.ground)
        }
        text.append(character)
      }
      if ink != nil || ground != nil { text += "\u{1B}[0m" }
      return text
    }
  }
}
