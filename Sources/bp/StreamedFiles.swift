import Glibc
import Language
import Learning

/// Files that are read where they are asked for, and scratch files.
///
/// They are read with pread and never mapped: a mapped file that another program makes shorter ends
/// the process (SIGBUS), and its pages count as memory of the process.
enum StreamedFiles {
  /// What a file was when it was opened.
  private struct Stamp: Equatable {
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    init?(of descriptor: Int32) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { return nil }
      size = Int(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  /// An open file, closed with the last who holds it.
  private final class Descriptor {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// - Returns: what went wrong.
    func fill(_ offset: Int, _ bytes: UnsafeMutableRawBufferPointer) -> String? {
      var done = 0
      while done < bytes.count, let base = bytes.baseAddress {
        let count = pread(number, base + done, bytes.count - done, off_t(offset + done))
        if count < 0 {
          if errno == EINTR { continue }
          return SystemFiles.systemWords()
        }
        if count == 0 { return "it ends too early" }
        done += count
      }
      return nil
    }
  }

  static func open(_ path: String) -> Result<OpenFile, FileAccess.Problem> {
    guard path != "-", path != "/dev/stdin" else {
      return .failure(
        .unreadable("rows of standard input cannot be read in any order; csv \"-\" reads them all"))
    }
    // Opening a pipe without a writer would wait for ever.
    let number = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { return .failure(.unreadable(SystemFiles.systemWords())) }
    let descriptor = Descriptor(number)
    var status = stat()
    guard fstat(number, &status) == 0, let stamp = Stamp(of: number) else {
      return .failure(.unreadable(SystemFiles.systemWords()))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      return .failure(.unreadable(isFolder ? "it is a folder" : "it is no regular file"))
    }
    let title = path.split(separator: "/").last.map(String.init) ?? path
    return .success(
      OpenFile(
        title: title, size: stamp.size, fill: descriptor.fill,
        change: {
          guard let now = Stamp(of: descriptor.number) else { return SystemFiles.systemWords() }
          if now.size != stamp.size {
            return "it had \(stamp.size) bytes when it was opened, and has \(now.size) now"
          }
          return now == stamp ? nil : "it was changed since it was opened"
        }))
  }

  // MARK: Scratch

  /// What is left free of a disk.
  private static let reserve = 256 << 20
  /// Bytes after which it is looked how much is free.
  private static let step = 64 << 20

  /// A file without a name: the system takes it away with its last holder, however that ends.
  static func scratch() -> Result<OpenFile, FileAccess.Problem> {
    // /var/tmp is on a disk where /tmp may be memory.
    let wanted = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    var problem = "there is no folder for scratch files"
    for folder in wanted.map({ [$0] }) ?? ["/var/tmp", "/tmp"] {
      var template = Array("\(folder)/bp.XXXXXX".utf8CString)
      let number = template.withUnsafeMutableBufferPointer { name in
        name.baseAddress.map { mkstemp($0) } ?? -1
      }
      guard number >= 0 else {
        problem = "\(folder): \(SystemFiles.systemWords())"
        continue
      }
      _ = fcntl(number, F_SETFD, FD_CLOEXEC)
      _ = template.withUnsafeBufferPointer { name in name.baseAddress.map { unlink($0) } }
      return .success(file(Descriptor(number), in: folder))
    }
    return .failure(.unwritable("\(problem) (TMPDIR names another folder)"))
  }

  private static func file(_ descriptor: Descriptor, in folder: String) -> OpenFile {
    var unlooked = step
    return OpenFile(
      title: "the scratch file in \(folder)", size: 0, fill: descriptor.fill,
      write: { bytes in
        unlooked += bytes.count
        if unlooked >= step {
          unlooked = 0
          var status = statvfs()
          if fstatvfs(descriptor.number, &status) == 0 {
            let (free, isMuch) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
              by: Int(clamping: status.f_frsize))
            if !isMuch, free < reserve + step {
              return "\(folder) has too little room (TMPDIR names another folder)"
            }
          }
        }
        guard SystemFiles.writeAll(bytes, to: descriptor.number) else {
          return "\(SystemFiles.systemWords()) (TMPDIR names another folder)"
        }
        return nil
      })
  }
}
