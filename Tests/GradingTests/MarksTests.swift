import TestSupport
import Testing

@testable import Grading

@Suite struct MarksTests {
  private func message(_ text: String) -> String? {
    do {
      _ = try Marks(text, file: "marks.csv")
      return nil
    } catch {
      return error.message
    }
  }

  private func entries(_ text: String) throws -> [Marks.Entry] {
    try Marks(text, file: "marks.csv").entries
  }

  @Test func columnsStandInAnyOrder() throws {
    let found = try entries(
      "\u{FEFF}Points, name ,comment,PART,submission\r\n"
        + "1.5,Ann,\"neat, and \"\"short\"\"\nreally\",style,4711\r\n\r\n-0.5,Bob,,z, 4712 \r\n")
    #expect(
      found == [
        .init(
          submission: "4711",
          mark: .init(part: "style", points: 1.5, comment: "neat, and \"short\"\nreally"), line: 2),
        .init(submission: "4712", mark: .init(part: "z", points: -0.5, comment: ""), line: 5),
      ])
  }

  @Test func commentsMayBeLeftOut() throws {
    #expect(try entries("submission,part,points\n4711,z,1").map { $0.mark.comment } == [""])
    #expect(try entries("submission,part,points,comment\n4711,z,1").map { $0.mark.points } == [1])
    #expect(try entries("submission,part,points\n").isEmpty)
  }

  /// As spreadsheets write it where numbers have a comma.
  @Test func semicolonsComeWithCommasInNumbers() throws {
    let found = try entries("submission;part;points;comment\n4711;z;1,5;gut, sehr gut\n")
    #expect(found[0].mark == .init(part: "z", points: 1.5, comment: "gut, sehr gut"))
    #expect(try entries("submission\tpart\tpoints\n4711\tz\t2\n")[0].mark.points == 2)
  }

  @Test func errorsNameFileAndLine() {
    #expect(
      message("") == "marks.csv:1: the file is empty; begin with submission,part,points,comment")
    #expect(
      message("submission,part,point\n")
        == "marks.csv:1: there is no column points, only submission, part, point; begin with"
        + " submission,part,points,comment")
    #expect(
      message("part,submission,part,points\n") == "marks.csv:1: the column part stands there twice")
    let head = "submission,part,points,comment\n"
    #expect(
      message(head + "4711,z,one,\n")
        == "marks.csv:2: points is one, which is no number; write 1.5")
    for number in ["nan", "inf", "0x10", "1,5", "1e3", "--1", "1.", ".", "½"] {
      let found = message(head + "4711,z,\"\(number)\",\n")
      #expect(number == "1." || found?.hasPrefix("marks.csv:2: points is ") == true, "\(number)")
    }
    #expect(message(head + "4711,z,,sick\n") == "marks.csv:2: points is empty")
    #expect(message(head + "\n,z,1,\n") == "marks.csv:3: submission is empty")
    #expect(message(head + "4711,,1,\n") == "marks.csv:2: part is empty")
    #expect(
      message(head + "4711,z,1,well, done\n")
        == "marks.csv:2: the row has 5 fields and the first one 4; put a text with a comma in quotes"
    )
    #expect(
      message(head + "4711,z,1,\n4712,z,1,\n4711,z,2,\n")
        == "marks.csv:4: z of 4711 is marked in line 2 already")
    #expect(
      message(head + "4711,z,1,\"open\n\n") == "marks.csv:2: a quote is opened and not closed")
    #expect(
      message(head + "4711,z,1,\"a\" b\n")
        == "marks.csv:2: text follows a closing quote; write \"\" for a quote")
    #expect(message(head + "4711,z,99999999999,\n")?.hasPrefix("marks.csv:2: ") == true)
  }

  /// An error shows no text that a terminal obeys.
  @Test func errorsAreHarmless() {
    let found = message("submission,part,points\n4711,z,\u{1B}[2J")
    #expect(found == "marks.csv:2: points is \\u{1b}[2J, which is no number; write 1.5")
  }

  @Test func marksGoToTheSubmissionTheyName() throws {
    var report = smallReport()
    report.submissions[2].name = "late/4713.bp"
    let marks = try Marks(
      """
      submission,part,points,comment
      4711.bp,z,0.5,
      4712,style,1,neat
      4713,y,1,seen on paper
      4714,z,1,
      """, file: "marks.csv")
    #expect(report.add(marks) == ["marks.csv:5: no submission is called 4714"])
    #expect(report.submissions.map { $0.points } == [1, 2, 1])
  }

  /// Else a slip of the pen gives points twice.
  @Test func partsThatAreNearlyThoseOfTheKeyAreTold() throws {
    var report = smallReport()
    for place in report.parts.indices { report.parts[place].name += "_hidden" }
    let marks = try Marks(
      "submission,part,points\n4711,z_hiden,1\n4711,style,1\n4711,y_hidden,1\n", file: "m.csv")
    #expect(
      report.add(marks) == [
        "m.csv:2: the key has no part z_hiden, so its points come on top; it has z_hidden"
      ])
    #expect(report.submissions[0].marks.count == 3)
  }

  @Test func whoIsMeantMustBeClear() throws {
    var report = smallReport()
    report.submissions[0].name = "ann/sheet.bp"
    report.submissions[1].name = "bob/sheet.bp"
    report.submissions[2].name = "sheet"
    let marks = try Marks(
      "submission,part,points\nsheet.bp,z,1\nsheet,z,1\nbob/sheet.bp,z,1\n4712,z,1\n",
      file: "marks.csv")
    #expect(
      report.add(marks) == [
        "marks.csv:2: 2 submissions are called sheet.bp",
        "marks.csv:5: z of bob/sheet.bp is marked already",
      ])
    #expect(report.submissions.map { $0.marks.count } == [0, 1, 1])
  }

  /// The name in the table that bp wrote is the name in the table of marks, whatever a student
  /// calls the file.
  @Test func namesOfTheReportAreUnderstood() throws {
    for name in [
      "=cmd.bp", "-1.bp", "a,b.bp", "say \"x\".bp", "'=a.bp", "two\nlines.bp", "\u{1B}.bp",
    ] {
      var report = smallReport()
      report.submissions = [report.submissions[0]]
      report.submissions[0].name = name
      let marks = try Marks(
        "submission,part,points\n\(CSVCell.text(name)),z,0\n", file: "marks.csv")
      #expect(report.add(marks) == [], "\(name)")
      #expect(report.submissions[0].points == 0.5)
    }
  }

  /// A table is read as it was written, in any of the ways that RFC 4180 leaves.
  @Test func everyTableIsReadBack() throws {
    var random = SplitMix(4180)
    let pieces = [
      "a", "\"", ",", ";", "\n", "\r\n", "\r", "é", "😀", "x y", "=1", "'", "\u{0}", "\t",
    ]
    func text(_ random: inout SplitMix) -> String {
      "x" + (0..<random.below(6)).map { _ in random.pick(pieces) }.joined() + "x"
    }
    for _ in 0..<1000 {
      let (delimiter, end) = (random.pick([",", ";", "\t"]), random.pick(["\n", "\r\n"]))
      var table = ["submission", "part", "points", "comment"].joined(separator: delimiter) + end
      var wanted: [[String]] = []
      for row in 0..<random.below(5) {
        let fields = ["\(row)" + text(&random), text(&random), "\(row)", text(&random)]
        wanted.append(fields)
        let cells = fields.map { field in
          let isPlain = field.utf8.allSatisfy { ![0x22, 0x2C, 0x3B, 9, 10, 13].contains($0) }
          guard !isPlain || random.below(2) == 0 else { return field }
          return "\"" + field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
            + "\""
        }
        table += cells.joined(separator: delimiter) + (random.below(3) == 0 ? end + end : end)
      }
      let found = try entries(table)
      #expect(
        found.map { [$0.submission, $0.mark.part, "\(Int($0.mark.points))", $0.mark.comment] }
          == wanted)
    }
  }
}
