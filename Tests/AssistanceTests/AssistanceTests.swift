import Language
import Library
import TestSupport
import Testing

@testable import Assistance

/// What fronts ask while a text is typed.
@Suite struct AssistanceTests {
  private func interpreter() -> Interpreter {
    Interpreter(catalog: .standard, host: Host(write: { _ in true }, report: { _ in }))
  }

  @Test func placesAreCountedInTheUnitsOfTheFront() {
    // Two bytes and one unit, three and one, four and two.
    let text = "η≈😀x"
    let bytes = [0, 2, 5, 9, 10]
    for (units, expected) in [
      (TextUnits.utf8, bytes), (.utf16, [0, 1, 2, 4, 5]), (.scalars, [0, 1, 2, 3, 4]),
    ] {
      for (byte, count) in zip(bytes, expected) {
        #expect(units.count(in: text, beforeByte: byte) == count)
        if units != .utf8 { #expect(units.byte(in: text, afterUnits: count) == byte) }
      }
      #expect(units.byte(in: text, afterUnits: 99) == 10)
      #expect(units.count(in: text, beforeByte: 99) == expected[4])
    }
    // Within a character of two units stands none.
    #expect(TextUnits.utf16.byte(in: text, afterUnits: 3) == 5)
  }

  @Test(arguments: [
    ("1 + 1", EntryState.complete), ("f(x) = x^2", .complete), ("x = )", .invalid),
    ("x = [1,", .incomplete(indent: "  ")), ("for i in 1..3 {", .incomplete(indent: "  ")),
    ("for i in 1..3 {\n  if i > 1 {", .incomplete(indent: "    ")),
    ("for i in 1..3 {\n  if i > 1 {\n  }", .incomplete(indent: "  ")),
    ("print \"\"\"two", .incomplete(indent: "")), ("f(x) = ", .incomplete(indent: "  ")),
  ]) func anEntryIsCompleteOrNot(text: String, state: EntryState) {
    #expect(interpreter().state(of: text) == state)
  }

  @Test func theNameAtThePlaceIsExplained() {
    let known = interpreter()
    _ = known.run("mine(x) = x^2", name: "test")
    func name(_ text: String, _ place: Int) -> String? {
      known.inspection(of: text, at: place)?.name
    }
    #expect(name("train net circles", 2) == "train")
    #expect(name("train net circles", 17) == "circles")
    #expect(name("y = mine(3)", 6) == "mine")
    // Where nothing is known of the argument, the function is explained.
    #expect(name("train net unknown", 17) == "train")
    #expect(name("x = sigmoid(q", 13) == "sigmoid")
    #expect(name("qqq", 1) == nil)
    #expect(name("", 0) == nil)
  }
}
