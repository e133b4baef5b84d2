import Foundation
import Testing

@testable import REPL

private let interrupt = "\u{3}"

/// Ctrl-C while a net trains, in the built program at a terminal.
@Suite(.serialized) struct TrainingInterruptTests {
  @Test func `a training stopped anywhere leaves the net of exactly so many steps`() throws {
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
    // So many steps are made again by as many epochs of one step each.
    try enter("fresh() = mlp [2,4,1] tanh sigmoid seed=7")
    try enter(
      "same(a, b) = a.W1 == b.W1 and a.b1 == b.b1 and a.W2 == b.W2 and a.b2 == b.b2")
    var random = SystemRandomNumberGenerator()
    let rounds = ProcessInfo.processInfo.environment["BP_INTERRUPTS"].flatMap(Int.init) ?? 12
    for round in 1...rounds {
      try enter("net = fresh(); run = [steps: 0];")
      terminal.type("run = train net circles epochs=1000000 lr=0.01 batch=full shuffle=false\n")
      try terminal.expect("shuffle=false\n")
      usleep(UInt32.random(in: 2_000...250_000, using: &random))
      terminal.type(interrupt)
      let summary = try terminal.expect("bp> ")
      // The first moments come before the training has begun.
      #expect(
        summary.contains("stopped after") || summary.contains("interrupted"),
        "round \(round): \(summary)")
      try enter("other = fresh();")
      try enter(
        "if run.steps > 0 { train other circles epochs=run.steps lr=0.01 batch=full shuffle=false quiet=true };"
      )
      terminal.type("print same(net, other), run.steps >= 0\n")
      try terminal.expect("\ntrue true\n")
      try terminal.expect("bp> ")
    }
  }
}
