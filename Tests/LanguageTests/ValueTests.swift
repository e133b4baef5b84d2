import TestSupport
import Testing

@testable import Language

@Test func `a value takes two words, so that the evaluator moves it in registers`() {
  #expect(MemoryLayout<Value>.size <= 9)
}

@Test(
  "An element is assigned to in place, wherever the vector or list stands",
  arguments: [
    ("x = zeros 1000", "x[2] = 7"), ("x = zeros 1000", "x[-1] += 1"),
    ("x = zeros 10 10", "x[2, 3] = 1"), ("x = zeros 10 10", "x[2, :] = 1"),
    ("x = zeros 1000", "for i in 1..9 { x[i] = x[i + 1] + 1 }"),
    ("x = zeros 1000", "x[x[1] + 1] = 3"), ("x = [\"a\", 1, 2]", "x[2] = \"b\""),
    ("x = [a: zeros 100]", "x.a[7] = 1"), ("x = [a: zeros 100]", "x[\"a\"][7] = 1"),
    ("x = [1, [a: zeros 100]]", "x[2].a[3] += 1"),
  ])
func inPlace(before: String, change: String) {
  let session = TestSession()
  session.run(before)
  let runtime = session.interpreter.runtime
  let start = address(of: runtime.global("x"))
  #expect(session.run(change) == .done)
  #expect(start != nil && address(of: runtime.global("x")) == start)
}

/// Where the parts of a value stand, those of the innermost in the end; the value is not kept.
private func address(of value: Value?) -> Int? {
  switch value {
  case .tensor(let tensor)?:
    tensor.elements.withUnsafeBufferPointer { $0.baseAddress.map { Int(bitPattern: $0) } }
  case .record(let record)?: address(of: record["a"])
  case .list(let list)? where list.count > 2:
    list.elements.withUnsafeBufferPointer { $0.baseAddress.map { Int(bitPattern: $0) } }
  case .list(let list)?: address(of: list.elements.last)
  default: nil
  }
}
