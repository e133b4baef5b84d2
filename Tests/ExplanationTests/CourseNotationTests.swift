import TestSupport
import Testing

/// Each course's own letters, indexes, signs, and forms of a derivation.
@Suite struct CourseNotationTests {
  private static let worked = """
    net = mlp [2,2,2] sigmoid loss=half_sse
    net.W1 = [[.15, .20], [.25, .30]]; net.b1 = [.35, .35]
    net.W2 = [[.40, .45], [.50, .55]]; net.b2 = [.60, .60]

    """

  private func text(_ notation: String, _ statement: String) throws -> String {
    try TestSession().perform("notation \(notation)\n" + Self.worked + statement)
  }

  @Test("The worked example has one bias a layer, times 1, and the sigmoid written out")
  func worked() throws {
    let forward = try text("mazur", "forward net mazur")
    #expect(forward.contains("net_h1 = w1*i1 + w2*i2 + b1*1 = 0.15*0.05 + 0.2*0.1 + 0.35*1"))
    #expect(forward.contains("out_h1 = 1/(1 + exp(-net_h1)) = 1/(1 + exp(-0.3775)) = 0.593269992"))
    let step = try text("mazur", "print descend net mazur lr=0.5 freeze=bias")
    #expect(step.contains("b2*1") && !step.contains("b_o1"))
    #expect(
      step.contains("E_total = 0.5*(target_o1 - out_o1)^2 + 0.5*(target_o2 - out_o2)^2"))
    // Biases that learn are told apart, and so are different ones.
    #expect(try text("mazur", "print descend net mazur lr=0.5").contains("b_o1*1"))
    #expect(try text("mazur", "net.b1 = [.35, .4]; forward net mazur").contains("b_h1*1"))
    let chain = try text("mazur", "explain net mazur \"w5\" form=chain")
    #expect(chain.contains("∂E_total/∂w5 = ∂E_total/∂out_o1 · ∂out_o1/∂net_o1 · ∂net_o1/∂w5\n"))
    #expect(chain.contains("= 0.74136507 · 0.186815602 · 0.593269992"))
  }

  @Test("Ng's course: output minus target, layers from 2, the bias as weight 0, matrices")
  func ng() throws {
    let text = try text("ng", "deltas net mazur\nforward net mazur")
    #expect(text.contains("∂E/∂a₁⁽³⁾ = a₁⁽³⁾ - y₁ = 0.75136507 - 0.01"))
    #expect(text.contains("backward, layer 3") && text.contains("forward, layer 2"))
    #expect(text.contains("z₁⁽²⁾ = w₁₀⁽¹⁾ + w₁₁⁽¹⁾*x₁ + w₁₂⁽¹⁾*x₂ = 0.35"))
    let matrices = try self.text("ng", "explain net mazur \"W1[1,1]\" form=matrix")
    #expect(matrices.contains("δ⁽²⁾ = w⁽²⁾' @ δ⁽³⁾*(∂a⁽²⁾/∂z⁽²⁾)"))
    #expect(!text.contains("h1") && !text.contains("o1"))
  }

  @Test("Goebels: rows, and the weights as a matrix of symbols")
  func goebels() throws {
    let text = try text(
      "goebels", "explain net mazur \"W1[1,1]\" form=matrix\nsymbols net 1 of=gradient")
    #expect(text.contains("δ¹ = δ² @ W²'*(∂a¹/∂z¹)") && text.contains("∂C/∂W¹ = X' @ δ¹"))
    #expect(text.contains("∂C/∂w₁₁¹  ∂C/∂w₁₂¹\n∂C/∂w₂₁¹  ∂C/∂w₂₂¹"))
  }

  @Test("The paper of 1986 has no δ")
  func paper() throws {
    let text = try text("rumelhart", "explain net mazur \"W1[1,1]\"\nshow net mazur")
    #expect(!text.contains("δ"))
    #expect(text.contains("∂E/∂x₅ = ∂E/∂y₅ · ∂y₅/∂x₅"))
    #expect(text.contains("∂E/∂y₅ = y₅ - d₅ = 0.75136507 - 0.01"))
    #expect(text.contains("∂E/∂w₃₁ = ∂E/∂x₃ · y₁"))
  }

  @Test("Vitay: net_y and δ_y, the delta rule, chains of three and five factors")
  func vitay() throws {
    let text = try text("vitay", "explain net mazur \"W2[1,2]\"")
    #expect(text.contains("net_y1 = ") && text.contains("δ_y1") && text.contains("net_y  "))
    #expect(!text.contains("net_o") && !text.contains("δ_o"))
    #expect(text.contains("ΔW₂₁² = η·δ_y1·h₂¹"))
    let classes = """
      net = mlp [2,2,3] sigmoid softmax seed=1
      d = data [[.4, -.8]] [[0, 1, 0]]

      """
    let three = try TestSession().perform(
      "notation vitay\n" + classes + "explain net d \"W2[2,1]\" form=chain factors=all")
    #expect(three.contains("∂l/∂y₁ · ∂y₁/∂net_y2 · ∂net_y2/∂W₁₂²"))
    #expect(three.contains("∂l/∂y₂ = -t₂/y₂"))
    let five = try TestSession().perform(
      "notation vitay\n" + Self.worked
        + "explain net mazur \"W1[1,1]\" form=chain factors=all")
    #expect(
      five.contains("∂l/∂y₁ · ∂y₁/∂net_y1 · ∂net_y1/∂h₁¹ · ∂h₁¹/∂net_h1 · ∂net_h1/∂W₁₁¹"))
  }

  @Test("Llano: ŷ minus y, and the bias as weight 0 of an input 1")
  func llano() throws {
    let text = try text("upc", "explain net mazur \"W2[1,1]\"")
    #expect(text.contains("∂E/∂ŷ₁ = ŷ₁ - y₁ = 0.75136507 - 0.01"))
    #expect(text.contains("w₀₁¹*1 + w₁₁¹*x₁"))
    #expect(text.contains("E = 0.5*(y₁ - ŷ₁)^2 + 0.5*(y₂ - ŷ₂)^2"))
  }

  @Test("A notation of one's own can do what those of the courses do")
  func own() throws {
    let text = try text(
      #"[from: "mazur", output_net: "s_<i>", output_delta: "ε_<i>", output_first: true, first_layer: 2, update: "delta_rule", units: false, definitions: false]"#,
      "explain net mazur \"W2[1,1]\"")
    #expect(text.contains("ε_1 = ∂E_total/∂out_o1 · ∂out_o1/∂s_1"))
    #expect(text.contains("= out_o1 - target_o1") && text.contains("layer 3"))
    #expect(text.contains("Δw5 = -η·ε_1·out_h1"))
    #expect(text.contains("sigmoid(s_1)"))
  }

  @Test("The parts of an explanation are values")
  func parts() throws {
    let session = TestSession()
    try session.perform("notation mazur\n" + Self.worked + "e = explain net mazur \"w1\"")
    let forward = try session.perform("print e.forward")
    #expect(forward.hasPrefix("\nforward\n") || forward.hasPrefix("forward\n"))
    #expect(!forward.contains("backward"))
    #expect(try session.perform("print e.backward").contains("δ_h1 = "))
    #expect(try session.perform("print e.update").contains("w1⁺ = w1 - η·∂E_total/∂w1"))
  }

  @Test("Factors of 1 are taken together with what follows where the chain is to be short")
  func short() throws {
    let lesson = "param w = 3\na = 2*w\nA = a^2\nE = A + 1\n"
    let all = try TestSession().perform(lesson + "explain E w")
    let short = try TestSession().perform(lesson + "explain E w factors=short form=chain")
    #expect(all.contains("∂E/∂w = ∂E/∂A · ∂A/∂a · ∂a/∂w"))
    #expect(short.contains("∂E/∂w = ∂E/∂a · ∂a/∂w") && !short.contains("the values"))
    #expect(short.contains("= 24"))
  }

  @Test("LaTeX has headings, heads of tables and steps as formulas")
  func latex() throws {
    let text = try text("mazur", "print latex (explain net mazur \"w5\")")
    #expect(text.contains("backward: $\\delta_{o1}$ = $\\partial E_{\\mathrm{total}}/"))
    #expect(text.contains("& $\\mathrm{net}_{o}$ & ") || text.contains("$\\mathrm{net}_{o}$"))
    #expect(text.contains("$w_{5}^{+}$"))
    #expect(!text.contains("\\_"))
    let greek = try TestSession().perform(
      "param θ = 2, ξ = 3\nψ = θ*ξ\nprint latex (explain ψ θ)")
    #expect(greek.contains("\\theta") && greek.contains("\\xi") && greek.contains("\\psi"))
    let session = TestSession()
    try session.perform(
      "notation mazur\n" + Self.worked + "save (latex (explain net mazur \"w5\")) \"w5.tex\"")
    #expect(
      session.written["w5.tex"].map { String(decoding: $0, as: UTF8.self).contains("align*") }
        == true)
    try session.perform("show net mazur to=\"net.tex\"")
    let drawing = try #require(
      session.written["net.tex"].map { String(decoding: $0, as: UTF8.self) })
    #expect(drawing.hasPrefix("\\begin{tikzpicture}") && drawing.contains("0.7514"))
  }
}
