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
    ("w5", "0.041083520", "two"), ("w5", "0.164334081", "notReset"),
    ("w5", "0.358916480", "newWeight"), ("w5", "0.138498562", "inputForgotten"),
  ])
  func aMisconceptionIsRecognisedByItsNumber(
    weight: String, number: String, kind: String
  ) throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named + WorkedExample.net)
    let place = weight == "w5" ? "W2[1,1]" : "W1[1,1]"
    let truth = weight == "w5" ? "0.08216704" : "0.00043856"
    for question in ["E \(weight) \(number)", "net case \"\(place)\" \(number)"] {
      let call = number.hasPrefix("-") ? question.replacing(number, with: "(\(number))") : question
      let kinds = try lesson.perform("d = diagnose \(call)\nprint d.kinds")
      #expect(kinds.contains("\"\(kind)\""), "\(question): \(kinds)")
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
    #expect(
      try lesson.perform("d = diagnose net case \"W1[1,1]\" w after=2 lr=0.05\nprint d.kinds")
        == "[\"notReset\"]\n")
  }

  @Test func twoMisconceptionsAtOnceAreNamedTogether() throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named + "d = diagnose E w5 (-0.164334081)")
    #expect(try lesson.perform("print d.explanations[1].kinds") == "[\"half\", \"sign\"]\n")
  }

  @Test func theRightNumberIsCalledRightAndAStrangeOneUnknown() throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named)
    #expect(try lesson.perform("d = diagnose E w5 0.082167041\nprint d.right") == "true\n")
    let text = try lesson.perform("diagnose E w5 0.7")
    #expect(text.contains("none of the known misconceptions"))
    #expect(!text.contains("0.0821"))
  }

  @Test func aMisconceptionThatMakesNoDifferenceIsNotNamed() throws {
    let lesson = TestSession()
    // With one output there is no other path, no mean, nothing to transpose.
    try lesson.perform("param w = 0.5\ny = sigmoid(3*w)\nE = 1/2*(1 - y)^2\ng = grad E w")
    #expect(try lesson.perform("d = diagnose E w (g/3)\nprint d.kinds") == "[\"inputForgotten\"]\n")
  }

  @Test(arguments: [
    // ∂E/∂w5 is 0.0821670406.
    ("0.0822", "is right to 3 digits"), ("0.08217", "is right to 4 digits"),
    ("8.2e-2", "is right to 2 digits"), ("0.08", "is right to 1 digit"),
    ("0.1", "is right to 1 digit"), ("0.0821", "is right to 2 digits"),
    ("(round(1000*grad E w5)/1000)", "is right to 2 digits"),
    ("0.08216706", "is right to 6 digits"),
    ("0.16433413", "the ½ of the squared error is forgotten"),
    ("0.0", "has too few digits to tell"), ("0", "none of the known"),
    ("0.0825", "none of the known"), ("0.0818", "none of the known"),
    ("0.16", "the ½ of the squared error is forgotten"), ("0.2", "More digits would tell more."),
  ])
  func rightAnswersAreRoundedToTheDigitsWritten(number: String, words: String) throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named)
    let small = number == "0.0" ? "E w1" : "E w5"
    let text = try lesson.perform("diagnose \(small) \(number)")
    #expect(text.contains(words), "\(text)")
  }

  @Test func whatOneNumberCannotTellApartIsNamedTogether() throws {
    let lesson = TestSession()
    // relu's slope is the same at its output, so left out and taken there are one number.
    try lesson.perform(
      """
      net = mlp [2,2,1] relu linear loss=half_sse init=constant(0.3)
      net.b1 = [-1, 0.1]
      case = data [[1, 0.5], [0.2, -0.8]] [1, 0]
      y = net case.x
      d = diagnose net case "W1[1,1]" (sum((y[:,1] - case.t[:,1])*0.3*case.x[:,1])/2)
      """)
    #expect(try lesson.perform("print d.kinds").contains("\"noDerivative\""))
    #expect(try lesson.perform("print d.misconception").contains("at the hidden units"))
  }

  @Test(arguments: ["tanh sigmoid", "tanh softmax"])
  func theLayerIsNamedWhereTheLossHoldsTheLastActivation(activations: String) throws {
    let lesson = TestSession()
    let outputs = activations.hasSuffix("softmax") ? 2 : 1
    try lesson.perform(
      """
      net = mlp [2,3,\(outputs)] \(activations) seed=1
      case = data [[1, 2]] [[\(outputs == 1 ? "1" : "1, 0")]]
      δ = net [1,2] - [\(outputs == 1 ? "1" : "1, 0")]
      d = diagnose net case "W1[1,1]" (sum(δ*net.W2[:,1]))
      """)
    #expect(try lesson.perform("print d.kinds") == "[\"noDerivative\"]\n")
    #expect(
      try lesson.perform("print d.misconception")
        == "the derivative of the activation is left out at the hidden units\n")
  }

  @Test func theSlopeAtAKinkMayBeTakenFromTheOtherSide() throws {
    let lesson = TestSession()
    try lesson.perform(
      """
      net = mlp [1,1,1] relu linear loss=half_sse
      net.W1 = [[0.5]]; net.b1 = [-1]; net.W2 = [[2]]; net.b2 = [0.5]
      case = data [[2]] [[3]]
      d = diagnose net case "W1[1,1]" 0
      """)
    // The net input is 0: the lecture's slope is 1, that of libraries 0.
    #expect(try lesson.perform("print d.kinds").contains("\"kink\""))
    #expect(try lesson.number("(grad net case).W1[1,1]") == -10)
  }

  @Test(arguments: [
    ("(out - target)*out*(1 - out)*x", "extraDerivative"), ("out*x", "targetForgotten"),
    ("(out - target)*x/log(2)", "logarithm"), ("out*(1 - out)*x", "outputDerived"),
    ("(sigmoid(out) - target)*out*(1 - out)*x", "activationTwice"),
  ])
  func aCrossEntropyWrittenOutIsKnown(number: String, kind: String) throws {
    let lesson = TestSession()
    try lesson.perform(
      """
      param w = 0.7, b = -0.2
      x = 1.5; target = 0.8
      out = sigmoid(w*x + b)
      E = -(target*log(out) + (1 - target)*log(1 - out))
      """)
    let kinds = try lesson.perform("d = diagnose E w (\(number))\nprint d.kinds")
    #expect(kinds.contains("\"\(kind)\""), "\(kinds)")
  }

  @Test(arguments: [
    ("(p - t)*p*(1 - p)", "extraDerivative"), ("p", "targetForgotten"),
    ("-t*(1 - p)", "softmaxDiagonal"), ("(p - t)/log(10)", "logarithm"), ("-(p - t)", "sign"),
  ])
  func aSoftmaxWrittenOutIsKnown(vector: String, kind: String) throws {
    for loss in ["-sum(t*log(y))", "ce y t"] {
      let lesson = TestSession()
      try lesson.perform(
        """
        param z = [0.5, -0.3, 0.2]
        t = [0, 1, 0]
        y = softmax z
        p = value y
        E = \(loss)
        """)
      let kinds = try lesson.perform("d = diagnose E z (\(vector))\nprint d.kinds")
      #expect(kinds.contains("\"\(kind)\""), "\(loss): \(kinds)")
    }
  }

  @Test func aMatrixIsAskedAboutAsAWhole() throws {
    let lesson = TestSession()
    try lesson.perform(
      WorkedExample.net + "g = grad net case\nwrong = g.W2\nwrong[1,2] = 2*wrong[1,2]")
    #expect(
      try lesson.perform("diagnose net case \"W2\" [[0.0822, 0.0827], [-0.0226, -0.0227]]")
        == "this matrix is right to 3 digits for ∂E_total/∂W2\n")
    #expect(
      try lesson.perform("d = diagnose net case \"W2\" (2*g.W2); print d.kinds").contains("half"))
    #expect(
      try lesson.perform("d = diagnose net case \"W1\" (g.W1'); print d.kinds")
        == "[\"transposed\"]\n")
    #expect(
      try lesson.perform("d = diagnose net case \"W2\" wrong; print d.wrong") == "[\"[1,2]\"]\n")
    #expect(
      try lesson.perform("diagnose net case \"W2\" wrong").contains(
        "but only [1,2] is wrong. What stands there is what comes out if the ½"))
    #expect(try lesson.perform("d = diagnose net case \"b2\" g.b2; print d.right") == "true\n")
    #expect(
      try lesson.perform(
        "param W = [1, 2; 3, 4]; E = sum((W @ [1, 2])^2); d = diagnose E W (2*grad E W)\nprint d.kinds"
      ).contains("notReset"))
    #expect(lesson.run("diagnose net case \"W2\" [1, 2, 3]") != .done)
    #expect(lesson.reports.last?.contains("∂E_total/∂W2 is a 2×2 matrix") == true)
  }

  @Test(arguments: [
    ("0.358916480", "[]", "is right for w5 after 1 step"),
    ("0.36", "[]", "is right to 2 digits for w5 after 1 step"),
    ("0.441083520", "[\"sign\"]", "is not w5 after 1 step"),
    ("(-0.041083520)", "[\"move\"]", "is not w5 after 1 step"),
    ("0.082167041", "[\"derivativeForWeight\"]", "is not w5 after 1 step"),
    ("0.317832961", "[\"half\"]", "is not w5 after 1 step"),
    ("0.9", "[]", "is not w5 after 1 step, and not ∂E_total/∂w5 there"),
  ])
  func aWeightAfterStepsIsAskedAbout(number: String, kinds: String, words: String) throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.net)
    let call = "diagnose net case \"W2[1,1]\" \(number) after=1 lr=0.5"
    #expect(try lesson.perform("d = \(call); print d.kinds") == "\(kinds)\n")
    #expect(try lesson.perform(call).contains(words))
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
