import Glibc
import Language

/// The files of the runtime, as a session reaches them.
enum SystemFiles {
  /// More than any script or data file of a lesson.
  private static let largestFile = 4 << 30

  /// - Parameters:
  ///   - output: is written out before a file that it may lead to.
  ///   - access: which files scripts may write.
  static func access(beside output: StandardOutput, _ access: WriteAccess) -> FileAccess {
    var files = FileAccess(
      read: read,
      write: { path, bytes in
        if let refusal = access.refusal(of: path) { return .failure(refusal) }
        output.flush()
        return write(path, bytes)
      }, stream: stream)
    files.list = list
    files.open = StreamedFiles.open
    files.scratch = StreamedFiles.scratch
    return files
  }

  /// What is in a folder, folders with a slash behind; empty where it cannot be read.
  static func list(_ folder: String) -> [String] {
    guard let stream = opendir(folder.isEmpty ? "." : folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      var status = stat()
      let path = folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      names.append(isFolder ? name + "/" : name)
    }
    return names
  }

  /// What diagnostics call a file: `-` is `stdin`.
  static func title(of path: String) -> String { path == "-" ? "stdin" : path }

  /// All bytes of a regular file, or of standard input for `-`.
  static func read(_ path: String) -> Result<[UInt8], FileAccess.Problem> {
    if path == "-" { return readAll(STDIN_FILENO, expected: 0) }
    return withFile(path) { readAll($0, expected: $1) }
  }

  /// Calls the body with the descriptor and the size of a regular file.
  private static func withFile<Content>(
    _ path: String, _ body: (Int32, Int) -> Result<Content, FileAccess.Problem>
  ) -> Result<Content, FileAccess.Problem> {
    // Opening a pipe without a writer would wait for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return .failure(.unreadable(systemWords())) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .failure(.unreadable(systemWords())) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      return .failure(.unreadable(isFolder ? "it is a folder" : "it is no regular file"))
    }
    return body(descriptor, Int(status.st_size))
  }

  /// The bytes of a file, a piece at a time; `-` is standard input, and a pipe is read as it comes.
  private static func stream(
    _ path: String, _ body: (ArraySlice<UInt8>, Int?) -> Bool
  ) -> Result<Void, FileAccess.Problem> {
    if path == "-" || path == "/dev/stdin" {
      guard isatty(STDIN_FILENO) == 0 else {
        return .failure(.unreadable("standard input is the keyboard: a file or a pipe is wanted"))
      }
      var size = 0
      let ending = pieces(of: STDIN_FILENO, size: nil) { bytes, whole in
        size += bytes.count
        return body(bytes, whole)
      }
      if case .success = ending, size == 0 {
        return .failure(.unreadable("standard input is empty, or held the script"))
      }
      return ending
    }
    return withInput(path) { pieces(of: $0, size: $1, body) }
  }

  private static func pieces(
    of descriptor: Int32, size: Int?, _ body: (ArraySlice<UInt8>, Int?) -> Bool
  ) -> Result<Void, FileAccess.Problem> {
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var filled = 0
    while true {
      let count = chunk.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map {
          Glibc.read(descriptor, $0 + filled, buffer.count - filled)
        } ?? 0
      }
      if count < 0 {
        guard errno == EINTR else { return .failure(.unreadable(systemWords())) }
        // A signal may ask to stop.
        guard body([], size) else { return .success(()) }
        continue
      }
      filled += count
      // A pipe gives little at a time.
      if count > 0, size == nil, filled < chunk.count { continue }
      if filled > 0 {
        guard body(chunk[..<filled], size) else { return .success(()) }
        filled = 0
      }
      if count == 0 { return .success(()) }
    }
  }

  /// Calls the body with the descriptor of a regular file and its size, or of a pipe that has a
  /// writer.
  private static func withInput<Content>(
    _ path: String, _ body: (Int32, Int?) -> Result<Content, FileAccess.Problem>
  ) -> Result<Content, FileAccess.Problem> {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else {
      return withFile(path) { body($0, $1) }
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return .failure(.unreadable(systemWords())) }
    defer { close(descriptor) }
    // From here on reads wait for the writer; without one they end at once.
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK)
    return body(descriptor, nil)
  }

  private static func readAll(
    _ descriptor: Int32, expected: Int
  ) -> Result<[UInt8], FileAccess.Problem> {
    guard expected <= largestFile else { return .failure(.unreadable("it is too large")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(expected)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        return .failure(.unreadable(systemWords()))
      }
      if count == 0 { return .success(bytes) }
      bytes += chunk[..<count]
      guard bytes.count <= largestFile else { return .failure(.unreadable("it is too large")) }
    }
  }

  /// Makes a folder, and nothing where it stands already.
  static func makeFolder(_ path: String) -> Result<Void, FileAccess.Problem> {
    if mkdir(path, 0o777) == 0 { return .success(()) }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex,
      case .success = makeFolder(String(path[..<slash]))
    {
      mkdir(path, 0o777)
    }
    let words = systemWords()
    var there = stat()
    let isFolder = stat(path, &there) == 0 && there.st_mode & S_IFMT == S_IFDIR
    return isFolder ? .success(()) : .failure(.unwritable(words))
  }

  /// Makes the folders that lead to a file of the user's own, for nobody else to read.
  static func makeFolders(above path: String) {
    var made = ""
    for part in path.split(separator: "/").dropLast() {
      made += "/" + part
      mkdir(made, 0o700)
    }
  }

  /// Writes through a temporary file beside it, so that a reader finds the old file or the new.
  /// A link stays a link, and an older file's permissions stay.
  static func write(
    _ path: String, _ bytes: [UInt8]
  ) -> Result<Void, FileAccess.Problem> {
    var older = stat()
    let exists = stat(path, &older) == 0
    if exists, let descriptor = standing(path, older) { return writeInto(descriptor, bytes) }
    let path = target(of: path)
    guard let (temporary, descriptor) = openTemporary(beside: path) else {
      return .failure(.unwritable(systemWords()))
    }
    if exists { fchmod(descriptor, older.st_mode & 0o7777) }
    guard writeAll(bytes, to: descriptor), fsync(descriptor) == 0 else {
      return abandon(temporary, descriptor)
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      return abandon(temporary, nil)
    }
    return syncFolder(of: path)
  }

  /// A new file of a name that no other run has taken; one that was killed may have left its own.
  private static func openTemporary(beside path: String) -> (name: String, descriptor: Int32)? {
    for attempt in 0..<1000 {
      let name = "\(path).\(getpid()).\(attempt).tmp"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (name, descriptor) }
      guard errno == EEXIST else { return nil }
    }
    return nil
  }

  /// A descriptor of what must stay what it is and is written into: a device, a pipe, and the file
  /// that the output of the process goes to. Nil for a file that is replaced.
  private static func standing(_ path: String, _ status: stat) -> Int32? {
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      var own = stat()
      if fstat(descriptor, &own) == 0, own.st_dev == status.st_dev, own.st_ino == status.st_ino {
        return dup(descriptor)
      }
    }
    let kind = status.st_mode & S_IFMT
    // A pipe without a reader would be waited for; a folder gives the error that it is one.
    return kind == S_IFREG || kind == S_IFDIR
      ? nil : open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
  }

  private static func writeInto(
    _ descriptor: Int32, _ bytes: [UInt8]
  ) -> Result<Void, FileAccess.Problem> {
    guard descriptor >= 0 else { return .failure(.unwritable(systemWords())) }
    defer { close(descriptor) }
    return writeAll(bytes, to: descriptor) ? .success(()) : .failure(.unwritable(systemWords()))
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
  }

  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var start = 0
    while start < bytes.count, let base = bytes.baseAddress {
      let written = Glibc.write(descriptor, base + start, bytes.count - start)
      if written < 0 {
        if errno == EINTR { continue }
        guard errno == EAGAIN else { return false }
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&ready, 1, -1)
        continue
      }
      start += written
    }
    return true
  }

  /// Makes the new name last as well: only then a crash of the runtime cannot undo the saving.
  private static func syncFolder(of path: String) -> Result<Void, FileAccess.Problem> {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "."
    let descriptor = open(String(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return .success(()) }
    defer { close(descriptor) }
    // Some file systems cannot sync a folder, which is no failure of this file.
    if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP {
      return .failure(.unwritable("\(systemWords()) (it was written, but may not outlast a crash)"))
    }
    return .success(())
  }

  /// Where the links of `path` lead; the path itself where there is nothing yet.
  private static func target(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func abandon(
    _ temporary: String, _ descriptor: Int32?
  ) -> Result<Void, FileAccess.Problem> {
    let words = systemWords()
    if let descriptor { close(descriptor) }
    unlink(temporary)
    return .failure(.unwritable(words))
  }

  /// The system's words for the last error, as they stand inside a sentence.
  static func systemWords() -> String {
    let words = String(cString: strerror(errno))
    return words.prefix(1).lowercased() + words.dropFirst()
  }
}
