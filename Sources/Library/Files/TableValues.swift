import Differentiation
import Interchange
import Language
import Learning

/// Values of the language as columns of a table: labels, texts and numbers, one a row.
extension TextTable {
  /// A list is one column, a record of lists and vectors a column for each field; nil where the
  /// value is something else.
  /// - Throws: where columns have different lengths.
  init?(_ value: Value) throws(FormatError) {
    switch value.plain {
    case .list(let list):
      if let table = try Self.table(ofRows: list) {
        self = table
      } else {
        guard let column = Column(list) else { return nil }
        try self.init(names: [], columns: [column])
      }
    case .record(let record):
      var names: [String] = []
      var columns: [Column] = []
      for field in record {
        guard let parts = Self.columns(of: field.value) else { return nil }
        names += parts.count == 1 ? [field.name] : (1...parts.count).map { "\(field.name)\($0)" }
        columns += parts
      }
      guard !columns.isEmpty else { return nil }
      try self.init(names: names, columns: columns)
    default: return nil
    }
  }

  /// One a column of a matrix; nil for what is no column.
  private static func columns(of value: Value) -> [Column]? {
    switch value.plain {
    case .list(let list): return Column(list).map { [$0] }
    case .string(let text): return column(of: text)
    case .truth(let truth): return column(of: truth ? "true" : "false")
    case .nothing: return column(of: nil)
    case let value:
      guard let tensor = value.tensor else { return nil }
      guard case .matrix(let rows, let width) = tensor.shape, width > 0 else {
        return [.numbers(tensor.elements)]
      }
      return (0..<width).map { column in
        .numbers((0..<rows).map { tensor.elements[$0 * width + column] })
      }
    }
  }

  /// One of one cell. The compiler for WebAssembly has no way to lay out an empty one beforehand.
  @inline(never) private static func column(of text: String?) -> [Column] { [.texts([text])] }

  /// Records of the same fields, one a row.
  private static func table(ofRows list: List) throws(FormatError) -> TextTable? {
    let records = list.compactMap { if case .record(let record) = $0 { record } else { nil } }
    guard let first = records.first, records.count == list.count else { return nil }
    let names = first.map { $0.name }
    var columns: [Column] = []
    for name in names {
      guard let column = Column(List(records.map { $0[name] ?? .nothing })) else { return nil }
      columns.append(column)
    }
    for record in records where record.contains(where: { !names.contains($0.name) }) { return nil }
    return try TextTable(names: names, columns: columns)
  }
}

extension TextTable.Column {
  /// Numbers where all elements are, otherwise texts; nil where one is neither.
  fileprivate init?(_ list: List) {
    var numbers: [Double] = []
    var texts: [String?] = []
    for value in list {
      switch value.plain {
      case .number(let number):
        numbers.append(number)
        texts.append(labelText(number))
      case .string(let text): texts.append(text)
      case .truth(let truth): texts.append(truth ? "true" : "false")
      case .nothing:
        numbers.append(.nan)
        texts.append(nil)
      // Several labels of one row.
      case .list(let parts):
        let words = parts.compactMap { part -> String? in
          switch part {
          case .string(let text): text
          case .number(let number): labelText(number)
          default: nil
          }
        }
        guard words.count == parts.count else { return nil }
        texts.append(words.joined(separator: ";"))
      default: return nil
      }
    }
    self = numbers.count == list.count ? .numbers(numbers) : .texts(texts)
  }
}
