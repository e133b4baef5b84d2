import Testing

@testable import bp

/// Command lines that are read without the parser mean what the parser says they mean.
@Suite struct PlainRunTests {
  static let plain: [[String]] = [
    ["lesson.bp"], ["lesson.bp", "-e", "x", "--json"], ["a/check", "-"], ["-"], ["-", "a", "-b"],
    ["-e", "print 1"], ["-e", "x = 1", "-e", "print x", "lesson.bp", "-i"], ["-i", "lesson.bp"],
    ["--json", "-i", "-e", "1", "file", "--", "x"], ["-i"], ["--json", "checks.bp"], ["checking"],
  ]

  @Test("is read as the parser reads it", arguments: plain)
  func meaning(_ words: [String]) throws {
    let plain = try #require(Command.plainRun(words))
    let parsed = try #require(try Command.parseAsRoot(words) as? Run)
    #expect(plain.code == parsed.code)
    #expect(plain.file == parsed.file)
    #expect(plain.arguments == parsed.arguments)
    #expect(plain.staysOpen == parsed.staysOpen)
    #expect(plain.json == parsed.json)
    #expect(parsed.limits.maxSteps == nil && !parsed.sandbox.isOn && !parsed.version)
  }

  @Test(
    "is left to the parser",
    arguments: [
      ["check", "a.bp"], ["--json", "check", "a.bp"], ["-e"], ["-e", "-1"], ["--version"], ["-h"],
      ["--sandbox", "a.bp"], ["--max-steps", "9", "a.bp"], ["--", "a.bp"], ["-ie", "1"], ["run"],
      ["help", "train"], ["man"],
    ])
  func others(_ words: [String]) { #expect(Command.plainRun(words) == nil) }

  @Test func everyCommandIsAWordOfSmallLetters() {
    for command in Command.configuration.subcommands {
      let name = command.configuration.commandName ?? ""
      #expect(Command.plainRun([name]) == nil, "\(name)")
    }
  }

  @Test func errorsOfALineAreJSONWhereAsked() throws {
    let result = try Program.run("--json", "-e", "print nothing_there")
    #expect(result.status == 3)
    #expect(result.errors.hasPrefix("{"))
    let missing = try Program.run("--json", "nosuch.bp")
    #expect(missing.status == 3)
    #expect(missing.errors.hasPrefix("{"))
  }
}
