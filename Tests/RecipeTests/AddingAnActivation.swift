import Differentiation
import Language
import Learning
import Library
import TestSupport
import Testing

/// The recipe of an activation, which the README has too, followed: what it promises holds.
@Suite struct AddingAnActivation {
  private static var added: [Activation] {
    [
      // recipe begin
      Activation(
        "elliott", "The net input over one more than its size.", formula: "x/(1 + abs(x))",
        range: -1...1
      ) { _, z, _ throws(ShapeError) in try z / (1 + z.applying(.abs)) }
      // recipe end
    ]
  }

  /// What the language makes of every activation of the list.
  private static let catalog = Catalog(
    functions: Catalog.standard.functions
      + added.map { Catalog.function(of: $0) },
    constants: Catalog.standard.constants)

  /// A session that knows the entry itself, as if it stood in the list.
  private func session() -> TestSession {
    let session = TestSession()
    session.interpreter.runtime.setGlobal("elliott", to: .choice(.activation(Self.added[0])))
    return session
  }

  @Test(arguments: ["README.md", Recipe.page])
  func `the page quotes it`(page: String) throws {
    try expectQuoted(in: page)
  }

  @Test func `its formula and its derivative are right`() throws {
    let x = Tensor(vector: [-3, -0.4, 0.7, 12])
    let check = try GradientCheck(at: [x]) { nodes throws(ShapeError) in
      do { return try Self.added[0].output(of: nodes[0]).applying(.sum()) } catch {
        throw ShapeError("\(error)")
      }
    }
    #expect(check.verdict == .agrees)
    let session = TestSession()
    session.interpreter.runtime.setGlobal("x", to: Value(x))
    let output = try Self.added[0].output(of: .constant(x))
    #expect(try session.numbers(Self.added[0].formula) == output.value?.elements)
  }

  @Test func `it computes, helps and completes`() throws {
    let session = TestSession(catalog: Self.catalog)
    #expect(
      try session.perform("print elliott 0.5, elliott [-1, 2]")
        == "0.333333333 [-0.5, 0.666666667]\n")
    #expect(try session.number("grad elliott 1") == 0.25)
    let help = try session.perform("help elliott")
    #expect(help.hasPrefix("elliott x\nThe net input over one more than its size."))
    #expect(help.contains("elliott [-1, 2]\n  # [-0.5, 0.666666667]"))
    for text in ["ellio", "net = mlp [2,8,1] ellio"] {
      let completion = session.interpreter.completion(of: text, cursor: text.utf8.count)
      #expect(completion.candidates.map { $0.text } == ["elliott"], "\(text)")
    }
  }

  @Test func `it trains and is explained`() throws {
    let session = session()
    try session.perform(
      "net = mlp [2,8,1] elliott sigmoid\ntrain net circles epochs=100 lr=1 quiet=true")
    #expect(try session.number("accuracy net circles") > 0.95)
    let text = try session.perform("explain net circles \"W1[1,1]\" sample=1")
    #expect(text.contains("out_h1 = net_h1/(1 + abs(net_h1))"))
    #expect(text.contains("∂out_h1/∂net_h1 = 1/(1 + abs(net_h1))"))
    let explained = try session.number("(explain net circles \"W1[1,1]\").value")
    let derivative = try session.number("(grad net circles).W1[1,1]")
    #expect(abs(explained - derivative) < 1e-15)
  }

  @Test(arguments: [
    ("net.py", "numpy", "z / (1.0 + np.abs(z))"), ("net.py", "pytorch", "z / (1.0 + torch.abs(z))"),
    ("net.py", "keras", "z / (1.0 + ops.abs(z))"), ("net.c", "c", "z[i] / (1.0 + fabs(z[i]))"),
  ])
  func `it is exported by what it computes`(path: String, target: String, code: String) throws {
    let session = session()
    try session.perform("export (mlp [2,8,1] elliott sigmoid) \"\(path)\" to=\(target)")
    let program = String(decoding: try #require(session.written[path]), as: UTF8.self)
    #expect(program.contains(code), "\(program)")
  }

  @Test func `it is saved in ONNX by what it computes`() throws {
    let session = session()
    try session.perform("net = mlp [2,8,1] elliott sigmoid; save net \"net.onnx\"")
    let model = String(decoding: try #require(session.written["net.onnx"]), as: UTF8.self)
    #expect(model.contains("Abs") && model.contains("Div"))
  }
}
