import Foundation
import Testing

/// Signals and budgets end whatever is under way.
@Suite struct StoppingTests {
  /// Seconds from a signal to the end, and how the program ended.
  private func ending(
    _ code: String, _ signal: Int32, after wait: useconds_t = 300_000
  ) throws -> (seconds: Double, status: Int32) {
    let process = Process()
    process.executableURL = try Program.url
    process.arguments = ["-e", code]
    process.environment = ["LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    usleep(wait)
    try #require(process.isRunning, "it was too short: \(code)")
    let start = Date()
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return (Date().timeIntervalSince(start), process.terminationStatus)
  }

  @Test(
    "A signal ends a script within half a second, with its status",
    arguments: [
      "A = rand 2500 2500; B = inv A", "x = permutation 40000000", "x = sort (rand 10000000)",
      "x = 0; while true { x = x + 1 }", "s = join (1..20000000) \"a\"",
      "train (mlp [2,20,1] tanh sigmoid) circles epochs=100000000 quiet=true",
    ], [SIGINT, SIGTERM, SIGHUP])
  func signals(_ code: String, _ signal: Int32) throws {
    let ending = try ending(code, signal)
    #expect(ending.status == 128 + signal)
    // The machine may be busy with other tests.
    #expect(ending.seconds < 1.5, "\(code)")
  }

  @Test func `what nohup keeps from hearing that the terminal is gone goes on`() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "trap '' HUP; exec \"$0\" -e 'while true { }'", try Program.url.path,
    ]
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    usleep(300_000)
    kill(process.processIdentifier, SIGHUP)
    usleep(300_000)
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 128 + SIGTERM)
  }

  @Test(
    "A spent budget is an error with its place",
    arguments: [
      ("--max-time", "0.3", "while true { }", "stopped after 0.3 seconds"),
      ("--max-time", "0.3", "A = rand 2500 2500; B = inv A", "stopped after 0.3 seconds"),
      (
        "--max-steps", "10", "train (mlp [2,3,1] tanh sigmoid) xor epochs=100000 quiet=true",
        "stopped after 10 steps"
      ),
      ("--max-steps", "10", "A = zeros 2500 2500; B = A @ A", "stopped after 10 steps"),
      ("--max-steps", "10", "A = eye 1000; B = inv A", "stopped after 10 steps"),
      (
        "--max-memory", "100000000", "xs = []; while true { xs = append xs (zeros 1000) }",
        "memory"
      ),
      ("--max-memory", "100000000", "x = zeros 20000000", "memory"),
      (
        "--max-time", "60", "s = pad \"x\" 10000; while true { print s, s, s, s, s, s, s, s }",
        "more than 16777216 bytes of output"
      ),
    ])
  func budgets(_ option: String, _ value: String, _ code: String, _ words: String) throws {
    let folder = try Folder()
    try folder.write(code, to: "script.bp")
    // What is checked gathers its output.
    let start = code.contains("pad") ? ["check"] : []
    let result = try Program.run(start + [option, value, "script.bp"], in: folder)
    #expect(result.status == 4)
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(result.errors.contains("script.bp:1:"))
  }

  @Test func `a limit on what the process may address is no crash`() throws {
    let folder = try Folder()
    let result = try Program.shell(
      "ulimit -v 2000000; bp -e 'x = zeros 200000000'", in: folder)
    #expect(result.status == 4)
    #expect(result.errors.contains("memory"))
  }

  @Test func `a cell that is a formula to a spreadsheet is said, and a text where asked for`()
    throws
  {
    let folder = try Folder()
    let code = "write_csv [[1, 2]] \"a.csv\" names=[\"=cmd()\", \"-1\"]"
    let result = try Program.run("-e", code, in: folder)
    #expect(result.status == 0 && result.errors.contains("takes =cmd() for a formula"))
    #expect(try folder.text(of: "a.csv") == "=cmd(),-1\n1,2\n")
    let safe = try Program.run("-e", code + " safe=true", in: folder)
    #expect(safe.status == 0 && safe.errors.isEmpty)
    #expect(try folder.text(of: "a.csv") == "'=cmd(),-1\n1,2\n")
  }
}
