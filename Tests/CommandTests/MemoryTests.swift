import Foundation
import Testing

/// What the program takes of the runtime's memory at its peak, as the system counts it.
@Suite(
  .serialized, .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status"))
) struct MemoryTests {
  /// Kilobytes of the whole process behind the last statement: at its peak, and now.
  private func memory(_ code: String) throws -> (peak: Int, now: Int) {
    let folder = try Folder()
    let process = Process()
    process.executableURL = try Program.url
    process.arguments = ["-e", code, "-e", "save [1] \"done.npy\"; while true { }"]
    process.currentDirectoryURL = folder.url
    // One thread: the library's own buffers are one a thread.
    process.environment = ["LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no", "BP_THREADS": "1"]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    while process.isRunning, !folder.files.contains("done.npy") { usleep(10_000) }
    let status = try String(
      contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    func kilobytes(_ name: String) throws -> Int {
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name) })
      return try #require(Int(line.filter(\.isNumber)))
    }
    return (try kilobytes("VmHWM:"), try kilobytes("VmRSS:"))
  }

  @Test func `the circles script stays below 20 MB`() throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../scripts/lectures/circles.bp").standardized.path
    let whole = try memory("import \"\(script)\"").peak
    let start = try memory("print 1").peak
    // What the program takes for itself; built for debugging it is larger by its libraries.
    #expect(whole - start < 9_000)
    #if !DEBUG
      #expect(whole <= 20 * 1024)
    #endif
  }

  @Test(
    "Training a large net takes at most twice parameters, optimizer state and a batch's activations",
    arguments: [("sgd", 0), ("adam", 2), ("lion", 1)], [("float64", 8), ("float32", 4)])
  func training(_ optimizer: (name: String, states: Int), _ precision: (name: String, bytes: Int))
    throws
  {
    let (sizes, rows) = ([64, 1024, 1024, 1024, 8], 512)
    let net = """
      net = mlp \(sizes) relu linear dtype=\(precision.name)
      x = ones \(rows) \(sizes[0])
      d = data x (ones \(rows) 8)
      y = x @ x'
      """
    let training = "train net d epochs=2 batch=\(rows) lr=1e-9 optimizer=\(optimizer.name)"
    let beyond = try memory("\(net)\n\(training) quiet=true").peak - memory(net).now
    let parameters = zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 + $1.1 }
    // The samples, and net inputs and activations of every layer.
    let activations = rows * (sizes[0] + 2 * sizes.dropFirst().reduce(0, +))
    let limit = 2 * (parameters * (1 + optimizer.states) + activations) * precision.bytes
    #expect(beyond * 1024 <= limit)
    // Less than the values and their gradients cannot be.
    #expect(beyond * 1024 > parameters * (2 + optimizer.states) * precision.bytes)
  }
}
