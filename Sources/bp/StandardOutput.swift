import Glibc

/// Standard output and standard error, written in whole pieces and in the order of events.
final class StandardOutput {
  private var buffer: [UInt8] = []
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private(set) var hasFailed = false
  /// Whether nobody reads any more, as behind `| head`: that is no error, and nothing is said.
  private(set) var isClosed = false
  private var hasProgress = false

  /// Writes text to the standard output; false once that has failed.
  func write(_ text: String) -> Bool {
    clearProgress()
    buffer += text.utf8
    if isTerminal || buffer.count > 1 << 16 { flush() }
    return !hasFailed
  }

  @discardableResult
  func flush() -> Bool {
    if !buffer.isEmpty, !hasFailed, !Self.write(buffer, to: STDOUT_FILENO) {
      hasFailed = true
      isClosed = errno == EPIPE
    }
    buffer.removeAll(keepingCapacity: true)
    return !hasFailed
  }

  /// Writes text to the standard error, after what was written before.
  func report(_ text: String) {
    clearProgress()
    flush()
    if !isClosed { _ = Self.write(Array(text.utf8), to: STDERR_FILENO) }
  }

  /// Replaces the line of progress on the standard error; nil takes it away.
  func showProgress(_ line: String?) {
    guard let line else { return clearProgress() }
    flush()
    hasProgress = true
    _ = Self.write(Array("\r\u{1B}[K\(line)".utf8), to: STDERR_FILENO)
  }

  private func clearProgress() {
    guard hasProgress else { return }
    hasProgress = false
    _ = Self.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var start = 0
    while start < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { Glibc.write(descriptor, $0 + start, bytes.count - start) } ?? -1
      }
      if written < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return false
      }
      start += written
    }
    return true
  }
}
