import Glibc

/// The history that all prompts of a user share: one entry a line, appended under a lock.
///
/// A line break within an entry is written `\n`, a backslash `\\`, so that an entry of many lines is
/// one line of the file. An unfinished last line, which only a crash of the machine can leave,
/// is cut off by the next append.
package struct HistoryFile: Sendable {
  package let path: String
  /// How far this prompt has read.
  private var offset: Int = 0
  /// The file may be replaced by a shorter one: then reading begins again.
  private var identity: UInt = 0

  /// Entries that are kept when the file is made shorter.
  static let keptEntries = 5000
  private static let sizeToShorten = 4 << 20
  /// No entry of a prompt is longer; a line that is, is none of ours.
  private static let longestEntry = 1 << 20

  package init(path: String) {
    self.path = path
  }

  /// `$XDG_STATE_HOME/bp/history`, by default below `~/.local/state`; nil without a home.
  package static func standardPath(environment: (String) -> String?) -> String? {
    // The specification says that a relative path is to be ignored.
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") {
      return state + "/bp/history"
    }
    guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
    return home + "/.local/state/bp/history"
  }

  /// Entries that were appended since the last reading, by this or another prompt.
  package mutating func read() -> [String] {
    withLockedFile(LOCK_SH) { descriptor, file in file.unread(descriptor) } ?? []
  }

  /// Appends an entry and gives what others appended before it; nil where the file cannot be
  /// written.
  package mutating func append(_ entry: String) -> [String]? {
    withLockedFile(LOCK_EX) { descriptor, file in
      let others = file.unread(descriptor)
      // What follows the last line end was torn off by a crash: nobody else writes now.
      ftruncate(descriptor, off_t(file.offset))
      lseek(descriptor, 0, SEEK_END)
      let line = Array((Self.escaped(entry) + "\n").utf8)
      let written = line.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard written == line.count else {
        // A full disk must not leave half a line.
        ftruncate(descriptor, off_t(file.offset))
        return nil
      }
      file.offset += line.count
      if file.offset > Self.sizeToShorten { file.shorten() }
      return others
    } ?? nil
  }

  private mutating func withLockedFile<Result>(
    _ lock: Int32, _ body: (Int32, inout HistoryFile) -> Result
  ) -> Result? {
    makeFolders()
    // Twice, in case the file is replaced between opening and locking it.
    for _ in 0..<8 {
      // Opening a pipe or a device may wait for ever, or never come to an end.
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      while flock(descriptor, lock) != 0 { if errno != EINTR { return nil } }
      var opened = stat()
      var named = stat()
      guard fstat(descriptor, &opened) == 0, opened.st_mode & S_IFMT == S_IFREG else { return nil }
      guard stat(path, &named) == 0, named.st_ino == opened.st_ino else { continue }
      if identity != opened.st_ino || Int(opened.st_size) < offset {
        identity = opened.st_ino
        offset = 0
      }
      return body(descriptor, &self)
    }
    return nil
  }

  private mutating func unread(_ descriptor: Int32) -> [String] {
    lseek(descriptor, off_t(offset), SEEK_SET)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      bytes += chunk[0..<count]
    }
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    offset += end + 1
    return bytes[0..<end].split(separator: UInt8(ascii: "\n"))
      .filter { $0.count <= Self.longestEntry }.map(Self.unescaped)
  }

  /// Writes the last entries, each once, to a new file and puts it in place of the old one.
  private mutating func shorten() {
    var whole = HistoryFile(path: path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    let entries = HistoryList(limit: Self.keptEntries, whole.unread(descriptor)).entries
    close(descriptor)
    let temporary = path + ".new"
    let target = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard target >= 0 else { return }
    let text = entries.map { Self.escaped($0) + "\n" }.joined()
    let isWritten = Terminal.write(text, to: target) && fsync(target) == 0
    guard close(target) == 0, isWritten, rename(temporary, path) == 0 else {
      unlink(temporary)
      return
    }
    syncFolder()
  }

  /// Makes the new name last as well: only then a crash of the machine cannot undo it.
  private func syncFolder() {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "."
    let descriptor = open(String(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private func makeFolders() {
    guard let slash = path.lastIndex(of: "/") else { return }
    let folder = String(path[..<slash])
    if access(folder, F_OK) == 0 { return }
    var made = ""
    for part in folder.split(separator: "/") {
      made += "/" + part
      mkdir(made, 0o700)
    }
  }

  static func escaped(_ entry: String) -> String {
    var result = ""
    for scalar in entry.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func unescaped(_ line: ArraySlice<UInt8>) -> String {
    let backslash = UInt8(ascii: "\\")
    // Nearly every line: a prompt with a long history should not be felt to start later.
    guard line.contains(backslash) else { return String(decoding: line, as: UTF8.self) }
    var result: [UInt8] = []
    var isEscaped = false
    for byte in line {
      if isEscaped {
        switch byte {
        case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "r"): result.append(UInt8(ascii: "\r"))
        default: result.append(byte)
        }
        isEscaped = false
      } else if byte == backslash {
        isEscaped = true
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
