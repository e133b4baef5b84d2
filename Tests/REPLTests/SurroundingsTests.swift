import Foundation
import Testing

@testable import REPL

/// The built program in different terminals, and in none.
@Suite(.serialized) struct SurroundingsTests {
  private func withTerminal(
    _ environment: [String: String] = [:], columns: UInt16 = 80,
    _ body: (PseudoTerminal, String) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "bp-surroundings-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let terminal = try PseudoTerminal(state: folder, environment: environment, columns: columns)
    try body(terminal, folder)
  }

  @Test func `pictures are in colour on a terminal, without where NO_COLOR asks`() throws {
    for (value, isColoured) in [("", true), ("1", false)] {
      try withTerminal(["NO_COLOR": value, "TERM": "xterm-256color"]) { terminal, _ in
        try terminal.expect("bp> ")
        terminal.type("show circles\n")
        let drawn = try terminal.expect("class 1")
        #expect(drawn.contains("\u{1B}[38;") == isColoured)
        #expect(drawn.contains("│"))
      }
    }
  }

  @Test func `a dumb terminal gets letters only`() throws {
    try withTerminal(["TERM": "dumb"]) { terminal, _ in
      try terminal.expect("bp> ")
      terminal.type("show [3, -1, 2]\n")
      _ = try terminal.expect("show [3, -1, 2]")
      let drawn = try terminal.expect("bp> ")
      #expect(drawn.utf8.allSatisfy { $0 < 0x80 && $0 != 0x1B }, "\(drawn)")
    }
  }

  @Test func `a training leaves letters only on a dumb terminal, and its picture`() throws {
    try withTerminal(["TERM": "dumb"]) { terminal, _ in
      try terminal.expect("bp> ")
      terminal.type("train (mlp [2,4,1] tanh sigmoid) circles epochs=3000 plot=true;\n")
      try terminal.expect("plot=true;\n")
      let drawn = try terminal.expect("bp> ")
      #expect(drawn.utf8.allSatisfy { $0 < 0x80 && $0 != 0x1B }, "\(drawn)")
      #expect(drawn.hasPrefix("training loss") && drawn.contains("epoch\n"))
    }
  }

  @Test func `a picture is as wide as the window, which may change`() throws {
    try withTerminal(columns: 60) { terminal, _ in
      try terminal.expect("bp> ")
      for columns in [60, 120] as [UInt16] {
        terminal.resize(columns: columns)
        usleep(100_000)
        terminal.type("show sin\n")
        let drawn = try terminal.expect("sin'")
        let widest = drawn.split(separator: "\n").map(\.count).max() ?? 0
        #expect(widest <= Int(columns) && widest > Int(columns) - 6, "\(widest) of \(columns)")
        try terminal.expect("bp> ")
      }
    }
  }

  @Test func `the curves of a training are drawn again and again, the last time for good`() throws {
    try withTerminal { terminal, _ in
      try terminal.expect("bp> ")
      terminal.type("net = mlp [2,4,1] tanh sigmoid;\n")
      try terminal.expect("bp> ")
      terminal.type("train net circles epochs=1000000 lr=0.1 plot=true\n")
      try terminal.expect("epoch")
      // A frame begins where the one before it began.
      try terminal.expect("A")
      try terminal.expect("left")
      terminal.type("\u{3}")
      let end = try terminal.expect("stopped after")
      // The frame is taken away whole and drawn once more, without the line of progress.
      let last = try #require(end.components(separatedBy: "\u{1B}[J").last)
      #expect(last.hasPrefix("training loss") && last.contains("epoch\n"), "\(last)")
      #expect(!last.contains("\u{1B}") && !last.contains("left"))
      try terminal.expect("bp> ")
      terminal.type("6 * 7\n")
      try terminal.expect("\n42\n")
    }
  }

  @Test func `curves fit a window that changes while they are drawn`() throws {
    try withTerminal(columns: 120) { terminal, _ in
      try terminal.expect("bp> ")
      terminal.type("net = mlp [2,4,1] tanh sigmoid;\n")
      try terminal.expect("bp> ")
      terminal.type("train net circles epochs=1000000 lr=0.1 plot=true\n")
      try terminal.expect("left")
      terminal.resize(columns: 50)
      // One frame may be under way.
      for _ in 0..<3 { try terminal.expect("\u{1B}[J") }
      let frame = try terminal.expect("\u{1B}[J")
      let widest =
        frame.split(separator: "\n").map { line in
          // Without the sequences that move the cursor and clear what is behind it.
          line.replacing(/\u{1B}\[[0-9]*[A-Z]/, with: "").filter { $0 != "\r" }.count
        }.max() ?? 0
      #expect((45...50).contains(widest), "\(widest) in \(frame)")
      terminal.type("\u{3}")
      try terminal.expect("stopped after")
      try terminal.expect("bp> ")
      terminal.type("6 * 7\n")
      try terminal.expect("\n42\n")
    }
  }

  @Test func `a start file runs once the user has agreed, and not when it has changed`() throws {
    try withTerminal { terminal, folder in
      // The first prompt has none.
      try terminal.expect("bp> ")
      let configuration = folder + "/.config/bp"
      try FileManager.default.createDirectory(
        atPath: configuration, withIntermediateDirectories: true)
      try Data("greeting = 42\n".utf8).write(to: URL(filePath: configuration + "/start.bp"))
      func start(answering answer: String?) throws -> PseudoTerminal {
        let next = try PseudoTerminal(state: folder, environment: ["XDG_CONFIG_HOME": ""])
        if let answer {
          try next.expect("[y/N] ")
          next.type(answer + "\n")
        }
        try next.expect("bp> ")
        next.type("greeting\n")
        return next
      }
      try start(answering: "n").expect("greeting has no value")
      try start(answering: "y").expect("\n42\n")
      try start(answering: nil).expect("\n42\n")
      try Data("greeting = 43\n".utf8).write(to: URL(filePath: configuration + "/start.bp"))
      try start(answering: "").expect("greeting has no value")
    }
  }

  @Test func `edit opens the last entry in the editor and runs what comes back`() throws {
    try withTerminal(["EDITOR": "sed -i s/3/4/", "VISUAL": ""]) { terminal, _ in
      try terminal.expect("bp> ")
      terminal.type("f(x) = x*3\n")
      try terminal.expect("bp> ")
      terminal.type("edit\n")
      try terminal.expect("bp> ")
      terminal.type("f 10\n")
      try terminal.expect("\n40\n")
    }
  }

  @Test func `TAB completes options, losses, fields, letters and files`() throws {
    try withTerminal(columns: 160) { terminal, folder in
      try terminal.expect("bp> ")
      try Data("print 7\n".utf8).write(to: URL(filePath: folder + "/unusual_name.bp"))
      for (typed, completed) in [
        ("train net circles patien", "patience="), ("mlp [2,1] sigmoid loss=half", "half_sse"),
        ("\\delt", "δ"), ("run \"\(folder)/unus", "unusual_name.bp\""),
      ] {
        terminal.type(typed)
        try terminal.expect(String(typed.suffix(4)))
        usleep(100_000)
        terminal.type("\t")
        let missing = completed.hasPrefix("δ") ? completed : String(completed.suffix(3))
        try terminal.expect(missing)
        terminal.type("\u{3}")
        try terminal.expect("bp> ")
      }
    }
  }

  @Test func `hundreds of thousands of keys leave the program small`() throws {
    try withTerminal(["TERM": "dumb"]) { terminal, _ in
      try terminal.expect("bp> ")
      func enter(_ numbers: Range<Int>) throws {
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 50) {
          terminal.type((start..<start + 50).map { "x = \($0 % 700) + 1;\n" }.joined())
          terminal.type("\"done \(start)\"\n")
          try terminal.expect("\n\"done \(start)\"\n", within: 60)
        }
      }
      try enter(0..<1_000)
      let before = try terminal.residentBytes()
      try enter(1_000..<3_000)
      // 5 MB for 100,000, which PromptMeasurements holds; what the allocator takes ahead is not
      // spread evenly.
      #expect(try terminal.residentBytes() - before < 1 << 20)
    }
  }
}
