import Foundation
import Glibc
import Testing

@testable import REPL

private let interrupt = "\u{3}"
private let endOfInput = "\u{4}"

/// Keys that come at moments when the program is between two things.
@Suite(.serialized) struct KeyTests {
  private func withTerminal(
    _ environment: [String: String] = [:], _ body: (PseudoTerminal) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "bp-keys-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let terminal = try PseudoTerminal(state: folder, environment: environment)
    try terminal.expect("bp> ")
    try body(terminal)
  }

  @Test func `Ctrl-D leaves whenever it is pressed`() throws {
    var random = SystemRandomNumberGenerator()
    for round in 0..<30 {
      try withTerminal { terminal in
        for _ in 0..<3 {
          terminal.type("1 + 1\n")
          usleep(UInt32.random(in: 0...12_000, using: &random))
        }
        if round % 3 == 0 { terminal.type(interrupt) }
        usleep(UInt32.random(in: 0...3_000, using: &random))
        terminal.type(endOfInput)
        let status = try terminal.exitStatus()
        #expect(status == 0, "round \(round)")
      }
    }
  }

  @Test func `Ctrl-C is answered whenever it is pressed`() throws {
    var random = SystemRandomNumberGenerator()
    try withTerminal { terminal in
      for round in 1...40 {
        terminal.type("while true { }\n")
        try terminal.expect("{ }\n")
        usleep(UInt32.random(in: 0...4_000, using: &random))
        terminal.type(interrupt)
        try terminal.expect("interrupted")
        try terminal.expect("bp> ")
        // After a short computation it is one at the prompt, or it stops the computation.
        terminal.type("\(round)\n")
        usleep(UInt32.random(in: 0...8_000, using: &random))
        terminal.type(interrupt)
        try terminal.expect("bp> ")
        terminal.type("\"round {\(round)}\"\n")
        try terminal.expect("\n\"round \(round)\"\n")
        try terminal.expect("bp> ")
      }
    }
  }

  @Test func `what was typed behind a computation goes with it`() throws {
    try withTerminal { terminal in
      terminal.type("x = 1\n")
      try terminal.expect("x = 1\n")
      try terminal.expect("bp> ")
      terminal.type("while true { }\nx = 2\n")
      usleep(200_000)
      terminal.type(interrupt)
      try terminal.expect("interrupted")
      try terminal.expect("bp> ")
      terminal.type("x + 10\n")
      try terminal.expect("\n11\n")
    }
  }

  @Test func `keys that came while nobody could read them count in their order`() throws {
    for rest in ["6 * 7\n", endOfInput] {
      try withTerminal { terminal in
        kill(terminal.process, SIGSTOP)
        terminal.type("while true { }\nx = 2\n" + interrupt + rest)
        usleep(50_000)
        kill(terminal.process, SIGCONT)
        try terminal.expect("interrupted")
        if rest == endOfInput {
          let status = try terminal.exitStatus()
          #expect(status == 0)
        } else {
          try terminal.expect("\n42\n")
          terminal.type("x\n")
          try terminal.expect("x has no value")
        }
      }
    }
  }

  @Test(arguments: [SIGTERM, SIGQUIT])
  func `the terminal is left as it was found`(signal: Int32) throws {
    for isComputing in [false, true] {
      try withTerminal { terminal in
        #expect(!terminal.gathersLines)
        terminal.type(isComputing ? "while true { }\n" : "1\n")
        usleep(200_000)
        #expect(!terminal.gathersLines)
        kill(terminal.process, signal)
        let status = try terminal.exitStatus()
        #expect(status == (signal == SIGTERM ? 128 + SIGTERM : -SIGQUIT))
        #expect(terminal.gathersLines)
      }
    }
    try withTerminal { terminal in
      terminal.type(endOfInput)
      let status = try terminal.exitStatus()
      #expect(status == 0)
      #expect(terminal.gathersLines)
    }
  }

  @Test func `a stopped prompt gives the terminal back and goes on where it was`() throws {
    try withTerminal { terminal in
      terminal.type("40 + ")
      try terminal.expect("40 + ")
      kill(terminal.process, SIGSTOP)
      terminal.gatherLines()
      kill(terminal.process, SIGCONT)
      try terminal.expect("40 + ")
      #expect(!terminal.gathersLines)
      terminal.type("2\n")
      try terminal.expect("\n42\n")
    }
  }

  @Test func `pasted text is taken as it is, however slowly it comes`() throws {
    try withTerminal { terminal in
      for piece in ["\u{1B}[2", "00~x =\t", "3 +", "\t4", "\u{1B}[201", "~\n"] {
        terminal.type(piece)
        usleep(5_000)
      }
      try terminal.expect("\nx = 7\n")
    }
  }

  @Test func `a line of many letters beyond ASCII is one like others`() throws {
    try withTerminal { terminal in
      for letter in ["δ", "\u{301}", "日"] {
        terminal.type("\"" + String(repeating: letter, count: 700) + "\" == 1\n")
        try terminal.expect("\nfalse\n")
        // Completion looks at the line.
        terminal.type("prin\t")
        try terminal.expect("t ")
        terminal.type("6 * 7\n")
        try terminal.expect("\n42\n")
      }
      terminal.type(endOfInput)
      let status = try terminal.exitStatus()
      #expect(status == 0)
    }
  }

  @Test func `a window that loses the row of the cursor is one like others`() throws {
    try withTerminal { terminal in
      for size in [(2, 3), (1, 500), (65_535, 65_535), (24, 80)] {
        terminal.resize(rows: UInt16(size.0), columns: UInt16(size.1))
        usleep(50_000)
        terminal.type("1 ")
        usleep(50_000)
      }
      terminal.type(interrupt)
      try terminal.expect("bp> ")
      terminal.type("6 * 7\n")
      try terminal.expect("\n42\n")
    }
  }

  @Test func `characters without a column are typed as what they are called`() throws {
    try withTerminal { terminal in
      terminal.resize(columns: 20)
      terminal.type(String(repeating: "e\u{301}", count: 80) + "\u{5}")
      usleep(50_000)
      terminal.type(String(repeating: "abc ", count: 100) + interrupt)
      try terminal.expect("bp> ")
      terminal.resize(columns: 80)
      terminal.type("length \"e\u{301}\u{202e}\", \"a\u{301}\" == \"á\"\n")
      try terminal.expect("\\u{301}\\u{202e}")
      terminal.type("\"x\"\n")
      try terminal.expect("\n\"x\"\n")
    }
  }

  @Test func `a line longer than the window is one like others`() throws {
    try withTerminal { terminal in
      let (home, end, erase) = ("\u{1}", "\u{5}", "\u{15}")
      for keys in [home + end, home, home + end + home + end] {
        terminal.type("\"" + String(repeating: "x", count: 3000) + keys)
        usleep(20_000)
        terminal.type(String(repeating: "abc ", count: 200) + home + end + erase)
        usleep(20_000)
        terminal.type("6 * 7\n")
        try terminal.expect("\n42\n")
      }
    }
  }
}
