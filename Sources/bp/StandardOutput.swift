import Glibc
import Rendering
import Synchronization
import Syntax

/// Standard output and standard error, written in whole pieces and in the order of events.
final class StandardOutput {
  private var buffer: [UInt8] = []
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private(set) var hasFailed = false
  /// Whether the reader closed its end, as `| head` does: this is no error and is not reported.
  private(set) var isClosed = false
  /// Whether what goes wrong with the program itself is written as JSON, as errors of scripts are.
  let reportsAsJSON: Bool
  /// Lines of progress that stand on the terminal.
  private var progressLines = 0
  /// Held by whoever changes the buffer.
  private let isBusy = Atomic<Bool>(false)

  init(reportsAsJSON: Bool = false) {
    self.reportsAsJSON = reportsAsJSON
  }

  /// Writes text to the standard output; false once that has failed.
  func write(_ text: String) -> Bool {
    clearProgress()
    isBusy.store(true, ordering: .sequentiallyConsistent)
    buffer += text.utf8
    isBusy.store(false, ordering: .releasing)
    if isTerminal || buffer.count > 1 << 16 { flush() }
    return !hasFailed
  }

  /// Writes lines in which names and texts of scripts may stand.
  func write(lines text: String) -> Bool {
    write(TextWidth.printableLines(text, keepsColours: isTerminal))
  }

  @discardableResult
  func flush() -> Bool {
    isBusy.store(true, ordering: .sequentiallyConsistent)
    defer { isBusy.store(false, ordering: .releasing) }
    if !buffer.isEmpty, !hasFailed, !Self.write(buffer, to: STDOUT_FILENO) {
      hasFailed = true
      isClosed = errno == EPIPE
    }
    buffer.removeAll(keepingCapacity: true)
    return !hasFailed
  }

  /// Writes out what is there just before the process ends, while its thread may be anywhere; not
  /// where that one is writing.
  func flushAtEnd() {
    guard !isBusy.exchange(true, ordering: .acquiringAndReleasing) else { return }
    if !hasFailed { _ = Self.write(buffer, to: STDOUT_FILENO) }
  }

  /// Writes lines to the standard error, after what was written before.
  func report(_ text: String) {
    clearProgress()
    flush()
    guard !isClosed else { return }
    _ = Self.write(Array(TextWidth.printableLines(text).utf8), to: STDERR_FILENO)
  }

  /// Writes an error that has no place in a source to the standard error.
  func reportFailure(_ message: String) {
    report(ProgramFailure.text(message, isJSON: reportsAsJSON))
  }

  /// Replaces the progress on the standard error, a line or a picture above one; nil takes it away.
  func showProgress(_ text: String?) {
    guard let text else { return clearProgress() }
    flush()
    let lines = TextWidth.printableLines(text).split(
      separator: "\n", omittingEmptySubsequences: false)
    // In one piece, so that nothing flickers.
    let frame = toFirstLine + lines.joined(separator: "\u{1B}[K\n") + "\u{1B}[K\u{1B}[J"
    progressLines = lines.count
    _ = Self.write(Array(frame.utf8), to: STDERR_FILENO)
  }

  private func clearProgress() {
    guard progressLines > 0 else { return }
    let text = toFirstLine + "\u{1B}[K\u{1B}[J"
    progressLines = 0
    _ = Self.write(Array(text.utf8), to: STDERR_FILENO)
  }

  private var toFirstLine: String {
    progressLines > 1 ? "\r\u{1B}[\(progressLines - 1)A" : "\r"
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
