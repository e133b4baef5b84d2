import Foundation
import Testing

@testable import REPL

private let interrupt = "\u{3}"
private let endOfInput = "\u{4}"
private let up = "\u{1B}[A"

/// The built program at a terminal.
@Suite(.serialized) struct PromptTests {
  private func withState(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "bp-prompt-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func started(
    _ state: String, environment: [String: String] = [:], columns: UInt16 = 80
  ) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(state: state, environment: environment, columns: columns)
    try terminal.expect("bp> ")
    return terminal
  }

  @Test func `values are echoed and Ctrl-D leaves`() throws {
    try withState { state in
      let terminal = try started(state)
      terminal.type("6 * 7\n")
      try terminal.expect("\n42\n")
      try terminal.expect("bp> ")
      terminal.type("δ = 3\n")
      try terminal.expect("\nδ = 3\n")
      try terminal.expect("bp> ")
      terminal.type(endOfInput)
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test func `the prompt says what is open, and the entry is one in the history`() throws {
    try withState { state in
      let terminal = try started(state)
      terminal.type("x = [1,\n")
      try terminal.expect("..[ ")
      terminal.type("2]\n")
      try terminal.expect("x = [1, 2]\n")
      try terminal.expect("bp> ")
      terminal.type(endOfInput)
      _ = try terminal.exitStatus()
      var file = HistoryFile(path: state + "/bp/history")
      #expect(file.read() == ["x = [1,\n2]"])

      let later = try started(state)
      later.type(up)
      try later.expect("2]")
      later.type("\n")
      try later.expect("\nx = [1, 2]\n")
    }
  }

  @Test func `Ctrl-C clears the line and an open entry, and tells how to leave`() throws {
    try withState { state in
      let terminal = try started(state)
      terminal.type("1 + unknown_name")
      try terminal.expect("unknown_name")
      terminal.type(interrupt)
      try terminal.expect("bp> ")
      terminal.type("f(x) = {\n")
      try terminal.expect("..{ ")
      terminal.type(interrupt)
      try terminal.expect("bp> ")
      terminal.type(interrupt)
      try terminal.expect("Ctrl-D or exit leaves bp\n")
      terminal.type("5 + 6\n")
      try terminal.expect("\n11\n")
    }
  }

  @Test func `Ctrl-C stops a computation and keeps what was reached`() throws {
    try withState { state in
      let terminal = try started(state)
      terminal.type("n = 0\n")
      try terminal.expect("n = 0\n")
      terminal.type("while true { n += 1 }\n")
      usleep(300_000)
      terminal.type(interrupt)
      try terminal.expect("interrupted")
      try terminal.expect("bp> ")
      terminal.type("n > 100\n")
      try terminal.expect("\ntrue\n")
    }
  }

  @Test func `a request to end is answered at the prompt and in a computation`() throws {
    try withState { state in
      let waiting = try started(state)
      kill(waiting.process, SIGTERM)
      #expect(try waiting.exitStatus() == 128 + SIGTERM)
      let working = try started(state)
      working.type("while true { }\n")
      try working.expect("{ }\n")
      usleep(200_000)
      kill(working.process, SIGTERM)
      #expect(try working.exitStatus() == 128 + SIGTERM)
    }
  }

  @Test func `two prompts share one history, and a killed one has lost nothing`() throws {
    try withState { state in
      let one = try started(state)
      let two = try started(state)
      one.type("1000 + 234\n")
      try one.expect("\n1234\n")
      kill(one.process, SIGKILL)
      #expect(try one.exitStatus() == -SIGKILL)
      // What another prompt ran is seen from the next line on.
      two.type("\n")
      try two.expect("bp> ")
      two.type(up)
      try two.expect("1000 + 234")
      two.type("\n")
      try two.expect("\n1234\n")
    }
  }

  @Test func `TAB completes, and lists where there are several`() throws {
    try withState { state in
      let terminal = try started(state)
      terminal.type("long_name_of_mine = 77\n")
      try terminal.expect("bp> ")
      terminal.type("long_na")
      try terminal.expect("long_na")
      usleep(100_000)
      terminal.type("\t")
      try terminal.expect("me_of_mine")
      terminal.type("\n")
      try terminal.expect("\n77\n")
      try terminal.expect("bp> ")
      terminal.type("log")
      try terminal.expect("log")
      usleep(100_000)
      terminal.type("\t")
      let list = try terminal.expect("log2")
      #expect(list.contains("log10"))
    }
  }

  @Test func `pasted tabs and transcripts do no harm`() throws {
    try withState { state in
      let terminal = try started(state)
      terminal.type("x =\t3 +\t4\n")
      try terminal.expect("x = 7\n")
      try terminal.expect("bp> ")
      terminal.type("bp> y = [1,\n..[ 2]\ny = [1, 2]\nbp> sum y\n")
      try terminal.expect("\ny = [1, 2]\n")
      try terminal.expect("\n3\n")
      usleep(100_000)
      terminal.type("y[2] + 40\n")
      let rest = try terminal.expect("\n42\n")
      #expect(!rest.contains("error"))
    }
  }

  @Test(arguments: ["C", "POSIX", "xx_XX.ISO-8859-1"])
  func `what is typed survives a locale without UTF-8`(locale: String) throws {
    try withState { state in
      let terminal = try started(state, environment: ["LC_ALL": locale, "TERM": "dumb"])
      terminal.type("\"né\" == \"né\"\n")
      try terminal.expect("\ntrue\n")
    }
  }

  @Test func `a resized window is used at once`() throws {
    try withState { state in
      let terminal = try started(state, columns: 40)
      terminal.type("range = 1..200\n")
      try terminal.expect("bp> ")
      terminal.resize(columns: 120)
      usleep(100_000)
      terminal.type("xs = [" + (1...60).map { "\($0)" }.joined(separator: ",") + "]; 5 + 5\n")
      try terminal.expect("\n10\n")
    }
  }
}
