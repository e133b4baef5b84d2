import Differentiation
import Testing

@testable import Interchange

/// Threads write rows where they stay, found by counting lines: what is no row must leave no hole.
@Suite("Tables read by threads")
struct CSVThreadTests {
  private func read(
    _ text: String, piece: Int, shared: Int, _ configure: (inout CSVOptions) -> Void = { _ in },
    isSizeKnown: Bool = true, budget: NumberBudget = .standard
  ) throws -> CSVTable {
    let bytes = Array(text.utf8)
    var options = CSVOptions()
    configure(&options)
    var thresholds = CSVReader.Thresholds()
    thresholds.sample = 256
    thresholds.shared = shared
    thresholds.estimated = 20
    let reader = CSVReader(
      options, expectedSize: isSizeKnown ? bytes.count : nil, budget: budget,
      thresholds: thresholds)
    for start in stride(from: 0, to: bytes.count, by: piece) {
      try reader.read(bytes[start..<min(start + piece, bytes.count)])
    }
    return try reader.finish()
  }

  /// The same by one thread and by several.
  private func check(
    _ text: String, _ configure: (inout CSVOptions) -> Void = { _ in }
  ) throws -> CSVTable {
    let one = try read(text, piece: 1000, shared: .max >> 8, configure)
    for (piece, shared) in [(100, 64), (700, 512), (100_000, 512), (100_000, 4096)] {
      for isSizeKnown in [true, false] {
        let table = try read(
          text, piece: piece, shared: shared, configure, isSizeKnown: isSizeKnown)
        #expect(table.rows == one.rows && table.leftOut == one.leftOut)
        #expect(table.missing == one.missing && table.target == one.target)
        #expect(table.x.elements.map(\.bitPattern) == one.x.elements.map(\.bitPattern))
        #expect(table.faults == one.faults)
      }
    }
    return one
  }

  @Test func `empty lines and rows that are left out`() throws {
    var text = "a,b,c\n"
    for row in 0..<3000 {
      text += row % 7 == 3 ? "\(row),,n\n" : "\(row),\(Double(row) / 8),y\n"
      if row % 11 == 0 { text += "\n\r\n" }
    }
    let all = try check(text) { $0.targets = ["c"] }
    #expect(all.rows == 3000 && all.missing[1] == 3000 / 7 + 1)
    let complete = try check(text) {
      $0.targets = ["c"]
      $0.leavesOutIncomplete = true
    }
    #expect(complete.rows == 3000 - all.missing[1] && complete.leftOut == all.missing[1])
    #expect((0..<complete.rows).allSatisfy { complete.x[$0, 1] == complete.x[$0, 0] / 8 })
  }

  @Test func `lines end in CR LF, and some in CR alone`() throws {
    var text = "a,b\r\n"
    for row in 0..<2000 { text += "\(row),\(row).25\(row == 900 ? "\r" : "\r\n")" }
    let table = try check(text)
    #expect(table.rows == 2000)
    #expect((0..<2000).allSatisfy { table.x[$0, 1] == Double($0) + 0.25 })
  }

  @Test func `rows become shorter, longer and quoted`() throws {
    var text = "a,b\n"
    for row in 0..<500 { text += "\(row)00000000000000000.5,\(row)\n" }
    for row in 0..<4000 { text += "\(row % 10),1\n" }
    for row in 0..<500 { text += "\(row),\"\(row)\"\n" }
    for row in 0..<9 { text += "\(row), \(row)\n" }
    let table = try check(text)
    #expect(table.rows == 5009 && table.x[4999, 1] == 499 && table.x[5008, 1] == 8)
  }

  @Test func `new texts and faults far behind the beginning`() throws {
    var text = "a,k\n"
    for row in 0..<3000 { text += "\(row == 2500 ? "x" : "\(row)"),k\(row / 400)\n" }
    let table = try check(text) {
      $0.targets = ["k"]
      $0.keepsFaultyRows = true
    }
    #expect(table.faults.map(\.line) == [2502] && table.rows == 3000)
    let error = #expect(throws: FormatError.self) {
      try read(text, piece: 500, shared: 512) { $0.targets = ["k"] }
    }
    #expect(error?.place == .line(2502))
  }

  @Test func `more numbers than may be read are refused at their line`() throws {
    let text = "a,b\n" + (0..<3000).map { "\($0),1\n" }.joined()
    for shared in [64, 512, 4096] {
      let error = #expect(throws: FormatError.self) {
        try read(text, piece: 800, shared: shared, budget: NumberBudget(4000))
      }
      #expect(error?.isLimit == true && error?.message.contains("4000") == true)
    }
  }
}
