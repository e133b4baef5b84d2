import Foundation
import Language
import Library
import TestSupport
import Testing

@testable import Grading

/// The numbers of students: the same again, told apart, and every misconception named.
@Suite struct VariantTests {
  @Test func aStudentHasTheSameNumbersOnEveryMachine() throws {
    let drawn = try grader(forwardKey).form(of: "4711").drawn.map { $0.value.number ?? 0 }
    #expect(drawn == [0.8, 2])
    let others = try (1...60).map { number in
      try grader(forwardKey).form(of: "\(number)").drawn.map { $0.value.number ?? 0 }
    }
    #expect(Set(others).count > 5)
    // At x = 1 the input makes no difference: it is never drawn.
    #expect(others.allSatisfy { $0[1] != 1 })
    // Few digits: 0.3, not 0.30000000000000004.
    #expect(others.allSatisfy { "\($0[0])".count == 3 })
  }

  @Test func numbersThatCannotBeToldApartAreRefusedWithThePair() throws {
    let text = """
      variant a = [2, 2]
      exercise "A" {
        answer s
        check s ≈ a*a + 0
        check s ≈ 4
      }
      """
    // 2·2 is 2 + 2 in every draw: one group, and no accident.
    #expect(throws: Never.self) { try grader(text).form(of: "1") }
    let accidental = """
      variant a = [2, 2, 2, 2, 3], b = [2, 2]
      exercise "A" {
        answer s
        check s ≈ a*b
      }
      """
    let drawn = try grader(accidental).form(of: "1").drawn.map { $0.value.number ?? 0 }
    #expect(drawn == [3, 2])
  }

  @Test func aStudentHasTheSameNumbersAloneAndInAClass() throws {
    let key = try Project.text("scripts/keys/backpropagation.bp")
    let whole = try grader(key)
    let ids = (1...24).map { "\($0)" }
    let together = try ids.map { id in
      try whole.form(of: id).drawn.map { $0.value.number ?? 0 }
    }
    for (id, drawn) in zip(ids, together).suffix(3) {
      #expect(try grader(key).form(of: id).drawn.map { $0.value.number ?? 0 } == drawn)
    }
  }

  @Test func whatIsKnownOfAnAnswerIsNotTakenForAnotherThatIsComputedOtherwise() throws {
    // 6·1 and 2·3 are one number; at b = 1 it makes no difference that b is forgotten.
    let text = """
      variant a = [2, 6], b = [3, 1]
      exercise "A" {
        answer s
        check s ≈ a*b
      }
      """
    let grader = try grader(text)
    for id in 1...8 {
      let form = try grader.form(of: "\(id)")
      let drawn = form.drawn.map { $0.value.number ?? 0 }
      #expect(drawn[1] == 3, "\(id): \(drawn)")
    }
  }

  @Test func aKeyWithoutVariantsHasOneForm() throws {
    let grader = try grader("exercise \"A\" { answer z; check z == 3 }")
    #expect(try grader.form(of: "1") === grader.form(of: "2"))
  }

  /// Variants of each key: all 20 in a campaign, `BP_VARIANTS=20`.
  static let variants =
    ProcessInfo.processInfo.environment["BP_VARIANTS"].flatMap { Int($0) } ?? 2

  /// The shipped keys and exercises whose answers are values.
  static let keys = ["keys", "exercises"].flatMap { folder in
    Project.names(in: "scripts/\(folder)", endingWith: ".bp").map { "scripts/\(folder)/\($0).bp" }
  }

  @Test(arguments: keys) func everyMisconceptionOfAShippedKeyIsNamed(_ path: String) throws {
    let text = try Project.text(path)
    let catalog = Catalog.standard
    guard let key = try? ExerciseKey(text, name: path, path: nil, catalog: catalog) else {
      // Exercises that ask for functions are for bp check.
      #expect(text.contains(") = ___"))
      return
    }
    let grader = try Grader(
      key, catalog: catalog, host: Host(write: { _ in true }, report: { _ in }))
    for id in 1...(key.hasVariants ? Self.variants : 1) {
      let form = try grader.form(of: "\(id)")
      var right: [String: Submission.Answer] = [:]
      for (name, value) in form.solutions { right[name] = .value(value.plain, literals: nil) }
      for part in try grader.grade(Submission(name: "right", id: "\(id)", answers: right)).parts
      where form.solutions[part.part.name] != nil {
        #expect(part.verdict == .right, "\(part)")
      }
      for (name, wrong) in form.everyWrongAnswer {
        var answers = right
        answers[name] = .value(Value(wrong.value), literals: nil)
        let graded = try grader.grade(Submission(name: "wrong", id: "\(id)", answers: answers))
        for part in graded.parts where part.part.name == name {
          #expect(part.points < part.part.points, "\(wrong) \(part)")
          #expect(part.misconceptions.contains(wrong.name), "\(wrong) \(part)")
          for other in part.misconceptions where other != wrong.name {
            #expect(
              form.wrongAnswers(of: name).contains {
                $0.name == other
                  && zip($0.value.elements, wrong.value.elements).allSatisfy {
                    abs($0 - $1) <= 1e-9 * max(abs($0), abs($1), 1e-300)
                  }
              }, "\(other) is named for \(wrong)")
          }
        }
      }
    }
  }
}
