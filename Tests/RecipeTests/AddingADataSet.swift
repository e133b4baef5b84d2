import Language
import Library
import TestSupport
import Testing

@testable import Learning

/// The recipe of a data set, followed: what it promises holds.
@Suite struct AddingADataSet {
  private static var added: [DataGenerator] {
    [
      // recipe begin
      DataGenerator(
        "parity", "All rows of so many bits, class 1 where an odd number of them is 1.",
        settings: [.wholeNumber("bits", 3, in: 1...12, "Number of inputs.")]
      ) { settings, _ in
        let bits = settings.wholeNumber("bits")
        let rows = (0..<1 << bits).map { row in (0..<bits).map { Double(row >> $0 & 1) } }
        let numbers = rows.map { row in row.count { $0 == 1 } % 2 + 1 }
        return DataSet(
          title: "", rows: rows, target: .classes(numbers: numbers, names: ["0", "1"]),
          featureNames: (1...bits).map { "x\($0)" }, targetNames: ["class"])
      }
      // recipe end
    ]
  }

  private static let catalog = Recipe.catalog(
    with: added.map { Catalog.function(of: $0) { () throws(LearningError) in added[0] } })

  @Test func `the page quotes it`() throws {
    try expectQuoted(in: Recipe.page)
  }

  @Test func `it is made by its settings, in their ranges only`() throws {
    let session = TestSession(catalog: Self.catalog)
    #expect(try session.perform("print (parity()).n, (parity bits=5).n") == "8 32\n")
    #expect(
      try session.numbers("(parity bits=2).x") == [0, 0, 1, 0, 0, 1, 1, 1])
    #expect(try session.numbers("(parity bits=2).t") == [0, 1, 1, 0])
    let larger = try Self.added[0].configured(named: [("bits", .number(5))])
    #expect(larger.generated().title == "parity(bits=5)")
    #expect(session.run("parity bits=13") == .runtimeError)
    #expect(
      session.reports.last?.contains("bits must be a whole number from 1 to 12") == true,
      "\(session.reports)")
  }

  @Test func `it helps and completes`() throws {
    let session = TestSession(catalog: Self.catalog)
    let help = try session.perform("help parity")
    #expect(help.hasPrefix("parity bits=3\nAll rows of so many bits"))
    #expect(help.contains("print (parity()).n\n  # 8"), "\(help)")
    #expect(session.offers("parit") == ["parity"])
    #expect(session.offers("d = parity b").contains("bits="))
  }

  @Test func `a net is trained on it`() throws {
    let session = TestSession(catalog: Self.catalog)
    session.interpreter.runtime.setGlobal("parity", to: .data(Self.added[0].generated()))
    try session.perform(
      "net = mlp [3,8,1] tanh sigmoid seed=1\ntrain net parity epochs=500 lr=1 quiet=true")
    #expect(try session.number("accuracy net parity") == 1)
  }
}
