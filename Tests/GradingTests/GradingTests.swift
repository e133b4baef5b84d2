import Differentiation
import Glibc
import Language
import Library
import Testing

@testable import Grading

/// The key of the forward pass that the pages show.
let forwardKey = """
  variant w = 0.1..0.9 by 0.1, x = [1, 2, 3]
  b = 0.1
  exercise "Forward pass" {
    task "A unit has the weight {w}, the input {x} and the bias {b}. Compute its net input z and output y."
    answer z "the net input" points=1 digits=4
    answer y "the output" points=1
    hint "The net input is the weighted sum of the inputs plus the bias."
    check z ≈ w*x + b, "the net input"
    check y ≈ sigmoid(z), "the output"
    public check y > 0, "an output of sigmoid is positive"
  }
  """

func grader(_ text: String) throws -> Grader {
  let catalog = Catalog.standard
  let key = try ExerciseKey(text, name: "key.bp", path: nil, catalog: catalog)
  return try Grader(key, catalog: catalog, host: Host(write: { _ in true }, report: { _ in }))
}

/// A submission with numbers as they are typed.
func submission(_ numbers: [String: String], id: String = "4711") -> Submission {
  Submission(
    name: "\(id).bp", id: id,
    answers: numbers.mapValues { text in
      Double(text).map { .value(.number($0), literals: [text]) } ?? .blank
    })
}

@Suite struct GradingTests {
  @Test func numbersAreJudged() throws {
    let grader = try grader(forwardKey)
    let form = try grader.form(of: "4711")
    print(form.drawn.map { "\($0.name)=\($0.value.number ?? .nan)" })
    let w = form.drawn[0].value.number ?? 0
    let x = form.drawn[1].value.number ?? 0
    let z = w * x + 0.1
    let y = 1 / (1 + exp(-z))
    for wrong in form.wrongAnswers {
      print(wrong.answer, wrong.name, wrong.description, wrong.value.elements)
    }
    func show(_ numbers: [String: String]) throws {
      print(numbers)
      for part in try grader.grade(submission(numbers)).parts {
        print(
          "  ", part.part.name, part.points, part.verdict, part.given ?? "-", part.reasons,
          part.misconceptions)
      }
    }
    try show(["z": "\(z)", "y": "\(y)"])
    try show(["z": "\(z)", "y": "\(Double(Int(y * 1000 + 0.5)) / 1000)"])
    try show(["z": "\(z)", "y": "\(Double(Int(y * 10 + 0.5)) / 10)"])
    try show(["z": "\(w * x)", "y": "\(1 / (1 + exp(-w * x)))"])
    try show(["z": "\(z)", "y": "\(z)"])
    try show(["z": "\(y)", "y": "___"])
    try show([:])
  }
}
