import FileCalls
import Foundation
import Glibc
import Testing

@testable import REPL

private func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "bp-history-\(UUID().uuidString)").path
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await body(folder)
}

@Suite struct HistoryFileTests {
  @Test(arguments: ["x = 1", "a\nb\n\tc", "\\n is no line break", "δ ≈ 神 😀", "\\", "\r\n"])
  func `an entry comes back as it was typed`(entry: String) async throws {
    try await withFolder { folder in
      var file = HistoryFile(path: folder + "/deep/history")
      #expect(file.append(entry) == [])
      #expect(file.append("last") == [])
      var later = HistoryFile(path: folder + "/deep/history")
      #expect(later.read() == [entry, "last"])
      #expect(later.read() == [])
    }
  }

  @Test func `two prompts see each other's entries, each of them once`() async throws {
    try await withFolder { folder in
      var one = HistoryFile(path: folder + "/history")
      var two = HistoryFile(path: folder + "/history")
      #expect(one.append("from one") == [])
      #expect(two.append("from two") == ["from one"])
      #expect(one.read() == ["from two"])
      #expect(two.read() == [])
    }
  }

  @Test func `eight prompts at once lose no entry and tear none`() async throws {
    try await withFolder { folder in
      await withTaskGroup(of: Void.self) { group in
        for prompt in 0..<8 {
          group.addTask {
            var file = HistoryFile(path: folder + "/history")
            for entry in 0..<200 { _ = file.append("prompt \(prompt)\nentry \(entry)") }
          }
        }
      }
      var file = HistoryFile(path: folder + "/history")
      let entries = file.read()
      #expect(entries.count == 1600)
      let expected = (0..<8).flatMap { prompt in
        (0..<200).map { "prompt \(prompt)\nentry \($0)" }
      }
      #expect(Set(entries) == Set(expected))
    }
  }

  @Test func `a torn last line goes with the next entry`() async throws {
    try await withFolder { folder in
      var file = HistoryFile(path: folder + "/history")
      _ = file.append("whole")
      let handle = try #require(FileHandle(forWritingAtPath: folder + "/history"))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("to".utf8))
      try handle.close()
      var later = HistoryFile(path: folder + "/history")
      #expect(later.append("next") == ["whole"])
      var last = HistoryFile(path: folder + "/history")
      #expect(last.read() == ["whole", "next"])
    }
  }

  @Test func `a file that grew too long is made shorter and keeps the newest`() async throws {
    try await withFolder { folder in
      let path = folder + "/history"
      var file = HistoryFile(path: path)
      _ = file.append("first")
      let filler = String(repeating: "y", count: 900)
      let lines = (0..<5200).map { "\(filler) \($0)\n" }.joined()
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(lines.utf8))
      try handle.close()
      _ = file.append("newest")
      var later = HistoryFile(path: path)
      let entries = later.read()
      #expect(entries.count == HistoryFile.keptEntries)
      #expect(entries.last == "newest")
      #expect(!entries.contains("first"))
      // The prompt that made it shorter goes on with the new file.
      _ = later.append("from another")
      #expect(file.read().last == "from another")
    }
  }

  /// Fills a history until the next entry makes it shorter.
  private func longHistory(_ path: String) throws -> HistoryFile {
    var file = HistoryFile(path: path)
    _ = file.append("first")
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    let filler = String(repeating: "y", count: 900)
    try handle.write(contentsOf: Data((0..<5200).map { "\(filler) \($0)\n" }.joined().utf8))
    try handle.close()
    return file
  }

  @Test(.enabled(if: file_calls_can_be_seen() == 1))
  func `a shorter file is on the disk before it has its name, and its name after`() async throws {
    try await withFolder { folder in
      let path = folder + "/history"
      var file = try longHistory(path)
      file_calls_begin(nil, 0)
      _ = file.append("newest")
      let calls = String(cString: file_calls_end()).split(separator: "\n")
      #expect(
        calls == [
          "fsync \(path).new", "rename \(path).new \(path)", "fsync-folder \(folder)",
        ])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["history"])
    }
  }

  @Test(.enabled(if: file_calls_can_be_seen() == 1), arguments: ["fsync", "rename"])
  func `a file that cannot be made shorter stays as it is, and nothing is left beside it`(
    failing: String
  ) async throws {
    try await withFolder { folder in
      let path = folder + "/history"
      var file = try longHistory(path)
      failing.withCString { call in
        file_calls_begin(call, EIO)
        _ = file.append("newest")
        _ = file_calls_end()
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["history"])
      var later = HistoryFile(path: path)
      let entries = later.read()
      #expect(entries.count == 5202)
      #expect(entries.first == "first" && entries.last == "newest")
    }
  }

  @Test func `a file that became shorter under an open prompt is read from its beginning`()
    async throws
  {
    try await withFolder { folder in
      let path = folder + "/history"
      var file = HistoryFile(path: path)
      _ = file.append("a long entry of before")
      _ = file.append("and another one")
      #expect(truncate(path, 0) == 0)
      #expect(file.read() == [])
      var other = HistoryFile(path: path)
      _ = other.append("short")
      #expect(file.read() == ["short"])
      #expect(truncate(path, 0) == 0)
      #expect(file.append("own") == [])
      #expect(other.read() == ["own"])
    }
  }

  @Test func `a folder that cannot be made is no error for the prompt`() {
    var file = HistoryFile(path: "/proc/none/history")
    #expect(file.append("x") == nil)
    #expect(file.read() == [])
  }

  @Test func `the file lies in the XDG state folder`() {
    let path = { (values: [String: String]) in HistoryFile.standardPath { values[$0] } }
    #expect(path(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/bp/history")
    #expect(path(["XDG_STATE_HOME": "relative", "HOME": "/h"]) == "/h/.local/state/bp/history")
    #expect(path(["HOME": "/h"]) == "/h/.local/state/bp/history")
    #expect(path([:]) == nil)
  }
}

@Suite struct HistoryListTests {
  @Test func `an entry that comes again moves to the end`() {
    var list = HistoryList(["a", "b", "a", "c"])
    #expect(list.entries == ["b", "a", "c"])
    #expect(list.append("c") == .none)
    #expect(list.append("b") == .rearranged)
    #expect(list.append("d") == .appended)
    #expect(list.entries == ["a", "c", "b", "d"])
  }

  @Test func `a long list drops its oldest entries`() {
    var list = HistoryList(limit: 10)
    for number in 0..<100 { _ = list.append("\(number)") }
    #expect(list.entries.count <= 10)
    #expect(list.entries.last == "99")
  }
}
