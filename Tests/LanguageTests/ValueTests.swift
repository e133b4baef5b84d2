import Testing

@testable import Language

@Test func `a value takes two words, so that the evaluator moves it in registers`() {
  #expect(MemoryLayout<Value>.size <= 9)
}

@Test(
  "An element is assigned to in place, wherever the vector stands",
  arguments: [
    ("x = zeros 1000", "x[2] = 7"), ("x = zeros 1000", "x[-1] += 1"),
    ("x = zeros 10 10", "x[2, 3] = 1"), ("x = zeros 10 10", "x[2, :] = 1"),
    ("x = zeros 1000", "for i in 1..9 { x[i] = x[i + 1] + 1 }"),
    ("x = zeros 1000", "x[x[1] + 1] = 3"),
  ])
func inPlace(before: String, change: String) throws {
  let session = TestSession()
  session.run(before)
  let machine = try #require(session.interpreter?.machine)
  let start = address(of: machine.global("x"))
  #expect(session.run(change) == .done)
  #expect(start != nil && address(of: machine.global("x")) == start)
}

/// Where the numbers of a vector or matrix stand; the value is not kept.
private func address(of value: Value?) -> Int? {
  guard case .tensor(let tensor)? = value else { return nil }
  return tensor.elements.withUnsafeBufferPointer { $0.baseAddress.map { Int(bitPattern: $0) } }
}
