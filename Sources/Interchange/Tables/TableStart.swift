import Learning

/// Finds out from the first lines of a table how it is written and what its columns hold.
struct TableStart {
  let text: ArraySlice<UInt8>
  let isWhole: Bool
  let options: CSVOptions
  /// Where the table starts, and its line.
  var start: Int
  var line = 1
  var delimiter: UInt8?
  /// The line of comment right before the table, without its sign.
  var comment: (text: [UInt8], line: Int)?
  var notes: [String] = []

  /// - Throws: where the text is no table, or the options do not fit it.
  static func plan(
    _ text: [UInt8], isWhole: Bool, _ options: CSVOptions
  ) throws(FormatError) -> TablePlan {
    if let plan = options.plan { return plan }
    var start = TableStart(text, isWhole, options)
    return try start.plan()
  }

  private init(_ text: [UInt8], _ isWhole: Bool, _ options: CSVOptions) {
    self.text = text[...]
    self.isWhole = isWhole
    self.options = options
    start = 0
    delimiter = options.delimiter
  }

  mutating func plan() throws(FormatError) -> TablePlan {
    skip(lines: options.skippedLines)
    if ARFF.begins(text[start...]) { return try planOfARFF() }
    skipPreamble()
    guard start < text.count else { throw FormatError("the file is empty") }
    let sample = TableSample.chosen(
      from: text[start...], isWhole: isWhole, delimiter: delimiter, point: options.point)
    guard let first = sample.records.first, first.contains(where: { !$0.text.isEmpty })
    else {
      guard sample.records.count > 1 else { throw FormatError("the file is empty") }
      return try plan(of: sample)
    }
    if options.delimiter == nil, let pairs = try planOfPairs(sample) { return pairs }
    if sample.delimiter == CSVDialect.tab, options.hasHeader == nil, options.names.isEmpty,
      let header = OrangeHeader(sample)
    {
      return try plan(of: header)
    }
    return try plan(of: sample)
  }

  // MARK: Before the table

  mutating func skip(lines: Int) {
    for _ in 0..<lines {
      guard start < text.count else { return }
      start += lineLength(at: start)
      line += 1
    }
  }

  /// The bytes of a line with its end.
  func lineLength(at start: Int) -> Int {
    var place = start
    while place < text.count, text[place] != 0x0A, text[place] != 0x0D { place += 1 }
    if place < text.count { place += text[place...].starts(with: [0x0D, 0x0A]) ? 2 : 1 }
    return place - start
  }

  func content(ofLineAt start: Int) -> ArraySlice<UInt8> {
    text[start..<start + lineLength(at: start)].prefix { $0 != 0x0A && $0 != 0x0D }
  }

  /// Passes over empty lines, `sep=;` and lines of comment.
  mutating func skipPreamble() {
    var first = true
    let before = (start, line)
    var comments = 0
    while start < text.count {
      let line = content(ofLineAt: start)
      if line.isEmpty {
        skip(lines: 1)
      } else if first, let sign = Self.separator(line, isTold: options.delimiter != nil) {
        delimiter = delimiter ?? sign
        notes.append("its first line says what separates values")
        skip(lines: 1)
        first = false
      } else if line.first == 0x23 {
        comment = (Array(line.drop { $0 == 0x23 || $0 == 0x20 || $0 == 0x09 }), self.line)
        comments += 1
        skip(lines: 1)
        first = false
      } else {
        break
      }
    }
    guard comments > 0 else { return }
    if start >= text.count {
      // Nothing but such lines: these are the rows.
      (start, line) = before
      comment = nil
      return
    }
    notes.append("\(counted(comments, "line")) of comment before the table")
  }

  /// Spreadsheets are told so what separates values; in quotes it may be a name.
  private static func separator(_ line: ArraySlice<UInt8>, isTold: Bool) -> UInt8? {
    var line = line
    if !isTold, line.first == CSVDialect.quote, line.last == CSVDialect.quote {
      line = line.dropFirst().dropLast()
    }
    guard line.count == 5, String(decoding: line.dropLast(), as: UTF8.self).lowercased() == "sep="
    else { return nil }
    return line.last
  }

  // MARK: Plain tables

  mutating func plan(of sample: TableSample) throws(FormatError) -> TablePlan {
    var dialect = CSVDialect(
      delimiter: sample.isSeparatedByBlanks ? CSVDialect.tab : sample.delimiter, hasHeader: false,
      point: ValueForm.point, layout: sample.isSeparatedByBlanks ? .blanks : .plain)
    var width = sample.width
    let records = sample.records
    try checkFirst(sample)
    let recognition = HeaderRecognition(
      sample, named: options.namedColumns + options.names)
    var names: [String]
    var rows = records[...]
    var used = 0
    if let cells = namesOfComment(sample, recognition) {
      names = cells
      dialect.hasHeader = true
      notes.append("the names of the columns stand in the comment")
    } else {
      dialect.hasHeader = options.hasHeader ?? recognition.isNames
      names = dialect.hasHeader ? records[0].map { $0.text } : []
      if dialect.hasHeader {
        rows = rows.dropFirst()
        used = 1
      }
      if recognition.isUnsure, options.hasHeader == nil {
        notes.append(
          "the first line may \(dialect.hasHeader ? "be a row: header=false takes it for one" : "hold names: header=true takes it for them")"
        )
      }
    }
    let isOneShort =
      dialect.hasHeader && names.count == width - 1
      && !rows.allSatisfy { $0.count == names.count || $0.last?.text.isEmpty == true }
    if dialect.hasHeader {
      if !isOneShort, names.count < width {
        names += Array(repeating: "", count: width - names.count)
      }
      if names.count == width + 1, names.last?.isEmpty == true { names.removeLast() }
      if rows.isEmpty { width = names.count }
    } else {
      names = (1...max(1, width)).map { "x\($0)" }
    }
    if isOneShort { names.insert("", at: 0) }
    let empty = emptyColumns(names, rows, isNamed: dialect.hasHeader)
    try rename(&names, isOneShort: isOneShort, empty: empty)
    let (named, note) = CSVColumn.Plan.named(names)
    if let note { notes.append(note) }
    var columns = named
    for place in columns.indices.suffix(empty) { columns[place].role = .empty }
    if empty > 0 {
      notes.append(
        "\(counted(empty, "column")) without a name and without a value behind the last one, left out"
      )
    }
    try nameRows(&columns, rows, original: names, isOneShort: isOneShort)
    guess(&columns, rows, sample, &dialect)
    noteSingleColumn(columns, rows)
    try CSVColumn.Plan.assignRoles(of: &columns, options)
    var plan = try finished(
      dialect, columns, used, sample.isSeparatedByBlanks ? .blanks : .plain)
    if sample.hasComments {
      plan.hasComments = true
      plan.notes.append("lines of comment between the rows")
    }
    return plan
  }

  /// Texts that are all parted by the same sign may be rows whose separator is not a usual one.
  private mutating func noteSingleColumn(
    _ columns: [CSVColumn.Plan], _ rows: ArraySlice<[TableSample.Cell]>
  ) {
    guard columns.count == 1, columns[0].content == .texts, options.delimiter == nil,
      rows.allSatisfy({ !$0.contains { $0.isQuoted } })
    else { return }
    let texts = rows.compactMap { $0.first?.text }.filter { !$0.isEmpty }
    let signs = [":", "~", "^", "&", "/", "\\"].contains { (sign: Character) in
      texts.allSatisfy { $0.contains(sign) }
    }
    let blanks = texts.allSatisfy { text in
      zip(text.utf8, text.utf8.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 }
    }
    guard !texts.isEmpty, signs || blanks else { return }
    notes.append("only one column is found: delimiter= says what else separates values")
  }

  /// A first record of a length of its own is no line of names, and no row.
  func checkFirst(_ sample: TableSample) throws(FormatError) {
    guard let first = sample.records.first, sample.records.count > 2, sample.agreement < 1,
      options.hasHeader == nil, sample.width > 1
    else { return }
    let odd = sample.records.prefix { record in
      record.count < sample.width - 1
        || record.count > sample.width && record.last?.text.isEmpty == false
    }
    guard !odd.isEmpty, odd.count < sample.records.count / 2 else { return }
    let lines = line - 1 + odd.count
    throw FormatError(
      "the first line has \(counted(first.count, "value")), those below have \(sample.width)",
      .line(line),
      help: [
        "skip=\(lines) leaves out what stands before the table",
        "header=false takes the first line for a row",
      ])
  }

  /// The names in the last comment before the table, as `numpy.savetxt` writes them.
  func namesOfComment(
    _ sample: TableSample, _ recognition: HeaderRecognition
  ) -> [String]? {
    guard let comment, options.hasHeader == nil, !recognition.isNames, !comment.text.isEmpty else {
      return nil
    }
    let cells = TableSample(comment.text[...], sample.delimiter, isWhole: true).records.first ?? []
    guard cells.count == sample.width,
      !cells.contains(where: { TableSample.kind(of: $0.text).isValue || $0.text.isEmpty })
    else { return nil }
    return cells.map { $0.text }
  }

  /// How many columns at the end have neither a name nor a value.
  func emptyColumns(
    _ names: [String], _ rows: ArraySlice<[TableSample.Cell]>, isNamed: Bool
  ) -> Int {
    guard rows.count > 0 else { return 0 }
    var count = 0
    for place in names.indices.reversed().dropLast() {
      guard !isNamed || names[place].isEmpty, options.names.count <= place,
        rows.allSatisfy({ place >= $0.count || $0[place].text.isEmpty })
      else { break }
      count += 1
    }
    // Rows of nothing but gaps are rows.
    return isNamed || rows.count > 1 ? count : 0
  }

  /// Takes the names that the user gives.
  func rename(
    _ names: inout [String], isOneShort: Bool, empty: Int
  ) throws(FormatError) {
    guard !options.names.isEmpty else { return }
    let width = names.count - empty
    if options.names.count == width - 1, isOneShort {
      names.replaceSubrange(1..<width, with: options.names)
      return
    }
    guard options.names.count == width else {
      throw FormatError(
        "there \(options.names.count == 1 ? "is" : "are") \(counted(options.names.count, "name")) for \(counted(width, "column"))",
        help: names[..<width].contains { !$0.isEmpty }
          ? ["its columns: \(names[..<width].map { visible($0) }.joined(separator: ", "))"] : [])
    }
    names.replaceSubrange(..<width, with: options.names)
  }

  // MARK: Row names

  private static let namesOfRowNames: Set<String> = [
    "", "Unnamed: 0", "rownames", "row.names", "row_names", "Row.names",
  ]

  mutating func nameRows(
    _ columns: inout [CSVColumn.Plan], _ rows: ArraySlice<[TableSample.Cell]>, original: [String],
    isOneShort: Bool
  ) throws(FormatError) {
    let cells = rows.compactMap { $0.first }
    switch options.rowNames {
    case .none: return
    case .firstColumn: columns[0].role = .rowNames
    case .column(let name):
      guard let place = columns.firstIndex(where: { $0.name == name }) else {
        throw FormatError(
          "there is no column \(visible(name))",
          help: ["its columns: \(CSVColumn.Plan.listed(columns))"])
      }
      columns[place].role = .rowNames
    case .foundOut:
      guard columns.count > 1, !options.namedColumns.contains(columns[0].name) else { return }
      let hasNoName =
        Self.namesOfRowNames.contains(original[0])
        && (options.names.isEmpty || options.names[0].isEmpty)
      // pandas keeps the numbers of rows that were shuffled, picked or joined.
      let isIndex =
        hasNoName && cells.count > 1 && !original.dropFirst().contains("")
        && cells.allSatisfy { cell in Int(cell.text).map { $0 >= 0 } ?? false }
      let isDifferent = Set(cells.map { $0.text }).count == cells.count
      guard
        isOneShort || hasNoName && HeaderRecognition.names(rows: cells) || isIndex && isDifferent
      else {
        if isIndex {
          notes.append(
            "its first column has no name and may number the rows: row_names=true makes it no"
              + " feature")
        }
        return
      }
      let isCounting = HeaderRecognition.numbers(rows: cells)
      columns[0].role = isCounting ? .dropped : .rowNames
      notes.append(
        "its first column \(isCounting || isIndex ? "numbers" : "names") the rows and is no feature"
          + " (row_names=false makes it one)")
    }
  }

  // MARK: What columns hold

  mutating func guess(
    _ columns: inout [CSVColumn.Plan], _ rows: ArraySlice<[TableSample.Cell]>,
    _ sample: TableSample, _ dialect: inout CSVDialect
  ) {
    let kinds = ColumnKinds(
      rows, names: columns.map { $0.name }, delimiter: dialect.delimiter, options)
    dialect.point = kinds.point
    notes += kinds.notes
    var losing = 0
    for place in columns.indices {
      let name = columns[place].name
      let isUsed =
        columns[place].role == .feature && !options.dropped.contains(name)
        && !options.kept.contains(name)
        && (options.features.isEmpty || options.features.contains(name))
        && (options.columns.isEmpty || options.columns.contains(name)
          || options.targets.contains(name))
      columns[place].content = kinds.columns[place].content
      columns[place].form = kinds.columns[place].form
      guard isUsed, let note = kinds.columns[place].note else { continue }
      if kinds.columns[place].losesDigits { losing += 1 }
      if !kinds.columns[place].losesDigits || losing <= 3 { notes.append(note) }
    }
    if losing > 3 { notes.append("\(counted(losing - 3, "more column")) with such numbers") }
  }

  func finished(
    _ dialect: CSVDialect, _ columns: [CSVColumn.Plan], _ records: Int, _ form: RowForm.Kind
  ) throws(FormatError) -> TablePlan {
    var (end, row) = (start, line)
    for _ in 0..<records {
      (end, row) = try behindRecord(at: end, row, dialect.delimiter, form)
    }
    return TablePlan(
      start: end, line: row, dialect: dialect, columns: columns, rowForm: form,
      hasComments: comment != nil, notes: notes)
  }

  /// Where the record ends that starts behind empty lines, and the line there.
  func behindRecord(
    at start: Int, _ first: Int, _ delimiter: UInt8, _ form: RowForm.Kind
  ) throws(FormatError) -> (end: Int, line: Int) {
    var line = first
    if case .plain = form {
      let end = try CSVField.endOfFirstRecord(
        in: text[start...], delimiter, isWhole: isWhole, &line)
      return (end, line)
    }
    var place = start
    while place < text.count, content(ofLineAt: place).isEmpty {
      place += lineLength(at: place)
      line += 1
    }
    let length = lineLength(at: place)
    return (place + length, content(ofLineAt: place).count < length ? line + 1 : line)
  }
}
