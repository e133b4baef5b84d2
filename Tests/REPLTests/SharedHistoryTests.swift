import Foundation
import Glibc
import Testing

@testable import REPL

/// Many prompts, in the built program, that write to one history.
@Suite(.serialized) struct SharedHistoryTests {
  @Test func `eight prompts of 500 lines, one of them killed, lose no line and tear none`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "bp-shared-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (lines, piece, killed) = (500, 50, 3)
    func line(_ prompt: Int, _ number: Int) -> String {
      "of\(prompt) = [\(number), # δ \\\\ \\n\n \(prompt)];"
    }
    var prompts: [PseudoTerminal] = []
    for _ in 0..<8 {
      let terminal = try PseudoTerminal(state: folder, environment: ["TERM": "dumb"])
      try terminal.expect("bp> ")
      prompts.append(terminal)
    }
    /// Lines of the killed prompt that it had run for certain.
    var finished = 0
    for start in stride(from: 0, to: lines, by: piece) {
      for (number, prompt) in prompts.enumerated() where number != killed || start <= lines / 2 {
        let text = (start..<start + piece).map { "\(line(number, $0))\n" }.joined()
        prompt.type(text + "\"done {\(start)}\";print \(start)\n")
      }
      if start == lines / 2 {
        usleep(UInt32.random(in: 0...60_000))
        kill(prompts[killed].process, SIGKILL)
        let status = try prompts[killed].exitStatus()
        #expect(status == -SIGKILL)
      }
      for (number, prompt) in prompts.enumerated() where number != killed || start < lines / 2 {
        try prompt.expect("\n\(start)\n", within: 60)
        if number == killed { finished = start + piece }
      }
    }
    let bytes = try Data(contentsOf: URL(filePath: folder + "/bp/history"))
    #expect(bytes.last == UInt8(ascii: "\n"))
    var file = HistoryFile(path: folder + "/bp/history")
    let entries = file.read().filter { !$0.hasPrefix("\"done") }
    var known = 0
    for number in prompts.indices {
      let own = entries.filter { $0.hasPrefix("of\(number) =") }
      let expected = (0..<lines).map { line(number, $0) }
      let isWhole = own.elementsEqual(expected.prefix(own.count))
      #expect(isWhole, "prompt \(number) has another order, or torn lines")
      if number == killed {
        #expect(own.count >= finished && own.count < lines)
      } else {
        #expect(own.count == lines)
      }
      known += own.count
    }
    #expect(known == entries.count)
  }
}
