import Glibc
import Synchronization

/// The mode of the terminal while a prompt is open.
///
/// From the first prompt to the last the system gathers no lines and shows no keys, also while
/// something is computed. Where it gathers lines, a Ctrl-D ends one and is no character: typed just
/// before the line editor takes over, it would be lost with the change of the mode.
package enum TerminalMode {
  /// Where the settings are kept that the terminal had before; a handler of signals reads them.
  private static let original = Atomic<UInt>(0)
  /// Whether the terminal is asked to mark where pasted text begins and ends.
  private static let marksPastes = Atomic<Bool>(false)

  /// Puts the terminal into the mode of the prompt, in which Ctrl-C is a signal.
  static func enter() {
    var settings = termios()
    if let kept = UnsafePointer<termios>(bitPattern: original.load(ordering: .relaxed)) {
      settings = kept.pointee
    } else {
      guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
      let kept = UnsafeMutablePointer<termios>.allocate(capacity: 1)
      kept.initialize(to: settings)
      original.store(UInt(bitPattern: kept), ordering: .relaxed)
      let type = Terminal.environment("TERM") ?? ""
      marksPastes.store(!["", "dumb"].contains(type), ordering: .relaxed)
      askForPasteMarks(true)
    }
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    withUnsafeMutableBytes(of: &settings.c_cc) { characters in
      characters[Int(VMIN)] = 1
      characters[Int(VTIME)] = 0
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &settings)
  }

  /// Whether Ctrl-C and its like are signals, where they were when the terminal was found, or
  /// characters.
  static func interruptsByKey(_ areSignals: Bool) {
    var settings = termios()
    guard let kept = UnsafePointer<termios>(bitPattern: original.load(ordering: .relaxed)),
      tcgetattr(STDIN_FILENO, &settings) == 0
    else { return }
    let flag = tcflag_t(ISIG)
    settings.c_lflag &= ~flag
    if areSignals { settings.c_lflag |= kept.pointee.c_lflag & flag }
    tcsetattr(STDIN_FILENO, TCSANOW, &settings)
  }

  /// Puts back the mode that was found; may be called by a handler of signals.
  static func leave() {
    guard let kept = UnsafePointer<termios>(bitPattern: original.load(ordering: .relaxed)) else {
      return
    }
    askForPasteMarks(false)
    tcsetattr(STDIN_FILENO, TCSANOW, kept)
  }

  private static func askForPasteMarks(_ wanted: Bool) {
    guard marksPastes.load(ordering: .relaxed) else { return }
    let sequence: StaticString = wanted ? "\u{1B}[?2004h" : "\u{1B}[?2004l"
    write(STDOUT_FILENO, sequence.utf8Start, sequence.utf8CodeUnitCount)
  }

  /// Runs `body` in the mode that was found, as another program needs it.
  package static func suspended<Result>(_ body: () -> Result) -> Result {
    var settings = termios()
    guard original.load(ordering: .relaxed) != 0, tcgetattr(STDIN_FILENO, &settings) == 0 else {
      return body()
    }
    leave()
    defer {
      tcsetattr(STDIN_FILENO, TCSANOW, &settings)
      askForPasteMarks(true)
    }
    return body()
  }
}
