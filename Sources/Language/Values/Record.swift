/// Named values in the order in which they were written.
package struct Record: Sequence {
  package struct Field {
    package var name: String
    package var value: Value
  }

  private var fields: [Field] = []

  package init() {}

  package init(_ fields: [(String, Value)]) {
    for (name, value) in fields { self[name] = value }
  }

  /// How deep lists and records stand in each other: 1 for a record that holds none.
  package private(set) var nesting = 1

  package var count: Int { fields.count }
  package var names: [String] { fields.map { $0.name } }

  /// The value under `name`; assigning to a new name adds it at the end.
  package subscript(name: String) -> Value? {
    get { fields.first { $0.name == name }?.value }
    set {
      if let newValue { nesting = Swift.max(nesting, newValue.nesting + 1) }
      if let place = fields.firstIndex(where: { $0.name == name }) {
        if let newValue { fields[place].value = newValue } else { fields.remove(at: place) }
      } else if let newValue {
        fields.append(Field(name: name, value: newValue))
      }
    }
  }

  package func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }

  /// The value at `name`, taken out so that it can be changed without a copy.
  package mutating func take(_ name: String) -> Value? {
    guard let place = fields.firstIndex(where: { $0.name == name }) else { return nil }
    let value = fields[place].value
    fields[place].value = .nothing
    return value
  }
}
