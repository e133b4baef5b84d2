import Differentiation
import Explanation
import Glibc
import Language
import Library
import TestSupport
import Testing

@testable import Grading

/// The key of the forward pass that the pages show.
let forwardKey = """
  variant w = 0.1..0.9 by 0.1, x = [1, 2, 3]
  b = 0.1
  exercise "Forward pass" {
    task "A unit has the weight {w}, the input {x} and the bias {b}. Compute its net input z and output y."
    answer z "the net input" points=1 digits=4
    answer y "the output" points=2
    hint "The net input is the weighted sum of the inputs plus the bias."
    check z ≈ w*x + b, "the net input"
    check y ≈ sigmoid(z), "the output"
    public check y > 0, "an output of sigmoid is positive"
  }
  """

func grader(_ text: String, rounding: Double = 0.5) throws -> Grader {
  let catalog = Catalog.standard
  let key = try ExerciseKey(text, name: "key.bp", path: nil, catalog: catalog)
  var options = Grader.Options()
  options.rounding = rounding
  return try Grader(
    key, catalog: catalog, host: Host(write: { _ in true }, report: { _ in }), options: options)
}

/// A submission with numbers as they are typed.
func submission(_ numbers: [String: String], id: String = "4711") -> Submission {
  Submission(
    name: "\(id).bp", id: id,
    answers: numbers.mapValues { text in
      Double(text).map { .value(.number($0), literals: [text]) } ?? .blank
    })
}

/// What a key finds wrong with itself.
func complaint(about text: String) -> String? {
  do throws(ExerciseKey.Failure) {
    let key = try ExerciseKey(text, name: "key.bp", path: nil, catalog: .standard)
    _ = try Grader(
      key, catalog: .standard, host: Host(write: { _ in true }, report: { _ in }))
    return nil
  } catch {
    return error.diagnostics.first?.message
  }
}

/// The marks of one submission: points, verdicts, reasons, by answer.
@Suite struct GradingTests {
  /// A key of one form, where right is z = 1.7 and y = 0.845534735.
  private let fixed = """
    param w = 0.8, x = 2, b = 0.1
    exercise "Forward pass" {
      answer z "the net input" points=1 digits=4
      answer y "the output" points=2
      check z ≈ w*x + b, "the net input"
      check y ≈ sigmoid(z), "the output"
      mistake y ≈ sigmoid(w*x), "You forgot the bias on the way to y."
    }
    """

  private func grades(
    _ numbers: [String: String], _ text: String? = nil, rounding: Double = 0.5
  ) throws -> [GradeReport.PartGrade] {
    try grader(text ?? fixed, rounding: rounding).grade(submission(numbers)).parts
  }

  @Test func aNumberIsRightToTheDigitsThatAreWritten() throws {
    let full = try grades(["z": "1.7", "y": "0.845534735"])
    #expect(full.map(\.points) == [1, 2])
    #expect(full.map(\.verdict) == [.right, .right])
    let three = try grades(["z": "1.7", "y": "0.846"])[1]
    #expect(three.points == 2 && three.reasons == ["right to 3 digits"])
    #expect(try grades(["z": "1.7", "y": "0.845"])[1].verdict == .wrong)
  }

  @Test func tooFewDigitsEarnWhatRoundingSays() throws {
    let short = try grades(["z": "1.7", "y": "0.85"])[1]
    #expect(short.points == 1 && short.verdict == .rounded)
    #expect(short.reasons == ["right to 2 digits, and 3 are asked for"])
    #expect(try grades(["z": "1.7", "y": "0.85"], rounding: 0)[1].points == 0)
  }

  @Test func aNumberEqualToTheRightOneCountsHoweverShort() throws {
    // 1.7 has two digits and four are asked for.
    #expect(try grades(["z": "1.7"])[0].verdict == .right)
  }

  @Test func aLaterPartThatFollowsFromAWrongEarlierOneEarnsItsPoints() throws {
    let parts = try grades(["z": "1.6", "y": "0.832"])
    #expect(parts.map(\.points) == [0, 2])
    #expect(parts[1].verdict == .follows)
    #expect(parts[1].reasons == ["it follows from your z", "right to 3 digits"])
  }

  @Test func theRightNumberCountsEvenAfterAWrongEarlierOne() throws {
    let parts = try grades(["z": "1.6", "y": "0.8455"])
    #expect(parts.map(\.points) == [0, 2])
    #expect(parts[1].verdict == .right)
  }

  @Test func aPartMayBeOffByWhatRoundingTheEarlierOneDoes() throws {
    // With z = 1.7 written as 1.70, y may be 0.845 … 0.8462: 0.8458 is off by rounding alone.
    let text = fixed.replacingFirst("0.1\n", with: "0.1234\n")
    let parts = try grades(["z": "1.723", "y": "0.84848"], text)
    #expect(parts[1].points == 2)
  }

  @Test func aWrongNumberIsTracedToItsMisconception() throws {
    let parts = try grades(["z": "1.6", "y": "1.6"])
    #expect(parts[0].misconceptions == ["termForgotten"])
    #expect(parts[0].reasons == ["that is what comes out if b is forgotten in the sum"])
    // The second from the student's own z.
    #expect(parts[1].misconceptions == ["noActivation"])
  }

  @Test func aMistakeOfTheKeyIsSaidInItsWords() throws {
    let parts = try grades(["z": "1.7", "y": "0.832"])
    #expect(parts[1].verdict == .wrong)
    #expect(parts[1].reasons[0] == "You forgot the bias on the way to y.")
  }

  @Test func theNumberOfAnotherAnswerIsNamed() throws {
    #expect(try grades(["z": "0.845534735"])[0].reasons == ["that is y, the output"])
  }

  @Test func whatIsMissingEarnsNothingAndHidesNothing() throws {
    let parts = try grades(["y": "0.8455"])
    #expect(parts.map(\.verdict) == [.missing, .right])
    #expect(try grades([:]).map(\.points) == [0, 0])
  }

  @Test func aShortNumberThatAMisconceptionGivesIsNoRounding() throws {
    // Right is 1.96, which 2.0 rounds; without b it is 2.
    let text = fixed.replacingFirst("w = 0.8, x = 2, b = 0.1", with: "w = 1, x = 2, b = -0.04")
    let part = try grades(["z": "2.0"], text)[0]
    #expect(part.points == 0)
    #expect(part.misconceptions == ["termForgotten"])
  }

  @Test func hintsComeWithWhatIsWrongAlone() throws {
    let text = fixed.replacingFirst("check z", with: "hint \"Mind the bias.\"\n  check z")
    #expect(try grades(["z": "1.7", "y": "0.2"], text).map(\.hints) == [[], ["Mind the bias."]])
  }

  // MARK: Conditions

  @Test func aConditionHoldsAsFarAsTheAnswersAreRounded() throws {
    let text = """
      exercise "A" {
        answer p "the first probability"
        answer q "the second"
        check p + q ≈ 1, "they sum to 1" points=2
        check p ≈ 1/3
        check q ≈ 2/3
      }
      """
    func points(_ p: String, _ q: String) throws -> Double? {
      try grades(["p": p, "q": q], text).first { $0.part.points == 2 }?.points
    }
    #expect(try points("0.333", "0.666") == 2)
    #expect(try points("0.333", "0.664") == 0)
  }

  @Test func aConditionOfOneAnswerIsJudgedWithTheOthersAsTheyShouldBe() throws {
    let text = """
      exercise "A" {
        answer a
        answer b
        check a == 2
        check b > a, "b is larger than a"
      }
      """
    #expect(try grades(["a": "10", "b": "3"], text).map(\.verdict) == [.wrong, .right])
    #expect(try grades(["a": "10", "b": "1"], text).map(\.verdict) == [.wrong, .wrong])
  }

  @Test func vectorsAreJudgedElementByElement() throws {
    let text = """
      param v = [1, 2, 3], k = 2
      exercise "A" {
        answer p "the products"
        check p ≈ k*v
      }
      """
    func grade(_ numbers: [Double]) throws -> GradeReport.PartGrade {
      try grader(text).grade(
        Submission(
          name: "a", id: "",
          answers: ["p": .value(.tensor(Tensor(vector: numbers)), literals: nil)])
      ).parts[0]
    }
    #expect(try grade([2, 4, 6]).points == 1)
    #expect(try grade([2, 5, 6]).reasons == ["element 2 is wrong"])
    #expect(try grade([1, 2, 3]).misconceptions == ["factorForgotten"])
    #expect(try grade([2, 4]).verdict == .wrong)
  }

  @Test func whatIsNoValueIsSaid() throws {
    let part = try grader(fixed).grade(
      Submission(name: "a", id: "", answers: ["z": .unusable(kind: "a function")])
    ).parts[0]
    #expect(part.verdict == .missing)
    #expect(part.reasons == ["z is a function, not a value"])
  }

  // MARK: Points

  @Test func aCheckMayHavePointsOfItsOwn() throws {
    let text = """
      exercise "A" points=4 {
        answer a
        answer b points=1
        check a == 2
        check b == 3
        check a + b == 5, "their sum" points=2
      }
      """
    let grader = try grader(text)
    #expect(grader.parts.map(\.name) == ["a", "b", "a + b == 5"])
    #expect(grader.parts.map(\.points) == [3, 1, 2])
    let parts = try grader.grade(submission(["a": "2", "b": "4"])).parts
    #expect(parts.map(\.points) == [3, 0, 0])
  }

  @Test func withoutAnswersTheNamesThatNobodyDefinesAreAsked() throws {
    let text = """
      w = 2
      z = ___
      exercise "A" points=2 {
        c = 3
        check z == w
        check q ≈ w*c
      }
      """
    let grader = try grader(text)
    #expect(grader.key.answers == ["z", "q"])
    #expect(grader.parts.map(\.points) == [1, 1])
    #expect(try grader.grade(submission(["z": "2", "q": "6"])).points == 2)
  }

  @Test func handMarksStandInPlaceOfThePointsOfTheirPart() throws {
    var graded = try grader(fixed).grade(submission(["z": "1.7", "y": "0.2"]))
    #expect(graded.points == 1)
    graded.marks = [
      .init(part: "y", points: 1.5, comment: ""), .init(part: "talk", points: 1, comment: ""),
    ]
    #expect(graded.points == 3.5)
  }

  // MARK: What is no key

  @Test func aKeyThatAsksForNothingOrForWhatItGivesIsRefused() {
    #expect(complaint(about: "check 1 == 1") == "the key asks for nothing")
    #expect(
      complaint(about: "z = 3\nexercise \"A\" { answer z; check z == 3 }")
        == "z is an answer, and the key gives it a value")
    #expect(
      complaint(about: "exercise \"A\" { answer z }") == "no check judges the answer z")
    #expect(
      complaint(about: "f(x) = ___\nexercise \"A\" { check f(1) == 2 }")
        == "f is a function: an answer that is graded is a value")
    #expect(
      complaint(about: "exercise \"A\" { answer z; check z ≈ nonsense + 1 }")?
        .hasPrefix("nonsense") == true)
  }
}

extension Form {
  /// The wrong values of all answers.
  var everyWrongAnswer: [(answer: String, wrong: WrongAnswer)] {
    right.solutions.flatMap { solution in
      wrongAnswers(of: solution.name).map { (solution.name, $0) }
    }
  }
}

extension String {
  func replacingFirst(_ part: String, with other: String) -> String {
    guard let range = self.firstRange(of: part) else { return self }
    return String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}
