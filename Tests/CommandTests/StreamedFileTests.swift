import Foundation
import Glibc
import Testing

/// Files of the system that are streamed: read where they lie, and watched.
@Suite struct StreamedFileTests {
  /// What comes of a training while another program does something to its file.
  private func ending(
    _ folder: Folder, of path: String, _ change: (String) throws -> Void
  ) throws -> (status: Int32, errors: String) {
    #expect(try Program.run("-e", "save randn(20000, 3) \"m.npy\"", in: folder).status == 0)
    let process = Process()
    process.executableURL = try Program.url
    process.currentDirectoryURL = folder.url
    process.arguments = [
      "-e",
      "s = stream \"\(path)\" target=3; net = mlp [2,1] linear; "
        + "train net s epochs=100000 batch=500 quiet=true",
    ]
    process.environment = ["LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    usleep(1_500_000)
    try #require(process.isRunning)
    try change(folder.url.appending(path: path).path)
    let words = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let isExit = process.terminationReason == .exit
    return (
      isExit ? process.terminationStatus : 128 + process.terminationStatus,
      String(decoding: words, as: UTF8.self)
    )
  }

  /// Mapped, it would end the process with SIGBUS.
  @Test func `a file that becomes shorter while it is read is an error that says so`() throws {
    let ending = try ending(try Folder(), of: "m.npy") { #expect(truncate($0, 5000) == 0) }
    #expect(ending.status == 3)
    #expect(
      ending.errors.contains(
        "m.npy cannot be read: it had 480128 bytes when it was opened, and has 5000 now"),
      "\(ending.errors)")
  }

  @Test func `a file that is written while it is read is an error that says so`() throws {
    let ending = try ending(try Folder(), of: "m.npy") { path in
      let file = try #require(FileHandle(forWritingAtPath: path))
      try file.seek(toOffset: 1000)
      try file.write(contentsOf: Data([1, 2, 3]))
      try file.close()
    }
    #expect(ending.status == 3)
    #expect(ending.errors.contains("it was changed since it was opened"), "\(ending.errors)")
  }

  /// A file that takes its place is another file: the one that is open stays as it was.
  @Test func `a table is parsed once, into a file without a name`() throws {
    let folder = try Folder()
    let scratch = folder.url.appending(path: "scratch")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    try folder.write("a,b\n1,2\n3,4\n5,6\n", to: "t.csv")
    let result = try Program.run(
      "-e",
      "s = stream \"t.csv\" target=\"b\" quiet=true; save \"gone\" \"t.csv\" as=json; print s[2..3].x",
      in: folder, environment: ["TMPDIR": scratch.path])
    #expect(result.status == 0 && result.output == "3\n5\n", "\(result)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
    let nowhere = try Program.run(
      "-e", "s = stream \"t.csv\"", in: folder, environment: ["TMPDIR": "/nowhere"])
    #expect(nowhere.status == 3 && nowhere.errors.contains("TMPDIR names another folder"))
  }

  @Test func `what is no file that can be read in any order says so`() throws {
    let folder = try Folder()
    #expect(mkfifo(folder.url.appending(path: "pipe").path, 0o600) == 0)
    try folder.write("a,b\n1,2\n3,4\n", to: "t.csv")
    try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0]).write(to: folder.url.appending(path: "t.csv.gz"))
    for (path, words) in [
      ("pipe", "it is no regular file"), (".", "it is a folder"), ("-", "standard input"),
      ("none.csv", "no such file"), ("t.csv.gz", "t.csv.gz is packed"),
    ] {
      let result = try Program.run("-e", "s = stream \"\(path)\"", in: folder)
      #expect(result.status == 3 && result.errors.contains(words), "\(path): \(result.errors)")
    }
    let sealed = try Program.run(
      "--sandbox", "--read", "t.csv", "-e", "s = stream \"t.csv\"", in: folder)
    #expect(sealed.status != 0 && !sealed.errors.isEmpty && sealed.status < 128, "\(sealed)")
  }
}
