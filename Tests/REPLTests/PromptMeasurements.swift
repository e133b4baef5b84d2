import Foundation
import Testing

@testable import REPL

/// What the prompt costs, told and, where it is no matter of time, held: with `BP_MEASURE=1` in the
/// environment. `BP_PROGRAM` names a release build; by default it is the program beside the tests.
@Suite(
  .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["BP_MEASURE"] == "1", "BP_MEASURE is not 1"))
struct PromptMeasurements {
  private func withState<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "bp-measure-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(
      atPath: folder + "/bp", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  private func tell(_ what: String, _ times: [Duration]) {
    let sorted = times.sorted().map { $0 / .milliseconds(1) }
    func text(_ number: Double) -> String { String(format: "%.1f ms", number) }
    print(
      "\(what): median \(text(sorted[sorted.count / 2])), least \(text(sorted[0])), most",
      text(sorted[sorted.count - 1]))
  }

  @Test(arguments: [0, HistoryFile.keptEntries])
  func `from the start of the program to its prompt`(entries: Int) throws {
    try withState { state in
      let lines = (0..<entries).map { "train net circles epochs=\($0) lr=0.1 optimizer=adam\n" }
      try Data(lines.joined().utf8).write(to: URL(filePath: state + "/bp/history"))
      let clock = ContinuousClock()
      let times = try (0..<21).map { _ in
        try clock.measure { try PseudoTerminal(state: state).expect("bp> ") }
      }
      tell("prompt with a history of \(entries)", times)
    }
  }

  @Test func `from TAB to its answer`() throws {
    try withState { state in
      let terminal = try PseudoTerminal(state: state, columns: 160)
      try terminal.expect("bp> ")
      for number in 0..<300 { terminal.type("variable_\(number) = \(number);\n") }
      terminal.type("\"made\"\n")
      try terminal.expect("\n\"made\"\n")
      try terminal.expect("bp> ")
      let clock = ContinuousClock()
      for (typed, answer) in [
        ("variable_2", "variable_299"), ("s", "sqrt"), ("train net circles ", "epochs="),
        ("train net circles loss=", "half_sse"),
      ] {
        let times = try (0..<21).map { _ in
          terminal.type(typed)
          try terminal.expect(typed)
          usleep(30_000)
          let time = try clock.measure {
            terminal.type("\t")
            try terminal.expect(answer)
          }
          terminal.type("\u{3}")
          try terminal.expect("bp> ")
          usleep(30_000)
          return time
        }
        tell("TAB after \(typed)", times)
      }
    }
  }

  @Test func `a hundred thousand commands`() throws {
    try withState { state in
      let terminal = try PseudoTerminal(state: state, environment: ["TERM": "dumb"])
      try terminal.expect("bp> ")
      func command(_ number: Int) -> String {
        [
          "x = \(number) + 1;", "y_\(number % 50) = [\(number), 2, 3];", "sum [1, 2, \(number)];",
          "s = \"number {\(number)}\";", "f(a) = a*\(number);", "f \(number);",
          "net = mlp [2,2,1] tanh sigmoid seed=\(number % 9);", "m = [1, 2; 3, \(number)];",
          "if x > 3 { y = \(number) };", "unknown_\(number % 7)",
        ][number % 10]
      }
      func enter(_ numbers: Range<Int>) throws {
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 50) {
          terminal.type((start..<start + 50).map { command($0) + "\n" }.joined())
          terminal.type("\"done {\(start)}\"\n")
          try terminal.expect("\n\"done \(start)\"\n", within: 120)
        }
      }
      try enter(0..<10_000)
      let before = try terminal.residentBytes()
      try enter(10_000..<110_000)
      let growth = try terminal.residentBytes() - before
      print(
        "memory: \(before >> 10) KB after 10,000 commands, \(growth >> 10) KB more after 110,000")
      #expect(growth <= 5 << 20)
    }
  }
}
