/// Values in order, which know how deep lists and records stand in each other.
///
/// The depth is limited, because deep values are compared, written and released by recursion.
package struct List: RandomAccessCollection, MutableCollection, ExpressibleByArrayLiteral {
  package private(set) var elements: [Value]
  /// 1 for a list that holds no list or record.
  package private(set) var nesting: Int

  package init(_ elements: [Value]) {
    self.elements = elements
    nesting = elements.reduce(1) { Swift.max($0, $1.nesting + 1) }
  }

  /// Adds an element, in place where nobody else has the list.
  package mutating func append(_ value: Value) {
    nesting = Swift.max(nesting, value.nesting + 1)
    elements.append(value)
  }

  package init(arrayLiteral elements: Value...) { self.init(elements) }

  package var startIndex: Int { 0 }
  package var endIndex: Int { elements.count }

  package subscript(place: Int) -> Value {
    get { elements[place] }
    set {
      nesting = Swift.max(nesting, newValue.nesting + 1)
      elements[place] = newValue
    }
  }
}
