import Interchange

/// What the tasks of a study have come to, a row each.
package struct StudyTable {
  package let names: [String]
  /// One text a column, empty where a task has none.
  package let rows: [[String]]
  /// Numbers of the tasks that are not done.
  package let missing: [Int]
  /// What those that are done have left, in order.
  package let documents: [JSON]

  /// Is the order of a document's fields that are columns.
  private static let hidden = ["hash", "setting", "losses"]

  /// - Parameter result: the document of a hash; nil where the task is not done.
  package init(_ folder: StudyFolder, result: (String) -> JSON?) {
    var missing: [Int] = []
    var documents: [JSON] = []
    for (number, task) in folder.tasks.enumerated() {
      if let found = result(task.hash), found["hash"]?.text == task.hash {
        documents.append(found)
      } else {
        missing.append(number)
      }
    }
    var names: [String] = []
    for document in documents {
      for (name, _) in Self.fields(document) where !names.contains(name) { names.append(name) }
    }
    self.names = names
    self.missing = missing
    self.documents = documents
    rows = documents.map { document in
      let fields = Self.fields(document)
      return names.map { name in fields.first { $0.name == name }.map { Self.text($0.value) } ?? ""
      }
    }
  }

  /// The setting, then what came of it.
  private static func fields(_ document: JSON) -> [(name: String, value: JSON)] {
    guard case .object(let members) = document else { return [] }
    var fields: [(name: String, value: JSON)] = []
    if case .object(let setting)? = document["setting"] {
      fields = setting.map { ($0.name, $0.value) }
    }
    for member in members where !hidden.contains(member.name) {
      // An option may be called as a result is.
      let isTaken = fields.contains { $0.name == member.name }
      fields.append((isTaken ? "\(member.name)_reached" : member.name, member.value))
    }
    return fields
  }

  private static func text(_ value: JSON) -> String {
    switch value {
    case .text(let text): text
    case .null: ""
    default: (try? value.bytes()).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
  }

  /// Comma-separated values with a line of names.
  package var csv: String {
    ([names] + rows).map { row in row.map(Self.field).joined(separator: ",") + "\n" }.joined()
  }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  /// A list of the documents.
  /// - Throws: where one is too deep.
  package func json() throws(FormatError) -> [UInt8] { try JSON.list(documents).bytes() + [0x0A] }
}
