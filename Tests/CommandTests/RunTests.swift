import Foundation
import Language
import Syntax
import TestSupport
import Testing

@Suite struct RunTests {
  @Test func aLineIsRun() throws {
    let result = try Program.run("-e", "print 1 + 1")
    #expect(result.output == "2\n")
    #expect(result.errors == "")
    #expect(result.status == 0)
  }

  @Test func theValueOfALineIsWritten() throws {
    let result = try Program.run("-e", "x = 3; x + 1")
    #expect(result.output == "4\n")
    #expect(result.errors == "")
    #expect(try Program.run("-e", "check 1 == 1; nothing").output == "")
    // A table of a thousand rows goes whole into a pipe.
    let long = try Program.run("-e", "zeros 1000 3")
    #expect(long.output == String(repeating: "0  0  0\n", count: 1000))
  }

  @Test func quietRunsWriteNoNotes() throws {
    let noting = "x = 0/0; sum = 3"
    #expect(try Program.run("-e", noting).errors.contains("note: "))
    for words in [["--quiet", "-e", noting], ["run", "--quiet", "-e", noting]] {
      #expect(try Program.run(words).errors == "")
    }
    #expect(try Program.run(["--quiet", "-e", "nonsense + 1"]).errors.hasPrefix("error: "))
  }

  @Test func coloursAreAskedFor() throws {
    let wrong = ["-e", "nonsense + 1"]
    #expect(try Program.run(["--color", "always"] + wrong).errors.contains("\u{1B}["))
    #expect(try !Program.run(["--color", "never"] + wrong).errors.contains("\u{1B}["))
    #expect(try !Program.run(["--color", "auto"] + wrong).errors.contains("\u{1B}["))
    let unknown = try Program.run(["--color", "blue"] + wrong)
    #expect(unknown.status == 2 && unknown.errors.contains("always"))
  }

  @Test func severalLinesShareTheirVariables() throws {
    #expect(try Program.run("-e", "x = 2", "-e", "print x^2").output == "4\n")
  }

  @Test func standardInputIsRunAndNothingElseIsPrinted() throws {
    for arguments in [["-"], []] {
      let result =
        try arguments.isEmpty
        ? Program.run(input: "x = 3\nx\nprint x + 1\nx")
        : Program.run("-", input: "x = 3\nx\nprint x + 1\nx")
      #expect(result.output == "4\n")
      #expect(result.errors == "")
      #expect(result.status == 0)
    }
  }

  @Test func aScriptTakesArguments() throws {
    let folder = try Folder()
    try folder.write("#!/usr/bin/env bp\nprint args\nprint length args\n", to: "lesson.bp")
    let result = try Program.run("lesson.bp", "one", "--json", "-e", in: folder)
    #expect(result.output == "[\"one\", \"--json\", \"-e\"]\n3\n")
    #expect(result.status == 0)
  }

  @Test func aPromptOpensAfterAScriptAlsoInAPipe() throws {
    let folder = try Folder()
    try folder.write("print 1\nx = 3\n", to: "start.bp")
    let result = try Program.run("-i", "start.bp", input: "2*x\n", in: folder)
    #expect(result.output.contains("1\n") && result.output.contains("6\n"))
    #expect(result.errors.isEmpty && result.status == 0)
    #expect(try Program.run("-i", "start.bp", in: folder).status == 0)
  }

  @Test func aPromptOpensAfterAScriptThatFailedWithWhatItReached() throws {
    let folder = try Folder()
    try folder.write("x = 3\nnonsense\nx = 9\n", to: "broken.bp")
    let open = try Program.run("-i", "broken.bp", input: "print x + 1\n", in: folder)
    #expect(open.output == "4\n")
    #expect(open.errors.contains("nonsense") && open.status == 0)
    let closed = try Program.run("broken.bp", input: "print x + 1\n", in: folder)
    #expect(closed.output == "" && closed.status == 3)
  }

  @Test(arguments: [
    ([:], false), (["CLICOLOR_FORCE": "1"], true),
    (["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false),
  ])
  func aPipeGetsColoursWhereAskedFor(environment: [String: String], isColoured: Bool) throws {
    let result = try Program.run("-e", "show [1, 2]", environment: environment)
    #expect(result.output.contains("\u{1B}[38;") == isColoured)
  }

  @Test func pathsInAScriptAreRelativeToIt() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "lib"), withIntermediateDirectories: false)
    try folder.write("import \"b.bp\"\nprint twice(4)", to: "lib/a.bp")
    try folder.write("twice(x) = 2*x", to: "lib/b.bp")
    #expect(try Program.run("lib/a.bp", in: folder).output == "8\n")
  }

  @Test func aFailedCheckEndsWithOneButGoesOn() throws {
    let result = try Program.run("-e", "check 1 == 2, \"never\"; print \"on\"")
    #expect(result.status == 1)
    #expect(result.output == "on\n")
    #expect(result.errors.contains("check failed: never"))
  }

  @Test(
    "a syntax error, a run-time error and a limit have statuses of their own",
    arguments: [
      ("x = (", 2), ("print nonsense", 3), ("[1, 2] + [1, 2, 3]", 3), ("f(x) = f(x); f 1", 4),
      ("exit 7", 7),
    ])
  func statuses(_ code: String, _ status: Int32) throws {
    let result = try Program.run("-e", code)
    #expect(result.status == status)
    #expect(result.output == "")
    #expect(status == 7 || result.errors.hasPrefix("error: "))
  }

  @Test func nothingRunsWhereThereIsASyntaxError() throws {
    let result = try Program.run("-", input: "print 1\nx = (\ny = ]\n")
    #expect(result.output == "")
    #expect(result.errors.contains("stdin:2"))
    #expect(result.errors.contains("stdin:3"))
  }

  @Test func errorsAreJSONWhereAsked() throws {
    let result = try Program.run("--json", "-e", "print nonsense")
    #expect(result.status == 3)
    let object = try JSONSerialization.jsonObject(with: Data(result.errors.utf8))
    #expect((object as? [String: Any])?["line"] as? Int == 1)
  }

  @Test func limitsCanBeSet() throws {
    let code = "f(n) = if n == 0 { 0 } else { f(n - 1) }; print f 40"
    #expect(try Program.run("-e", code).status == 0)
    #expect(try Program.run("--max-depth", "40", "-e", code).status == 4)
    #expect(try Program.run("--max-steps", "10000", "-e", "while true { x = 1 }").status == 4)
  }

  @Test(
    "Each limit that is set holds at its number and not one beyond",
    arguments: [
      ("depth", 41, "f(n) = if n == 0 { 0 } else { f(n - 1) }; y = f 40", 4),
      ("steps", 100, "repeat 100 { x = 1 }", 4), ("elements", 50, "x = zeros 50", 4),
      ("string", 20, "x = pad \"a\" 20", 4), ("output", 4, "print 123", 4),
      ("nesting", 3, "x = [[[1]]]", 2), ("nesting", 201, nested(201), 2),
      ("nesting", 1000, nested(1000), 2), ("source", 5, "x = 1", 2),
    ] as [(String, Int, String, Int32)])
  func limit(name: String, number: Int, code: String, status: Int32) throws {
    let allowed = try Program.run("--max-\(name)", "\(number)", "-e", code)
    #expect(allowed.status == 0, "\(allowed.errors)")
    let refused = try Program.run("--max-\(name)", "\(number - 1)", "-e", code)
    #expect(refused.status == status, "\(refused.errors)")
    #expect(refused.errors.contains("error: "))
    #expect(
      try Program.run("check", "--max-\(name)", "\(number - 1)", "-", input: code).status == status)
  }

  private static func nested(_ depth: Int) -> String {
    String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth)
  }

  @Test func limitsOutOfRangeAreWrongUsage() throws {
    for option in [
      "--max-depth", "--max-steps", "--max-elements", "--max-string", "--max-output",
      "--max-nesting", "--max-source",
    ] {
      let result = try Program.run(option, "0", "-e", "print 1")
      #expect(result.status == 2)
      #expect(result.errors.contains("\(option) takes a whole number from 1 to"))
    }
    #expect(try Program.run("--max-nesting", "1001", "-e", "1").status == 2)
  }

  @Test func wrongUsageIsTwo() throws {
    for result in [
      try Program.run("--nonsense"), try Program.run("check"), try Program.run("fmt"),
      try Program.run("--max-depth", "many", "-e", "1"),
    ] {
      #expect(result.status == 2)
      #expect(result.output == "")
      #expect(result.errors.contains("Usage: bp"))
    }
  }

  @Test func missingFilesAndFoldersAreThree() throws {
    let folder = try Folder()
    let missing = try Program.run("missing.bp", in: folder)
    #expect(missing.status == 3)
    #expect(missing.errors == "error: missing.bp cannot be read: no such file or directory\n")
    let directory = try Program.run(".", in: folder)
    #expect(directory.status == 3)
    #expect(directory.errors == "error: . cannot be read: it is a folder\n")
  }

  @Test func theVersionIsNamed() throws {
    let result = try Program.run("--version")
    #expect(result.status == 0)
    let version = try #require(result.output.split(separator: "\n").first?.dropFirst("bp ".count))
    #expect(result.output.hasPrefix("bp \(version)\n"))
    let changes = try Project.text("Sources/Language/Language.docc/Changes.md")
    #expect(changes.contains("\n## \(version)\n"), "what is new in \(version) is not told")
  }

  @Test func helpAndReferenceNameTheLimitsThatHold() throws {
    let help = try Program.run("run", "--help").output
    let reference = try Project.text("Sources/Language/Language.docc/Reference.md")
    let (runtime, parser) = (Runtime.Limits(), ParserLimits.standard)
    for limit in [runtime.callDepth, runtime.elements, runtime.stringBytes, parser.sourceSize] {
      #expect(help.contains("(\(limit))"))
      let grouped = limit.formatted(.number.locale(Locale(identifier: "en_US")))
      #expect(reference.contains(limit == 1000 ? "1000" : grouped), "\(grouped)")
    }
  }

  /// Numbers near the largest that there are end no picture, and nothing else by a signal.
  @Test(arguments: [
    "show (mlp [2,1] linear) (data [1,1e308;2,1e308] [0,1])",
    "net = mlp [2,1] linear; net.W1 = [[1e308,1e308]]; landscape net (data [1,2;3,4] [0.5,1])",
    "plot (x -> 1e308*x) from=-1e300 to=1e300", "histogram [-1e308, 1e308]",
  ])
  func hugeNumbersHaveAnAnswer(code: String) throws {
    #expect([0, 3].contains(try Program.run("-e", code).status))
  }

  /// A signal ends a computation, or a training with its run; the process still says that it was
  /// ended.
  @Test(arguments: [
    ("INT", 130, "while true { x = 1 }"), ("TERM", 143, "while true { x = 1 }"),
    ("INT", 130, "train (mlp [2,20,1] tanh sigmoid) circles epochs=100000 quiet=true"),
    ("TERM", 143, "train (mlp [2,20,1] tanh sigmoid) circles epochs=100000 quiet=true"),
  ])
  func aSignalEndsARunWithItsStatus(name: String, status: Int, code: String) throws {
    let folder = try Folder()
    let result = try Program.shell(
      """
      bp -e 'save 1 "began.json"; \(code)' &
      until [ -s began.json ]; do sleep 0.01; done; sleep 0.2
      kill -\(name) $!; wait $!; echo $? >status
      """, in: folder)
    #expect(result.errors == "")
    #expect(try folder.text(of: "status") == "\(status)\n")
  }

  /// The arguments are found without the file system that a jail may lack.
  @Test func argumentsNeedNoProc() throws {
    let folder = try Folder()
    let result = try Program.shell(
      "unshare -m sh -c 'mount --make-rprivate /; mount -t tmpfs none /proc && bp -e \"print 7\"'",
      in: folder)
    guard !result.errors.contains("unshare:"), !result.errors.contains("mount:") else {
      print("skipped: no right to hide /proc")
      return
    }
    #expect(result.output == "7\n")
  }

  /// A call is resolved once: twice, and each further bracket would double the time.
  @Test func callsInCallsTakeTheTimeOfTheirText() throws {
    let code =
      "print " + String(repeating: "sum(", count: 150) + "1" + String(repeating: ")", count: 150)
    let result = try Program.run("-e", code)
    #expect(result.output == "1\n")
  }

  @Test func helpExplainsAFunction() throws {
    let result = try Program.run("help", "train")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("train "))
    #expect(result.output.contains("epochs"))
    #expect(try Program.run("help").output.contains("know a word"))
    let several = try Program.run("help", "learning", "rate")
    #expect(several.status == 0 && several.output.contains("lrfind"))
    #expect(try Program.run("help", "'").output.contains("transpose"))
    #expect(try Program.run("help", "\"{x}\\").status == 3)
    #expect(try Program.run("help", "nonsense").status == 3)
  }

  @Test func theTutorialNeedsATerminal() throws {
    let result = try Program.run("start")
    #expect(result.status == 2)
    #expect(result.errors.contains("needs a terminal"))
  }

  @Test func aPipeIsNotGreeted() throws {
    let result = try Program.run("-i", "/dev/null", input: "6*7\n")
    #expect(!result.output.contains("bp 0."))
    #expect(result.output.contains("42"))
  }

  @Test func aReaderThatLeavesIsNoError() throws {
    let folder = try Folder()
    let result = try Program.shell(
      "{ bp -e 'for i in 1..200000 { print i }'; echo $? >status; } | head -1", in: folder)
    #expect(result.output == "1\n")
    #expect(result.errors == "")
    #expect(try folder.text(of: "status") == "141\n")
  }

  @Test func anOutputThatCannotBeWrittenIsThree() throws {
    let folder = try Folder()
    for code in ["print 1", "for i in 1..200000 { print i }"] {
      let result = try Program.shell("bp -e '\(code)' >/dev/full", in: folder)
      #expect(result.status == 3)
      #expect(result.errors.hasPrefix("error: the output could not be written"))
    }
  }

  @Test func trainingInAPipeWritesOneLineWithoutProgress() throws {
    let result = try Program.run("-e", "train (mlp [2,3,1] tanh sigmoid) circles epochs=3")
    #expect(result.output.split(separator: "\n").count == 1)
    #expect(result.output.hasPrefix("trained 3 epochs: "))
    #expect(result.errors == "")
  }

  @Test func theSameScriptWritesTheSameTwice() throws {
    let code = "net = mlp [2,4,1] relu sigmoid; train net moons epochs=5; print net.W1"
    #expect(try Program.run("-e", code).output == Program.run("-e", code).output)
  }
}
