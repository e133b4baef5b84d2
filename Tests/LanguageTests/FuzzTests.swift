import Foundation
import TestSupport
import Testing

@testable import Language

/// Random programs, bounded by limits. A trap would end the test process: that is the check.
///
/// `BP_FUZZ=100000 swift test --filter FuzzTests` runs more of them, from `BP_FUZZ_SEED` on.
@Suite struct FuzzTests {
  static func limits() -> Runtime.Limits {
    var limits = Runtime.Limits()
    limits.callDepth = 200
    limits.elements = 100_000
    limits.stringBytes = 100_000
    limits.outputBytes = 100_000
    limits.steps = 20_000
    return limits
  }

  static func setting(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  @Test("A random program ends with a result, an error or a limit")
  func randomPrograms() {
    let first = Self.setting("BP_FUZZ_SEED") ?? 1
    let count = Self.setting("BP_FUZZ") ?? 400
    let isTraced = Self.setting("BP_FUZZ") != nil
    let ended = onDeepStack { () -> [Interpreter.Outcome: Int] in
      var outcomes: [Interpreter.Outcome: Int] = [:]
      for seed in first..<first + count {
        var generator = ProgramGenerator(seed: seed)
        let program = ProgramGenerator.prelude + generator.program()
        if isTraced {
          // What ends the process is found in this file.
          try? "\(seed)\n\(program)".write(
            to: FileManager.default.temporaryDirectory.appending(path: "bp-fuzz-last.txt"),
            atomically: false, encoding: .utf8)
        }
        let session = TestSession(limits: Self.limits())
        let start = Date()
        outcomes[session.run(program, echoes: seed % 2 == 0), default: 0] += 1
        let seconds = Date().timeIntervalSince(start)
        if seconds > 5 { Issue.record("seed \(seed) took \(seconds) s:\n\(program)") }
      }
      return outcomes
    }
    #expect(ended.values.reduce(0, +) == count)
    // The programs are worth running: not all of them end at the parser.
    #expect(ended[.syntaxError, default: 0] < count / 2, "\(ended)")
    #expect(ended[.runtimeError, default: 0] + ended[.done, default: 0] > count / 3, "\(ended)")
  }
}
