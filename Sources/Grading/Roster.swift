/// The students of a class: the column `id` of a table of comma-separated values.
package struct Roster {
  package struct Failure: Error {
    package let message: String
  }

  package let ids: [String]

  /// - Throws: where there is no column `id`, or an id cannot be the name of a file.
  package init(_ text: String, name: String) throws(Failure) {
    let rows: [SeparatedValues.Row]
    do throws(SeparatedValues.Problem) {
      rows = try SeparatedValues.rows(of: text)
    } catch {
      throw Failure(message: "\(name), line \(error.line): \(error.message)")
    }
    guard let header = rows.first,
      let column = header.fields.firstIndex(where: { $0.lowercased() == "id" })
    else {
      throw Failure(message: "\(name) has no column id; its first line names the columns")
    }
    var ids: [String] = []
    var lines: [String: Int] = [:]
    for row in rows.dropFirst() {
      guard column < row.fields.count, !row.fields[column].isEmpty else {
        throw Failure(message: "\(name), line \(row.line): there is no id")
      }
      let id = row.fields[column]
      if let problem = Self.problem(with: id) {
        throw Failure(message: "\(name), line \(row.line): the id \(problem)")
      }
      if let first = lines[id] {
        throw Failure(
          message: "\(name), line \(row.line): the id \(id) is there twice, first in line \(first)")
      }
      lines[id] = row.line
      ids.append(id)
    }
    self.ids = ids
  }

  /// Why an id cannot be the name of a file.
  package static func problem(with id: String) -> String? {
    if id.isEmpty { return "is empty" }
    if id.hasPrefix(".") { return "begins with a dot" }
    if id.utf8.count > 100 { return "is longer than 100 bytes" }
    let isPlain = id.unicodeScalars.allSatisfy {
      $0 != "/" && $0 != "\\" && $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
    }
    return isPlain ? nil : "has a character that no name of a file may have"
  }
}
