import Differentiation
import Foundation
import Language
import Rendering
import TestSupport
import Testing

@testable import Grading

/// A report of three submissions: one nearly right, one wrong, one that ran too long.
func smallReport() -> GradeReport {
  let z = GradeReport.Part(
    exercise: "Forward pass", name: "z", description: "the net input", points: 1)
  let y = GradeReport.Part(
    exercise: "Forward pass", name: "y", description: "the output", points: 1)
  var report = GradeReport(key: "keys/forward.bp", parts: [z, y])
  var first = GradeReport.Submission(name: "4711.bp", id: "4711", status: .graded)
  first.parts = [
    GradeReport.PartGrade(part: z, points: 1, verdict: .right, given: "0.82"),
    GradeReport.PartGrade(
      part: y, points: 0.5, verdict: .rounded, given: "0.7",
      reasons: ["right to 1 digit, and 3 are asked for"]),
  ]
  var second = GradeReport.Submission(name: "4712.bp", id: "4712", status: .graded)
  second.parts = [
    GradeReport.PartGrade(
      part: z, points: 0, verdict: .wrong, given: "0.72",
      reasons: ["that is what comes out if the mean over x is taken instead of their sum"],
      misconceptions: ["mean"], hints: ["The net input is a sum."]),
    GradeReport.PartGrade(part: y, points: 1, verdict: .follows, given: "0.673"),
  ]
  second.notes = ["line 7: there is no variable yy"]
  var third = GradeReport.Submission(
    name: "4713.bp", id: "4713", status: .limit, sentence: "it ran longer than 5 seconds")
  third.parts = [z, y].map { GradeReport.PartGrade(part: $0, points: 0, verdict: .missing) }
  report.submissions = [first, second, third]
  report.protections = ["Landlock", "seccomp"]
  return report
}

func document(_ name: String, of report: GradeReport) throws -> String {
  let format = try #require(GradeReportFormat.named(name))
  return try #require(format.documents(of: report).first).text
}

/// What the reference shows of each format.
@Suite struct FormatTests {
  @Test func textListsEverySubmissionThenTheOverview() throws {
    #expect(
      try document("text", of: smallReport()) == """
        4711.bp (4711): 1.5 of 2 points
          right    1/1    z = 0.82
          rounded  0.5/1  y = 0.7
                          right to 1 digit, and 3 are asked for

        4712.bp (4712): 1 of 2 points
          wrong    0/1  z = 0.72
                        that is what comes out if the mean over x is taken instead of
                        their sum
          follows  1/1  y = 0.673
          note: line 7: there is no variable yy

        4713.bp (4713): 0 of 2 points, limit
          it ran longer than 5 seconds
          missing  0/1  z
          missing  0/1  y

        3 submissions: 2 graded, 1 limit; 0.83 of 2 points on average

        part  points  mean    full
        ══════════════════════════
        z          1  0.33  1 of 3
        y          1   0.5  1 of 3

        Misconceptions, by submissions:
          1  mean: the mean over … is taken instead of their sum

        kept apart by: Landlock, seccomp

        """)
  }

  @Test func oneSubmissionNeedsNoOverview() throws {
    var report = smallReport()
    report.submissions.removeLast(2)
    report.protections = []
    #expect(
      try document("text", of: report) == """
        4711.bp (4711): 1.5 of 2 points
          right    1/1    z = 0.82
          rounded  0.5/1  y = 0.7
                          right to 1 digit, and 3 are asked for

        """)
  }

  @Test func whatIsWrongIsSaidOnce() throws {
    var report = smallReport()
    report.submissions[1].parts[0].reasons = ["wrong: w·x + b"]
    #expect(
      try document("text", of: report).contains(
        "  wrong    0/1  z = 0.72\n                w·x + b\n"))
    let results = GradeReportFormat.codeRunner.documents(of: report)[1].text
    #expect(results.contains("\"wrong\\nw·x + b\\nhint"))
    #expect(Feedback.page(of: report.submissions[1], in: report).contains("<p>w·x + b</p>"))
    #expect(try document("json", of: report).contains("\"wrong: w·x + b\""))
  }

  @Test func coloursAreOnlyThereWhereTheDisplayHasThem() throws {
    let format = GradeReportFormat.standard
    let plain = format.documents(of: smallReport())[0].text
    let coloured = format.documents(of: smallReport(), on: Display(hasColour: true))[0].text
    #expect(!plain.utf8.contains(0x1B))
    #expect(coloured.contains("\u{1B}[32mright  \u{1B}[0m"))
    #expect(coloured.contains("\u{1B}[31mwrong  \u{1B}[0m"))
  }

  @Test func tableHasARowForEverySubmissionAndAColumnForEveryPart() throws {
    let rows = try document("csv", of: smallReport()).split(separator: "\r\n")
    #expect(rows.count == 4)
    #expect(rows[0] == "submission,points,possible,status,reasons,z,y")
    #expect(
      rows[1] == "4711.bp,1.5,2,graded,\"y: right to 1 digit, and 3 are asked for\",1,0.5")
    #expect(rows[3] == "4713.bp,0,2,limit,\"it ran longer than 5 seconds\",0,0")
  }

  /// A spreadsheet would run what begins like a formula.
  @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1"])
  func noCellIsAFormula(name: String) throws {
    #expect(CSVCell.text(name) == "\"'\(name)\"" || CSVCell.text(name) == "'\(name)")
  }

  @Test func pointsBelowNoughtStayNumbers() throws {
    var report = smallReport()
    report.submissions[1].marks = [.init(part: "late", points: -2, comment: "")]
    let rows = try document("csv", of: report).split(separator: "\r\n")
    #expect(rows[0].hasSuffix(",z,y,late"))
    #expect(rows[2].hasPrefix("4712.bp,-1,2,graded,"))
    #expect(rows[2].hasSuffix(",0,1,-2"))
  }

  @Test func columnsOfOneNameAreTold() throws {
    let parts = ["First", "Second"].map {
      GradeReport.Part(exercise: $0, name: "z", description: "", points: 1)
    }
    let own = GradeReport.Part(exercise: "", name: "points", description: "", points: 1)
    let table = try document("csv", of: GradeReport(key: "k.bp", parts: parts + [own]))
    #expect(
      table
        == "submission,points,possible,status,reasons,\"First: z\",\"Second: z\",\"points (2)\"\r\n"
    )
  }

  @Test func markByHandStandsInPlaceOfThePoints() throws {
    var report = smallReport()
    report.submissions[1].marks = [
      .init(part: "z", points: 0.5, comment: "right way, slip of the pen"),
      .init(part: "style", points: 1, comment: ""),
    ]
    let submission = report.submissions[1]
    let rows = report.rows(of: submission)
    #expect(rows.map { $0.points } == [0.5, 1, 1])
    #expect(rows.reduce(0) { $0 + $1.points } == submission.points)
    #expect(try document("text", of: report).contains("  by hand  0.5/1  z = 0.72\n"))
    #expect(try document("text", of: report).contains("  by hand  1      style\n"))
  }

  @Test func testRunsTellWrongFromMissingAndStopped() throws {
    let tap = try document("tap", of: smallReport()).split(separator: "\n")
    #expect(tap[0] == "TAP version 14")
    #expect(tap[1] == "1..7")
    let points = tap.filter { !$0.hasPrefix(" ") }.dropFirst(2)
    #expect(
      Array(points) == [
        "ok 1 - 4711.bp: Forward pass: z", "not ok 2 - 4711.bp: Forward pass: y",
        "not ok 3 - 4712.bp: Forward pass: z", "ok 4 - 4712.bp: Forward pass: y",
        "not ok 5 - 4713.bp: submission", "ok 6 - 4713.bp: Forward pass: z # SKIP not handed in",
        "ok 7 - 4713.bp: Forward pass: y # SKIP not handed in",
      ])
    let junit = try document("junit", of: smallReport())
    #expect(
      junit.contains(
        "<testsuites name=\"keys/forward.bp\" tests=\"7\" failures=\"2\" errors=\"1\">"
      ))
    #expect(
      junit.contains("<error message=\"it ran longer than 5 seconds\" type=\"limit\">"))
  }

  @Test func submissionsOfPlatformsHaveTheirOwnDocuments() throws {
    for name in ["gradescope", "prairielearn", "coderunner"] {
      let format = try #require(GradeReportFormat.named(name))
      #expect(format.isOnePerSubmission)
      let documents = format.documents(of: smallReport())
      #expect(documents.map { $0.fileName } == ["4711.json", "4712.json", "4713.json"])
      #expect(!documents[0].text.contains("0.72"), "what another student gave")
    }
    #expect(GradeReportFormat.named("text")?.documents(of: smallReport()).count == 1)
  }

  @Test func onlyWhatIsRefusedCannotBeGraded() throws {
    var report = smallReport()
    report.submissions[0].status = .refused
    report.submissions[0].sentence = "line 3: a ) is missing"
    let documents = GradeReportFormat.prairieLearn.documents(of: report).map { $0.text }
    #expect(documents[0].contains("\"gradable\": false"))
    #expect(documents[0].contains("\"format_errors\": [\"refused: line 3: a ) is missing\"]"))
    #expect(documents[2].contains("\"gradable\": true"))
  }

  /// What a hostile student hands in does not make the file larger than PrairieLearn takes.
  @Test func documentStaysBelowOneMegabyte() throws {
    let parts = (0..<100).map {
      GradeReport.Part(exercise: "", name: "w\($0)", description: "", points: 1)
    }
    var report = GradeReport(key: "k.bp", parts: parts)
    var submission = GradeReport.Submission(name: "a.bp", id: "", status: .graded)
    let long = String(repeating: "\u{202E}\u{1F600}", count: 20_000)
    submission.parts = parts.map {
      GradeReport.PartGrade(
        part: $0, points: 0, verdict: .wrong, given: long, reasons: [long, long])
    }
    submission.notes = Array(repeating: long, count: 5000)
    report.submissions = [submission]
    #expect(try document("prairielearn", of: report).utf8.count <= 1_000_000)
  }

  @Test func hiddenChecksAreNotToldToStudents() throws {
    let check = GradeReport.Part(
      exercise: "", name: "z + y ≈ 1.27", description: "", points: 1)
    var report = GradeReport(key: "k.bp", parts: [check])
    var submission = GradeReport.Submission(name: "a.bp", id: "", status: .graded)
    submission.parts = [GradeReport.PartGrade(part: check, points: 0, verdict: .wrong)]
    report.submissions = [submission]
    for name in ["gradescope", "prairielearn", "coderunner"] {
      let text = try document(name, of: report)
      #expect(!text.contains("1.27"))
      #expect(text.contains("\"check 1\""))
    }
    #expect(!Feedback.page(of: submission, in: report).contains("1.27"))
    #expect(try document("text", of: report).contains("z + y ≈ 1.27"))
  }

  @Test func namesOfFilesAreApartAndHarmless() {
    let paths = [
      "in/ann/sheet.bp", "in/bob/sheet.bp", "in/ANN/sheet.bp", "in/../../etc/passwd",
      "in/con.bp", "in/.hidden", "in/-rf.bp", "in/a b;rm.bp", "in/\u{1B}[31m.bp", "in/ß.v2.bp",
      "in/\u{1}",
    ]
    let names = FileNames.of(paths, extension: "html")
    #expect(
      names == [
        "ann-sheet.html", "bob-sheet.html", "ANN-sheet-2.html", "etc-passwd.html", "_con.html",
        "hidden.html", "rf.html", "a_b_rm.html", "__31m.html", "ß.v2.html", "_.html",
      ])
    #expect(Set(names.map { $0.lowercased() }).count == names.count)
    #expect(FileNames.of(["one/4711.bp"], extension: "json") == ["4711.json"])
    let long = FileNames.of([String(repeating: "ä", count: 500)], extension: "html")
    #expect(long[0].utf8.count <= 110)
  }

  @Test func formatsHaveNamesOfTheirOwn() {
    let names = GradeReportFormat.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(GradeReportFormat.standard.name == "text")
    #expect(GradeReportFormat.all.allSatisfy { !$0.summary.isEmpty && !$0.extensions.isEmpty })
  }
}

@Suite struct FeedbackTests {
  @Test func pageTellsWhatIsWrongAndWhatHelps() {
    var report = smallReport()
    report.submissions[1].marks = [.init(part: "style", points: 1, comment: "well laid out")]
    let page = Feedback.page(of: report.submissions[1], in: report)
    for text in [
      "<h1>forward</h1>", "<h2>Forward pass</h2>", "the net input (z)", "<bdi>0.72</bdi>",
      "that is what comes out if the mean over x is taken", "Hint: The net input is a sum.",
      "well laid out", "<strong>2</strong> of 2 points", "prefers-color-scheme:dark",
      "width=device-width", "line 7: there is no variable yy",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(!page.contains("0.82"), "what another student gave")
    #expect(!page.contains("4711"))
  }

  @Test func hintsAreForWhatIsNotRight() {
    var report = smallReport()
    report.submissions[0].parts[0].hints = ["Add the bias."]
    #expect(!Feedback.page(of: report.submissions[0], in: report).contains("Add the bias."))
  }

  /// The hints of the key come with what is wrong, once for an exercise.
  @Test func hintsOfTheKeyStandOnThePage() throws {
    let grader = try grader(forwardKey)
    var report = GradeReport(key: "key.bp", parts: grader.parts)
    report.submissions = [try grader.grade(submission(["z": "77.7", "y": "0.123"]))]
    let page = Feedback.page(of: report.submissions[0], in: report)
    #expect(page.components(separatedBy: "The net input is the weighted sum").count == 2)
  }

  @Test func pagesAreNamedAfterTheSubmissions() {
    let documents = Feedback.documents(of: smallReport())
    #expect(documents.map { $0.fileName } == ["4711.html", "4712.html", "4713.html"])
    #expect(documents[2].text.contains("it ran longer than 5 seconds"))
  }
}

/// What students read of the keys that come with bp.
@Suite struct PublicTextTests {
  private static let keys = Project.names(in: "scripts/keys", endingWith: ".bp")

  /// Whatever is wrong, no page and no document for a platform holds the right number.
  @Test(arguments: keys) func rightNumbersAreNotTold(key: String) throws {
    let grader = try grader(Project.text("scripts/keys/\(key).bp"))
    var count = 0
    for id in ["4711", "4712", "4713"] {
      let form = try grader.form(of: id)
      for (answer, wrong) in form.everyWrongAnswer {
        guard let number = wrong.value.number else { continue }
        var report = GradeReport(key: key, parts: grader.parts)
        report.submissions = [try grader.grade(submission([answer: "\(number)"], id: id))]
        let texts =
          [Feedback.page(of: report.submissions[0], in: report)]
          + GradeReportFormat.all.filter { $0.isOnePerSubmission }.map {
            $0.documents(of: report)[0].text
          }
        for (name, value) in form.solutions {
          guard let right = value.tensor?.number else { continue }
          let shown = NumberStyle.significantDigits(4).text(right)
          guard shown.count >= 5, !"\(number)".contains(shown) else { continue }
          count += 1
          for text in texts {
            #expect(!text.contains(shown), "\(name) of \(id) is \(shown), for \(wrong.name)")
          }
        }
      }
    }
    #expect(count > 50)
  }
}
