import Differentiation
import Foundation
import Learning
import Testing

@testable import Interchange

private func read(
  _ text: String, _ change: (inout CSVOptions) -> Void = { _ in }
) throws -> CSVTable {
  var options = CSVOptions()
  change(&options)
  return try CSVReader.table(Array(text.utf8), options)
}

@Suite("Tables as other programs write them")
struct TableTests {
  @Test(
    "names are recognised by all cells together",
    arguments: [
      // One number among names, and words that Swift takes for numbers.
      ("year,inf,t\n1959,0.7,1\n1960,1.7,0\n", ["year", "inf", "t"]),
      ("nan,NaN,x\n1,2,3\n4,5,6\n", ["nan", "NaN", "x"]),
      ("id,1e5,0x1A\n1,2.5,3\n4,5.5,6\n", ["id", "1e5", "0x1A"]),
      ("name,5,size,weight\nx,1.5,2,3\ny,2.5,3,4\n", ["name", "5", "size", "weight"]),
      // Years, and the numbers that pandas gives.
      ("country,2019,2020\nA,1.5,2.5\nB,3.5,4.5\n", ["country", "2019", "2020"]),
      ("country,1999,2000\nA,745,2666\nB,37737,80488\n", ["country", "1999", "2000"]),
      ("state,2022\nAlabama,29.6\nAlaska,14.6\n", ["state", "2022"]),
      (
        "c,1952,1957,1962\nAfrica,1252,1385,1598\nAsia,5195,4003,4194\n",
        ["c", "1952", "1957", "1962"]
      ),
      ("0,1,2,class\n0.5,1.5,0.25,a\n2.5,3.5,1.25,b\n", ["0", "1", "2", "class"]),
      ("\"a\",\"1940\",\"1945\"\n\"F\",22.2,44.5\n\"H\",10.5,15.5\n", ["a", "1940", "1945"]),
      ("v\n1\n2\n", ["v"]), ("when,x\n2020-01-01,1\n2020-01-02,2\n", ["when", "x"]),
    ])
  func names(_ text: String, _ names: [String]) throws {
    let table = try read(text)
    #expect(table.featureNames == names)
    #expect(table.dialect.hasHeader)
  }

  @Test(
    "a first row of numbers, gaps and names that come again is a row",
    arguments: [
      "1,2\n3,4\n", "0,1,2\n1,0,2\n2,1,0\n", "1,2,3\n4,5,6\n7,8,9\n",
      "5.1,3.5,setosa\n4.9,3.0,setosa\n",
      "1,-,0\n2,5.5,1\n3,6.5,0\n", "unknown,2,3\n4,5,6\n", "p,x,s\np,x,y\ne,x,s\n",
      "2019,2020\n2020,2021\n2018,2019\n", "M,0.455,15\nM,0.35,7\nF,0.53,9\n",
    ])
  func rows(_ text: String) throws {
    let table = try read(text)
    #expect(!table.dialect.hasHeader)
    #expect(table.rows == text.split(separator: "\n").count)
  }

  @Test("what the call names settles it, and what is doubtful is said with the option that decides")
  func deciding() throws {
    #expect(try !read("5,6\n5,7\n").dialect.hasHeader)
    #expect(try read("5,6\n5,7\n") { $0.targets = ["6"] }.targetNames == ["6"])
    let doubtful = try read("Alice,34\nBob,28\nCarl,41\n")
    #expect(doubtful.notes.contains { $0.contains("header=") })
    #expect(try read("a,2\nb,3\n") { $0.hasHeader = false }.rows == 2)
  }

  @Test("columns are separated by blanks, aligned or single")
  func blanks() throws {
    let texts = [
      "  1.5    20   0\n 12.0     3   1\n", "1.5 20 0\n12 3 1\n", "1.5\t20 \t0\r\n12 \t3 1  \r\n",
      "1.5e+00 2.0e+01 0.0e+00\n1.2e+01 3.0e+00 1.0e+00\n",
    ]
    for text in texts {
      let table = try read(text)
      #expect(table.x.elements == [1.5, 20, 0, 12, 3, 1], "\(text.debugDescription)")
      #expect(table.dialect.words.contains("blanks"))
    }
    // auto-mpg: names in quotes, a gap.
    let cars = try read(
      "18.0   8   \"chevrolet malibu\"\n25.0   4   \"ford pinto\"\n ?  4  \"fiat\"\n")
    #expect(cars.categories[2] == ["chevrolet malibu", "fiat", "ford pinto"])
    #expect(cars.missing == [1, 0, 0])
    #expect(try read("# a b\n1 2\n3 4\n").featureNames == ["a", "b"])
    #expect(try read("a b t\n1 2 0\n3 4 1\n").featureNames == ["a", "b", "t"])
    // Texts with blanks are texts.
    #expect(try read("town\nNew York\nSan Diego\n").featureNames == ["town"])
    #expect(try read("a,b\nNew York,1\nSan Diego,2\n").featureNames == ["a", "b"])
    #expect(try read("digit\nDigit 1\nDigit 2\n").rows == 2)
    // An error names the line of the file.
    let error = #expect(throws: FormatError.self) { try read("1 2\n3 4\n\n5 x\n6 7\n") }
    #expect(error?.place == .line(4))
  }

  @Test("inputs and outputs in turns are pairs, as FANN has them")
  func pairs() throws {
    let table = try read("4 2 1\n-1 -1\n-1\n-1 1\n1\n1 -1\n1\n1 1\n-1\n")
    #expect(table.x == Tensor(.matrix(4, 2), [-1, -1, -1, 1, 1, -1, 1, 1]))
    #expect(table.target == .values(Tensor(.matrix(4, 1), [-1, 1, 1, -1])))
    let several = try read("2 3 2\n\n0 1 2\n1 0\n0.5 0.25 1\n0 1\n")
    #expect(several.target == .values(Tensor(.matrix(2, 2), [1, 0, 0, 1])))
    let error = #expect(throws: FormatError.self) { try read("2 2 1\n1 2\n0\n1 x\n1\n") }
    #expect(error != nil)
  }

  @Test("decimal commas and separated thousands are read by what stands in the file")
  func signs() throws {
    #expect(try read("1,5;2,5;0\n3,25;4,5;1\n").x.elements == [1.5, 2.5, 0, 3.25, 4.5, 1])
    #expect(try read("1,5\t2,5\n3,25\t4,5\n").x.elements == [1.5, 2.5, 3.25, 4.5])
    #expect(try read("1,5 2,5\n3,25 4,5\n").x.elements == [1.5, 2.5, 3.25, 4.5])
    #expect(try read("a,b\n1,\"2,5\"\n3,\"4,25\"\n").x.elements == [1, 2.5, 3, 4.25])
    let cases: [(String, [Double])] = [
      ("\"1,708,917\"\n\"970,000\"\n12\n", [1_708_917, 970_000, 12]),
      ("\"1.299,99\"\n\"2.000,50\"\n\"1.000\"\n", [1299.99, 2000.5, 1000]),
      ("1 234 567\n1 000\n5\n", [1_234_567, 1000, 5]),
      ("1'234.5\n-2'000\n7\n", [1234.5, -2000, 7]),
      ("1\u{A0}234\n2\u{202F}500\n", [1234, 2500]), ("1.234.567\n1.000\n", [1_234_567, 1000]),
    ]
    for (rows, numbers) in cases {
      let text = "k;v\n" + rows.split(separator: "\n").map { "1;\($0)\n" }.joined()
      let table = try read(text)
      #expect(
        stride(from: 1, to: table.x.elements.count, by: 2).map { table.x.elements[$0] } == numbers,
        "\(text.debugDescription)")
      #expect(table.notes.contains { $0.contains("thousands") })
    }
    #expect(try read("m,r\n1,\"1,708,917\"\n2,\"970,000\"\n").x.elements[1] == 1_708_917)
    // One group of three may be either: it is said, and an option decides.
    let doubtful = try read("a;b\n1;1,234\n2;5,678\n")
    #expect(doubtful.x.elements[1] == 1.234)
    #expect(doubtful.notes.contains { $0.contains("thousands=\",\"") })
    #expect(try read("a;b\n1;1,234\n2;5,678\n") { $0.thousands = 0x2C }.x.elements[1] == 1234)
    // Late in the file too.
    let late = "a,b\n" + (0..<400).map { "\($0),\($0 % 999)\n" }.joined() + "1,\"12,345\"\n2,5\n"
    #expect(try read(late).x.elements.suffix(4) == [1, 12345, 2, 5])
    // 1.5 among 1,5 is an error and no guess.
    #expect(throws: FormatError.self) { try read("a;b\n1.5;2\n2,5;3\n") }
  }

  @Test("a gap is one in any row, the first and the last")
  func gaps() throws {
    for mark in ["-", ".", "unknown", "--", "n.a.", "*", "Missing"] {
      for place in 0..<4 {
        var cells = ["5.5", "6.25", "7", "8"]
        cells[place] = mark
        let table = try read("a,b\n" + cells.map { "1,\($0)\n" }.joined())
        #expect(table.categories.isEmpty, "\(mark) in row \(place + 1)")
        #expect(table.missing == [0, 1])
        #expect(table.notes.contains { $0.contains("missing value") && $0.contains("categories=") })
      }
    }
    // Among names they are names, also where the first rows hold nothing else.
    #expect(try read("a,b\n1,-\n2,x\n3,-\n").categories[1] == ["-", "x"])
    let late = "a,b\n" + (0..<300).map { "\($0),-\n" }.joined() + "1,x\n"
    #expect(try read(late).categories[1] == ["-", "x"])
    #expect(try read(late).missing == [0, 0])
    #expect(try read("a,b\n1,-\n2,-\n").categories[1] == ["-"])
    // A word that nobody knows is an error, in the first row as in the last.
    for text in ["a,b\n1,so\n2,5\n3,6\n4,7\n", "a,b\n1,5\n2,6\n3,7\n4,so\n"] {
      let error = #expect(throws: FormatError.self) { try read(text) }
      #expect(error?.help.joined().contains("missing=") == true)
      #expect(error?.help.joined().contains("categories=") == true)
    }
    let empty = try read("a,b,c\n1,,2\n3,,4\n")
    #expect(empty.missing == [0, 2, 0] && empty.x.elements[1].isNaN)
    #expect(empty.notes.contains { $0.contains("drop=[\"b\"]") })
  }

  @Test("what names or numbers the rows is no feature")
  func rowNames() throws {
    let r = try read("\"a\",\"b\"\n\"x\",1.5,2\n\"y\",3.5,4\n")
    #expect(r.featureNames == ["a", "b"] && r.rowNames == ["x", "y"])
    let blanks = try read("\"a\" \"b\"\n\"row 1\" 1.5 2\n\"row 2\" 3.5 4\n")
    #expect(blanks.featureNames == ["a", "b"] && blanks.rowNames == ["row 1", "row 2"])
    let pandas = try read(",a,b\n0,1.5,2\n1,3.5,4\n")
    #expect(pandas.featureNames == ["a", "b"])
    #expect(pandas.notes.contains { $0.contains("row_names=false") })
    #expect(try read(",a,b\n0,1.5,2\n1,3.5,4\n") { $0.rowNames = .none }.featureNames.count == 3)
    #expect(try read("rownames,a\nM,1\nN,2\n").rowNames == ["M", "N"])
    #expect(try read("id,a\nM,1\nN,2\n").featureNames == ["id", "a"])
    #expect(try read("id,a\nM,1\nN,2\n") { $0.rowNames = .column("id") }.rowNames == ["M", "N"])
    // A name for every row it is only where it comes once.
    #expect(try read(",a\nM,1\nM,2\nN,3\n").featureNames == ["column 1", "a"])
    let data = try r.data(title: "t").rows([1])
    #expect(data.rowNames == ["y"])
  }

  @Test("lines before, between and behind, and commas at the end")
  func frame() throws {
    #expect(try read("# one\n# two\na,b\n1,2\n").featureNames == ["a", "b"])
    #expect(try read("sep=;\na;b\n1;2\n").x.elements == [1, 2])
    #expect(try read("\"sep=|\"\na|b\n1|2\n").x.elements == [1, 2])
    #expect(try read("a,b\n1,2\n# note\n3,4\n").rows == 2)
    #expect(try read("code,n\n#ff,1\n#00,2\n").categories[0] == ["#00", "#ff"])
    #expect(try read("a,b,\n1,2\n3,4\n").featureNames == ["a", "b"])
    #expect(try read("a,b\n1,2,\n3,4,\n").x.elements == [1, 2, 3, 4])
    #expect(try read("a;b;;\n1;2;;\n3;4;;\n").featureNames == ["a", "b"])
    #expect(try read("a,b\n1,2\n3,4,,\n").rows == 2)
    #expect(try read("a;b;;\n1;2;;\n3;4;;9\n").featureNames == ["a", "b", "column 3", "column 4"])
    let late = "a;b;\n" + String(repeating: "1;2;\n", count: 300)
    let value = #expect(throws: FormatError.self) { try read(late + "3;4;5\n") }
    #expect(value?.place == .line(302))
    #expect(
      try read("Report\n\na,b\n1,2\n3,4\n") { $0.skippedLines = 1 }.featureNames == ["a", "b"])
    let error = #expect(throws: FormatError.self) {
      try read("Report\na,b,c\n1,2,3\n3,4,5\n6,7,8\n")
    }
    #expect(error?.help.joined().contains("skip=1") == true)
  }

  @Test("names that come twice are told apart, others are given by the call")
  func doubledNames() throws {
    let table = try read("a,a,t,a_2\n1,2,0,3\n3,4,1,5\n")
    #expect(table.featureNames == ["a", "a_3", "t", "a_2"])
    #expect(table.notes.contains { $0.contains("a_3") && $0.contains("names=") })
    #expect(try read("a,b\n1,2\n") { $0.names = ["u", "v"] }.featureNames == ["u", "v"])
    let nameless = try read("1,2\n3,4\n") { $0.names = ["u", "v"] }
    #expect(nameless.featureNames == ["u", "v"] && nameless.rows == 2)
    #expect(throws: FormatError.self) { try read("a,b\n1,2\n") { $0.names = ["u"] } }
    let some = try read("a,b,c\n1,2,3\n") { $0.columns = ["c", "a"] }
    #expect(some.featureNames == ["a", "c"])
    let kept = try read("id,a\n007,1\n\"x,y\",2\n") { $0.kept = ["id"] }
    #expect(kept.kept.map { $0.texts } == [["007", "x,y"]] && kept.featureNames == ["a"])
  }

  @Test("dates are days since 1970-01-01 in the calendar of others")
  func dates() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    for (year, month, day) in [
      (1970, 1, 1), (2000, 2, 29), (1999, 12, 31), (1900, 3, 1), (2024, 2, 29), (1600, 1, 1),
      (2100, 12, 1),
    ] {
      let date = try #require(
        calendar.date(from: DateComponents(year: year, month: month, day: day)))
      let days = Int((date.timeIntervalSince1970 / 86_400).rounded())
      #expect(DateText.days(year: year, month: month, day: day) == days)
    }
    #expect(DateText.days(year: 2023, month: 2, day: 29) == nil)
    // By hand: 2020-01-31 is day 18292.
    let texts = [
      "2020-01-31", "2020/1/31", "31.01.2020", "31/01/2020", "1/31/2020", "31-Jan-2020",
      "Jan 31, 2020",
      "31 January 2020", "2020-Jan-31", "31/1/20", "2020-01-31T00:00:00Z", "2020-01-31 00:00",
      "2020-01-31T02:00:00+02:00", "31.1.2020 0:00:00", "January 31 2020",
    ]
    for text in texts {
      let table = try read("a;when\n1;\(text)\n2;\(text)\n")
      #expect(table.x.elements[1] == 18292, "\(text)")
      #expect(table.notes.contains { $0.contains("days since 1970") })
    }
    #expect(try read("a,w\n1,2020-01-31 12:00\n2,2020-01-31 6:00 PM\n").x.elements[1] == 18292.5)
    #expect(try read("a,w\n1,1949-01\n2,1949-02\n").x.elements[1] == -7670)
    // The day or the month first: by a day beyond 12, else by the option.
    #expect(try read("w;a\n13/02/2020;1\n01/02/2020;2\n").x.elements[2] == 18293)
    let doubtful = try read("w;a\n01/02/2020;1\n03/02/2020;2\n")
    #expect(doubtful.x.elements[0] == 18263)
    #expect(doubtful.notes.contains { $0.contains("dates=dmy") })
    #expect(
      try read("w;a\n01/02/2020;1\n03/02/2020;2\n") { $0.dateOrder = "dmy" }.x.elements[0] == 18293)
    #expect(
      try read("w,a\n2020-01-31,1\n") { $0.categories = ["w"] }.categories[0] == ["2020-01-31"])
    for text in ["12-34-56", "1.2", "2020-13-01", "10:30", "3-4", "May", "1-2-3-4"] {
      #expect(DateText.Order.allCases.allSatisfy { DateText.days(text, $0) == nil }, "\(text)")
    }
    let error = #expect(throws: FormatError.self) {
      try read("w,a\n" + (1...9).map { "2020-01-0\($0),1\n" }.joined() + "soon,2\n")
    }
    #expect(error?.message.contains("dates") == true)
  }

  @Test("encodings are found out, and the option decides")
  func encodings() throws {
    let text = "Größe,Straße\n1,Königsallee\n2,„Ü“ – €\n"
    let encodings: [(String.Encoding, TextEncoding?)] = [
      (.utf8, nil), (.windowsCP1252, nil), (.utf16LittleEndian, nil), (.utf16BigEndian, nil),
      (.utf16, nil),
      (.windowsCP1252, .windows1252), (.utf16LittleEndian, .utf16LittleEndian),
    ]
    let wanted = try read(text)
    for (encoding, given) in encodings {
      let bytes = Array(try #require(text.data(using: encoding)))
      for size in [1, 3, 7, bytes.count] {
        var options = CSVOptions()
        options.encoding = given
        let reader = CSVReader(options)
        for start in stride(from: 0, to: bytes.count, by: size) {
          try reader.read(bytes[start..<min(start + size, bytes.count)])
        }
        let table = try reader.finish()
        #expect(table.featureNames == wanted.featureNames, "\(encoding) in pieces of \(size)")
        #expect(table.categories == wanted.categories)
      }
    }
    let latin = try #require("a,b\n1,ä\n".data(using: .isoLatin1))
    #expect(try CSVReader.table(Array(latin)).notes.contains { $0.contains("encoding=") })
    // UTF-8 with one broken character is neither: the option decides.
    let broken = Array("a,b\n1,ä\n2,".utf8) + [0xE4, 0x0A]
    let error = #expect(throws: FormatError.self) { try CSVReader.table(broken) }
    #expect(error?.place == .line(3) && error?.help.joined().contains("encoding=") == true)
    for code in 0xA0...0xFF {
      var decoded: [UInt8] = []
      var decoder = TextDecoder(.windows1252)
      try decoder.decode([UInt8(code)], into: &decoded, isFinal: true)
      #expect(
        String(decoding: decoded, as: UTF8.self).unicodeScalars.map { Int($0.value) } == [code])
    }
  }

  @Test("files that are no text are named, with a way to read them")
  func foreign() {
    let files: [([UInt8], String)] = [
      (Array("PAR1".utf8) + [0, 1, 2, 3, 4], "read_parquet"),
      ([0x50, 0x4B, 3, 4, 20, 0, 6, 0, 8], "read_excel"),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0], "read_excel"),
      ([0x93] + Array("NUMPY\u{1}\u{0}v".utf8), "load"),
    ]
    for (bytes, words) in files {
      let error = #expect(throws: FormatError.self) { try CSVReader.table(bytes) }
      #expect(error?.help.joined().contains(words) == true, "\(words)")
    }
    #expect(throws: FormatError.self) { try CSVReader.table(Array("<!DOCTYPE html><p>".utf8)) }
  }

  @Test("ARFF files and tables of Orange are read by their kinds")
  func kinds() throws {
    let arff = """
      % a comment
      @relation 'r s'
      @attribute 'a b' numeric
      @attribute when date "yyyy-MM-dd"
      @attribute kind {no, 'it''s',"yes"}
      @data
      1.5,"2020-01-31",yes
      ?, 1970-01-02 ,no
      % between
      {0 3,1 1970-01-01}
      """.replacingOccurrences(of: "'it''s'", with: "'it\\'s'")
    let table = try read(arff) { $0.targets = ["kind"] }
    #expect(table.featureNames == ["a b", "when"])
    #expect(table.target == .classes(numbers: [3, 1, 1], names: ["no", "it's", "yes"]))
    #expect(table.x.elements[0] == 1.5 && table.x.elements[1] == 18292 && table.x.elements[2].isNaN)
    #expect(table.x.elements.suffix(3) == [1, 3, 0])
    let unknown = #expect(throws: FormatError.self) {
      try read("@relation r\n@attribute k {a,b}\n@attribute n real\n@data\na,1\nc,2\n")
    }
    #expect(unknown?.place == .line(6) && unknown?.message.contains("no value c") == true)
    let orange = try read(
      "a\tkind\tname\tw\ncontinuous\tlow high\tstring\tc\n\tclass\tmeta\tignore\n1.5\thigh\tA\t3\n?\tlow\tB\t4\n"
    )
    #expect(orange.featureNames == ["a"] && orange.targetNames == ["kind"])
    #expect(orange.target == .classes(numbers: [2, 1], names: ["low", "high"]))
    #expect(orange.kept.map { $0.name } == ["name"] && orange.missing == [1])
    let marked = try read("C#a\tcD#kind\tiS#note\n1\tr\tn\n2\tb\tm\n")
    #expect(marked.featureNames == ["a"] && marked.targetNames == ["kind"])
  }

  @Test("rows that cannot be used keep their places")
  func faults() throws {
    var rows = (0..<3000).map { "\($0),n\($0 % 2 == 0 ? "a" : "b"),\(Double($0) / 4)" }
    rows[5] = "5,na,x"
    rows[700] = "700,nc,1"
    rows[1500] = "1500,na"
    rows[1501] = "1501,na,"
    rows[2999] = "2999,na,inf"
    let bytes = Array(("id,k,v\n" + rows.joined(separator: "\n") + "\n").utf8)
    var options = CSVOptions()
    options.kept = ["id"]
    options.features = ["v", "k"]
    options.known = ["v": .numbers, "k": .categories(["nb", "na"])]
    options.keepsFaultyRows = true
    options.gapsAreFaults = true
    for keepsID in [true, false] {
      if !keepsID { options.kept = [] }
      var thresholds = CSVReader.Thresholds()
      thresholds.shared = 4096
      let reader = CSVReader(options, expectedSize: bytes.count, thresholds: thresholds)
      for start in stride(from: 0, to: bytes.count, by: 8000) {
        try reader.read(bytes[start..<min(start + 8000, bytes.count)])
      }
      let table = try reader.finish()
      #expect(table.rows == 3000)
      #expect(table.faults.map { $0.row } == [5, 700, 1500, 1501, 2999])
      #expect(table.faults.map { $0.line } == [7, 702, 1502, 1503, 3001])
      if keepsID { #expect(table.kept[0].texts == (0..<3000).map { "\($0)" }) }
      // Columns in the order of the file: k, v.
      #expect(table.x.elements[2 * 1000] == 2 && table.x.elements[2 * 1000 + 1] == 250)
      #expect(table.x.elements[2 * 700].isNaN)
    }
  }
}
