/// Named values in the order in which they were written.
package struct Record: Sequence {
  package struct Field {
    package var name: String
    package var value: Value
  }

  private var fields: [Field] = []
  /// Where each name stands; kept from `fewest` fields on.
  private var places: [String: Int] = [:]
  private static let fewest = 16

  package init() {}

  package init(_ fields: [(String, Value)]) {
    for (name, value) in fields { self[name] = value }
  }

  /// How deep lists and records stand in each other: 1 for a record that holds none.
  package private(set) var nesting = 1

  package var count: Int { fields.count }
  package var names: [String] { fields.map { $0.name } }

  private func place(of name: String) -> Int? {
    fields.count < Self.fewest ? fields.firstIndex { $0.name == name } : places[name]
  }

  private mutating func renewPlaces() {
    places = [:]
    guard fields.count >= Self.fewest else { return }
    for (place, field) in fields.enumerated() { places[field.name] = place }
  }

  /// The value under `name`; assigning to a new name adds it at the end.
  package subscript(name: String) -> Value? {
    get { place(of: name).map { fields[$0].value } }
    set {
      if let newValue { nesting = Swift.max(nesting, newValue.nesting + 1) }
      if let place = place(of: name) {
        if let newValue {
          fields[place].value = newValue
        } else {
          fields.remove(at: place)
          renewPlaces()
        }
      } else if let newValue {
        fields.append(Field(name: name, value: newValue))
        if fields.count == Self.fewest {
          renewPlaces()
        } else if fields.count > Self.fewest {
          places[name] = fields.count - 1
        }
      }
    }
  }

  package func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }

  /// The value at `name`, taken out so that it can be changed without a copy.
  package mutating func take(_ name: String) -> Value? {
    guard let place = place(of: name) else { return nil }
    let value = fields[place].value
    fields[place].value = .nothing
    return value
  }
}
