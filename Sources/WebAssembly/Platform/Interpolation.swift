// Compiled into every room. Embedded Swift writes only what describes itself: of an array or an
// enumeration in a text it would write that it cannot print it.
extension DefaultStringInterpolation {
  @available(*, deprecated, message: "Embedded Swift cannot write this value")
  mutating func appendInterpolation<Value>(_ value: Value) {}
}
