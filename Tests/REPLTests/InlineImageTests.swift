import Foundation
import Testing

@testable import REPL

@Suite(.serialized) struct TerminalQueryTests {
  @Test(arguments: [
    ("\u{1B}[?62;4;22c", ["sixel"], ""), ("\u{1B}[?1;2c", [], ""),
    ("\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62;c", ["kitty"], ""),
    ("\u{1B}_Gi=31;ENOTSUPPORTED\u{1B}\\\u{1B}[?4;6c", [], ""),
    ("ab\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62;1;4cde\n", ["kitty", "sixel"], "abde\n"),
  ])
  func `the answer of a terminal is told from what is typed`(
    text: String, protocols: [String], typed: String
  ) throws {
    for length in 0..<text.utf8.count - typed.suffix(3).utf8.count where length < 5 {
      #expect(TerminalQuery.answer(in: Array(text.utf8.prefix(length))) == nil)
    }
    let answer = try #require(TerminalQuery.answer(in: Array(text.utf8)))
    #expect(answer.protocols.map(\.rawValue).sorted() == protocols)
    #expect(String(decoding: answer.typed, as: UTF8.self) == typed)
  }

  @Test func `images are shown where the terminal says that it can, and asked once`() throws {
    for (answer, start) in [
      ("\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62;4c", "\u{1B}_Ga=T,f=100"), ("\u{1B}[?62;4c", "\u{1B}P"),
      ("\u{1B}[?1;2c", "note: this terminal shows no images"),
    ] {
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "bp-images-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let terminal = try PseudoTerminal(state: folder)
      try terminal.expect("bp> ")
      terminal.type("show sin as=image\n")
      try terminal.expect("\u{1B}[c")
      terminal.type(answer + "6 * 7\n")
      try terminal.expect(start)
      try terminal.expect("\n42\n", within: 60)
      try terminal.expect("bp> ")
      terminal.type("pictures image; show cos\n")
      let drawn = try terminal.expect("bp> ", within: 60)
      #expect(drawn.contains(start) != start.hasPrefix("note"))
      #expect(!drawn.contains("\u{1B}[c"))
    }
  }

  @Test func `a terminal that says nothing gets characters`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "bp-images-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let terminal = try PseudoTerminal(state: folder)
    try terminal.expect("bp> ")
    terminal.type("show sin as=sixel\n")
    try terminal.expect("note: this terminal shows no images by sixel")
    try terminal.expect("sin'")
  }
}
