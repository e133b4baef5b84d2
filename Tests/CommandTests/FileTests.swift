import FileCalls
import Foundation
import Glibc
import Testing

@testable import bp

/// Files as a user meets them: the whole program reads them.
@Suite struct FileTests {
  private static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "InterchangeTests/Corpus")

  /// Runs a line in a folder that holds `bytes` as `name`.
  private static func run(
    _ line: String, with name: String, _ bytes: Data, environment: [String: String] = [:]
  ) throws -> Program.Result {
    let folder = try Folder()
    try bytes.write(to: folder.url.appending(path: name))
    return try Program.run("-e", line, in: folder, environment: environment)
  }

  private static func stored(_ path: String) throws -> Data {
    try Data(contentsOf: corpus.appending(path: path))
  }

  /// What a script may not write, however its path is spelled, and what stays free.
  @Test func settingsOfOtherProgramsAreWrittenOnlyWhereTheUserAllowsIt() throws {
    let folder = try Folder()
    let manager = FileManager.default
    for name in ["home/.ssh", "home/.config/bp", "home/.local/state/bp", "course/.git"] {
      try manager.createDirectory(
        at: folder.url.appending(path: name), withIntermediateDirectories: true)
    }
    let home = folder.url.appending(path: "home").path
    try manager.createSymbolicLink(
      atPath: folder.url.appending(path: "keys").path, withDestinationPath: "home/.ssh")
    try manager.createSymbolicLink(
      atPath: folder.url.appending(path: "table.csv").path,
      withDestinationPath: "home/.profile")
    func status(_ path: String, _ options: [String] = []) throws -> Int32 {
      try Program.run(
        options + ["-e", "write_csv [1] \"\(path)\""], in: folder, environment: ["HOME": home]
      ).status
    }
    for path in [
      ".bashrc", "home/.bashrc", "course/../home/.profile", "keys/authorized_keys", "table.csv",
      "home/.config/bp/start.bp", "home/.local/state/bp/start.agreed", "\(home)/.ssh/config",
    ] {
      #expect(try status(path) == 3, "\(path)")
      #expect(try status(path, ["--write", "elsewhere"]) == 3, "\(path)")
    }
    #expect(try status("home/table.csv") == 0)
    #expect(try status("home/.bashrc", ["--write", "home/.bashrc"]) == 0)
    #expect(try status("home/.ssh/config", ["--write", "home/.ssh"]) == 0)
    // In its own folder a script writes such files, but the home folder is no script's own.
    let script = "write_csv [1] \".state.csv\"\n"
    try folder.write(script, to: "course/a.bp")
    try folder.write(script, to: "home/a.bp")
    #expect(try Program.run("course/a.bp", in: folder, environment: ["HOME": home]).status == 0)
    let refused = try Program.run("home/a.bp", in: folder, environment: ["HOME": home])
    #expect(refused.status == 3)
    #expect(refused.errors.contains("--write"))
    #expect(!folder.files.contains("home/.state.csv"))
  }

  @Test(arguments: [
    ("load \"a.csv\"", "a.csv", "csv/valid-decimal-commas"),
    ("load \"a.npy\"", "a.npy", "npy/valid-matrix"),
    ("load \"a.npz\"", "a.npz", "npz/valid-two"),
    ("idx \"a.gz\" \"a.gz\"", "a.gz", "idx/valid-packed"),
    ("load \"a.safetensors\"", "a.safetensors", "safetensors/valid-net"),
    ("load \"a.onnx\"", "a.onnx", "onnx/valid-graph"),
    ("load \"a.json\"", "a.json", "json/valid-record"),
    ("train (mlp [2,1] sigmoid) (gate \"and\") resume=\"a.bin\"", "a.bin", "training/valid-adam"),
  ]) func `a file cut off is an error with the place and exit status 3`(
    _ line: String, _ name: String, _ path: String
  ) throws {
    let whole = try Self.stored(path)
    // In the table a quote stays open.
    let result = try Self.run(line, with: name, whole.dropLast(8))
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.contains(name))
    #expect(result.errors.contains("at byte ") || result.errors.contains("\(name):"))
    #expect(result.errors.contains("--> "))
  }

  @Test func `without zlib compressed files are refused and all others are read`() throws {
    let without = ["BP_ZLIB": "off"]
    let packed = [
      ("load \"a.npz\"", "a.npz", "npz/valid-numpy-deflated"),
      ("idx \"a.gz\" \"a.gz\"", "a.gz", "idx/valid-packed"),
    ]
    for (line, name, path) in packed {
      for library in ["off", "/nowhere/libz.so"] {
        let result = try Self.run(
          line, with: name, try Self.stored(path), environment: ["BP_ZLIB": library])
        #expect(result.status == 3)
        #expect(result.errors.contains("this file is compressed, and zlib"), "\(result.errors)")
        #expect(result.errors.contains("unpack the file before"))
      }
    }
    let stored = try Self.run(
      "r = load \"a.npz\"; print r.x[1, 2]", with: "a.npz", try Self.stored("npz/valid-two"),
      environment: without)
    #expect(stored.output == "-2.5\n")
    let images = try Self.run(
      "print (idx \"i\" \"i\").n", with: "i", Data([0, 0, 8, 1, 0, 0, 0, 2, 7, 3]),
      environment: without)
    #expect(images.output == "2\n", "\(images.errors)")
    let unpacked = try Self.run(
      "r = load \"a.npz\"; print r.x[1, 2]", with: "a.npz",
      try Self.stored("npz/valid-numpy-deflated"))
    #expect(unpacked.output == "1\n", "\(unpacked.errors)")
  }

  // MARK: Saving

  @Test(.enabled(if: file_calls_can_be_seen() == 1), arguments: [false, true])
  func `a file is on the disk before it has its name, and its name after`(exists: Bool) throws {
    let folder = try Folder()
    if exists { try folder.write("old", to: "a") }
    let path = folder.url.path + "/a"
    file_calls_begin(nil, 0)
    let result = SystemFiles.write(path, Array("new".utf8))
    let calls = String(cString: file_calls_end()).split(separator: "\n").map(String.init)
    guard case .success = result else {
      Issue.record("\(result)")
      return
    }
    let temporary = "\(path).\(getpid()).0.tmp"
    #expect(
      calls == [
        "fsync \(temporary)", "rename \(temporary) \(path)", "fsync-folder \(folder.url.path)",
      ])
    #expect(try folder.text(of: "a") == "new")
    #expect(folder.files == ["a"])
  }

  @Test(
    .enabled(if: file_calls_can_be_seen() == 1),
    arguments: ["fsync", "rename", "fsync-folder"], [EIO, ENOSPC])
  func `a save that fails says so and leaves nothing beside the file`(
    call: String, error: Int32
  ) throws {
    let folder = try Folder()
    try folder.write("old", to: "a")
    let result = call.withCString { call in
      file_calls_begin(call, error)
      defer { _ = file_calls_end() }
      return SystemFiles.write(folder.url.path + "/a", Array("new".utf8))
    }
    guard case .failure(let problem) = result else {
      Issue.record("\(call) failed and the file counts as written")
      return
    }
    let isNamed = call == "fsync-folder"
    #expect(problem.words.contains("may not outlast a crash") == isNamed)
    #expect(try folder.text(of: "a") == (isNamed ? "new" : "old"))
    #expect(folder.files == ["a"])
  }

  @Test func `a file too large for its place is an error, and the old one stays alone`() throws {
    let folder = try Folder()
    try folder.write("old", to: "v.npy")
    let result = try Program.shell(
      "ulimit -f 8; bp -e 'save (zeros 100000) \"v.npy\"'", in: folder)
    #expect(result.status == 3)
    #expect(
      result.errors.contains("v.npy cannot be written") && result.errors.contains("too large"))
    #expect(folder.files == ["v.npy"])
    #expect(try folder.text(of: "v.npy") == "old")
  }

  @Test func `whoever reads while a file is saved finds the old one or the new one, whole`() throws
  {
    let folder = try Folder()
    func save(_ code: String) throws -> Process {
      let process = Process()
      process.executableURL = try Program.url
      process.arguments = ["-e", code]
      process.currentDirectoryURL = folder.url
      try process.run()
      return process
    }
    let size = 128 + 8 * 3000
    try save("save (zeros 3000) \"v.npy\"").waitUntilExit()
    let process = try save("for i in 1..200 { save (i * ones 3000) \"v.npy\" }")
    var reads = 0
    var wrong = 0
    while process.isRunning {
      reads += 1
      let bytes = (try? Data(contentsOf: folder.url.appending(path: "v.npy"))) ?? Data()
      let numbers = Set((0..<max(0, bytes.count - 128) / 8).map { bytes[128 + 8 * $0 + 6] })
      if bytes.count != size || numbers.count != 1 { wrong += 1 }
    }
    #expect(process.terminationStatus == 0)
    #expect(reads > 20)
    #expect(wrong == 0, "of \(reads) reads")
    #expect(folder.files == ["v.npy"])
  }
}
