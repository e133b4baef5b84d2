import Differentiation
import Language
import Learning
import Library
import TestSupport
import Testing

/// The recipe of an optimizer, followed: what it promises holds.
@Suite struct AddingAnOptimizer {
  private static var added: [Optimizer] {
    [
      // recipe begin
      Optimizer(
        "adadelta", "Steps of the size of recent steps, over recent gradients (Zeiler, 2012).",
        formula:
          "s = rho*s + (1 - rho)*g^2; d = sqrt(u + eps)/sqrt(s + eps)*g; u = rho*u + (1 - rho)*d^2; w - lr*d",
        rate: 1,
        settings: [
          .number("rho", 0.9, from: 0, to: 1, open: true, "Memory of both means of squares."),
          .number("eps", 1e-6, from: 0, open: true, "Keeps both roots away from 0."),
        ], states: ["s", "u"]
      ) { x throws(ShapeError) in
        let (rho, eps) = (x["rho"], x["eps"])
        let s = try rho * x["s"] + (1 - rho) * x.g.applying(.square)
        let d = try (x["u"] + eps).applying(.sqrt) / (s + eps).applying(.sqrt) * x.g
        let u = try rho * x["u"] + (1 - rho) * d.applying(.square)
        return ["w": try x.w - x.lr * d, "s": s, "u": u]
      }
      // recipe end
    ]
  }

  /// A session that knows the entry itself, as if it stood in the list.
  private func session() -> TestSession {
    let session = TestSession()
    session.interpreter.runtime.setGlobal("adadelta", to: .choice(.optimizer(Self.added[0])))
    return session
  }

  private static let net = "net = mlp [2,3,1] tanh sigmoid seed=1; "
  private static let training = "xor batch=full quiet=true optimizer=adadelta"

  @Test func `the page quotes it`() throws {
    try expectQuoted(in: Recipe.page)
  }

  @Test func `its formula, computed by hand, gives the steps of a training`() throws {
    let session = session()
    try session.perform(Self.net + "w = net.W1; s = 0*w; u = 0*w; lr = 1; rho = 0.9; eps = 1e-6")
    let statements = Self.added[0].formula.split(separator: "; ")
    let next = "w = \(statements[statements.count - 1])"
    for step in 1...3 {
      try session.perform("g = (grad net xor).W1")
      try session.perform((statements.dropLast() + [next[...]]).joined(separator: "\n"))
      try session.perform(Self.net + "train net \(Self.training) epochs=\(step)")
      let (trained, byHand) = (try session.numbers("net.W1"), try session.numbers("w"))
      for (a, b) in zip(trained, byHand) { #expect(abs(a - b) < 1e-14, "step \(step)") }
    }
  }

  @Test func `it trains, with settings in their ranges only`() throws {
    let session = session()
    try session.perform(Self.net + "run = train net \(Self.training) epochs=2000 lr=5")
    #expect(try session.number("accuracy net xor") == 1)
    #expect(try session.perform("print run.options.optimizer") == "adadelta\n")
    #expect(
      Self.added[0].signature == "adadelta(rho=0.9, eps=1e-06)", "\(Self.added[0].signature)")
    #expect(throws: LearningError.self) {
      try Self.added[0].configured(named: [("rho", .number(1))])
    }
  }

  @Test func `its step is explained`() throws {
    let session = session()
    let text = try session.perform(
      Self.net + "explain net xor \"W1[1,1]\" sample=2 optimizer=adadelta")
    #expect(text.contains("update by adadelta, η = 1"), "\(text)")
    #expect(text.contains("s and u begin at 0"), "\(text)")
  }

  @Test func `it goes on from a checkpoint as if it had never stopped`() throws {
    let session = session()
    try session.perform(Self.net + "train net \(Self.training) epochs=10")
    let whole = try session.numbers("net.W1")
    try session.perform(Self.net + "train net \(Self.training) epochs=4 checkpoint=\"half\"")
    try session.perform(Self.net + "train net \(Self.training) epochs=10 resume=\"half\"")
    #expect(try session.numbers("net.W1") == whole)
  }

  @Test func `a sweep compares it with others`() throws {
    let session = session()
    let output = try session.perform(
      Self.net
        + "s = sweep net xor optimizer=[sgd, adadelta] epochs=5 quiet=true; print length s.runs"
    )
    #expect(output.hasSuffix("2\n"), "\(output)")
  }
}
