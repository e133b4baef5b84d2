import Testing

@testable import Language

@Test func `a value takes two words, so that the evaluator moves it in registers`() {
  #expect(MemoryLayout<Value>.size <= 9)
}
