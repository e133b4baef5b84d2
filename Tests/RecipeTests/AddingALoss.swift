import Differentiation
import Foundation
import Language
import Learning
import Library
import TestSupport
import Testing

/// The recipe of a loss, followed: what it promises holds.
@Suite struct AddingALoss {
  private static var added: [Loss] {
    [
      // recipe begin
      Loss(
        "log_cosh", "Squared for small errors, absolute for large ones, without a corner between.",
        formula: "mean(log(cosh(t - y)))"
      ) { _, y, t throws(ShapeError) in
        // log(cosh(e)) = e + log(1 + exp(-2*e)) - log(2), where cosh itself would leave the doubles.
        let error = try t - y
        let losses = try error + (-2 * error).applying(.softplus) - 0.6931471805599453
        return try losses.applying(.mean(axis: .columns))
      }
      // recipe end
    ]
  }

  private static let catalog = Recipe.catalog(
    with: added.map { Catalog.function(of: $0) })

  /// A session in which an option of this name finds the entry itself.
  private func session() -> TestSession {
    let session = TestSession(catalog: Self.catalog)
    session.interpreter.runtime.setGlobal("log_cosh", to: .choice(.loss(Self.added[0])))
    return session
  }

  @Test func `the page quotes it`() throws {
    try expectQuoted(in: Recipe.page)
  }

  @Test func `its formula says what it computes, also for large errors`() throws {
    let (y, t) = ([0.3, -2, 5], [1, 0.5, -40])
    let rows = [y, t].map { Node.constant(Tensor(.matrix(1, 3), $0)) }
    let samples = try Self.added[0].samples(y: rows[0], t: rows[1])
    let session = TestSession()
    try session.perform("y = \(y); t = \(t)")
    let number = try session.number(Self.added[0].formula)
    #expect(abs(try #require(samples.value?.elements.first) - number) < 1e-14)
    let far = try Self.added[0].samples(
      y: .constant(Tensor(.matrix(2, 1), [3000, 0])),
      t: .constant(Tensor(.matrix(2, 1), [0, 3000])))
    #expect(far.value?.elements == [3000 - log(2), 3000 - log(2)])
  }

  @Test func `it computes, helps and completes`() throws {
    let session = TestSession(catalog: Self.catalog)
    let value = log(cosh(0.5))
    #expect(abs(try session.number("log_cosh 0.5 1") - value) < 1e-15)
    try session.perform("param y = 0.5; L = log_cosh y 1")
    #expect(abs(try session.number("grad L y") + tanh(0.5)) < 1e-15)
    let help = try session.perform("help log_cosh")
    #expect(help.hasPrefix("log_cosh y t prepared=false\nSquared for small errors"))
    #expect(help.contains("log_cosh [0.8, 0.4] [1, 0]\n  # 0.04891"), "\(help)")
    #expect(session.offers("log_c") == ["log_cosh"])
  }

  @Test func `it trains with gradients that match, and is explained`() throws {
    let session = session()
    try session.perform("net = mlp [1,6,1] tanh linear loss=log_cosh seed=1")
    #expect(try session.perform("c = gradcheck net sine; print c.verdict") == "agrees\n")
    let before = try session.number("log_cosh net sine")
    try session.perform("run = train net sine epochs=100 lr=0.3 loss=log_cosh quiet=true")
    let after = try session.number("run.loss")
    #expect(after < before / 4, "\(before) \(after)")
    #expect(abs(try session.number("log_cosh net sine") - after) < 1e-12)
    let explained = try session.number("(explain net sine \"W1[1,1]\").value")
    let derivative = try session.number("(grad net sine).W1[1,1]")
    #expect(abs(explained - derivative) < 1e-15)
  }

  @Test(arguments: [("pytorch", "softplus"), ("keras", "softplus")])
  func `it is exported to the programs that train`(target: String, code: String) throws {
    let session = session()
    try session.perform(
      "export (mlp [1,6,1] tanh linear loss=log_cosh) \"net.py\" to=\(target)")
    let program = String(decoding: try #require(session.written["net.py"]), as: UTF8.self)
    let loss = try #require(program.range(of: "def loss"))
    let body = program[loss.upperBound...].prefix(400)
    #expect(body.contains(code) && body.contains("0.693147180"), "\(program)")
  }
}
