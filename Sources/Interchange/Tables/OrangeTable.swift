/// The lines that say, in tables of Orange, what columns are called, what they hold and what they
/// are for (https://orange-data-mining-library.readthedocs.io/en/latest/reference/data.io.html).
struct OrangeHeader {
  let columns: [CSVColumn.Plan]
  /// How many records it has: three lines, or one with marks before the names.
  let records: Int

  private static let kinds: [String: CSVColumn.Content] = [
    "continuous": .numbers, "c": .numbers, "numeric": .numbers, "n": .numbers,
    "discrete": .texts, "d": .texts, "categorical": .texts, "string": .texts, "s": .texts,
    "text": .texts, "time": .numbers, "t": .numbers,
  ]
  private static let roles: Set<String> = [
    "class", "c", "meta", "m", "ignore", "i", "weight", "w", "basket",
  ]

  /// - Returns: nil where the first records are no such lines.
  init?(_ sample: TableSample) {
    let records = sample.records.prefix(3).map { $0.map { $0.text } }
    guard records.count >= 2, let names = records.first, names.count > 1 else { return nil }
    if records.count == 3, let columns = Self.columns(names, records[1], records[2]) {
      self.columns = columns
      self.records = 3
    } else if let columns = Self.marked(names) {
      self.columns = columns
      self.records = 1
    } else {
      return nil
    }
  }

  private static func columns(
    _ names: [String], _ kinds: [String], _ flags: [String]
  ) -> [CSVColumn.Plan]? {
    guard kinds.count == names.count, flags.count <= names.count,
      !kinds.allSatisfy({ $0.isEmpty }),
      kinds.allSatisfy({ $0.isEmpty || self.kinds[$0.lowercased()] != nil || $0.contains(" ") }),
      kinds.contains(where: { self.kinds[$0.lowercased()] != nil })
    else { return nil }
    var columns = CSVColumn.Plan.named(names).columns
    for place in columns.indices {
      let words = place < flags.count ? flags[place].lowercased().split(separator: " ") : []
      for word in words where !roles.contains(String(word)) && !word.contains("=") { return nil }
      columns[place].role = role(words.map { String($0) })
      hold(&columns[place], kinds[place])
    }
    return columns
  }

  /// `mS#name`, `D#kind`, `cD#class`: a role in a small letter, a kind in a capital.
  private static func marked(_ names: [String]) -> [CSVColumn.Plan]? {
    var hasMarks = false
    var plain: [String] = []
    var marks: [(roles: [String], kind: String)] = []
    for name in names {
      guard let sign = name.firstIndex(of: "#"),
        case let letters = name[..<sign], (1...2).contains(letters.utf8.count),
        letters.utf8.allSatisfy({ "cmiwCDNST".utf8.contains($0) })
      else {
        plain.append(name)
        marks.append(([], ""))
        continue
      }
      hasMarks = true
      plain.append(String(name[name.index(after: sign)...]))
      let isKind = { (letter: Character) in letter.isUppercase }
      marks.append(
        (
          letters.filter { !isKind($0) }.map { String($0) },
          letters.first(where: isKind).map { String($0) } ?? ""
        ))
    }
    guard hasMarks else { return nil }
    var columns = CSVColumn.Plan.named(plain).columns
    for place in columns.indices {
      columns[place].role = role(marks[place].roles)
      hold(&columns[place], marks[place].kind == "C" ? "continuous" : marks[place].kind)
    }
    return columns
  }

  private static func role(_ words: [String]) -> CSVColumn.Role {
    for word in words {
      switch word {
      case "class", "c": return .target
      case "meta", "m": return .kept
      case "ignore", "i", "weight", "w", "basket": return .dropped
      default: continue
      }
    }
    return .feature
  }

  private static func hold(_ column: inout CSVColumn.Plan, _ kind: String) {
    let word = kind.lowercased()
    column.content = kinds[word] ?? (kind.isEmpty ? .unknown : .texts)
    switch word {
    case "time", "t": column.form = .date(.yearFirst)
    // Texts are no features of a net.
    case "string", "s", "text": if column.role == .feature { column.role = .kept }
    case "discrete", "d", "categorical": column.isForcedToText = true
    case let values where kinds[values] == nil && !values.isEmpty:
      column.isForcedToText = true
      column.declared = declared(kind)
    default: break
    }
  }

  /// The names of a list between blanks, a blank within one behind \.
  private static func declared(_ list: String) -> [String]? {
    var names: [String] = []
    var name = ""
    var isEscaped = false
    for character in list {
      if isEscaped {
        name.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == " " {
        if !name.isEmpty { names.append(name) }
        name = ""
      } else {
        name.append(character)
      }
    }
    if !name.isEmpty { names.append(name) }
    return Set(names).count == names.count ? names : nil
  }
}
