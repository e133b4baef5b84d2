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

  /// What to write for on `descriptor` now: asked again for every picture, since windows change.
  package static func display(_ descriptor: Int32 = STDOUT_FILENO) -> Display {
    let isTerminal = isTerminal(descriptor)
    let size = isTerminal ? size(descriptor) : nil
    return Display(
      columns: size?.columns ?? 80, rows: size.flatMap { $0.rows > 0 ? $0.rows : nil },
      characters: Display.characters(environment: environment, isTerminal: isTerminal),
      hasColour: Display.wantsColour(environment: environment, isTerminal: isTerminal),
      hasFullColour: Display.hasFullColour(environment: environment))
  }

  /// Whether more input is there already, or comes within `milliseconds`: nobody types that fast,
  /// so it was pasted.
  static func hasPendingInput(within milliseconds: Int32 = 0) -> Bool {
    var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, milliseconds) > 0 && request.revents & Int16(POLLIN) != 0
  }

  /// Runs `body` while Ctrl-C is a character like others and no signal: libedit takes over the
  /// characters that it finds set. A signal would throw away what was typed before anybody saw it.
  static func withInterruptKeyAsCharacter<Result>(_ body: () -> Result) -> Result {
    var settings = termios()
    guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return body() }
    var changed = settings
    withUnsafeMutableBytes(of: &changed.c_cc) { characters in
      // _POSIX_VDISABLE
      characters[Int(VINTR)] = 0
    }
    tcsetattr(STDIN_FILENO, TCSADRAIN, &changed)
    defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) }
    return body()
  }

  /// Writes all of `text`; false where the output is gone.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) -> Bool {
    var bytes = text.utf8[...]
    while !bytes.isEmpty {
      let written = Array(bytes).withUnsafeBytes {
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
