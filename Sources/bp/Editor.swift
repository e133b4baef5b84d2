import Glibc
import Language
import REPL

/// The editor of the user, started on a text of the prompt.
enum Editor {
  private static func failure() -> FileAccess.Problem {
    .unwritable(String(cString: strerror(errno)))
  }

  /// Gives the text as it was saved.
  static func edit(_ text: String) -> Result<String, FileAccess.Problem> {
    let folder = Terminal.environment("TMPDIR") ?? "/tmp"
    var name = Array("\(folder)/bp-XXXXXX.bp".utf8CString)
    let descriptor = mkstemps(&name, 3)
    guard descriptor >= 0 else { return .failure(failure()) }
    close(descriptor)
    let path = name.withUnsafeBufferPointer { buffer in
      String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    defer { unlink(path) }
    if case .failure(let failure) = SystemFiles.write(path, Array((text + "\n").utf8)) {
      return .failure(failure)
    }
    let program =
      [Terminal.environment("VISUAL"), Terminal.environment("EDITOR")]
      .compactMap { $0 }.first { !$0.isEmpty } ?? "vi"
    let status = TerminalMode.suspended { run(program, on: path) }
    guard status == 0 else {
      return .failure(.unreadable("\(program) ended with \(status)"))
    }
    return SystemFiles.read(path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The editor may be several words, `code --wait`: the shell takes them apart.
  private static func run(_ program: String, on path: String) -> Int32 {
    let words = ["sh", "-c", "\(program) \"$1\"", "sh", path]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    // Ctrl-C belongs to the editor meanwhile.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    let ownMask: Int16 = 0x08
    posix_spawnattr_setflags(&attributes, ownMask)
    var process = pid_t()
    guard posix_spawn(&process, "/bin/sh", nil, &attributes, &arguments, environ) == 0 else {
      return -1
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { if errno != EINTR { return -1 } }
    Interrupt.clear()
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
  }
}
