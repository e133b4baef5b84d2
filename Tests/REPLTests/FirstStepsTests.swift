import Foundation
import Testing

/// What a person meets first at a prompt: the greeting, the tutorial, help that is longer than the
/// screen, the lines typed before, a clean screen.
@Suite(.serialized) struct FirstStepsTests {
  private let clear = "\u{1B}[H\u{1B}[2J"

  private func withState(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "bp-first-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func started(
    _ state: String, _ arguments: [String] = [], _ environment: [String: String] = [:]
  ) throws -> PseudoTerminal {
    try PseudoTerminal(state: state, environment: environment, arguments: arguments)
  }

  @Test func `a prompt says in one line what it is and where to begin`() throws {
    try withState { state in
      let terminal = try started(state)
      let greeting = try terminal.expect("bp> ")
      let lines = greeting.split(separator: "\n").map { String($0) }
      #expect(lines.count == 2)
      #expect(lines[0].hasPrefix("bp 0."))
      #expect(lines[0].hasSuffix("help start shows where to begin"))
    }
  }

  @Test func `the tutorial notices what is typed, is left by a kill, and goes on`() throws {
    try withState { state in
      let first = try started(state, ["start"])
      try first.expect("1 of 9: A net learns")
      try first.expect("bp> ")
      first.type("mynet = mlp [2,4,1] tanh sigmoid; train mynet moons epochs=3\n")
      try first.expect("2 of 9: What it learned")
      try first.expect("show mynet moons")
      try first.expect("bp> ")
      kill(first.process, SIGKILL)
      #expect(try first.exitStatus() == -SIGKILL)

      let second = try started(state)
      try second.expect("start goes on with the tutorial, step 2 of 9\n")
      try second.expect("bp> ")
      second.type("start\n")
      try second.expect("not there in this session")
      try second.expect("bp> ")
      second.type("net = mlp [2,4,1] tanh sigmoid; train net circles epochs=3\n")
      try second.expect("bp> ")
      second.type("show net circles\n")
      try second.expect("Enter goes on.\n")
      try second.expect("bp> ")
      second.type("\n")
      try second.expect("3 of 9: Change something")
      try second.expect("bp> ")
      second.type("start stop\n")
      try second.expect("waits here")
    }
  }

  @Test func `a folder that cannot be written to does not keep anybody from the tutorial`() throws {
    try withState { state in
      let terminal = try started(state, ["start"], ["XDG_STATE_HOME": "/proc/nowhere"])
      try terminal.expect("1 of 9")
      try terminal.expect("bp> ")
      terminal.type("n = mlp [2,4,1] tanh sigmoid; train n moons epochs=3\n")
      try terminal.expect("2 of 9")
    }
  }

  @Test func `help that is longer than the screen goes through the pager, short help does not`()
    throws
  {
    try withState { state in
      let pager = state + "/pager"
      try "#!/bin/sh\nwc -l; echo paged\n".write(
        toFile: pager, atomically: true, encoding: .utf8)
      chmod(pager, 0o700)
      let terminal = try started(state, [], ["PAGER": pager])
      try terminal.expect("bp> ")
      terminal.type("help train\n")
      try terminal.expect("paged\n")
      try terminal.expect("bp> ")
      terminal.type("help\n")
      let overview = try terminal.expect("know a word")
      #expect(!overview.contains("paged"))
      try terminal.expect("bp> ")
      // What is typed is read by the prompt again.
      terminal.type("6 * 7\n")
      try terminal.expect("\n42\n")
    }
  }

  @Test(arguments: ["", "cat", "/nowhere/pager", "true"])
  func `without a pager the whole help is there, and one that ends early stops nothing`(
    pager: String
  ) throws {
    try withState { state in
      let terminal = try started(state, [], ["PAGER": pager])
      try terminal.expect("bp> ")
      terminal.type("help train\n")
      if pager != "true" { try terminal.expect("[checkpoint]") }
      try terminal.expect("bp> ")
      terminal.type("6 * 7\n")
      try terminal.expect("\n42\n")
    }
  }

  @Test func `history lists the lines, the last ones where so many are asked for`() throws {
    try withState { state in
      let terminal = try started(state)
      try terminal.expect("bp> ")
      for line in ["a = 1", "b = 2", "c = 3"] {
        terminal.type("\(line)\n")
        try terminal.expect("\(line)\n\(line)\n")
        try terminal.expect("bp> ")
      }
      terminal.type("history 3\n")
      try terminal.expect("\nb = 2\nc = 3\nhistory 3\n")
      try terminal.expect("bp> ")
      terminal.type("history = 5; history\n")
      try terminal.expect("\n5\n")
    }
  }

  @Test func `clc and Ctrl-L clear the screen, clear forgets nothing by accident`() throws {
    try withState { state in
      let terminal = try started(state)
      try terminal.expect("bp> ")
      terminal.type("a = 1\n")
      try terminal.expect("a = 1\na = 1\n")
      try terminal.expect("bp> ")
      terminal.type("clc\n")
      try terminal.expect(clear)
      try terminal.expect("bp> ")
      terminal.type("\u{0C}")
      try terminal.expect("\u{1B}[")
      try terminal.expect("bp> ")
      terminal.type("clear\n")
      try terminal.expect("clear would forget 1 variable: a;")
      try terminal.expect("bp> ")
      terminal.type("a + 1\n")
      try terminal.expect("\n2\n")
      try terminal.expect("bp> ")
      terminal.type("clear all\na\n")
      try terminal.expect("a has no value")
    }
  }
}
