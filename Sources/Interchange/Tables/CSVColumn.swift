import Learning

/// What is known of a column while its file is being read.
struct CSVColumn {
  enum Role: Sendable {
    case feature, target, dropped
    /// Goes along as texts.
    case kept
    /// What names the rows.
    case rowNames
    /// Behind the last name, and empty in every row.
    case empty
  }

  enum Content: Sendable { case unknown, numbers, texts }

  /// What the first lines say about it.
  struct Plan: Sendable {
    var name: String
    var role = Role.feature
    /// Whether its texts go along besides.
    var isKept = false
    var content = Content.unknown
    var form = ValueForm.plain
    /// Its names in their order, where the file or the caller says which there are.
    var declared: [String]?
    var isForcedToText = false
  }

  let name: String
  var role: Role
  var content: Content
  var form: ValueForm
  /// Whether its texts go along, alone or besides its values.
  let isKept: Bool
  let declared: [String]?
  let isForcedToText: Bool
  /// The names of a column of names, the spellings of a gap met in one of numbers.
  let texts = TextNumbering()
  /// What stands in each row of a column that is kept.
  let kept = TextList()
  var missing = 0

  init(_ plan: Plan) {
    name = plan.name
    role = plan.role
    isKept = plan.isKept || plan.role == .kept || plan.role == .rowNames
    content = plan.content
    form = plan.form
    declared = plan.declared
    isForcedToText = plan.isForcedToText
    for name in plan.declared ?? [] {
      var name = name
      _ = name.withUTF8 { texts.number(of: $0, limit: .max) }
    }
  }

  var isValue: Bool { role == .feature || role == .target }

  /// What the quick way of reading may take it for.
  var kind: CSVRecord.Kind {
    switch role {
    case .dropped: return .dropped
    case .kept, .rowNames: return .kept
    case .empty: return .empty
    case .feature, .target:
      switch content {
      case .unknown: return .unknown
      case .numbers: return form == .plain ? .numbers : .formed
      case .texts: return .texts
      }
    }
  }
}

/// The texts of a column, one a row.
final class TextList {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  var count: Int { ends.count }

  /// Takes the text of the row that is being read, in place of an earlier one of the same row.
  func stage(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.removeLast(bytes.count - (ends.last ?? 0))
    bytes.append(contentsOf: text)
  }

  /// The row is whole.
  /// - Returns: the bytes of its text.
  func commit() -> Int {
    let before = ends.last ?? 0
    ends.append(bytes.count)
    return bytes.count - before
  }

  func strings() -> [String] {
    var start = 0
    return ends.map { end in
      defer { start = end }
      return String(decoding: bytes[start..<end], as: UTF8.self)
    }
  }
}

// MARK: Names and roles

extension CSVColumn.Plan {
  /// The same of a table whose texts are not held: rows have no names then.
  var withoutTexts: CSVColumn.Plan {
    var plan = self
    plan.isKept = false
    if role == .kept || role == .rowNames { plan.role = .dropped }
    return plan
  }

  /// Columns called as the file says: a name that comes twice is told apart by a number.
  /// - Returns: what is said about it too.
  static func named(_ fields: [String]) -> (columns: [CSVColumn.Plan], note: String?) {
    var taken = Set(fields)
    var seen: Set<String> = []
    var changed: [String] = []
    let columns = fields.enumerated().map { place, field in
      // pandas writes the row names of a table under an empty name.
      var name = field.isEmpty ? "column \(place + 1)" : field
      if field.isEmpty {
        while !taken.insert(name).inserted { name += "\u{2019}" }
      } else if !seen.insert(field).inserted {
        var number = 2
        name = "\(field)_\(number)"
        while taken.contains(name) {
          number += 1
          name = "\(field)_\(number)"
        }
        taken.insert(name)
        changed.append(name)
      }
      return CSVColumn.Plan(name: name)
    }
    guard !changed.isEmpty else { return (columns, nil) }
    let list = changed.prefix(6).map { visible($0) }.joined(separator: ", ")
    return (
      columns,
      "columns of one name are told apart: \(list)\(changed.count > 6 ? ", …" : "")"
        + " (names=[…] gives others)"
    )
  }

  static func listed(_ columns: [CSVColumn.Plan]) -> String {
    let names = columns.filter { $0.role != .empty }.map { visible($0.name) }
    return names.prefix(40).joined(separator: ", ") + (names.count > 40 ? ", …" : "")
  }

  /// Gives the columns the parts that options ask for.
  /// - Throws: for a name that no column has, and where no feature is left.
  static func assignRoles(
    of columns: inout [CSVColumn.Plan], _ options: CSVOptions
  ) throws(FormatError) {
    let present = columns
    func place(of name: String) throws(FormatError) -> Int {
      if let place = present.firstIndex(where: { $0.name == name && $0.role != .empty }) {
        return place
      }
      let plain = name.lowercased()
      let near = present.first { $0.name.lowercased() == plain }
      throw FormatError(
        "there is no column \(visible(name))",
        help: (near.map { ["did you mean \(visible($0.name))?"] } ?? [])
          + ["its columns: \(listed(present))"])
    }
    if !options.columns.isEmpty {
      var wanted: Set<Int> = []
      for name in options.columns { wanted.insert(try place(of: name)) }
      for index in columns.indices {
        if wanted.contains(index) {
          columns[index].role = .feature
        } else if columns[index].role == .feature {
          columns[index].role = .dropped
        }
      }
    }
    for name in options.targets { columns[try place(of: name)].role = .target }
    for name in options.dropped {
      guard !options.targets.contains(name) else {
        throw FormatError("\(visible(name)) is the target, and is left out by drop")
      }
      columns[try place(of: name)].role = .dropped
    }
    for name in options.kept {
      let index = try place(of: name)
      columns[index].isKept = true
      if !options.columns.contains(name), !options.targets.contains(name) {
        columns[index].role = .kept
      }
    }
    if !options.features.isEmpty { try chooseFeatures(&columns, options) }
    for name in options.categories {
      let index = try place(of: name)
      columns[index].content = .texts
      columns[index].form = .plain
      columns[index].isForcedToText = true
    }
    for index in columns.indices {
      switch options.known[columns[index].name] {
      case .numbers?:
        // True and false were numbers when the net learned them.
        if columns[index].content == .texts { columns[index].form = .truth }
        columns[index].content = .numbers
        columns[index].declared = nil
      case .categories(let names)?:
        columns[index].content = .texts
        columns[index].form = .plain
        columns[index].declared = names
      case nil: break
      }
    }
    guard columns.contains(where: { $0.role == .feature }) else {
      throw FormatError("no column is left for the features")
    }
  }

  /// Makes features of the columns that a net takes.
  private static func chooseFeatures(
    _ columns: inout [CSVColumn.Plan], _ options: CSVOptions
  ) throws(FormatError) {
    let wanted = options.features
    let present = columns.map { $0.role == .empty ? "" : $0.name }
    let lacking = wanted.filter { !present.contains($0) }
    if lacking.isEmpty {
      let chosen = Set(wanted)
      for place in columns.indices {
        let isChosen = chosen.contains(columns[place].name)
        if isChosen || columns[place].role != .kept {
          columns[place].role = isChosen ? .feature : .dropped
        }
      }
      return
    }
    let free = columns.indices.filter {
      columns[$0].role == .feature || columns[$0].role == .target
    }
    guard lacking.count == wanted.count, free.count == wanted.count else {
      let list = lacking.prefix(12).map { visible($0) }.joined(separator: ", ")
      throw FormatError(
        lacking.count == wanted.count
          ? "the net takes \(counted(wanted.count, "feature")), the file has"
            + " \(counted(free.count, "column"))"
          : "the file has no column \(list)\(lacking.count > 12 ? ", …" : "")",
        help: [
          "the net takes \(wanted.prefix(40).map { visible($0) }.joined(separator: ", "))",
          "the file has \(listed(columns))",
        ])
    }
    for (name, place) in zip(wanted, free) {
      columns[place].name = name
      columns[place].role = .feature
    }
  }
}
