import Glibc
import Presentation
import REPL
import Rendering

/// A talk at the terminal, one slide a screen.
final class SlideShow {
  private let talk: Talk
  private var theme: Figure.Theme
  /// The slide that is shown, from 0, and the first of its lines that is.
  private var place = 0
  private var scroll = 0
  /// What the last command has to say.
  private var message = ""
  private var lastSearch = ""
  /// What was read from the keyboard and not used yet.
  private var pending: [UInt8] = []

  private static let keys = [
    "→ space n PgDn   on, by a screen where the slide is longer",
    "← p PgUp         back", "Home End          the first slide, the last",
    "12 Enter          slide 12", "/word Enter       the next slide with the word; / Enter again",
    ":η = 0.1 Enter    a statement for this slide; it and all that follow are computed again",
    "R                 takes back what was put in", "t                 a light ground, a dark one",
    "? h               this list", "q Ctrl-C          ends the talk",
  ]

  init(_ talk: Talk, theme: Figure.Theme) {
    self.talk = talk
    self.theme = theme
  }

  /// Runs until the talk is ended; gives the exit status.
  func run() -> Int32 {
    guard !talk.slides.isEmpty else {
      Terminal.write("the script writes nothing\n")
      return ExitStatus.of(talk.outcome, isSolved: talk.checksFailed == 0)
    }
    var kept = termios()
    guard tcgetattr(STDIN_FILENO, &kept) == 0 else { return ExitStatus.runtimeError }
    var raw = kept
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    // A screen of its own, which leaves what was there before.
    Terminal.write("\u{1B}[?1049h\u{1B}[?25l")
    defer {
      Terminal.write("\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l")
      tcsetattr(STDIN_FILENO, TCSANOW, &kept)
    }
    draw()
    while let key = nextKey() {
      message = ""
      guard act(on: key) else { break }
      draw()
    }
    return ExitStatus.of(talk.outcome, isSolved: talk.checksFailed == 0)
  }

  // MARK: Keys

  private enum Key: Equatable {
    case forward, back, first, last, end
    case character(Character)
  }

  private func byte() -> UInt8? {
    if pending.isEmpty {
      var buffer = [UInt8](repeating: 0, count: 256)
      var count = 0
      repeat { count = read(STDIN_FILENO, &buffer, buffer.count) } while count < 0 && errno == EINTR
      guard count > 0 else { return nil }
      pending = Array(buffer[..<count])
    }
    return pending.removeFirst()
  }

  private func nextKey() -> Key? {
    guard let first = byte() else { return nil }
    switch first {
    case 3, 4: return .end
    case 0x1B: return escape()
    case 10, 13: return .character("\n")
    case 8, 127: return .character("\u{8}")
    case 0..<32: return .character(" ")
    default: return character(startingWith: first).map { .character($0) }
    }
  }

  /// A character whose first byte was read.
  private func character(startingWith first: UInt8) -> Character? {
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    var bytes = [first]
    while bytes.count < length, let next = byte() { bytes.append(next) }
    return String(decoding: bytes, as: UTF8.self).first
  }

  /// An arrow or another key that sends several bytes.
  private func escape() -> Key {
    guard !pending.isEmpty, let open = byte(),
      open == UInt8(ascii: "[") || open == UInt8(ascii: "O")
    else { return .character(" ") }
    var digits = ""
    while let next = byte() {
      switch next {
      case UInt8(ascii: "A"), UInt8(ascii: "D"): return .back
      case UInt8(ascii: "B"), UInt8(ascii: "C"): return .forward
      case UInt8(ascii: "H"): return .first
      case UInt8(ascii: "F"): return .last
      case UInt8(ascii: "~"):
        switch digits {
        case "1", "7": return .first
        case "4", "8": return .last
        case "5": return .back
        case "6": return .forward
        default: return .character("?")
        }
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits.append(Character(Unicode.Scalar(next)))
      default: continue
      }
    }
    return .end
  }

  /// Performs the action of a key; false where that ends the talk.
  private func act(on key: Key) -> Bool {
    switch key {
    case .end, .character("q"): return false
    case .forward, .character(" "), .character("n"), .character("\n"): turn(1)
    case .back, .character("p"), .character("\u{8}"), .character("b"): turn(-1)
    case .first: go(to: 0)
    case .last: go(to: talk.slides.count - 1)
    case .character("t"): theme = theme == .light ? .dark : .light
    case .character("R"):
      message = talk.reset() ?? "as the script has it"
      go(to: place)
    case .character("?"), .character("h"):
      draw(help: true)
      return nextKey() != .end
    case .character(":"):
      guard let text = line(after: ":") else { return true }
      if !text.isEmpty { insert(text) }
    case .character("/"):
      guard let text = line(after: "/") else { return true }
      search(text)
    case .character(let digit) where digit.isNumber && digit.isASCII:
      guard let text = line(after: String(digit)) else { return true }
      if let number = Int(text.isEmpty ? String(digit) : "\(digit)\(text)") { go(to: number - 1) }
    case .character: message = "? lists the keys"
    }
    return true
  }

  private func turn(_ step: Int) {
    let room = max(bodyRows - 1, 1)
    if step > 0, scroll + bodyRows < lines.count {
      scroll += room
    } else if step < 0, scroll > 0 {
      scroll = max(scroll - room, 0)
    } else {
      go(to: place + step)
    }
  }

  private func go(to number: Int) {
    place = min(max(number, 0), max(talk.slides.count - 1, 0))
    scroll = 0
  }

  private func insert(_ text: String) {
    status("computing …")
    let title = talk.slides[place].title
    if let problem = talk.insert(text, onSlide: place + 1) {
      message = problem.split(separator: "\n").first.map(String.init) ?? ""
      return
    }
    message = "with \(text)"
    if let same = talk.slides.firstIndex(where: { $0.title == title }), place >= talk.slides.count {
      place = same
    }
    place = min(place, max(talk.slides.count - 1, 0))
  }

  private func search(_ text: String) {
    if !text.isEmpty { lastSearch = text }
    let found = talk.search(lastSearch)
    guard let next = found.first(where: { $0 > place + 1 }) ?? found.first else {
      message = "no slide has \(lastSearch)"
      return
    }
    go(to: next - 1)
    message = "\(found.count) slide\(found.count == 1 ? "" : "s") with \(lastSearch)"
  }

  /// A line typed at the foot of the screen; nil where it was given up.
  private func line(after mark: String) -> String? {
    var text = ""
    Terminal.write("\u{1B}[?25h")
    defer { Terminal.write("\u{1B}[?25l") }
    while true {
      status(mark + text)
      guard let first = byte() else { return nil }
      switch first {
      case 10, 13: return text
      case 3, 0x1B:
        pending = []
        return nil
      case 8, 127: if text.isEmpty { return nil } else { text.removeLast() }
      case 0..<32: continue
      default: if let character = character(startingWith: first) { text.append(character) }
      }
    }
  }

  // MARK: The screen

  private var window: (columns: Int, rows: Int) { Terminal.size() ?? (80, 24) }

  /// Whether the terminal has lines of double height: those that call themselves xterm or vt, but
  /// not from within a multiplexer.
  private var hasTallLines: Bool {
    let type = Terminal.environment("TERM") ?? ""
    let isInside = Terminal.environment("TMUX") != nil || Terminal.environment("STY") != nil
    return !isInside
      && ["xterm", "vt1", "vt2", "vt3", "vt4", "mlterm", "konsole"]
        .contains { type.hasPrefix($0) }
  }

  private var bodyRows: Int { max(window.rows - (hasTallLines ? 4 : 3), 1) }

  private var lines: [String] {
    var display = Display(columns: window.columns)
    display.characters = Terminal.display().characters
    return talk.slides[place].text(on: display)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private var ground: String {
    theme == .light ? "\u{1B}[0;30;48;5;231m" : "\u{1B}[0;38;5;252;48;5;234m"
  }

  private func draw(help: Bool = false) {
    let (columns, rows) = window
    let slide = talk.slides[place]
    let title = TextWidth.printable(help ? "keys" : slide.title)
    var screen = "\(ground)\u{1B}[2J\u{1B}[H"
    if hasTallLines {
      let cut = TextWidth.truncated(title, to: columns / 2, ellipsis: "…")
      // The upper halves of the letters, then the lower ones.
      screen +=
        "\u{1B}#3\(ground)\u{1B}[1m\(cut)\u{1B}[K\r\n\u{1B}#4\u{1B}[1m\(cut)\(ground)\u{1B}[K"
    } else {
      screen += "\u{1B}[1m\(TextWidth.truncated(title, to: columns, ellipsis: "…"))\(ground)"
    }
    screen += "\r\n\r\n"
    let shown = help ? Self.keys : Array(lines.dropFirst(scroll).prefix(bodyRows))
    screen += shown.map { line in
      TextWidth.truncated(TextWidth.printable(line), to: columns, ellipsis: "…") + "\u{1B}[K"
    }.joined(separator: "\r\n")
    Terminal.write(screen)
    let more = lines.count > scroll + bodyRows && !help ? "  ↓" : ""
    let foot = "\(place + 1)/\(talk.slides.count)\(more)"
    let note = message.isEmpty ? talk.title : message
    let room = max(columns - TextWidth.columns(of: foot) - 2, 0)
    status(
      TextWidth.padded(
        TextWidth.truncated(TextWidth.printable(note), to: room, ellipsis: "…"), to: room, .left)
        + "  " + foot, row: rows)
  }

  /// Writes the last line of the screen.
  private func status(_ text: String, row: Int? = nil) {
    let faint = theme == .light ? "\u{1B}[38;5;243m" : "\u{1B}[38;5;245m"
    Terminal.write("\u{1B}[\(row ?? window.rows);1H\(ground)\(faint)\(text)\u{1B}[K")
  }
}
