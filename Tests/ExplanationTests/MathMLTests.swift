import Differentiation
import Explanation
import Foundation
import FoundationXML
import Rendering
import TestSupport
import Testing

/// Formulas in MathML and TeX.
@Suite struct MathMLTests {
  private static let (a, b) = (
    Formula.symbol(Symbol(name: "w5")), Formula.symbol(Symbol(name: "out_h1"))
  )

  /// Every construct, as it is to be written.
  static let constructs: [(formula: Formula, tex: String, mathML: String)] = [
    (.number(0.5), "0.5", "<mn>0.5</mn>"),
    (.number(-2), "-2", "<mrow><mo form=\"prefix\">−</mo><mn>2</mn></mrow>"),
    (
      .number(1e-30), "1 \\cdot 10^{-30}",
      "<mn>1</mn><mo>·</mo><msup><mn>10</mn><mrow><mo form=\"prefix\">−</mo><mn>30</mn></mrow></msup>"
    ),
    (a, "w_{5}", "<msub><mi>w</mi><mn>5</mn></msub>"),
    (
      b, "\\mathrm{out}_{h1}",
      "<msub><mi>out</mi><mrow><mi>h</mi><mn>1</mn></mrow></msub>"
    ),
    (
      .sum([a, .negated(.number(1))]), "w_{5} - 1",
      "<msub><mi>w</mi><mn>5</mn></msub><mo>−</mo><mn>1</mn>"
    ),
    (
      .product([.number(2), a]), "2 \\, w_{5}",
      "<mn>2</mn><mspace width=\"0.17em\"></mspace><msub><mi>w</mi><mn>5</mn></msub>"
    ),
    (.product([.number(2), .number(3)]), "2 \\cdot 3", "<mn>2</mn><mo>·</mo><mn>3</mn>"),
    (
      .quotient(.number(1), a), "\\frac{1}{w_{5}}",
      "<mfrac><mn>1</mn><msub><mi>w</mi><mn>5</mn></msub></mfrac>"
    ),
    (
      .power(a, .number(2)), "w_{5}^{2}", "<msubsup><mi>w</mi><mn>5</mn><mn>2</mn></msubsup>"
    ),
    (
      .power(.quotient(.number(1), .number(2)), .number(2)), "\\left(\\frac{1}{2}\\right)^{2}",
      "<msup><mrow><mo>(</mo><mfrac><mn>1</mn><mn>2</mn></mfrac><mo>)</mo></mrow><mn>2</mn></msup>"
    ),
    (
      .transposed(a), "w_{5}^{T}", "<msubsup><mi>w</mi><mn>5</mn><mi>T</mi></msubsup>"
    ),
    (
      .comparison("<=", a, .number(0)), "w_{5} \\le 0",
      "<msub><mi>w</mi><mn>5</mn></msub><mo>≤</mo><mn>0</mn>"
    ),
    (
      .call("sigmoid", [a]), "\\sigma\\left(w_{5}\\right)",
      "<mi>σ</mi><mrow><mo>(</mo><msub><mi>w</mi><mn>5</mn></msub><mo>)</mo></mrow>"
    ),
    (.call("exp", [.number(1)]), "e^{1}", "<msup><mi>e</mi><mn>1</mn></msup>"),
    (.call("sqrt", [.number(4)]), "\\sqrt{4}", "<msqrt><mn>4</mn></msqrt>"),
    (
      .call("leaky'", [.number(4)]), "\\operatorname{leaky}'\\left(4\\right)",
      "<mi>leaky′</mi><mrow><mo>(</mo><mn>4</mn><mo>)</mo></mrow>"
    ),
    (.omitted(3, 1), "\\dots", "<mo>…</mo>"),
    (
      .tensor(Tensor(.matrix(1, 2), [1, 2])), "\\begin{pmatrix} 1 & 2 \\end{pmatrix}",
      "<mrow><mo>(</mo><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>"
        + "<mo>)</mo></mrow>"
    ),
    (
      .symbol(.derivative(of: Symbol(name: "E"), by: Symbol(name: "w5"))),
      "\\frac{\\partial E}{\\partial w_{5}}",
      "<mfrac><mrow><mi>∂</mi><mi>E</mi></mrow>"
        + "<mrow><mi>∂</mi><msub><mi>w</mi><mn>5</mn></msub></mrow></mfrac>"
    ),
    (
      .symbol(Symbol(tex: "\\hat{y}_{1}^{(2)}")), "\\hat{y}_{1}^{(2)}",
      "<msubsup><mover accent=\"true\"><mi>y</mi><mo stretchy=\"false\">^</mo></mover><mn>1</mn>"
        + "<mrow><mo stretchy=\"false\" lspace=\"0\" rspace=\"0\">(</mo><mn>2</mn>"
        + "<mo stretchy=\"false\" lspace=\"0\" rspace=\"0\">)</mo></mrow></msubsup>"
    ),
    (
      .symbol(Symbol(name: "ŷ")), "\\hat{y}",
      "<mover accent=\"true\"><mi>y</mi><mo stretchy=\"false\">^</mo></mover>"
    ),
    (
      .symbol(Symbol(name: "W₁²")), "W_{1}^{2}", "<msubsup><mi>W</mi><mn>1</mn><mn>2</mn></msubsup>"
    ),
    (
      .symbol(Symbol(name: "E_total")), "E_{\\mathrm{total}}",
      "<msub><mi>E</mi><mi>total</mi></msub>"
    ),
  ]

  @Test("Every construct is written in both languages", arguments: constructs.indices)
  func written(place: Int) {
    let (formula, tex, mathML) = Self.constructs[place]
    let layout = FormulaLayout { NumberStyle.standard.text($0) }.layout(formula)
    #expect(TeXWriter.text(layout) == tex)
    let element = MathMLWriter.element(layout, alternative: "x")
    #expect(element == "<math alttext=\"x\">\(mathML)</math>")
    expectWellFormed(element)
  }

  @Test(
    "No name breaks a page",
    arguments: [
      "<script>", "a&b", "\"", "'>", "x\u{0}\u{1F}", "sepal length", "_", "x_", "𝔘", "🙂", "{{{",
      "\\",
      "\\frac{", "^", "_{", "\\hat", "}}", "\\left(\\sqrt{x", "a]]>b", "\u{FFFF}",
      String(repeating: "{", count: 5000), String(repeating: "x_{", count: 5000),
    ])
  func names(name: String) {
    for symbol in [Symbol(name: name), Symbol(tex: name)] {
      let formula = Formula.power(.symbol(symbol), .number(2))
      let layout = FormulaLayout { "\($0)" }.layout(formula)
      let element = MathMLWriter.element(layout, alternative: name)
      expectWellFormed(element)
      #expect(!element.contains("<script"))
      #expect(layout.size.width.isFinite)
    }
    let prose = Prose(symbols: [Symbol(name: name)])
    expectWellFormed("<p>\(MathMLWriter.text(prose.spans("of \(name), and \(name)")))</p>")
  }

  @Test("A long sum is broken at its signs, and nothing of it is lost")
  func lines() {
    let terms = (1...20).map { Formula.product([.symbol(Symbol(name: "w\($0)")), .number(0.25)]) }
    let layout = FormulaLayout { "\($0)" }.layout(.sum(terms))
    let lines = layout.lines(width: 20)
    #expect(lines.count > 3)
    for line in lines { #expect(line.size.width <= 20) }
    #expect(lines.map { TeXWriter.text($0) }.joined() == TeXWriter.text(layout))
    for line in lines.dropFirst() { #expect(TeXWriter.text(line).hasPrefix(" + ")) }
  }

  @Test("Running text keeps its words, and what is a symbol becomes a formula")
  func prose() {
    let prose = Prose(
      symbols: [Symbol(name: "w5"), Symbol(name: "E_total"), Symbol(name: "y"), Symbol(name: "t")],
      readsNames: false)
    let text = "w + (t - y)x: ∂E_total/∂w5 = 0.08, and a W2[1,2] of x_train is W¹x¹."
    let spans = prose.spans(text)
    let formulas = spans.compactMap { if case .formula(_, let text) = $0 { text } else { nil } }
    #expect(formulas == ["t", "y", "∂E_total/∂w5", "W¹x¹"])
    let whole = spans.map { span in
      switch span {
      case .text(let text), .formula(_, let text): text
      }
    }
    #expect(whole.joined() == text)
  }

  @Test("mathml writes what latex writes")
  func function() throws {
    let lesson = TestSession()
    let text = try lesson.perform(WorkedExample.named + "print mathml (explain E w1)")
    expectWellFormed("<div>\(text)</div>")
    #expect(text.contains("<mfrac><mrow><mi>∂</mi><mi>E</mi></mrow>"))
    #expect(text.contains("alttext=\"∂E/∂w1 = "))
    #expect(!text.contains("<pre"))
    #expect(try lesson.perform("print mathml (formula relu)").contains("<mtable>"))
    #expect(try lesson.perform("print mathml [1, 2]").contains("<mtr><mtd><mn>1</mn>"))
    #expect(throws: TestSession.Failed.self) { try lesson.perform("print mathml \"a\"") }
  }

  private func expectWellFormed(
    _ element: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let parser = XMLParser(data: Data(element.utf8))
    #expect(parser.parse(), "\(element.prefix(300))", sourceLocation: sourceLocation)
  }
}
