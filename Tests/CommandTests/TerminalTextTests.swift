import Testing

/// A terminal obeys escape sequences and marks of direction: none from a name, a file or a text of a
/// script may reach it, except what `print` writes of a string.
@Suite struct TerminalTextTests {
  /// Sets a colour and the title of a window, rings, and turns the direction of writing round.
  static let hostile = "a\u{1B}[31mX\u{9B}Y\u{202E}Z\u{1B}]0;q\u{7}"

  /// The same as it is written in a string.
  static let escaped = "a\\u{1B}[31mX\\u{9B}Y\\u{202E}Z\\u{1B}]0;q\\u{7}"

  static let scripts = [
    "x = load \"\(escaped).npy\"", "import \"\(escaped).bp\"", "slide \"\(escaped)\"",
    "exercise \"\(escaped)\" { check false, \"\(escaped)\" }", "plot [1, 2] title=\"\(escaped)\"",
    "gate \"\(escaped)\"", "help \"\(escaped)\"", "r = [\"\(escaped)\": [1, 2; 3, 4]]\nr\nprint r",
    "r = load \"keys.json\"\nr\nprint r, [r], \"{r}\"\nr.zz",
    "d = csv \"table.csv\"\nd\ndescribe d\nhead d",
    "d = data [[1], [2]] [\"\(escaped)\", \"b\"]\nnet = mlp [1,1] sigmoid\ntrain net d epochs=2\nreport net d",
    "notation [weight: \"\(escaped)\"]\nexplain (mlp [1,1] sigmoid) (data [1] [1]) \"W1[1,1]\"",
    "save [1] \"\(escaped)/a.npy\"", "a = \"\(escaped)\"\na\na + 1", "error \"\(escaped)\"",
    "print 1 \(hostile)", "f(x) = zz # \(hostile)\nf 1",
  ]

  static func isRaw(_ text: String) -> Bool {
    text.unicodeScalars.contains { ["\u{1B}", "\u{9B}", "\u{202E}", "\u{7}"].contains($0) }
  }

  @Test("nothing that a terminal obeys comes out of names and files", arguments: scripts)
  func namesAreVisible(_ script: String) throws {
    let folder = try Folder()
    try folder.write("{\"a\\u001b[31m\\u009b\\u202e\": 1}", to: "keys.json")
    try folder.write("c,y\n\(Self.hostile),2\nb,4\n\(Self.hostile),1\n", to: "table.csv")
    try folder.write(script + "\n", to: "\(Self.hostile).bp")
    let file = "\(Self.hostile).bp"
    for command in [
      [file], ["--json", file], ["check", file], ["check", "--json", file], ["present", file],
    ] {
      let result = try Program.run(command, in: folder)
      #expect(!Self.isRaw(result.output), "\(command.dropLast()): \(result.output)")
      #expect(!Self.isRaw(result.errors), "\(command.dropLast()): \(result.errors)")
    }
    let prompt = try Program.run([], input: script + "\n", in: folder)
    #expect(!Self.isRaw(prompt.output + prompt.errors))
  }

  @Test func wrongUsageIsVisible() throws {
    for command in [
      ["--\(Self.hostile)"], ["fmt", "\(Self.hostile).bp"], ["present", "\(Self.hostile).bp"],
    ] {
      let result = try Program.run(command)
      #expect(result.errors.contains("\\u{202e}"))
      #expect(!Self.isRaw(result.errors))
    }
  }

  @Test func printWritesAStringAsItIs() throws {
    #expect(try Program.run("-e", "print \"a\\u{1b}[1mb\"").output == "a\u{1B}[1mb\n")
  }
}
