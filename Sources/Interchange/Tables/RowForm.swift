/// Rewrites rows that stand in a file in other ways as records separated by tabs or commas, line by
/// line, so that one reader serves for all. Lines keep their numbers.
struct RowForm {
  enum Kind: Sendable {
    case plain
    /// Blanks between values.
    case blanks
    /// A line of inputs, then one of outputs.
    case pairs
    case arff([ARFF.Attribute])

    var isPlain: Bool { if case .plain = self { true } else { false } }
  }

  private let kind: Kind
  /// The end of a line that is not whole yet.
  private var rest: [UInt8] = []
  private var line: Int
  /// Whether a line of outputs comes next, and the lines that the one of inputs stands before.
  private var isInPair = false
  private var linesInPair = 0

  /// - Parameter line: of the first row.
  init(_ kind: Kind, line: Int) {
    self.kind = kind
    self.line = line
  }

  /// Appends the records of all lines that are whole.
  /// - Throws: where a line is no row at all.
  mutating func append(
    _ bytes: ArraySlice<UInt8>, to records: inout [UInt8], isFinal: Bool
  ) throws(FormatError) {
    var bytes = bytes
    if !rest.isEmpty {
      bytes = (rest + bytes)[...]
      rest = []
    }
    var start = bytes.startIndex
    var place = start
    while place < bytes.endIndex {
      let byte = bytes[place]
      guard byte == 0x0A || byte == 0x0D else {
        place += 1
        continue
      }
      if byte == 0x0D {
        if place + 1 == bytes.endIndex, !isFinal { break }
        // Of CR LF the line feed ends the line.
        if place + 1 < bytes.endIndex, bytes[place + 1] == 0x0A {
          try append(line: bytes[start..<place], to: &records)
          start = place + 2
          place = start
          continue
        }
      }
      try append(line: bytes[start..<place], to: &records)
      place += 1
      start = place
    }
    rest = Array(bytes[start...])
    if isFinal, !rest.isEmpty {
      try append(line: rest[...], to: &records)
      rest = []
    }
    if isFinal, isInPair {
      throw FormatError("the last inputs have no outputs behind them", .line(line))
    }
  }

  private mutating func append(
    line text: ArraySlice<UInt8>, to records: inout [UInt8]
  ) throws(FormatError) {
    defer { line += 1 }
    switch kind {
    case .plain:
      records += text
      records.append(0x0A)
    case .blanks:
      Self.append(words: text, to: &records)
      records.append(0x0A)
    case .pairs:
      let isEmpty = !text.contains { $0 != 0x20 && $0 != 0x09 }
      if !isInPair {
        linesInPair = 0
        if !isEmpty { Self.append(words: text, to: &records) }
      } else if !isEmpty {
        records.append(CSVDialect.tab)
        Self.append(words: text, to: &records)
      }
      linesInPair += 1
      if !isEmpty { isInPair.toggle() }
      if !isInPair {
        records.append(contentsOf: repeatElement(0x0A, count: linesInPair))
      }
    case .arff(let attributes):
      try ARFF.append(row: text, attributes, line: line, to: &records)
      records.append(0x0A)
    }
  }

  /// The words of a line with tabs between them; what stands in quotes is one word.
  static func append(words text: ArraySlice<UInt8>, to records: inout [UInt8]) {
    var place = text.startIndex
    var isFirst = true
    while place < text.endIndex {
      if text[place] == 0x20 || text[place] == 0x09 {
        place += 1
        continue
      }
      if !isFirst { records.append(CSVDialect.tab) }
      isFirst = false
      let first = place
      if text[place] == CSVDialect.quote {
        place += 1
        while place < text.endIndex {
          if text[place] == CSVDialect.quote {
            guard place + 1 < text.endIndex, text[place + 1] == CSVDialect.quote else { break }
            place += 1
          }
          place += 1
        }
        if place < text.endIndex { place += 1 }
      }
      while place < text.endIndex, text[place] != 0x20, text[place] != 0x09 { place += 1 }
      records += text[first..<place]
    }
  }
}
