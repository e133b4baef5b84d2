import Differentiation
import Foundation
import Interchange
import Learning
import Testing

private func read(
  _ text: String, _ change: (inout CSVOptions) -> Void = { _ in }
) throws -> CSVTable {
  var options = CSVOptions()
  change(&options)
  return try CSVReader.table(Array(text.utf8), options)
}

@Suite("Reading and writing CSV")
struct CSVTests {
  @Test("names, separator and decimal point are found out and said")
  func dialects() throws {
    let cases: [(String, [Double], [String], String)] = [
      ("a,b\n1,2\n3,4\n", [1, 2, 3, 4], ["a", "b"], "commas"),
      ("a;b\n1;2\n", [1, 2], ["a", "b"], "semicolons"),
      ("a\tb\r\n1\t2\r\n", [1, 2], ["a", "b"], "tabs"),
      ("a|b\n1|2", [1, 2], ["a", "b"], "bars"),
      ("1,2\n3,4\n", [1, 2, 3, 4], ["x1", "x2"], "no line of names"),
      ("x;y\n1,5;2\n", [1.5, 2], ["x", "y"], "decimal commas"),
      ("\u{FEFF}a,b\n1,2\n", [1, 2], ["a", "b"], "commas"),
      ("\"a,b\",c\n1,2\n", [1, 2], ["a,b", "c"], "commas"),
      ("\"a \"\"b\"\"\nc\",d\n1,2\n", [1, 2], ["a \"b\"\nc", "d"], "commas"),
      ("a,b\r1,2\r3,4\r", [1, 2, 3, 4], ["a", "b"], "commas"),
      ("a , b\n 1 ,\t2\n", [1, 2], ["a", "b"], "commas"),
      ("\n\na,b\n\n1,2\n\n", [1, 2], ["a", "b"], "commas"),
      ("v\n1\n2\n", [1, 2], ["v"], "names in the first line"),
      ("a,b\n\"1\",\"2\"\n", [1, 2], ["a", "b"], "commas"),
    ]
    for (text, numbers, names, words) in cases {
      let table = try read(text)
      #expect(table.x.elements == numbers, "\(text.debugDescription)")
      #expect(table.featureNames == names, "\(text.debugDescription)")
      #expect(table.dialect.words.contains(words), "\(table.dialect.words)")
    }
  }

  @Test("where numbers have points and commas, points stay points, whatever comes first")
  func pointsAndCommas() throws {
    for text in ["a;b\n1.5;x\n2.5;1,5\n", "a;b\n1.5;1,5\n2.5;x\n", "a\tb\n1.5\t1,5\n2.5\tx\n"] {
      let table = try read(text)
      #expect(table.dialect.point == 0x2E, "\(text.debugDescription)")
      #expect(table.x.elements[0] == 1.5 && table.x.elements[2] == 2.5)
      #expect(table.categories[1]?.count == 2)
    }
    let error = #expect(throws: FormatError.self) { try read("a;b\n1.5;2\n2,5;3\n") }
    #expect(error?.place == .line(3))
    #expect(try read("a;b\n1,5;2\n2;3,5\n").x.elements == [1.5, 2, 2, 3.5])
    #expect(try read("a;b\n1.5;2\n2;3.5\n").x.elements == [1.5, 2, 2, 3.5])
  }

  @Test("every usual spelling of a missing value is one, and gaps are counted by column")
  func missingValues() throws {
    for spelling in CSVOptions.usualMissingSpellings {
      let table = try read("a,b\n1,2\n\(spelling),4\n5,6\n")
      #expect(table.x.elements[2].isNaN, "\(spelling)")
      #expect(table.missing == [1, 0])
    }
    let custom = try read("a,b\n1,2\n-999,4\n") { $0.missingSpellings = ["-999"] }
    #expect(custom.x.elements[2].isNaN)
    let dropped = try read("a,b\n1,2\nNA,4\n5,6\n") { $0.leavesOutIncomplete = true }
    #expect(dropped.x.elements == [1, 2, 5, 6])
    #expect(dropped.leftOut == 1)
  }

  @Test("texts become categories and classes in an order that rows do not change")
  func categories() throws {
    for rows in [["red,b", "blue,a"], ["blue,a", "red,b"]] {
      let table = try read("n,colour,kind\n1,\(rows[0])\n2,\(rows[1])\n") { $0.targets = ["kind"] }
      #expect(table.categories == [1: ["blue", "red"]])
      guard case .classes(_, let names) = table.target else {
        Issue.record("no classes")
        return
      }
      #expect(names == ["a", "b"])
    }
    let digits = try read("p,label\n0.5,10\n0.2,2\n") {
      $0.targets = ["label"]
      $0.categories = ["label"]
    }
    #expect(digits.target == .classes(numbers: [2, 1], names: ["2", "10"]))
    #expect(try read("a,b\n1,True\n2,false\n").x.elements == [1, 1, 2, 0])
    #expect(try read("a,b\n1,x\n") { $0.dropped = ["b"] }.featureNames == ["a"])
  }

  @Test("the same table comes out whatever the pieces a file arrives in")
  func pieces() throws {
    var text = "a,\"b \"\"x\"\"\",c\r\n"
    for row in 0..<400 {
      text += "\(row),\"line\nbreak, \(row % 7)\",\(Double(row) / 7)\r\n"
    }
    let bytes = Array(text.utf8)
    let whole = try CSVReader.table(bytes)
    #expect(whole.rows == 400)
    for size in [1, 2, 3, 7, 64, 1000, bytes.count] {
      let reader = CSVReader()
      for start in stride(from: 0, to: bytes.count, by: size) {
        try reader.read(bytes[start..<min(start + size, bytes.count)])
      }
      #expect(try reader.finish().x == whole.x, "pieces of \(size)")
    }
    // Beyond the sample the reader works piece by piece.
    let long = Array("a,b\n".utf8) + (0..<40_000).flatMap { Array("\($0),\"q\($0 % 3)\"\n".utf8) }
    let reader = CSVReader()
    for start in stride(from: 0, to: long.count, by: 4099) {
      try reader.read(long[start..<min(start + 4099, long.count)])
    }
    let table = try reader.finish()
    #expect(table.rows == 40_000)
    #expect(table.categories[1] == ["q0", "q1", "q2"])
    #expect((0..<40_000).allSatisfy { table.x.elements[2 * $0] == Double($0) })
  }

  @Test("large pieces, read by two threads, give the same numbers and the same lines in errors")
  func chunks() throws {
    var random = RandomSource(seed: 3)
    var rows = (0..<60_000).map { _ in "\(random.normal()),\(random.below(1000))" }
    func bytes() -> [UInt8] { Array(("a,b\r\n" + rows.joined(separator: "\r\n")).utf8) }
    func read(_ size: Int) throws -> CSVTable {
      let bytes = bytes()
      let reader = CSVReader(expectedSize: bytes.count)
      for start in stride(from: 0, to: bytes.count, by: size) {
        try reader.read(bytes[start..<min(start + size, bytes.count)])
      }
      return try reader.finish()
    }
    #expect(try read(1 << 19).x == read(1 << 12).x)
    #expect(try read(1 << 19).x.elements.suffix(2) == read(1 << 12).x.elements.suffix(2))
    rows[50_000] = "\"1.5\",2"
    rows[55_000] = ",7"
    let (large, small) = (try read(1 << 19), try read(1 << 12))
    #expect(large.x.elements.map(\.bitPattern) == small.x.elements.map(\.bitPattern))
    #expect(large.missing == [1, 0])
    rows[58_000] = "1,x"
    for size in [1 << 19, 1 << 12] {
      let error = #expect(throws: FormatError.self) { try read(size) }
      #expect(error?.place == .line(58_000 + 2))
    }
  }

  @Test("decimal numbers are read to the nearest double")
  func numbersAreExact() throws {
    var random = RandomSource(seed: 5)
    var texts = [
      "0", "-0", "0.1", "1e22", "1e23", "9007199254740993", "9007199254740992.5", "1e-22",
      "123456789012345678901234567890", "4.9e-324", "2.2250738585072011e-308",
      "1.7976931348623157e308", "0.000000000000000000000000000001", "8.5e-19",
      "1234567890123456789", "12345678901234567890e-19", ".5", "5.", "+3", "1E+2",
      "0.30000000000000004", "18446744073709551615", "18446744073709551616e-3",
    ]
    for _ in 0..<4000 {
      let number = Double(bitPattern: random.next())
      if number.isFinite { texts.append("\(number)") }
      texts.append("\(random.normal())")
      texts.append(
        "\(random.below(1_000_000_000)).\(random.below(1_000_000_000))\(random.below(1_000_000_000))"
      )
      texts.append("\(random.next())e\(random.below(40) - 20)")
    }
    let table = try read("v\n" + texts.joined(separator: "\n") + "\n")
    for (text, number) in zip(texts, table.x.elements) {
      #expect(number == strtod(text, nil), "\(text)")
    }
  }

  @Test("malformed files are errors that name the line")
  func malformed() throws {
    let cases: [(String, Int?, String)] = [
      ("", nil, "empty"), ("\n\n", nil, "empty"), ("a,b\n", 2, "no rows"),
      ("a,b\n1,2\n3\n", 3, "1 value"), ("a,b\n1,2\n3,4,5\n", 3, "3 values"),
      ("a,b\n1,2\n3,4,,5\n", 3, "4 values"),
      ("a,b\n1,2\n3,x\n", 3, "holds numbers"), ("a,b\n1,inf\n", 2, "infinite"),
      ("a,b\n1,2\n1,-Infinity\n", 3, "infinite"), ("a,b\n1,1e400\n", 2, "larger"),
      ("a,b\n1,2\n1,-1e999\n", 3, "larger"), ("a,b\n\"1,2\n", 2, "not closed"),
      ("\"a,b\n1,2\n", 1, "not closed"), ("a,b\n1,\"2\"3\n", 2, "closing quote"),
      ("a,b\n1,2\n1,1.2.3\n", 3, "holds numbers"), ("a,b\n1,2\n1,1e\n", 3, "holds numbers"),
      ("a,b\n1,2\n1,0x10\n", 3, "holds numbers"), ("a,b\n1,2\n1,1 2\n", 3, "holds numbers"),
      ("a,b\n1,2\n1,--3\n", 3, "holds numbers"), ("a,b\n1,2\n1,2,\"\"\"\n", 3, "3 values"),
      ("a,b\n1,2\n\"1\n\",5\n3,4\n5,x\n", 3, "holds numbers"),
      ("a;b\n1;2\n3;4;5\n", 3, "3 values"), ("a,b\n1,2\n1,½\n", 3, "holds numbers"),
      ("a,b\n1,2\n1,\u{1b}[31m\n", 3, "\\u{1b}"), ("a,b\n1,2\n1,1_00\n", 3, "holds numbers"),
    ]
    for (text, line, words) in cases {
      let error = #expect(throws: FormatError.self, "\(text.debugDescription)") {
        try read(text)
      }
      #expect(error?.message.contains(words) == true, "\(text.debugDescription): \(error as Any)")
      if let line { #expect(error?.place == .line(line), "\(text.debugDescription)") }
    }
    #expect(throws: FormatError.self) { try CSVReader.table([0x1F, 0x8B, 8, 0]) }
    #expect(throws: FormatError.self) { try read("a,b\n1,2\n") { $0.targets = ["c"] } }
    #expect(throws: FormatError.self) { try read("a,b\n1,2\n") { $0.dropped = ["a", "b"] } }
    #expect(throws: FormatError.self) {
      try read("a,b\nNA,2\n") { $0.leavesOutIncomplete = true }
    }
    #expect(throws: FormatError.self) { try read("a,t\n1,2\n3,NA\n") { $0.targets = ["t"] } }
    #expect(throws: FormatError.self) {
      try read("a,t,u\n1,x,2\n") { $0.targets = ["t", "u"] }
    }
    let words = "n\n" + (0...10_000).map { "w\($0)" }.joined(separator: "\n")
    #expect(throws: FormatError.self) { try read(words) }
  }

  @Test("what would be refused when it is read is not written")
  func zeroCharacters() throws {
    func refused(_ place: String, _ write: () throws -> [UInt8]) {
      let error = #expect(throws: FormatError.self) { try write() }
      #expect(error?.message.hasPrefix(place) == true, "\(error as Any)")
      #expect(error?.message.contains("zero character") == true)
    }
    let zero = "a\u{0}b"
    func data(
      _ name: String, _ target: String, _ classes: [String], kept: [String] = [],
      categories: [Int: [String]] = [:]
    ) throws -> DataSet {
      var data = try DataSet(
        x: Tensor(.matrix(2, 1), [1, 2]), target: .classes(numbers: [1, 2], names: classes),
        featureNames: [name], targetNames: [target])
      data.categories = categories
      if !kept.isEmpty { data.kept = [DataSet.KeptColumn(name: "id", texts: kept)] }
      return data
    }
    let sound = try data("x", "k", ["c", "d"], kept: ["1", "2"])
    #expect(try CSVReader.table(CSVWriter.bytes(sound)).rows == 2)
    refused("the name of column 1") { try CSVWriter.bytes(data(zero, "k", ["c", "d"])) }
    refused("the name of column 2") { try CSVWriter.bytes(data("x", zero, ["c", "d"])) }
    refused("a class of k") { try CSVWriter.bytes(data("x", "k", ["c", zero])) }
    refused("row 2 of id") { try CSVWriter.bytes(data("x", "k", ["c", "d"], kept: ["1", zero])) }
    refused("a category of x") {
      try CSVWriter.bytes(data("x", "k", ["c", "d"], categories: [0: ["a", zero]]))
    }
    refused("the name of column 1") {
      try CSVWriter.bytes(Tensor(.matrix(1, 1), [1]), names: [zero])
    }
    refused("row 1 of t") {
      try CSVWriter.bytes(TextTable(names: ["t"], columns: [.texts([zero])]))
    }
    refused("row 1 of column 1") {
      try CSVWriter.bytes(TextTable(names: [], columns: [.texts([zero])]))
    }
  }

  @Test("what is written is read back equal, bit for bit")
  func roundTrip() throws {
    var random = RandomSource(seed: 9)
    var numbers = (0..<300).map { _ in Double(bitPattern: random.next()) }
      .map { $0.isFinite ? $0 : 1.5 }
    numbers[7] = -0.0
    numbers[8] = .nan
    var data = try DataSet(
      x: Tensor(.matrix(100, 3), numbers),
      target: .classes(
        numbers: (0..<100).map { $0 % 3 + 1 }, names: ["a", "b,\"c\"", "d\ne"]),
      featureNames: ["first", "a \"quoted\", name", " blank"], targetNames: ["kind"])
    data.categories = [:]
    let table = try CSVReader.table(
      try CSVWriter.bytes(data),
      {
        var options = CSVOptions()
        options.targets = ["kind"]
        return options
      }())
    #expect(table.featureNames == data.featureNames)
    #expect(table.target == data.target)
    #expect(
      zip(table.x.elements, numbers).allSatisfy {
        $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN
      })
  }
}
