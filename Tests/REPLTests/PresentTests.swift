import Foundation
import Glibc
import Testing

/// `bp present` in a terminal of its own.
@Suite(.serialized) struct PresentTests {
  private static let script = """
    # A short talk.
    slide "Start"
    η = 0.5
    print "rate {η}"
    slide "The step"
    param w = 2
    E = (w - 1)^2
    print "w = {w - η*grad E w}"
    check grad E w ≈ 2.00
    slide "The end"
    print "that was all"
    """

  private func withTalk(
    _ environment: [String: String] = [:], _ body: (PseudoTerminal) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bp-talk-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "talk.bp")
    try Data(Self.script.utf8).write(to: file)
    let terminal = try PseudoTerminal(
      state: folder.path, environment: environment, arguments: ["present", file.path])
    try body(terminal)
  }

  @Test("Keys turn the pages, jump, search and end the talk")
  func keys() throws {
    try withTalk { terminal in
      try terminal.expect("\u{1B}#3")
      try terminal.expect("rate 0.5")
      try terminal.expect("1/3")
      terminal.type("\u{1B}[C")
      try terminal.expect("w = 1")
      try terminal.expect("grad E w  2.00        2            agrees")
      terminal.type(" ")
      try terminal.expect("that was all")
      terminal.type("p")
      try terminal.expect("2/3")
      terminal.type("3\n")
      try terminal.expect("3/3")
      terminal.type("/rate\n")
      try terminal.expect("rate 0.5")
      try terminal.expect("1 slide with rate")
      terminal.type("?")
      try terminal.expect("this list")
      terminal.type("xq")
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test("A statement changes the slide and those behind it; R takes it back")
  func statements() throws {
    try withTalk { terminal in
      try terminal.expect("1/3")
      terminal.type(":η = 0.1\n")
      try terminal.expect("rate 0.1")
      terminal.type("n")
      try terminal.expect("w = 1.8")
      terminal.type("R")
      try terminal.expect("w = 1\u{1B}[K")
      terminal.type(":η = \n")
      try terminal.expect("error:")
      terminal.type("q")
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test("Where there are no lines of double height, the title is bold; t changes the ground")
  func surroundings() throws {
    try withTalk(["TERM": "screen"]) { terminal in
      let first = try terminal.expect("1/3")
      #expect(!first.contains("\u{1B}#3") && first.contains("\u{1B}[1mStart"))
      #expect(first.contains("48;5;231m"))
      terminal.type("t")
      let dark = try terminal.expect("1/3")
      #expect(dark.contains("48;5;234m"))
      terminal.type("\u{3}")
      #expect(try terminal.exitStatus() == 0)
    }
  }

  @Test("Ctrl-C stops a statement, and the slides stay; SIGTERM ends the talk")
  func interruption() throws {
    try withTalk { terminal in
      try terminal.expect("1/3")
      terminal.type(":while true { }\n")
      try terminal.expect("computing")
      usleep(50_000)
      terminal.type("\u{3}")
      try terminal.expect("the slides are as before")
      terminal.type("n")
      try terminal.expect("w = 1")
      try terminal.expect("2/3")
      kill(terminal.process, SIGTERM)
      #expect(try terminal.exitStatus() == 128 + SIGTERM)
      #expect(terminal.gathersLines)
    }
  }
}
