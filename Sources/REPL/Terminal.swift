import Glibc
import Rendering

/// The terminal that standard input and output belong to.
package enum Terminal {
  package static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns and lines of the window; nil where `descriptor` is no terminal.
  package static func size(_ descriptor: Int32 = STDOUT_FILENO) -> (columns: Int, rows: Int)? {
    var window = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return nil }
    return (Int(window.ws_col), Int(window.ws_row))
  }

  /// Makes a window that says it has more rows or columns than `most` as large as that.
  static func boundWindow(to most: UInt16) {
    var window = winsize()
    guard ioctl(STDIN_FILENO, UInt(TIOCGWINSZ), &window) == 0,
      max(window.ws_row, window.ws_col) > most
    else { return }
    window.ws_row = min(window.ws_row, most)
    window.ws_col = min(window.ws_col, most)
    _ = ioctl(STDIN_FILENO, UInt(TIOCSWINSZ), &window)
  }

  /// What to write for on `descriptor` now: asked again for every picture, since windows change.
  package static func display(_ descriptor: Int32 = STDOUT_FILENO) -> Display {
    let isTerminal = isTerminal(descriptor)
    let size = isTerminal ? size(descriptor) : nil
    var display = Display(
      columns: size?.columns ?? 80, rows: size.flatMap { $0.rows > 0 ? $0.rows : nil },
      characters: Display.characters(environment: environment, isTerminal: isTerminal),
      hasColour: Display.wantsColour(environment: environment, isTerminal: isTerminal),
      hasFullColour: Display.hasFullColour(environment: environment))
    display.shortens = isTerminal
    return display
  }

  /// Whether there is input to read, or comes within `milliseconds`.
  static func hasInput(within milliseconds: Int32 = 0) -> Bool {
    var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, milliseconds) > 0 && request.revents & Int16(POLLIN) != 0
  }

  /// Waits for input with another mask of signals; false with `errno` where there is none.
  static func waitForInput(handlingSignalsOf mask: inout sigset_t) -> Bool {
    var descriptors = fd_set()
    withUnsafeMutableBytes(of: &descriptors) {
      $0.storeBytes(of: 1 << Int(STDIN_FILENO), as: Int.self)
    }
    return pselect(STDIN_FILENO + 1, &descriptors, nil, nil, nil, &mask) > 0
  }

  /// Writes all of `text`; false where the output is gone.
  @discardableResult
  package static func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) -> Bool {
    write(Array(text.utf8), to: descriptor)
  }

  /// Writes all of the bytes; false where the output is gone.
  package static func write(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) -> Bool {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if written < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return false
      }
      bytes = bytes.dropFirst(written)
    }
    return true
  }
}
