import Testing

@testable import Rendering

/// What holds of a picture in characters on every display, whatever the picture shows.
@Suite struct PicturePropertyTests {
  /// Widths from narrow to wide, in all characters, with and without colour.
  static let widths = [30, 66, 200]
  static let displays: [Display] = widths.flatMap { columns in
    Display.Characters.allCases.flatMap { characters in
      [false, true].map { hasColour in
        Display(columns: columns, characters: characters, hasColour: hasColour)
      }
    }
  }
  static let names = PictureTests.pictures.map { $0.name }

  private static let pictures = Dictionary(
    uniqueKeysWithValues: PictureTests.pictures.map { ($0.name, $0.make()) })

  private func picture(_ name: String) -> Picture {
    Self.pictures[name] ?? Picture(.panels([], columns: 1))
  }

  /// Every picture without its title, legend and notes, on every display: drawn once for all tests.
  private static let drawings = pictures.mapValues { picture in
    Dictionary(uniqueKeysWithValues: displays.map { ($0, bare(picture).text(on: $0)) })
  }

  /// The picture without its title, legend and notes.
  private static func bare(_ picture: Picture) -> Picture {
    var picture = picture
    (picture.title, picture.legend, picture.notes) = ("", [], [])
    if case .panels(let pictures, let columns) = picture.content {
      picture.content = .panels(pictures.map(bare), columns: columns)
    }
    return picture
  }

  /// The cells of the picture alone; lines are filled with blanks.
  private func cells(_ name: String, on display: Display) -> [[Character]] {
    let lines = plainLines(Self.drawings[name]?[display] ?? "")
    let width = lines.map { $0.count }.max() ?? 0
    return lines.map { $0 + Array(repeating: " ", count: width - $0.count) }
  }

  /// Without escape sequences of colour.
  private func plainLines(_ text: String) -> [[Character]] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var isEscape = false
      return line.filter { character in
        if character == "\u{1B}" { isEscape = true }
        defer { if isEscape, character == "m" { isEscape = false } }
        return !isEscape
      }.map { $0 }
    }
  }

  /// The escape sequences of colour, in order.
  private func escapes(_ text: some StringProtocol) -> [String] {
    text.split(separator: "\u{1B}", omittingEmptySubsequences: false).dropFirst()
      .map { "\u{1B}" + $0.prefix { $0 != "m" } + "m" }
  }

  private func marks(_ picture: Picture) -> [Plot.Mark] {
    switch picture.content {
    case .plot(let plot): plot.marks
    case .panels(let pictures, _): pictures.flatMap(marks)
    case .diagram: []
    }
  }

  private func fields(_ picture: Picture) -> [Field] {
    marks(picture).compactMap { if case .field(let field) = $0 { field } else { nil } }
  }

  private func lineCount(_ picture: Picture) -> Int {
    marks(picture).count {
      switch $0 {
      case .line, .guide, .path: true
      default: false
      }
    }
  }

  // MARK: - Any picture

  @Test(arguments: names)
  func `no line is wider than the display, and all characters are the display's`(name: String) {
    for display in Self.displays {
      let text = picture(name).text(on: display)
      let what: Comment = "\(name) on \(display)"
      for line in text.split(separator: "\n") {
        #expect(TextWidth.columns(of: String(line)) <= display.columns, what)
        // A colour ends with its line.
        if let last = escapes(line).last { #expect(last == "\u{1B}[0m", what) }
      }
      let scalars = text.unicodeScalars.filter { $0 != "\n" && $0 != "\u{1B}" }
      #expect(scalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, what)
      if display.isASCII { #expect(text.utf8.allSatisfy { $0 < 0x80 }, what) }
      if !display.hasColour { #expect(!text.contains("\u{1B}"), what) }
      if display.characters != .braille { #expect(!text.contains(where: isDots), what) }
    }
  }

  @Test(arguments: names)
  func `the title, the legend and the axes are named at every width`(name: String) {
    let picture = picture(name)
    for display in Self.displays where display.columns >= 40 && !display.isASCII {
      let text = plainLines(picture.text(on: display)).map { String($0) }.joined(separator: "\n")
      var words = [picture.title] + picture.legend.map { $0.text }
      if case .plot(let plot) = picture.content { words += [plot.x.label, plot.y.label] }
      for word in words { #expect(word.isEmpty || text.contains(word), "\(name): \(word)") }
    }
  }

  @Test(arguments: names)
  func `in ASCII every cell is spelled in ASCII where it stands`(name: String) {
    for columns in Self.widths {
      let blocks = cells(name, on: Display(columns: columns))
      let ascii = cells(name, on: Display(columns: columns, characters: .ascii))
      #expect(blocks.count == ascii.count && blocks.first?.count == ascii.first?.count)
      for (place, (line, asciiLine)) in zip(blocks, ascii).enumerated() {
        for (block, spelled) in zip(line, asciiLine) where block != spelled {
          // Less than half a bar is none; a line makes room for a number's sign beside it.
          let mayVanish = "▁▂▃▏▎▍─▸".contains(block)
          let fits =
            block == " " ? spelled == "." : !block.isASCII && (spelled != " " || mayVanish)
          #expect(fits, "\(name)-\(columns) line \(place + 1): \(block) became \(spelled)")
        }
      }
    }
  }

  @Test(arguments: names)
  func `colour changes nothing but the cells of a field`(name: String) {
    let picture = picture(name)
    let hasField = !fields(picture).isEmpty
    for display in Self.displays where display.hasColour {
      var plain = display
      plain.hasColour = false
      // With colour, several curves are drawn in dots.
      if display.characters == .braille, lineCount(picture) > 1 { continue }
      let (colour, without) = (cells(name, on: display), cells(name, on: plain))
      #expect(colour.count == without.count, "\(name)")
      for (coloured, line) in zip(colour, without) {
        for (place, cell) in coloured.enumerated() {
          let other = place < line.count ? line[place] : " "
          let isShade = hasField && " ░▒▓█·-=≡.:+*#,%".contains(other)
          #expect(
            cell == other || isShade && (cell == " " || cell == "▀"),
            "\(name) on \(display): \(cell) is \(other) without colour")
        }
      }
    }
  }

  @Test(arguments: names)
  func `what the legend shows in colour has that colour in the picture`(name: String) {
    let picture = picture(name)
    let hasField = !fields(picture).isEmpty
    for display in Self.displays where display.hasColour {
      let used = Set(escapes(Self.drawings[name]?[display] ?? ""))
      #expect(used.isEmpty || used.contains("\u{1B}[0m"))
      for entry in picture.legend {
        switch entry.sample {
        case .line(let series):
          #expect(
            used.contains(Palette.series(series).escape(asGround: false, on: display)),
            "\(name): \(entry.text)")
        case .point(let series) where !hasField:
          #expect(
            used.contains(Palette.classColour(series).escape(asGround: false, on: display)),
            "\(name): \(entry.text)")
        case .shade(let value, let scale):
          guard case .classes = scale else { continue }
          let colour = Palette.field(value, scale, on: display)
          #expect(
            used.contains(colour.escape(asGround: true, on: display)), "\(name): \(entry.text)")
        case .point: break
        }
      }
    }
  }

  // MARK: - Braille

  private func isDots(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { (0x2801...0x28FF).contains($0.value) }
  }

  private func isStroke(_ character: Character) -> Bool {
    "─│╯╮╰╭━┃┛┓┗┏═║╝╗╚╔┄┆┅┇╌╎┈┊•".contains(character)
  }

  @Test(arguments: names)
  func `dots stand for the only curve, where its strokes are, and change nothing else`(
    name: String
  ) {
    let picture = picture(name)
    for columns in Self.widths {
      let blocks = cells(name, on: Display(columns: columns))
      let dots = cells(name, on: Display(columns: columns, characters: .braille))
      guard lineCount(picture) == 1 else {
        #expect(dots == blocks, "\(name)")
        continue
      }
      #expect(dots.contains { $0.contains(where: isDots) }, "\(name)")
      func isNear(_ row: Int, _ column: Int, _ cells: [[Character]], _ holds: (Character) -> Bool)
        -> Bool
      {
        (row - 1...row + 1).contains { row in
          cells.indices.contains(row)
            && (column - 1...column + 1).contains {
              cells[row].indices.contains($0) && holds(cells[row][$0])
            }
        }
      }
      for (row, (line, dotLine)) in zip(blocks, dots).enumerated() {
        for (column, (block, dot)) in zip(line, dotLine).enumerated() where block != dot {
          let fits =
            isDots(dot) ? isNear(row, column, blocks, isStroke) : isNear(row, column, dots, isDots)
          #expect(fits, "\(name)-\(columns): \(dot) for \(block) in row \(row), column \(column)")
        }
      }
    }
  }

  // MARK: - Plots

  /// The area inside the axes, from the frame that is drawn around it.
  private struct Area {
    let plot: Plot
    let rows: [[Character]]
    var columns: Int { rows.first?.count ?? 0 }

    /// Column and row of a place, counted from the upper left corner; nil outside.
    func cell(_ x: Double, _ y: Double) -> (column: Int, row: Int)? {
      guard let across = plot.x.position(of: x), let up = plot.y.position(of: y),
        (0...1).contains(across), (0...1).contains(up)
      else { return nil }
      return (
        min(Int(across * Double(columns)), columns - 1),
        rows.count - 1 - min(Int(up * Double(rows.count)), rows.count - 1)
      )
    }
  }

  private func area(_ name: String, on display: Display) throws -> Area? {
    guard case .plot(let plot) = picture(name).content else { return nil }
    let lines = cells(name, on: display)
    let corner: Character = display.isASCII ? "+" : "└"
    let base = try #require(
      lines.lastIndex { line in
        line.first { $0 != " " } == corner && line.count { "─-┬+".contains($0) } > 3
      })
    let left = try #require(lines[base].firstIndex(of: corner)) + 1
    let end = (lines[base].lastIndex { $0 != " " } ?? left) + 1
    let top = plot.y.label.isEmpty ? 0 : 1
    return Area(plot: plot, rows: lines[top..<base].map { Array($0[left..<end]) })
  }

  @Test(arguments: names)
  func `a plot is as wide as its display, unless its units or cells are square`(
    name: String
  ) throws {
    for display in Self.displays {
      guard let area = try area(name, on: display), area.plot.aspect == nil,
        !fields(picture(name)).contains(where: { $0.isDiscrete })
      else { continue }
      let lines = cells(name, on: display)
      #expect(lines.contains { $0.count == display.columns }, "\(name) on \(display)")
      #expect(area.rows.count >= 2)
    }
  }

  @Test(arguments: names)
  func `a point is marked where its coordinates say`(name: String) throws {
    for display in Self.displays {
      guard let area = try area(name, on: display) else { continue }
      for case .points(let points, let series) in area.plot.marks {
        let own = CharacterMarks.point(series)
        let all = Set((0..<7).map(CharacterMarks.point) + [CharacterMarks.mixed])
        for point in points {
          guard let cell = area.cell(point.x, point.y) else { continue }
          // A later point of another series may stand in front.
          let mark = area.rows[cell.row][cell.column]
          #expect(all.contains(mark), "\(name) on \(display): \(point) has \(mark)")
        }
        #expect(area.rows.contains { $0.contains(own) }, "\(name) on \(display): no \(own)")
      }
    }
  }

  @Test(arguments: names)
  func `a curve runs through its points`(name: String) throws {
    for display in Self.displays where !display.hasColour {
      guard let area = try area(name, on: display) else { continue }
      for case .line(let points, _) in area.plot.marks where points.count > 1 {
        let places = points.compactMap { area.cell($0.x, $0.y) }
        for (column, cells) in Dictionary(grouping: places, by: { $0.column }) {
          // Of points in one column the mean is drawn.
          let rows = cells.map { $0.row }
          guard let first = rows.min(), let last = rows.max(), last - first < 3,
            let cell = cells.first
          else { continue }
          let near = (cell.row - 2...cell.row + 2).filter(area.rows.indices.contains)
          let columns = (cell.column - 1...cell.column + 1).filter(area.rows[0].indices.contains)
          let isDrawn = near.contains { row in
            columns.contains { column in
              let mark = area.rows[row][column]
              return isStroke(mark) || isDots(mark) || display.isASCII && "*+ox#@".contains(mark)
            }
          }
          #expect(isDrawn, "\(name) on \(display): nothing at \(column), \(cell.row)")
        }
      }
    }
  }

  @Test(arguments: names)
  func `a darker cell has a larger value`(name: String) throws {
    for display in Self.displays where !display.hasColour {
      guard let area = try area(name, on: display),
        let field = fields(picture(name)).first
      else { continue }
      let ramp: [Character]
      switch field.scale {
      case .shades, .heights: ramp = Array(display.isASCII ? " .:-=" : " ░▒▓")
      case .signs, .classes: continue
      }
      var shades: [(value: Double, shade: Int)] = []
      for (row, line) in area.rows.enumerated() {
        for (column, cell) in line.enumerated() {
          guard let shade = ramp.firstIndex(of: cell) else { continue }
          let u = (Double(column) + 0.5) / Double(area.columns)
          let v = 1 - (Double(row) + 0.5) / Double(area.rows.count)
          shades.append((field.value(u: u, v: v), shade))
        }
      }
      shades.sort { $0.value < $1.value }
      let order = shades.map { $0.shade }
      #expect(order == order.sorted(), "\(name) on \(display)")
      #expect(order.first == 0 && order.last == ramp.count - 1, "\(name) on \(display)")
    }
  }
}
