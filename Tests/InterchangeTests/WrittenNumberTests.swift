import Differentiation
import Testing

@testable import Interchange

private func read(
  _ text: String, _ change: (inout CSVOptions) -> Void = { _ in }
) throws -> CSVTable {
  var options = CSVOptions()
  change(&options)
  return try CSVReader.table(Array(text.utf8), options)
}

/// The first of two features.
private func column(_ table: CSVTable) -> [Double] {
  stride(from: 0, to: table.x.elements.count, by: 2).map { table.x.elements[$0] }
}

@Suite("Numbers that are written in other ways")
struct WrittenNumberTests {
  @Test("times of a day, thousands with _ and numbers in brackets are numbers, with a note")
  func writtenNumbers() throws {
    for (text, right, note) in [
      ("12:30\n8:05:15\n11:59:30.5 pm\n", [45000, 29115, 86370.5], "12:30 is 45000"),
      ("1_000\n2_500_000\n30\n", [1000, 2_500_000, 30], "1_000 is 1000"),
      ("(5.00)\n7.25\n(1)\n", [-5, 7.25, -1], "(5.00) is -5"),
      ("($1.50)\n$2\n$3\n", [-1.5, 2, 3], "($1.50) is -1.5"),
    ] {
      let table = try read("a,b\n" + text.replacing("\n", with: ",1\n"))
      #expect(column(table) == right, "\(text)")
      #expect(table.notes.contains { $0.contains(note) && $0.contains("categories=") }, "\(text)")
    }
  }

  @Test("what looks like a number to others is a name, with a note that says what to do")
  func namesLikeNumbers() throws {
    for (text, note) in [
      ("'1.5'\n'2'\n", "single quotes"), ("0x10\n0xff\n", "hexadecimal"),
      ("75:30\n12:10\n", "75:30 is no time of a day"), ("123_456\n12_3456\n", "names"),
    ] {
      let table = try read("a,b\n" + text.replacing("\n", with: ",1\n"))
      #expect(table.categories[0] != nil, "\(text)")
      #expect(table.notes.contains { $0.contains(note) }, "\(text): \(table.notes)")
    }
    let meant = try read("a,b\n0x10,1\n0xff,2\n") { $0.categories = ["a"] }
    #expect(!meant.notes.contains { $0.contains("hexadecimal") })
  }
}
