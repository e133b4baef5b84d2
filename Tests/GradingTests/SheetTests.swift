import Language
import Library
import TestSupport
import Testing

@testable import Grading

/// Sheets: the student's own numbers, and nothing that gives an answer away.
@Suite struct SheetTests {
  private func sheet(_ text: String, _ format: String = "bp", id: String = "4711") throws -> String
  {
    let format = try #require(SheetFormat.named(format))
    return format.write(try grader(text).sheet(for: id))
  }

  @Test func aSheetHasTheTasksTheNumbersAndPlacesForTheAnswers() throws {
    #expect(
      try sheet(forwardKey) == """
        # key
        # student: 4711
        #
        # Replace each ___ by a number or a formula, then: bp check FILE

        w = 0.8
        x = 2
        b = 0.1

        # A unit has the weight 0.8, the input 2 and the bias 0.1. Compute its net input z and output y.
        z = ___    # the net input, to 4 digits
        y = ___    # the output

        exercise "Forward pass" {
          answer z "the net input" digits=4
          answer y "the output"
          hint "The net input is the weighted sum of the inputs plus the bias."
          public check y > 0, "an output of sigmoid is positive"
        }

        """)
  }

  @Test(arguments: ["bp", "md", "tex"]) func noHiddenCheckAndNoSolutionIsOnASheet(_ format: String)
    throws
  {
    let text = """
      variant w = 0.1..0.9 by 0.1
      secret = 0.123454321
      exercise "A" {
        task "The weight is {w}."
        answer z
        solution = w*7.654321
        check z ≈ solution + secret
        check z > secret
        mistake z ≈ secret, "You gave the secret."
      }
      """
    let sheet = try sheet(text, format)
    for word in ["secret", "solution", "0.123454321", "7.654321", "mistake"] {
      #expect(!sheet.contains(word))
    }
  }

  @Test func aPublicCheckBringsWhatItNeeds() throws {
    let text = """
      f(u) = u^2
      n = 3
      hidden = f(n)
      exercise "A" {
        answer z
        half = n/2
        check z ≈ hidden
        public check f(z) > half, "large enough"
      }
      """
    let sheet = try sheet(text, id: "")
    #expect(sheet.contains("n = 3\nf(u) = u^2\n"))
    #expect(sheet.contains("  half = n/2\n  public check f(z) > half, \"large enough\"\n"))
    #expect(!sheet.contains("hidden"))
  }

  @Test func hostileWordsStayWords() throws {
    let text = """
      variant w = [2, 3, 4]
      exercise "A \\{w} \\"quoted\\" #" {
        task "100 % of \\{w} & _all_ <b> $ 5\\n\\\\input\\{x}"
        answer z "a # b"
        hint "\\{w}"
        check z ≈ w*2.5
      }
      """
    let bp = try sheet(text)
    #expect(throws: Never.self) {
      try ExerciseKey(bp, name: "s", path: nil, catalog: .standard)
    }
    #expect(bp.contains("exercise \"A \\{w} \\\"quoted\\\" #\" {"))
    let tex = try sheet(text, "tex")
    #expect(tex.contains("100 \\% of \\{w\\} \\& \\_all\\_"))
    #expect(!tex.contains("\\input{x}"))
    #expect(try sheet(text, "md").contains("\\_all\\_ \\<b\\>"))
  }

  @Test func rostersNameTheirStudents() throws {
    #expect(
      try Roster("name,id\n\"A, B\",1\nC,\"2\"\n", name: "c.csv").ids == ["1", "2"])
    #expect(
      try Roster("\u{FEFF}id;name\r\n1;\"A; B\"\r\n\r\n2;C", name: "c.csv").ids == ["1", "2"])
    func problem(_ text: String) -> String? {
      do throws(Roster.Failure) {
        _ = try Roster(text, name: "c.csv")
        return nil
      } catch {
        return error.message
      }
    }
    #expect(problem("name\nA\n") == "c.csv has no column id; its first line names the columns")
    #expect(problem("id\n../a\n") == "c.csv, line 2: the id begins with a dot")
    #expect(
      problem("id\na/b\n")
        == "c.csv, line 2: the id has a character that no name of a file may have")
    #expect(problem("id\n7\n8\n7\n") == "c.csv, line 4: the id 7 is there twice, first in line 2")
    #expect(problem("name,id\nA\n") == "c.csv, line 2: there is no id")
    #expect(
      problem("name,id\nA,1\n\"B,2\nC,3\n") == "c.csv, line 3: a quote is opened and not closed")
  }
}
