import Differentiation
import Explanation
import Foundation
import GoldenNumbers
import Learning
import TestSupport
import Testing

@Suite struct ExplainTests {
  static let notations = ["mazur", "ng", "goebels", "vitay", "upc", "rumelhart"]
  static let places = [
    "W1[1,1]", "W1[1,2]", "W1[2,1]", "W1[2,2]", "W2[1,1]", "W2[1,2]", "W2[2,1]", "W2[2,2]",
  ]

  @Test(arguments: notations)
  func everyWeightOfTheWorkedExampleInEveryNotation(notation: String) throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.net + "notation \(notation)")
    let texts = try Self.places.map { try lesson.perform("explain net case \"\($0)\" factors=all") }
    try expectRecorded(
      texts.joined(separator: "\n"), in: "Tests/ExplanationTests/Snapshots/\(notation).txt")
  }

  @Test func everyWeightByTheNamesOfTheUser() throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named)
    let texts = try (1...8).map { try lesson.perform("explain E w\($0) factors=all") }
    try expectRecorded(
      texts.joined(separator: "\n"), in: "Tests/ExplanationTests/Snapshots/names.txt")
  }

  /// The lines of a text that hold values.
  private static func values(_ text: String) -> Set<Substring> {
    Set(text.split(separator: "\n").filter { $0.hasPrefix(" ") && !$0.contains("as shown with") })
  }

  @Test(
    "An explanation of a further weight says once more only what is new, and nothing is lost",
    arguments: notations)
  func valuesAreShownOnce(notation: String) throws {
    let (lesson, whole) = (TestSession(), TestSession())
    for session in [lesson, whole] {
      try session.perform(WorkedExample.net + "notation \(notation)")
    }
    var shown: Set<Substring> = []
    var lengths = (spared: 0, whole: 0)
    for place in Self.places {
      let text = try lesson.perform("explain net case \"\(place)\"")
      let full = try whole.perform("explain net case \"\(place)\" factors=all")
      shown.formUnion(Self.values(text))
      #expect(Self.values(full).isSubset(of: shown), "\(place)")
      #expect(place == Self.places[0] ? text == full : text.contains("as shown with"))
      lengths = (lengths.spared + text.count, lengths.whole + full.count)
    }
    #expect(3 * lengths.spared < 2 * lengths.whole)
  }

  @Test(
    "After any change in between everything is shown",
    arguments: [
      "net.b2[1] = 0.61", "notation vitay", "case = data [[.05, .11]] [[.01, .99]]", "digits 5",
      "rounding step", "descend net case",
    ])
  func changes(change: String) throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.net + "explain net case \"W2[1,1]\"")
    #expect(try lesson.perform("explain net case \"W2[1,2]\"").contains("as shown with"))
    try lesson.perform(change)
    let text = try lesson.perform("explain net case \"W1[1,1]\"")
    #expect(!text.contains("as shown with"))
    #expect(try lesson.perform("explain net case \"W1[1,1]\" factors=all") == text)
  }

  @Test("What was computed but not written counts as not shown; the same again is shown again")
  func onlyWhatIsWritten() throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named + "e = explain E w5")
    let first = try lesson.perform("explain E w1")
    #expect(!first.contains("as shown with"))
    #expect(try lesson.perform("explain E w1") == first)
    let second = try lesson.perform("explain E w5")
    #expect(second.contains("  net_h1, out_h1, "))
    #expect(second.contains(": as shown with ∂E/∂w1"))
    #expect(try lesson.perform("print latex (explain E w6)").contains("{net}_{o1} &="))
    // The same name with a new value is another computation.
    try lesson.perform("w5 = 0.5; net_o1 = w5*out_h1 + w6*out_h2 + b2; E = (net_o1 - 1)^2")
    #expect(!(try lesson.perform("explain E w6").contains("as shown with")))
  }

  @Test func theProductOfTheSlideStandsUnderItsNames() throws {
    let lesson = TestSession()
    let text = try lesson.perform(WorkedExample.named + "explain E w5")
    #expect(text.contains("∂out_o1/∂net_o1 · ∂net_o1/∂w5"))
    #expect(text.contains("0.74136507 · 0.186815602 · 0.593269992"))
    #expect(text.contains("= 0.0821670406"))
    let hidden = try lesson.perform("explain E w1")
    #expect(hidden.contains("= 0.0553994247 + (-0.0190491183)\n"))
    #expect(hidden.contains("= 0.0363503064\n"))
  }

  private func net(
    _ sizes: [Int], _ activations: [String], loss: String
  ) throws -> (Network, DataSet) {
    var options = Network.Options()
    options.loss = Loss.named(loss)
    let network = try Network(
      sizes: sizes, activations: activations.compactMap { Activation.named($0) }, options: options)
    for name in network.parameterNames where name.hasPrefix("b") {
      var value = try network.value(of: name)
      for index in value.elements.indices { value.elements[index] = 0.1 * Double(index + 1) }
      try network.set(name, to: value)
    }
    let outputs = sizes[sizes.count - 1]
    let inputs = (0..<sizes[0]).map { 0.3 + 0.4 * Double($0) }
    let targets = (0..<outputs).map { $0 == 0 ? 1.0 : 0.0 }
    let data = try DataSet(
      x: Tensor(.matrix(1, sizes[0]), inputs),
      target: .values(Tensor(.matrix(1, outputs), targets)))
    return (network, data)
  }

  @Test(arguments: notations)
  func printedFormulasOfTheWorkedExampleAreRight(notation: String) throws {
    let (network, data) = try net([2, 2, 2], ["sigmoid"], loss: "half_sse")
    let table = try #require(Notation.named(notation))
    for (name, indexes) in [("W1", [1, 2]), ("W2", [2, 1]), ("b1", [2]), ("b2", [1])] {
      let place = try WeightDerivation.Place(network, name, indexes)
      let derivation = try WeightDerivation(network, data, place, notation: table).derivation()
      try expectFormulasHold(derivation, "\(notation) \(name)")
    }
  }

  @Test(arguments: [
    ("tanh", "linear", "mse"), ("relu", "sigmoid", "bce"), ("leaky", "softmax", "ce"),
    ("elu", "tanh", "sse"), ("softplus", "sigmoid", "bce_sum"), ("swish", "linear", "mae"),
    ("gelu", "sigmoid", "mse"), ("clip", "linear", "huber"), ("tanh_half", "tanh", "half_sse"),
    ("step", "linear", "mse"), ("sign", "linear", "half_sse"),
  ])
  func printedFormulasAreRightForOtherActivationsAndLosses(
    hidden: String, output: String, loss: String
  ) throws {
    let (network, data) = try net([3, 4, 3, 2], [hidden, hidden, output], loss: loss)
    let place = try WeightDerivation.Place(network, "W1", [2, 3])
    for notation in [Notation.mazur, Notation.vitay] {
      let derivation = try WeightDerivation(network, data, place, notation: notation).derivation()
      try expectFormulasHold(derivation, "\(hidden) \(output) \(loss)")
      let gradient = try network.gradient(on: data)[0].value
      expectClose(derivation.result.elements, [gradient[1, 2]])
    }
  }

  @Test func printedFormulasOfExpressionsAreRight() throws {
    let x = Node.parameter(Tensor(0.7), name: "x")
    let y = Node.parameter(Tensor(1.3), name: "y")
    let q = try x * y + x.applying(.exp)
    q.name = "q"
    let r = try q.applying(.tanh) / (1 + y.applying(.square))
    r.name = "r"
    let f = try r.applying(.sqrt) - q.applying(.log) * r
    f.name = "f"
    let graphOfQ = try DerivationGraph(of: f, name: "f", targets: [q])
    let byQ = try ChainRule(graphOfQ, by: try #require(graphOfQ.place(of: q))).derivation()
    // q acts directly and by way of r: the two are told apart.
    #expect(
      Writing(.page, number: { "\($0)" }).text(byQ.equations[0].steps[0])
        == "∂f/∂r · ∂r/∂q + ∂f/∂q|direct")
    for target in [x, y, q] {
      let graph = try DerivationGraph(of: f, name: "f", targets: [target])
      let place = try #require(graph.place(of: target))
      let rule = try ChainRule(graph, by: place).derivation()
      try expectFormulasHold(rule, "∂f/∂\(target.name ?? "")")
      let gradient = try gradients(of: f, by: [target])[0].value
      expectClose(rule.result.elements, gradient?.elements ?? [], relative: 1e-13)
    }
    let passes = try DerivationGraph(of: f, name: "f", detail: .everyOperation).passes(to: [x, y])
    try expectFormulasHold(passes, "passes")
  }

  @Test func matricesAreExplainedPassByPass() throws {
    let lesson = TestSession()
    let text = try lesson.perform(
      """
      param W = [[.1, .2], [.3, .4]]
      x = [1, 2]
      z = W @ x
      E = sum(z^2)
      e = explain E W
      print e.value
      explain E W
      """)
    #expect(text.hasPrefix("1.1\n") || text.contains("∂E/∂W"))
    #expect(text.contains("∂E/∂W = outer(∂E/∂z, x)"))
  }

  @Test func manyPathsAreSummedStepByStep() throws {
    let lesson = TestSession()
    var script = "param w = 0.5\na0 = 2*w; b0 = 3*w\n"
    for layer in 1...6 {
      script += "a\(layer) = tanh(a\(layer - 1) + b\(layer - 1)); "
      script += "b\(layer) = a\(layer - 1)*b\(layer - 1)\n"
    }
    try lesson.perform(script + "E = a6 + b6")
    let explained = try lesson.numbers("(explain E w).value")
    expectClose(explained, try lesson.numbers("grad E w"), relative: 1e-12)
    #expect(try lesson.perform("explain E w").contains("many paths"))
  }

  @Test func aStepThatIsTakenIsSaid() throws {
    let lesson = TestSession()
    let text = try lesson.perform("param w = 2\nz = 3*w\nE = step(z)\nexplain E w")
    #expect(text.contains("its derivative is taken as 1"))
    let kink = try lesson.perform("param v = 0\nF = relu(v)\nexplain F v")
    #expect(kink.contains("has a kink"))
  }

  @Test func slideArithmeticRoundsEveryStep() throws {
    let lesson = TestSession()
    try lesson.perform("digits 2\nrounding step")
    let text = try lesson.perform("param a = 1/3\nb = a*a\nc = b*a\nexplain c a")
    #expect(text.contains("b = a*a = 0.33*0.33 = 0.11"))
    #expect(text.contains("= 0.22 + 0.11"))
  }

  @Test func aLargeNetSaysWhatItLeavesOut() throws {
    let lesson = TestSession()
    let text = try lesson.perform(
      """
      net = mlp [784,128,10] relu softmax
      t = zeros(10); t[3] = 1
      case = data [range(0, 1, 784)] [t]
      explain net case "W1[1,2]"
      """.replacing("range(0, 1, 784)", with: "(1..784)/784"))
    #expect(text.contains("120 of 128 units are left out"))
    #expect(text.contains("more:"))
    #expect(text.contains("the other 6 units of layer 2 in the same way"))
  }

  @Test func samplesAreSummed() throws {
    let lesson = TestSession()
    try lesson.perform("net = mlp [2,3,1] tanh sigmoid\nb = circles n=20")
    let value = try lesson.numbers("(explain net b \"W1[2,1]\").value")
    expectClose(value, try lesson.numbers("(grad net b).W1[2,1]"))
    let text = try lesson.perform("explain net b \"W1[2,1]\" sample=3")
    #expect(text.contains("over 20 samples, the mean"))
    #expect(text.contains("sample 3 by itself"))
  }

  @Test func aNotationOfOnesOwn() throws {
    let lesson = TestSession()
    let text = try lesson.perform(
      WorkedExample.net
        + "notation [from: \"vitay\", name: \"mine\", net: \"s_<unit>\", delta: \"ε_<unit>\", sign: 1]\n"
        + "explain net case \"W1[1,1]\"")
    #expect(text.contains("ε_h1 = ∂l/∂s_h1"))
    #expect(throws: TestSession.Failed.self) { try lesson.perform("notation [nets_are: \"s\"]") }
  }

  @Test func latexIsBalanced() throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named + WorkedExample.net)
    for expression in ["explain E w1", "explain net case \"W1[1,1]\"", "deltas net case"] {
      let text = try lesson.perform("print latex (\(expression))")
      var depth = 0
      for character in text.replacing("\\{", with: "").replacing("\\}", with: "") {
        if character == "{" { depth += 1 }
        if character == "}" { depth -= 1 }
        #expect(depth >= 0)
      }
      #expect(depth == 0)
      #expect(
        text.ranges(of: "\\begin{").count == text.ranges(of: "\\end{").count)
      let brackets = text.replacing("\\leftarrow", with: "")
      #expect(brackets.ranges(of: "\\left").count == brackets.ranges(of: "\\right").count)
      // TeX of plain latex knows no such characters.
      #expect(text.allSatisfy { $0.isASCII }, "\(text.filter { !$0.isASCII })")
    }
    try expectRecorded(
      try lesson.perform("print latex (explain E w1)"),
      in: "Tests/ExplanationTests/Snapshots/w1.tex")
    try expectRecorded(
      try lesson.perform("print markdown (explain E w5)"),
      in: "Tests/ExplanationTests/Snapshots/w5.md")
    #expect(
      try lesson.perform("f(x, y) = x^2/y + sqrt(x)\nprint latex f")
        == "f(x, y) = \\frac{x^{2}}{y} + \\sqrt{x}\n")
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/pdflatex")))
  func latexCompilesInAPlainArticle() throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.named + WorkedExample.net)
    var body = ""
    for notation in Self.notations {
      try lesson.perform("notation \(notation)")
      body += try lesson.perform("print latex (explain net case \"W1[1,2]\")") + "\n"
      body += try lesson.perform(
        "print latex (print_step)".replacing("print_step", with: "descend net case lr=0.1"))
    }
    body += try lesson.perform("print latex (explain E w1)")
    body += "\n\\[" + (try lesson.perform("print latex [[1, 2.5], [1e-7, -4]]")) + "\\]\n"
    body += "\\[" + (try lesson.perform("f(x) = where(x > 0, x^2, 1/x)\nprint latex f")) + "\\]\n"
    let folder = FileManager.default.temporaryDirectory.appending(path: "bp-latex-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let document =
      "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n\(body)\n\\end{document}\n"
    try Data(document.utf8).write(to: folder.appending(path: "lesson.tex"))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/pdflatex")
    process.arguments = ["-interaction=nonstopmode", "-halt-on-error", "lesson.tex"]
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let log = try? String(contentsOf: folder.appending(path: "lesson.log"), encoding: .isoLatin1)
    #expect(process.terminationStatus == 0, "\(log?.suffix(800) ?? "")")
  }

  @Test func stepsCanBeUndone() throws {
    let lesson = TestSession()
    try lesson.perform(WorkedExample.net + "descend net case lr=0.5\ndescend net case lr=0.5")
    try lesson.perform("undo net\nundo net")
    expectClose(try lesson.numbers("net.W1"), [0.15, 0.2, 0.25, 0.3], relative: 0)
    let text = try lesson.perform("print (descend net case lr=0.5 freeze=bias)")
    #expect(text.contains("w5⁺ = w5 - η · ∂E_total/∂w5 = 0.4 - 0.5 · 0.0821670406 = 0.35891648"))
    // In a script the step is made silently.
    #expect(try lesson.perform("descend net case lr=0.5") == "")
  }
}

/// Every equation's formulas, read by the interpreter with the printed symbols as variables.
func expectFormulasHold(
  _ derivation: Derivation, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var names: [Symbol: String] = [:]
  var script = ""
  for (index, (symbol, value)) in derivation.values.enumerated() {
    names[symbol] = "s\(index)"
    let writing = Writing(.program, number: { "\($0)" })
    script += "s\(index) = \(writing.text(value))\n"
  }
  let writing = Writing(.program, number: { "\($0)" }, name: { names[$0] })
  let lesson = TestSession()
  try lesson.perform(script)
  var count = 0
  for equation in derivation.equations {
    for step in equation.steps {
      let text = writing.text(step)
      guard step.symbols.allSatisfy({ names[$0] != nil }) else { continue }
      count += 1
      expectClose(
        try lesson.numbers(text), equation.value.elements, relative: 1e-12, absolute: 1e-15,
        "\(what): \(equation.left.text) = \(text)", sourceLocation: sourceLocation)
    }
  }
  #expect(count > 3, "few formulas in \(what)", sourceLocation: sourceLocation)
}
