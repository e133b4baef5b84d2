import Differentiation
import Interchange
import Language
import Learning

// Values of the language and what files hold: the one place where they meet.

extension FileContent {
  /// A value as a file may hold it; nil where it cannot be that.
  init?(_ value: Value, as kind: Kind) {
    switch (kind, value) {
    case (.network, .network(let network)): self = .network(network)
    case (.network, .run(let run)): self = .network(run.network)
    // Of these a file holds the build too, which arrays and documents do not.
    case (_, .network), (_, .run): return nil
    case (.data, .data(let data)): self = .data(data)
    case (.numbers, _):
      guard let tensor = value.tensor else { return nil }
      self = .numbers(tensor)
    case (.arrays, _):
      guard let arrays = Self.arrays(of: value) else { return nil }
      self = .arrays(arrays)
    case (.table, _):
      guard let table = try? TextTable(value) else { return nil }
      self = .table(table)
    case (.document, _):
      guard let document = Self.document(of: value) else { return nil }
      self = .document(document)
    default: return nil
    }
  }

  private static func arrays(of value: Value) -> [(name: String, tensor: Tensor)]? {
    switch value {
    case .data(let data): return [("x", data.x), ("t", data.t)]
    case .record(let record):
      var arrays: [(name: String, tensor: Tensor)] = []
      for field in record {
        guard let tensor = field.value.tensor else { return nil }
        arrays.append((field.name, tensor))
      }
      return arrays
    default: return value.tensor.map { [("x", $0)] }
    }
  }

  /// The value as a document; nil for what no document holds.
  static func document(of value: Value) -> JSON? {
    switch value.plain {
    case .nothing: return .null
    case .truth(let truth): return .truth(truth)
    case .string(let text): return .text(text)
    case .number(let number): return number.isNaN ? .null : .number(number)
    case .tensor(let tensor):
      func row(_ numbers: some Sequence<Double>) -> JSON {
        var row: [JSON] = []
        for number in numbers {
          row.append(number.isNaN ? .null : .number(number))
          if row.count & 0xFFF == 0, Interruption.cutsShort() { break }
        }
        return .list(row)
      }
      guard case .matrix(let rows, let columns) = tensor.shape else { return row(tensor.elements) }
      return .list(
        (0..<rows).map { row(tensor.elements[$0 * columns..<($0 + 1) * columns]) })
    case .list(let list):
      let elements = list.compactMap(document)
      return elements.count == list.count ? .list(elements) : nil
    case .record(let record): return document(of: record)
    case .report(let report): return document(of: report.fields)
    case .data(let data): return document(of: data)
    case .run(let run):
      func vector(_ numbers: [Double]) -> JSON { .list(numbers.map { .number($0) }) }
      return .object([
        JSON.Member("losses", vector(run.losses)), JSON.Member("metrics", vector(run.metrics)),
        JSON.Member("loss", .number(run.lastLoss)),
        JSON.Member("loss_with", .list(run.weightings.map { .text($0) })),
        JSON.Member("penalty", .number(run.penalty)),
        JSON.Member("valid_losses", vector(run.validationLosses)),
        JSON.Member(run.metricName, .number(run.metric)),
        JSON.Member("metric_of", .text(run.isValidated ? "validation" : "training")),
      ])
    default: return nil
    }
  }

  /// A list of rows, each an object of its values by the names of the columns.
  private static func document(of data: DataSet) -> JSON {
    func number(_ number: Double) -> JSON { number.isNaN ? .null : .number(number) }
    var rows: [JSON] = []
    for row in 0..<data.count {
      if row & 0xFFF == 0xFFF, Interruption.cutsShort() { break }
      var members = data.kept.map { JSON.Member($0.name, .text($0.texts[row])) }
      for (feature, name) in data.featureNames.enumerated() {
        let value = data.x.elements[row * data.featureCount + feature]
        if let names = data.categories[feature], let code = Int(exactly: value),
          names.indices.contains(code - 1)
        {
          members.append(JSON.Member(name, .text(names[code - 1])))
        } else {
          members.append(JSON.Member(name, number(value)))
        }
      }
      switch data.target {
      case .classes(let numbers, let names):
        members.append(JSON.Member(data.targetNames[0], .text(names[numbers[row] - 1])))
      case .values(let values):
        let width = data.targetNames.count
        for (place, name) in data.targetNames.enumerated() {
          members.append(JSON.Member(name, number(values.elements[row * width + place])))
        }
      }
      rows.append(.object(members))
    }
    return .list(rows)
  }

  private static func document(of record: Record) -> JSON? {
    var members: [JSON.Member] = []
    for field in record {
      guard let value = document(of: field.value) else { return nil }
      members.append(JSON.Member(field.name, value))
    }
    return .object(members)
  }
}

extension Value {
  /// What a file held.
  init(_ content: FileContent) {
    switch content {
    case .network(let network): self = .network(network)
    case .data(let data): self = .data(data)
    case .numbers(let tensor): self = Value(tensor)
    case .arrays(let arrays): self = .record(Record(arrays.map { ($0.name, Value($0.tensor)) }))
    case .record(let contents):
      self = .record(Record(contents.map { ($0.name, Value($0.content)) }))
    case .document(let document): self = Value(document)
    // Tables are read as data sets.
    case .table: self = .nothing
    // The state of a training is no value: train takes it from its file.
    case .training: self = .nothing
    }
  }

  /// A list of numbers becomes a vector, one of equally long lists of numbers a matrix; null among
  /// numbers is a gap, nan, as it is written.
  private init(_ document: JSON) {
    switch document {
    case .null: self = .nothing
    case .truth(let truth): self = .truth(truth)
    case .number(let number): self = .number(number)
    case .text(let text): self = .string(text)
    case .object(let members):
      self = .record(Record(members.map { ($0.name, Value($0.value)) }))
    case .list(let list):
      let numbers = list.compactMap { $0.numberOrGap }
      let rows = list.compactMap { row in
        row.list.flatMap { cells in
          let numbers = cells.compactMap { $0.numberOrGap }
          return numbers.count == cells.count && !cells.isEmpty ? numbers : nil
        }
      }
      if numbers.count == list.count, numbers.contains(where: { !$0.isNaN }) {
        self = .tensor(Tensor(vector: numbers))
      } else if rows.count == list.count, rows.joined().contains(where: { !$0.isNaN }),
        let table = Tensor(rows: rows)
      {
        self = .tensor(table)
      } else {
        self = .list(list.map { Value($0) })
      }
    }
  }
}

extension JSON {
  /// A number; nan for null.
  fileprivate var numberOrGap: Double? { if case .null = self { .nan } else { number } }
}
