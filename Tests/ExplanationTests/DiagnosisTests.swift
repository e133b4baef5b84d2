import Foundation
import TestSupport
import Testing

@Suite struct DiagnosisTests {
  @Test(arguments: [
    ("w5", "0.164334081", "half"), ("w5", "0.439829649", "noDerivative"),
    ("w5", "0.095789770", "derivativeAtOutput"), ("w5", "0.052283207", "netForOut"),
    ("w5", "0.041083520", "mean"), ("w5", "-0.082167041", "sign"),
    ("w1", "0.000364723", "updatedWeights"), ("w1", "0.001817515", "noDerivative"),
    ("w1", "0.000668396", "onePath"), ("w1", "0.000461551", "notTransposed"),
  ])
  func aSlipIsRecognisedByItsNumber(weight: String, number: String, kind: String) throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named + WorkedExample.net)
    let place = weight == "w5" ? "W2[1,1]" : "W1[1,1]"
    let truth = weight == "w5" ? "0.08216704" : "0.00043856"
    for question in ["E \(weight) \(number)", "net case \"\(place)\" \(number)"] {
      let call = number.hasPrefix("-") ? question.replacing(number, with: "(\(number))") : question
      let kinds = try lesson.perform("d = diagnose \(call)\nprint d.kinds")
      #expect(kinds == "[\"\(kind)\"]\n", "\(question)")
      let text = try lesson.perform("diagnose \(call)")
      #expect(text.contains("?"))
      if kind != "sign" { #expect(!text.contains(truth)) }
    }
  }

  @Test(arguments: [(1, "0.291027924"), (10000, "0.000035085")])
  func thePrintedLossesAreThoseOfWeightsUpdatedTooEarly(steps: Int, number: String) throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.net)
    let kinds = try lesson.perform(
      "d = diagnose net case \(number) after=\(steps) lr=0.5 freeze=bias\nprint d.kinds")
    #expect(kinds == "[\"updatedWeights\"]\n")
  }

  @Test(arguments: [
    ("0.280471", "[]"), ("0.291027774", "[\"biasNotTrained\"]"),
  ])
  func biasesLeftOutAreNoticed(number: String, kinds: String) throws {
    let lesson = TestSession()
    let text = try lesson.perform(
      WorkedExample.net + "d = diagnose net case \(number) after=1 lr=0.5\nprint d.kinds")
    #expect(text == "\(kinds)\n")
  }

  @Test func gradientsThatAreNotResetAreNoticed() throws {
    // By hand: both gradients are added in the second step.
    let lesson = TestSession()
    try lesson.perform(
      """
      net = mlp [1,1] linear init=constant(0.5) loss=half_sse
      case = data [[2]] [[3]]
      w = 0.5; b = 0
      g1 = (w*2 + b - 3)*2; h1 = w*2 + b - 3
      w = w - 0.05*g1; b = b - 0.05*h1
      g2 = (w*2 + b - 3)*2; h2 = w*2 + b - 3
      w = w - 0.05*(g1 + g2); b = b - 0.05*(h1 + h2)
      d = diagnose net case (1/2*(w*2 + b - 3)^2) after=2 lr=0.05
      """)
    #expect(try lesson.perform("print d.kinds") == "[\"notReset\"]\n")
  }

  @Test func twoSlipsAtOnceAreNamedTogether() throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named + "d = diagnose E w5 (-0.164334081)")
    #expect(try lesson.perform("print d.kinds") == "[\"half\", \"sign\"]\n")
  }

  @Test func theRightNumberIsCalledRightAndAStrangeOneUnknown() throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named)
    #expect(try lesson.perform("d = diagnose E w5 0.082167041\nprint d.right") == "true\n")
    let text = try lesson.perform("diagnose E w5 0.7")
    #expect(text.contains("none of the known misconceptions"))
    #expect(!text.contains("0.0821"))
  }

  @Test func aSlipThatMakesNoDifferenceIsNotNamed() throws {
    let lesson = TestSession()
    // With one output there is no other path, no mean, nothing to transpose.
    try lesson.perform("param w = 0.5\ny = sigmoid(3*w)\nE = 1/2*(1 - y)^2\ng = grad E w")
    #expect(try lesson.perform("d = diagnose E w (g/2)\nprint d.kinds") == "[]\n")
  }
}

@Suite struct GradientReviewTests {
  @Test func derivativesOfExpressionsFunctionsAndNetsAgree() throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named + WorkedExample.net + "f(x, y) = sin(x)*y^3")
    for expression in ["E", "E w5", "f x=1 y=2", "net case", "(mlp [2,4,1] relu sigmoid) circles"] {
      #expect(
        try lesson.perform("c = gradcheck \(expression)\nprint c.verdict") == "agrees\n",
        "\(expression)")
    }
  }

  @Test func aSlopeTakenByConventionDisagreesAndSaysWhy() throws {
    let lesson = TestSession()
    let text = try lesson.perform(
      "net = mlp [2,3,1] step linear\ngradcheck net (linear n=5)"
        .replacing("(linear n=5)", with: "(data [[1, 2]] [[3]])"))
    #expect(text.contains("disagrees"))
    #expect(text.contains("its derivative is taken as 1"))
  }

  @Test func aKinkIsNoMistake() throws {
    let lesson = TestSession()
    let text = try lesson.perform("f(x, y) = relu(x) + y^2\ngradcheck f x=0 y=1")
    #expect(text.contains("agrees"))
    #expect(text.contains("1 crosses a kink within the step and says nothing: x"))
  }

  @Test func zeroBothWaysIsAgreement() throws {
    let lesson = TestSession()
    let text = try lesson.perform("f(x, y) = relu(x) + y^2\ngradcheck f x=-3 y=1")
    #expect(text.contains("agrees"))
    #expect(text.contains("1 is 0 both ways"))
  }
}

@Suite struct LectureScriptTests {
  @Test(arguments: ["cazenave", "ceng506"])
  func everyCheckOfALectureHolds(name: String) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../scripts/lectures/\(name).bp")
    let lesson = TestSession()
    try lesson.perform(try String(contentsOf: url, encoding: .utf8), name: "\(name).bp")
    #expect(lesson.checksFailed == 0)
    #expect(lesson.checksHeld > 20)
  }
}
