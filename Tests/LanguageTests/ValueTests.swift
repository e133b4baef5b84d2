import Rendering
import TestSupport
import Testing

@testable import Language

@Test func `a value takes two words, so that the evaluator moves it in registers`() {
  #expect(MemoryLayout<Value>.size <= 9)
}

@Test func `only who reads gets values without their middle`() throws {
  func lines(shortens: Bool) throws -> [String] {
    let session = TestSession { host in
      host.display = {
        var display = Display.plain
        display.shortens = shortens
        return display
      }
    }
    try session.perform("print zeros 100 3; print 1..3000; print [a: zeros 30 2]")
    return session.outputLines
  }
  let (whole, short) = (try lines(shortens: false), try lines(shortens: true))
  #expect(whole.count == 100 + 1 + 31)
  #expect(whole.allSatisfy { !$0.contains("…") })
  #expect(short.count == 22 + 1 + 23)
  #expect(short.contains("(100×3 matrix)"))
  #expect(short.contains { $0.hasSuffix("(3000 elements)") })
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
