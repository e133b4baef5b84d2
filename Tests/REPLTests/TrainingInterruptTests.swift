import Foundation
import Testing

@testable import REPL

private let interrupt = "\u{3}"

/// Ctrl-C while a net trains, in the built program at a terminal.
@Suite(.serialized) struct TrainingInterruptTests {
  /// Rows of circles.
  private static let rows = 100

  @Test(arguments: [rows, 10])
  func `a training stopped anywhere leaves the net of exactly so many steps`(batch: Int) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "bp-interrupt-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let terminal = try PseudoTerminal(state: folder, columns: 200)
    try terminal.expect("bp> ")
    func enter(_ line: String) throws {
      terminal.type(line + "\n")
      try terminal.expect("bp> ")
    }
    try enter("fresh() = mlp [2,4,1] tanh sigmoid seed=7")
    try enter(
      "same(a, b) = a.W1 == b.W1 and a.b1 == b.b1 and a.W2 == b.W2 and a.b2 == b.b2")
    var random = SystemRandomNumberGenerator()
    let rounds = ProcessInfo.processInfo.environment["BP_INTERRUPTS"].flatMap(Int.init) ?? 12
    let options = "lr=0.01 batch=\(batch) shuffle=false"
    for round in 1...rounds {
      try enter("net = fresh(); run = [steps: 0];")
      terminal.type("run = train net circles epochs=1000000 \(options)\n")
      try terminal.expect("shuffle=false\n")
      // The first moments come before the training has begun; once it is sure that it has.
      if round == rounds { try terminal.expect("epoch ") }
      usleep(UInt32.random(in: 2_000...250_000, using: &random))
      terminal.type(interrupt)
      let summary = try terminal.expect("bp> ")
      #expect(
        summary.contains("stopped after") || summary.contains("interrupted"),
        "round \(round): \(summary)")
      terminal.type("print \"steps {run.steps} of it\"\n")
      try terminal.expect("\nsteps ")
      let steps = try #require(Int(try terminal.expect(" ").dropLast()))
      #expect(steps > 0 || round < rounds)
      try terminal.expect("bp> ")
      // So many steps again: the whole epochs, and one over the rows that the last one has seen.
      try enter("other = fresh();")
      let stepsAnEpoch = Self.rows / batch
      let (epochs, rest) = steps.quotientAndRemainder(dividingBy: stepsAnEpoch)
      if epochs > 0 { try enter("train other circles epochs=\(epochs) \(options) quiet=true;") }
      if rest > 0 {
        let seen = "1..\(rest * batch)"
        try enter("d = circles; seen = data (d.x[\(seen)]) (d.t[\(seen)]);")
        try enter("train other seen epochs=1 \(options) quiet=true;")
      }
      terminal.type("print same(net, other), \(round)\n")
      try terminal.expect("\ntrue \(round)\n")
      try terminal.expect("bp> ")
    }
  }

  @Test func `Ctrl-C ends a long function, and a second one what cannot end`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "bp-interrupt-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let terminal = try PseudoTerminal(state: folder, columns: 200)
    try terminal.expect("bp> ")
    for line in [
      "x = permutation 40000000", "B = inv (rand 3000 3000)",
      "A = rand 3000 3000; B = A @ A @ A @ A",
    ] {
      terminal.type("x = 7; B = 8;\n")
      try terminal.expect("bp> ")
      terminal.type(line + "\n")
      usleep(200_000)
      let start = Date()
      terminal.type(interrupt)
      try terminal.expect("interrupted")
      // The machine may be busy with other tests.
      #expect(Date().timeIntervalSince(start) < 1.5)
      try terminal.expect("bp> ")
      terminal.type("print x + B, \"kept\"\n")
      try terminal.expect("\n15 kept")
      try terminal.expect("bp> ")
    }
    // What a training calls is left to end.
    terminal.type(
      "train (mlp [1,1] linear) (data [[1]] [1]) until=(r -> det(rand 9000 9000) > 0)\n")
    usleep(300_000)
    terminal.type(interrupt)
    usleep(300_000)
    terminal.type(interrupt)
    #expect(try terminal.exitStatus() == 130)
  }
}
