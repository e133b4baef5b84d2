/// The trainable values of a store as they were when they were kept last, and the time before.
package final class KeptValues {
  private let values: UnsafeMutableRawPointer
  private let bytes: Int
  private let copies: (Memory, Memory)
  private let places: (UnsafeMutableRawPointer, UnsafeMutableRawPointer)
  private var isFirstLast = true
  // Whose values they are.
  private let store: ParameterStore

  /// Keeps the present values, twice.
  package init(_ store: ParameterStore) {
    self.store = store
    values = store.values.base
    bytes = store.values.bytes
    copies = (Memory(bytes: bytes), Memory(bytes: bytes))
    places = (copies.0.base, copies.1.base)
    keep()
    keep()
  }

  /// Keeps the present values, and those kept last as the ones before.
  package func keep() {
    isFirstLast.toggle()
    (isFirstLast ? places.0 : places.1).copyMemory(from: values, byteCount: bytes)
  }

  /// Puts back the values kept last, or those kept the time before.
  package func putBack(last isLast: Bool) {
    values.copyMemory(from: isLast == isFirstLast ? places.0 : places.1, byteCount: bytes)
  }
}
