import CLibedit
import Glibc

/// What is typed, read in whole pieces from the terminal and given out character by character.
struct Keyboard {
  private var bytes: [UInt8] = []
  private var next = 0
  /// The rest of what stands for a character that takes no column.
  private var spelled: [Unicode.Scalar] = []
  /// Between the marks that a terminal sends around pasted text.
  private(set) var isPasting = false
  /// Whether the terminal is gone.
  private var isAtEnd = false

  private static let interrupt: UInt8 = 3
  /// More than anybody types while nothing is read; a long text that is pasted waits for its turn.
  private static let readAhead = 1 << 16
  private static let escape: UInt8 = 0x1B
  private static let pasteBegins = Array("\u{1B}[200~".utf8)
  private static let pasteEnds = Array("\u{1B}[201~".utf8)

  /// The next character; nil at the end of the input, or where a signal asks to stop.
  ///
  /// - Parameter signalled: called after a signal of another kind: the window may have changed.
  mutating func character(signalled: () -> Void) -> Unicode.Scalar? {
    if !spelled.isEmpty { return spelled.removeFirst() }
    while true {
      while next == bytes.count { guard fill(signalled) else { return nil } }
      if bytes[next] == Self.escape, takePasteMark() { continue }
      guard let length = Self.length(startingWith: bytes[next]) else {
        next += 1
        continue
      }
      while bytes.count - next < length { guard fill(signalled) else { return nil } }
      var decoder = UTF8()
      var rest = bytes[next..<next + length].makeIterator()
      guard case .scalarValue(let scalar) = decoder.decode(&rest) else {
        next += 1
        continue
      }
      next += length
      // Accents that join the letter before, and marks of direction: libedit counts a column for
      // each and loses count of the lines. In a string this is the same character.
      if scalar.value >= 0x80, wcwidth(wchar_t(scalar.value)) == 0 {
        spelled = Array("\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
        return spelled.removeFirst()
      }
      return scalar
    }
  }

  /// Whether more was typed already, or comes within `milliseconds`: nobody types that fast, so it
  /// was pasted.
  func hasPending(within milliseconds: Int32 = 0) -> Bool {
    isPasting || !spelled.isEmpty || next < bytes.count || Terminal.hasInput(within: milliseconds)
  }

  /// Leaves the keys to the system, for which Ctrl-C is a signal: something is to be computed.
  ///
  /// Until then nothing of what was typed is missed: what came before the change of the mode is read
  /// here, and what comes after it is left where it is. The system throws away what was typed before a
  /// Ctrl-C and has not been read; reading on would take what came after it for what came before.
  ///
  /// - Returns: whether Ctrl-C was pressed already, while it was still a character like others. What
  ///   was typed before it is then gone, as the system does it.
  mutating func leaveToSystem() -> Bool {
    repeat {
      TerminalMode.interruptsByKey(false)
      while bytes.count - next < Self.readAhead, Terminal.hasInput(), readMore() > 0 {}
      TerminalMode.interruptsByKey(true)
    } while Interrupt.received == nil && bytes.count - next < Self.readAhead && !isAtEnd
      && Terminal.hasInput()
    guard let key = bytes[next...].lastIndex(of: Self.interrupt) else { return false }
    next = key + 1
    isPasting = false
    return true
  }

  /// Forgets what was typed ahead.
  mutating func discard() {
    bytes = []
    next = 0
    spelled = []
    isPasting = false
  }

  /// Waits for input; false at its end, or where a signal asks to stop.
  private mutating func fill(_ signalled: () -> Void) -> Bool {
    while true {
      var isSignalled = false
      let typed = Terminal.takeTyped()
      if !typed.isEmpty {
        bytes += typed
        return true
      }
      let hasInput = Interrupt.withSignalsHeld { mask in
        if Interrupt.received != nil { return false }
        if Interrupt.isContinued {
          isSignalled = true
        } else if Terminal.waitForInput(handlingSignalsOf: &mask) == false {
          isSignalled = errno == EINTR
          return isSignalled
        }
        return true
      }
      guard hasInput else { return false }
      if isSignalled {
        signalled()
        continue
      }
      let count = readMore()
      if count > 0 { return true }
      guard count < 0, errno == EINTR || errno == EAGAIN else { return false }
    }
  }

  @discardableResult
  private mutating func readMore() -> Int {
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &chunk, chunk.count)
    isAtEnd = count == 0 || count < 0 && errno != EINTR && errno != EAGAIN
    if count > 0 {
      bytes.removeFirst(next)
      next = 0
      bytes += chunk[..<count]
    }
    return count
  }

  private mutating func takePasteMark() -> Bool {
    // An escape key alone is followed by nothing; a mark comes in one piece, or nearly so.
    while bytes.count - next < Self.pasteBegins.count,
      Self.pasteBegins.starts(with: bytes[next...].prefix(4))
        || Self.pasteEnds.starts(with: bytes[next...]),
      Terminal.hasInput(within: 20), readMore() > 0
    {}
    for (mark, begins) in [(Self.pasteBegins, true), (Self.pasteEnds, false)]
    where bytes[next...].starts(with: mark) {
      isPasting = begins
      next += mark.count
      return true
    }
    return false
  }

  /// Bytes of a character in UTF-8 by its first; nil for what begins none.
  private static func length(startingWith byte: UInt8) -> Int? {
    switch byte {
    case ..<0x80: 1
    case 0xC2..<0xE0: 2
    case 0xE0..<0xF0: 3
    case 0xF0..<0xF5: 4
    default: nil
    }
  }
}
