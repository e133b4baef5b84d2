import Glibc
import Rendering
import Synchronization

/// What a terminal answers when it is asked what it can show.
enum TerminalQuery {
  /// A terminal far away needs this long at most.
  private static let patience: Int32 = 1000

  /// Asks whether images can be shown, in kitty's protocol and by DEC's primary attributes, which
  /// every terminal answers and which therefore come last.
  ///
  /// - Returns: the protocols, and what was typed while the answer was awaited.
  static func images() -> (protocols: Set<InlineImage>, typed: [UInt8]) {
    var settings = termios()
    guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return ([], []) }
    var changed = settings
    changed.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &changed)
    defer { tcsetattr(STDIN_FILENO, TCSANOW, &settings) }
    Terminal.write("\u{1B}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\\u{1B}[c")
    var bytes: [UInt8] = []
    while true {
      if let answer = answer(in: bytes) { return answer }
      guard Terminal.hasInput(within: patience) else { return ([], bytes) }
      var chunk = [UInt8](repeating: 0, count: 1024)
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      guard count > 0 else { return ([], bytes) }
      bytes += chunk[..<count]
    }
  }

  /// Nil as long as the attributes have not come: ESC [ ? numbers c.
  static func answer(
    in bytes: [UInt8]
  ) -> (protocols: Set<InlineImage>, typed: [UInt8])? {
    guard let start = bytes.firstRange(of: Array("\u{1B}[?".utf8)),
      let end = bytes[start.upperBound...].firstIndex(of: UInt8(ascii: "c")),
      bytes[start.upperBound..<end].allSatisfy({ (0x30...0x3B).contains($0) })
    else { return nil }
    var protocols: Set<InlineImage> = []
    let attributes = bytes[start.upperBound..<end].split(separator: UInt8(ascii: ";"))
    // The first says which terminal it takes itself for.
    if attributes.dropFirst().contains(where: { $0.elementsEqual("4".utf8) }) {
      protocols.insert(.sixel)
    }
    var typed = Array(bytes[..<start.lowerBound] + bytes[(end + 1)...])
    if let open = typed.firstRange(of: Array("\u{1B}_G".utf8)),
      let close = typed[open.upperBound...].firstRange(of: Array("\u{1B}\\".utf8))
    {
      if typed[open.upperBound..<close.lowerBound].elementsEqual("i=31;OK".utf8) {
        protocols.insert(.kitty)
      }
      typed.removeSubrange(open.lowerBound..<close.upperBound)
    }
    return (protocols, typed)
  }
}

extension Terminal {
  /// What the terminal said, asked once; what was typed meanwhile.
  private static let known = Mutex<Set<InlineImage>?>(nil)
  private static let typedMeanwhile = Mutex<[UInt8]>([])

  /// How images can be shown between the lines; nil where there is no terminal.
  package static func images() -> InlineImage.Surface? {
    guard isTerminal(STDIN_FILENO), isTerminal(STDOUT_FILENO),
      environment("TERM") != "dumb"
    else { return nil }
    let protocols = known.withLock { known in
      if let known { return known }
      let answer = TerminalQuery.images()
      typedMeanwhile.withLock { $0 += answer.typed }
      known = answer.protocols
      return answer.protocols
    }
    var window = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_xpixel > 0,
      window.ws_ypixel > 0
    else { return InlineImage.Surface(protocols: protocols) }
    return InlineImage.Surface(
      protocols: protocols, width: Int(window.ws_xpixel), height: Int(window.ws_ypixel))
  }

  /// What was typed while the terminal was asked something.
  static func takeTyped() -> [UInt8] {
    typedMeanwhile.withLock { typed in
      defer { typed = [] }
      return typed
    }
  }
}
