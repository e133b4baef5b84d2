@preconcurrency import CLibedit
@preconcurrency import Glibc
import Rendering
import Synchronization

/// Reads lines at a terminal with libedit: editing, history, completion with TAB.
///
/// One of them is in use at a time: libedit keeps its state in globals.
package final class LineEditor {
  package enum Input: Equatable {
    case line(String)
    /// Ctrl-C; whether there was anything to throw away.
    case interrupted(hadText: Bool)
    /// Ctrl-D on an empty line, SIGTERM, or the terminal is gone.
    case end
  }

  /// Completes an entry of one line at a cursor given in bytes.
  package var complete: (_ line: String, _ cursor: Int) -> LineCompletion

  private var keyboard = Keyboard()
  /// Whether the last line was followed by a Ctrl-C at once.
  private var isInterruptTaken = false

  /// The rows that libedit has memory for.
  private var rows = Terminal.size()?.rows ?? 0

  /// As long as the line, for libedit to write to. The last byte of the line is missing.
  private var lineBuffer: UnsafeMutablePointer<CChar>?

  /// Set by Ctrl-C: whether there was text on the line.
  private var interruptedText: Bool?

  /// The editor whose `read` is under way, for keys that libedit hands to a C function.
  private static let active = Atomic<UInt>(0)

  package init(
    complete: @escaping (String, Int) -> LineCompletion = { LineCompletion(start: $1, []) }
  ) {
    self.complete = complete
    // Not LC_ALL: numbers keep their point. Without UTF-8 libedit loses what is not ASCII.
    setlocale(LC_CTYPE, "")
    if let codeset = nl_langinfo(nl_item(CODESET)), String(cString: codeset) != "UTF-8" {
      setlocale(LC_CTYPE, "C.UTF-8")
    }
    // Signals are answered by `Interrupt` and `keyPressed`, not by libedit, whose handlers are gone
    // after the first signal where it does not read by itself.
    rl_catch_signals = 0
    rl_getc_function = { _ in LineEditor.keyPressed() }
    rl_pre_input_hook = { LineEditor.setModes() }
    Terminal.boundWindow(to: Self.mostCells)
    rl_initialize()
    using_history()
    for binding in [
      "bind ^R em-inc-search-prev", "bind ^[[A ed-search-prev-history",
      "bind ^[OA ed-search-prev-history", "bind ^[[B ed-search-next-history",
      "bind ^[OB ed-search-next-history", "bind ^[[1;5C em-next-word", "bind ^[[1;5D ed-prev-word",
    ] {
      rl_parse_and_bind(binding)
    }
    rl_add_defun("bp-interrupt", { _, _ in LineEditor.interruptPressed() }, 3)
    rl_add_defun("bp-stop", { _, _ in LineEditor.stopPressed() }, 26)
    // No break characters: the whole line up to the cursor is handed over and replaced.
    rl_basic_word_break_characters = UnsafePointer(strdup(""))
    rl_completion_append_character = 0
    rl_attempted_completion_function = { typed, _, _ in LineEditor.tabPressed(typed) }
    // The user's own bindings win over ours.
    rl_read_init_file(nil)
  }

  /// Shows the prompt and waits for a line.
  package func read(prompt: String) -> Input {
    TerminalMode.enter()
    // Pressed when the computation before was over already, it counts as pressed here.
    let isLate = Interrupt.received == SIGINT && !Interrupt.isAnswered
    Interrupt.clear()
    if isLate { return .interrupted(hadText: false) }
    interruptedText = nil
    Self.active.store(
      UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque()), ordering: .relaxed)
    defer { Self.active.store(0, ordering: .relaxed) }
    // libedit asks for the size whenever it begins a line.
    Terminal.boundWindow(to: Self.mostCells)
    rows = Terminal.size()?.rows ?? 0
    let line = readline(prompt)
    defer { free(line) }
    if let interruptedText { return .interrupted(hadText: interruptedText) }
    if let line {
      isInterruptTaken = keyboard.leaveToSystem()
      if isInterruptTaken { Interrupt.request() }
      return .line(String(cString: line))
    }
    // A signal sent by another process.
    if Interrupt.received == SIGINT {
      Interrupt.clear()
      return .interrupted(hadText: true)
    }
    return .end
  }

  /// Gives the terminal back as it was found.
  package func close() { TerminalMode.leave() }

  /// Whether the line that was read is followed by more at once.
  package var isPasted: Bool { keyboard.hasPending(within: 5) }

  /// Forgets what was typed before the Ctrl-C that came after the last line.
  package func discardTyped() { if !isInterruptTaken { keyboard.discard() } }

  /// Puts entries where Up and Ctrl-R find them.
  package func remember(_ entry: String) { add_history(entry) }

  package func replaceHistory(_ entries: [String]) {
    clear_history()
    for entry in entries { add_history(entry) }
  }

  // MARK: - Keys

  private static var current: LineEditor? {
    UnsafeRawPointer(bitPattern: active.load(ordering: .relaxed)).map {
      Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue()
    }
  }

  private static func keyPressed() -> Int32 {
    let character = current?.keyboard.character {
      if Interrupt.takeContinuation() {
        // Whoever had the terminal meanwhile left it in another mode.
        rl_parse_and_bind(editMode)
        rl_forced_update_display()
      }
      current?.resize()
    }
    // Only a key that means more than itself has the line looked at; of pasted text few do.
    if let editor = current, let character,
      character.value < 0x20 || character.value == 0x7F || !editor.keyboard.hasPending()
    {
      editor.lookAtLine()
    }
    return character.map { Int32(bitPattern: $0.value) } ?? -1
  }

  /// More rows or columns than any screen has. libedit keeps every cell of the window twice.
  private static let mostCells: UInt16 = 4000

  /// Tells libedit the size of the window.
  private func resize() {
    Terminal.boundWindow(to: Self.mostCells)
    let known = rows
    rl_resize_terminal()
    rows = Terminal.size()?.rows ?? 0
    lookAtLine()
    if rows < known {
      // The cursor would stay in a row that is gone, for which libedit has no memory.
      Terminal.write("\r\n")
      rl_forced_update_display()
    }
  }

  /// Gives libedit the memory it needs for a line as long as this one.
  ///
  /// It writes a 0 behind the line, whose address it asks for at first and where a line outgrows 1,024
  /// letters; but the line moves where it outgrows as many bytes. And it moves the cursor to rows that
  /// a long line would have in a window without end, where it has memory for those of the window.
  private func lookAtLine() {
    guard let line = rl_copy_text(0, .max) else { return }
    free(lineBuffer)
    lineBuffer = line
    rl_line_buffer = line
    var cells = 80
    // Of a line without letters libedit copies nothing, not even its end.
    let capacity = malloc_usable_size(line)
    for index in 0..<capacity {
      let byte = UInt8(bitPattern: line[index])
      if byte == 0 { break }
      // A tab, the number of a letter that is not printed, or ^A.
      cells += byte == 9 ? 8 : byte >= 0x80 ? 4 : byte < 0x20 ? 2 : 1
    }
    let columns = max(Terminal.size()?.columns ?? 80, 1)
    let needed = cells / columns + 2
    guard needed > rows, cells > columns * rows else { return }
    rl_set_screen_size(Int32(clamping: needed), Int32(columns))
    rows = needed
  }

  /// While a line is edited Ctrl-C is a character: a signal would throw away what was typed before
  /// anybody saw it.
  private static let editMode = "setty -d -isig"

  /// What libedit changes the terminal to, which it sets up anew for every line. After the line the
  /// keys stay characters until `Keyboard.leaveToSystem`.
  private static func setModes() -> Int32 {
    rl_parse_and_bind(editMode)
    rl_parse_and_bind("setty -x -icanon -echo -isig")
    // Before the prompt is seen, not after.
    rl_prep_terminal(0)
    return 0
  }

  private static func stopPressed() -> Int32 {
    TerminalMode.suspended { _ = kill(0, SIGTSTP) }
    rl_forced_update_display()
    return 0
  }

  private static func interruptPressed() -> Int32 {
    current?.interruptedText = rl_end > 0
    rl_done = 1
    return 0
  }

  /// What libedit asks of a completion function: an array of C strings that it frees, here with
  /// the one text that replaces the line up to the cursor.
  private static func tabPressed(
    _ typed: UnsafePointer<CChar>?
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    // Otherwise libedit goes on with file names.
    rl_attempted_completion_over = 1
    guard let typed, let text = current?.completed(String(cString: typed)) else { return nil }
    let pointers = calloc(2, MemoryLayout<UnsafeMutablePointer<CChar>?>.stride)
    let matches = pointers?.bindMemory(to: UnsafeMutablePointer<CChar>?.self, capacity: 2)
    matches?[0] = strdup(text)
    return matches
  }

  /// The line up to the cursor as it should be; nil where nothing can be added.
  private func completed(_ typed: String) -> String? {
    // A tab in pasted text, or one that indents, is white space.
    if keyboard.hasPending() || typed.allSatisfy({ $0 == " " }) { return typed + "  " }
    let completion = complete(typed, typed.utf8.count)
    let start = min(max(completion.start, 0), typed.utf8.count)
    let before = String(decoding: typed.utf8.prefix(start), as: UTF8.self)
    let part = String(decoding: typed.utf8.dropFirst(start), as: UTF8.self)
    let common = completion.commonPrefix
    switch completion.candidates.count {
    case 0:
      Terminal.write("\u{7}")
      return nil
    case 1:
      return before + common + completion.candidates[0].suffix
    default:
      if common != part, common.hasPrefix(part) { return before + common }
      list(completion.candidates)
      return nil
    }
  }

  private func list(_ candidates: [LineCompletion.Candidate]) {
    let columns = Terminal.size()?.columns ?? 80
    Terminal.write(
      "\n" + CompletionList.text(candidates.map { $0.display }, columns: columns) + "\n")
    rl_forced_update_display()
  }
}
