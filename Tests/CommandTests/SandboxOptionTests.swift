import Foundation
import Sandbox
import Testing

/// `bp --sandbox`, as from a shell.
@Suite struct SandboxOptionTests {
  private static let isWhole = Seal.available.count == Seal.Layer.allCases.count

  /// Where the kernel lacks a layer, only what bp itself closes is held to.
  private static let option = isWhole ? "--sandbox" : "--sandbox=best-effort"

  private func folder() throws -> Folder {
    let folder = try Folder()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "open"), withIntermediateDirectories: false)
    for (name, text) in [
      ("secret.csv", "a,b\n1,2\n3,4\n"), ("open/data.csv", "a,b\n5,6\n7,8\n"),
      ("lib.bp", "x = 7"), ("open/lib.bp", "x = 8"),
    ] {
      try folder.write(text, to: name)
    }
    try FileManager.default.createSymbolicLink(
      at: folder.url.appending(path: "open/way.csv"),
      withDestinationURL: folder.url.appending(path: "secret.csv"))
    return folder
  }

  @Test func aSealedScriptComputesWhatItComputesOtherwise() throws {
    let code = """
      net = mlp [2,8,1] tanh sigmoid; train net moons epochs=20 quiet=true; print net.W1
      A = reshape (1..90000) 300 300; print sum(A @ A); show net; print loss net moons
      """
    let open = try Program.run("-e", code)
    let sealed = try Program.run(Self.option, "-e", code)
    #expect(open.status == 0 && sealed.status == 0, "\(open.errors)\(sealed.errors)")
    #expect(sealed.output == open.output)
  }

  @Test func aScriptIsRunWithItsArguments() throws {
    let folder = try folder()
    try folder.write("print args", to: "s.bp")
    let result = try Program.run(
      Self.option, "s.bp", "a", "--sandbox", "--sandbox=best-effort", in: folder)
    #expect(result.output == "[\"a\", \"--sandbox\", \"--sandbox=best-effort\"]\n")
    #expect(result.status == 0)
    #expect(try Program.run(Self.option, "-", input: "print 1 + 1").output == "2\n")
    #expect(try Program.run(Self.option, input: "print 1 + 1").output == "2\n")
    let missing = try Program.run(Self.option, "none.bp", in: folder)
    #expect(missing.status == 3 && missing.errors.contains("none.bp cannot be read: no such file"))
  }

  /// Whether a file is there is not told either.
  @Test(arguments: [
    "x = csv \"secret.csv\"", "x = csv \"none.csv\"", "x = load \"secret.csv\"",
    "import \"lib.bp\"", "run \"lib.bp\"", "x = csv \"open/../secret.csv\"",
    "x = csv \"/proc/self/environ\"", "x = csv \"/etc/passwd\"",
    "x = csv \"/dev/stdin\"", "x = csv \"-\"",
  ])
  func filesAreClosed(code: String) throws {
    let result = try Program.run(Self.option, "-e", code, input: "a,b\n1,2\n", in: folder())
    #expect(result.status == 3)
    #expect(result.errors.contains("files are closed in the sandbox; --read "))
    #expect(!result.errors.contains("no such file"))
  }

  @Test(arguments: [
    "save 1 \"x.json\"", "x = 1; save \"x.bp\"", "save (mlp [2,1] linear) \"x.onnx\"",
    "plot [1,2,3] to=\"x.svg\"", "write_csv [1,2;3,4] \"x.csv\"", "save 1 \"open/x.json\"",
    "export (mlp [2,1] linear) \"x.py\" to=numpy", "save 1 \"/dev/stdout\" as=json",
    "save 1 \"/dev/null\" as=json",
  ])
  func nothingIsWritten(code: String) throws {
    let folder = try folder()
    let before = folder.files
    let result = try Program.run(Self.option, "--read", "open", "-e", code, in: folder)
    #expect(result.status == 3, "\(result.output)\(result.errors)")
    #expect(folder.files == before)
    #expect(
      result.errors.contains("the sandbox writes no files")
        || result.errors.contains("nothing has worked yet"), "\(result.errors)")
  }

  @Test func whatIsNamedCanBeRead() throws {
    let folder = try folder()
    try folder.write("import \"lib.bp\"\nprint x, length (csv \"data.csv\")", to: "open/s.bp")
    for path in ["open", "open/"] {
      let result = try Program.run(Self.option, "--read", path, "open/s.bp", in: folder)
      #expect(result.output == "8 2\n", "\(result.errors)")
    }
    let result = try Program.run(
      Self.option, "--read", "open/data.csv", "open/s.bp", in: folder)
    #expect(result.status == 3 && result.errors.contains("lib.bp cannot be read"))
    let input = try Program.run(
      Self.option, "--read", "-", "-e", "print length (csv \"-\")", input: "a,b\n1,2\n3,4\n")
    #expect(input.output == "2\n", "\(input.errors)")
  }

  /// A link in a folder that can be read leads to nowhere but into it.
  @Test func aLinkLeadsNotOut() throws {
    let result = try Program.run(
      Self.option, "--read", "open", "-e", "x = csv \"open/way.csv\"", in: folder())
    #expect(result.status == 3)
    #expect(result.errors.contains("files are closed in the sandbox"))
  }

  @Test func whatIsNamedMustBeThere() throws {
    let result = try Program.run(Self.option, "--read", "none.csv", "-e", "print 1", in: folder())
    #expect(result.status == 3 && result.output == "")
    #expect(result.errors == "error: none.csv cannot be opened: no such file or directory\n")
  }

  @Test(
    "A sealed script has limits that nobody said",
    arguments: [
      ("while true { x = 1 }", "stopped after 50000000 steps"),
      ("repeat 200000 { print \"0123456789\" }", "more than 1048576 bytes of output"),
      (
        "x = zeros 9000 9000",
        "bytes more would be more memory than may be in use (536870912 bytes)"
      ),
      ("f(n) = f(n + 1); f 1", "more than 1000 calls are under way at once"),
    ])
  func limits(code: String, message: String) throws {
    let result = try Program.run(Self.option, "-e", code)
    #expect(result.status == 4)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func limitsOfTheCommandLineHold() throws {
    let result = try Program.run(Self.option, "--max-time", "0.2", "-e", "while true { x = 1 }")
    #expect(result.status == 4 && result.errors.contains("stopped after 0.2 seconds"))
    #expect(
      try Program.run(Self.option, "--max-steps", "100", "-e", "while true { x = 1 }").errors
        .contains("stopped after 100 steps"))
    #expect(
      try Program.run(
        Self.option, "--max-memory", "2000000000", "-e", "x = zeros 9000 9000"
      ).status == 0)
  }

  @Test(arguments: [["-i", "-e", "print 1"], ["--write", "x", "-e", "print 1"]])
  func whatTheSandboxLacksIsWrongUsage(arguments: [String]) throws {
    let result = try Program.run(["--sandbox"] + arguments)
    #expect(result.status == 2 && result.output == "")
    #expect(result.errors.contains("andbox"))
    #expect(try Program.run("--read", "x", "-e", "print 1").status == 2)
    #expect(try Program.run("--sandbox=other", "-e", "print 1").status == 2)
  }

  @Test func editIsNotThere() throws {
    #expect(try Program.run(Self.option, "-e", "x = 1", "-e", "edit").status == 3)
  }
}
