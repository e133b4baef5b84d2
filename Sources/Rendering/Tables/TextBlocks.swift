/// Lines and tables one below the other, which every medium lays out by its own means.
package struct TextBlocks: Sendable {
  package enum Block: Sendable {
    case lines(String)
    case table(Table)
    /// A picture in characters, which media that show pictures leave out.
    case drawing(String)
  }

  package var blocks: [Block]

  package init(_ blocks: [Block]) { self.blocks = blocks }
  package init(_ table: Table) { blocks = [.table(table)] }

  package var hasTable: Bool {
    blocks.contains { if case .table = $0 { true } else { false } }
  }

  /// - Returns: lines without a line end after the last.
  package func text(on display: Display) -> String {
    blocks.map { block in
      switch block {
      case .lines(let lines), .drawing(let lines): lines
      case .table(let table): table.text(on: display)
      }
    }.joined(separator: "\n")
  }
}

extension Table {
  /// The table with its signs in seven-bit characters: Greek letters by name.
  package var spelled: Table {
    var table = self
    for place in table.columns.indices {
      table.columns[place].title = PlainCharacters.ascii(columns[place].title)
    }
    table.lines = lines.map { line in
      switch line {
      case .row(let cells): .row(cells.map(PlainCharacters.ascii))
      case .rule: .rule
      }
    }
    table.notes = notes.map(PlainCharacters.ascii)
    return table
  }

  /// The table for a display, no wider than that.
  package func text(on display: Display) -> String {
    text(display.isASCII ? .ascii : .unicode, width: display.columns)
  }
}
