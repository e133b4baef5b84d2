import Learning

/// Tables that say themselves what their columns are.
extension TableStart {
  mutating func planOfARFF() throws(FormatError) -> TablePlan {
    guard let header = try ARFF.header(text[start...], from: line, isWhole: isWhole) else {
      throw FormatError("the header is too long", .line(line))
    }
    let (named, note) = CSVColumn.Plan.named(header.attributes.map { $0.name })
    if let note { notes.append(note) }
    var columns = named
    if !options.names.isEmpty {
      var names = columns.map { $0.name }
      try rename(&names, isOneShort: false, empty: 0)
      columns = CSVColumn.Plan.named(names).columns
    }
    for (place, attribute) in header.attributes.enumerated() {
      switch attribute.kind {
      case .number: columns[place].content = .numbers
      case .nominal(let names):
        columns[place].content = .texts
        columns[place].declared = names
      case .text: columns[place].content = .texts
      case .date:
        columns[place].content = .numbers
        columns[place].form = .date(.yearFirst)
        notes.append("\(visible(attribute.name)): dates as days since 1970-01-01")
      }
    }
    try CSVColumn.Plan.assignRoles(of: &columns, options)
    return TablePlan(
      start: start + header.end, line: header.line,
      dialect: CSVDialect(
        delimiter: CSVDialect.comma, hasHeader: true, point: ValueForm.point, layout: .arff),
      columns: columns, rowForm: .arff(header.attributes), notes: notes)
  }

  mutating func plan(of header: OrangeHeader) throws(FormatError) -> TablePlan {
    let dialect = CSVDialect(
      delimiter: CSVDialect.tab, hasHeader: true, point: options.point ?? ValueForm.point,
      layout: .orange)
    var columns = header.columns
    func list(_ role: CSVColumn.Role) -> String {
      columns.filter { $0.role == role }.prefix(6).map { visible($0.name) }
        .joined(separator: ", ")
    }
    if !options.targets.isEmpty {
      for place in columns.indices where columns[place].role == .target {
        columns[place].role = .feature
      }
    }
    let told = [
      ("target", list(.target)), ("kept as texts", list(.kept)), ("left out", list(.dropped)),
    ]
    .filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1)" }
    if !told.isEmpty { notes.append("it says itself: \(told.joined(separator: "; "))") }
    try CSVColumn.Plan.assignRoles(of: &columns, options)
    return try finished(dialect, columns, header.records, .plain)
  }

  /// FANN's files of training: a line of three numbers, then inputs and outputs in turns.
  mutating func planOfPairs(_ sample: TableSample) throws(FormatError) -> TablePlan? {
    let blanks = TableSample(text[start...], CSVDialect.blank, isWhole: isWhole)
    guard options.hasHeader == nil, options.names.isEmpty, blanks.records.count >= 3 else {
      return nil
    }
    let head = blanks.records[0].compactMap { Int($0.text) }
    guard head.count == 3, blanks.records[0].count == 3, head.allSatisfy({ $0 > 0 }) else {
      return nil
    }
    let (count, inputs, outputs) = (head[0], head[1], head[2])
    let rows = blanks.records.dropFirst()
    let isWholeSample = isWhole && blanks.records.count < TableSample.most
    guard !isWholeSample || rows.count == count.multipliedReportingOverflow(by: 2).partialValue,
      inputs != outputs || !isWholeSample || inputs != 3 || rows.count == 2 * count
    else { return nil }
    for (place, row) in rows.enumerated() {
      guard row.count == (place % 2 == 0 ? inputs : outputs),
        row.allSatisfy({ TableSample.kind(of: $0.text).isValue })
      else { return nil }
    }
    let isSeveral = outputs > 1
    var columns =
      (1...inputs).map { CSVColumn.Plan(name: "x\($0)", content: .numbers) }
      + (1...outputs).map {
        CSVColumn.Plan(name: isSeveral ? "t\($0)" : "t", role: .target, content: .numbers)
      }
    var dialect = CSVDialect(
      delimiter: CSVDialect.tab, hasHeader: false, point: ValueForm.point,
      layout: .pairs(inputs: inputs, outputs: outputs))
    let cells = rows.joined()
    if cells.contains(where: { TableSample.kind(of: $0.text) == .commaNumber }) {
      dialect.point = options.point ?? ValueForm.comma
    }
    try CSVColumn.Plan.assignRoles(of: &columns, options)
    return try finished(dialect, columns, 1, .pairs)
  }
}
