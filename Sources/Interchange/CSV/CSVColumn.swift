/// What is known of a column while its file is being read.
struct CSVColumn {
  enum Role { case feature, target, dropped }

  enum Content { case unknown, numbers, texts }

  let name: String
  var role = Role.feature
  var content = Content.unknown
  var isForcedToText = false
  let texts = TextNumbering()
  var missing = 0

  init(name: String) { self.name = name }

  /// What the quick way of reading may take it for.
  var kind: CSVRecord.Kind {
    if role == .dropped { return .dropped }
    switch content {
    case .unknown: return .unknown
    case .numbers: return .numbers
    case .texts: return .texts
    }
  }

  /// Columns called as the first record says.
  /// - Throws: for two of one name.
  static func named(_ fields: [String], line: Int) throws(FormatError) -> [CSVColumn] {
    var columns: [CSVColumn] = []
    var names = Set(fields)
    var seen: Set<String> = []
    for (place, field) in fields.enumerated() {
      guard field.isEmpty || seen.insert(field).inserted else {
        throw FormatError(
          "two columns are called \(visible(field))", .line(line),
          help: ["the second is column \(place + 1)"])
      }
      // pandas writes the row names of a table under an empty name.
      var name = field.isEmpty ? "column \(place + 1)" : field
      while field.isEmpty, !names.insert(name).inserted { name += "\u{2019}" }
      columns.append(CSVColumn(name: name))
    }
    return columns
  }

  static func assignRoles(
    of columns: inout [CSVColumn], _ options: CSVOptions
  ) throws(FormatError) {
    let names = columns.map { $0.name }
    func place(of name: String) throws(FormatError) -> Int {
      if let place = names.firstIndex(of: name) { return place }
      let list = names.prefix(12).map { visible($0) }.joined(separator: ", ")
      throw FormatError("there is no column \(visible(name))", help: ["its columns: \(list)"])
    }
    for name in options.targets { columns[try place(of: name)].role = .target }
    for name in options.dropped { columns[try place(of: name)].role = .dropped }
    for name in options.categories {
      let index = try place(of: name)
      columns[index].content = .texts
      columns[index].isForcedToText = true
    }
    guard columns.contains(where: { $0.role == .feature }) else {
      throw FormatError("no column is left for the features")
    }
  }
}
