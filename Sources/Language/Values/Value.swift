import Differentiation
import Learning

/// What an expression of the language evaluates to.
///
/// Numbers, vectors, matrices, lists and records are values: a copy is a copy. A net is the
/// one kind with identity.
package enum Value {
  /// A slot that nothing was assigned to yet; never seen by a user.
  case unassigned
  /// A slot whose variable an inner function closes over; never seen by a user.
  case cell(Cell)
  case nothing
  case truth(Bool)
  case number(Double)
  indirect case string(String)
  /// A vector or a matrix; a number is always `.number`.
  indirect case tensor(Tensor)
  /// A number, vector or matrix that remembers how it was computed from parameters.
  case traced(Node)
  indirect case list(List)
  indirect case record(Record)
  case function(Function)
  case network(Network)
  indirect case data(DataSet)
  /// Rows of a file that are read when they are asked for.
  indirect case stream(RowStream)
  indirect case run(TrainingRun)
  /// Text that writes itself when it is a whole statement, with the fields it was made from.
  case report(Report)
  /// An activation, loss, optimizer … by name, with its settings: `leaky(0.01)`.
  indirect case choice(Choice)
}

extension Value {
  /// A tensor as a value: rank 0 becomes a number.
  package init(_ tensor: Tensor) {
    if case .scalar = tensor.shape {
      self = .number(tensor.elements[0])
    } else {
      self = .tensor(tensor)
    }
  }

  package static func list(_ elements: [Value]) -> Value { .list(List(elements)) }

  /// How deep lists and records stand in each other; 0 for every other value.
  package var nesting: Int {
    switch self {
    case .list(let list): list.nesting
    case .record(let record): record.nesting
    case .report(let report): report.fields.nesting
    default: 0
    }
  }

  /// The value without its history: a traced value becomes the number, vector or matrix.
  package var plain: Value {
    guard case .traced(let node) = self, let tensor = node.value else { return self }
    return Value(tensor)
  }

  /// The numeric content, whatever the rank; nil for what is no number, vector or matrix.
  package var tensor: Tensor? {
    switch self {
    case .number(let number): Tensor(number)
    case .tensor(let tensor): tensor
    case .traced(let node): node.value
    default: nil
    }
  }

  /// The number, where the value is one; a vector of length 1 or a 1×1 matrix counts.
  package var number: Double? {
    switch self {
    case .number(let number): number
    case .tensor(let tensor): tensor.elements.count == 1 ? tensor.elements[0] : nil
    case .traced(let node):
      if let tensor = node.value, tensor.elements.count == 1 { tensor.elements[0] } else { nil }
    default: nil
    }
  }

  /// The shape of a number, vector or matrix.
  package var shape: Shape? {
    switch self {
    case .number: .scalar
    case .tensor(let tensor): tensor.shape
    case .traced(let node): node.shape
    default: nil
    }
  }

  package var isNumeric: Bool {
    switch self {
    case .number, .tensor, .traced: true
    default: false
    }
  }

  /// The first number in it that is infinite or none at all.
  package var firstNotFinite: Double? {
    switch self {
    case .number(let number): number.isFinite ? nil : number
    case .tensor(let tensor): tensor.elements.first { !$0.isFinite }
    case .traced(let node): node.value?.elements.first { !$0.isFinite }
    default: nil
    }
  }

  /// The rows of a data set or of a stream; nil for everything else.
  package var samples: Samples? {
    switch self {
    case .data(let data): .table(data)
    case .stream(let stream): .stream(stream)
    default: nil
    }
  }

  package init(_ samples: Samples) {
    switch samples {
    case .table(let data): self = .data(data)
    case .stream(let stream): self = .stream(stream)
    }
  }

  package var isFunction: Bool { if case .function = self { true } else { false } }

  /// Whether it can stand before arguments.
  package var isApplicable: Bool {
    switch self {
    case .function, .network, .data, .stream, .run: true
    default: false
    }
  }

  /// The kind in a user's words, with its article: `a number`, `a vector of 3`.
  package var kind: String {
    switch self {
    case .unassigned, .cell: "an unassigned name"
    case .nothing: "nothing"
    case .truth: "a truth value"
    case .number: "a number"
    case .string: "a string"
    case .tensor(let tensor): tensor.shape.description
    case .traced(let node): node.shape.description
    case .list(let list): "a list of \(list.count)"
    case .record: "a record"
    case .function: "a function"
    case .network: "a net"
    case .data: "a data set"
    case .stream: "a stream of rows"
    case .run: "a training run"
    case .report: "a report"
    case .choice(let choice): "the \(choice.kind.noun) \(choice.name)"
    }
  }
}

extension Value {
  /// The same for values that `areEqual` calls equal, and mostly another for others.
  package var digest: Int {
    var hasher = Hasher()
    hash(into: &hasher)
    return hasher.finalize()
  }

  private func hash(into hasher: inout Hasher) {
    switch plain {
    case .truth(let truth): hasher.combine(truth)
    case .number(let number): hasher.combine(number)
    case .string(let text): hasher.combine(text)
    case .tensor(let tensor): for number in tensor.elements { hasher.combine(number) }
    case .list(let list): for value in list { value.hash(into: &hasher) }
    case .record(let record):
      hasher.combine(record.count)
      // In another order the fields are as equal.
      hasher.combine(record.reduce(0) { $0 ^ $1.name.hashValue ^ $1.value.digest })
    case .function(let function): hasher.combine(ObjectIdentifier(function))
    case .network(let network): hasher.combine(ObjectIdentifier(network))
    default: break
    }
  }
}

/// Whether two values are the same in kind and content; different kinds are unequal.
package func areEqual(_ left: Value, _ right: Value) -> Bool {
  switch (left.plain, right.plain) {
  case (.nothing, .nothing): true
  case (.truth(let a), .truth(let b)): a == b
  case (.number(let a), .number(let b)): a == b
  case (.string(let a), .string(let b)): a == b
  case (.tensor(let a), .tensor(let b)): a.shape == b.shape && a.elements == b.elements
  case (.list(let a), .list(let b)):
    a.count == b.count && zip(a, b).allSatisfy { areEqual($0, $1) }
  case (.list(let a), .tensor(let b)):
    a.isEmpty && b.elements.isEmpty
  case (.tensor(let a), .list(let b)):
    a.elements.isEmpty && b.isEmpty
  case (.record(let a), .record(let b)):
    a.count == b.count
      && a.allSatisfy { field in b[field.name].map { areEqual(field.value, $0) } ?? false }
  case (.function(let a), .function(let b)): a === b
  case (.network(let a), .network(let b)): a === b
  case (.report(let a), .report(let b)): a === b
  case (.choice(let a), .choice(let b)): a.kind == b.kind && a.name == b.name
  default: false
  }
}
