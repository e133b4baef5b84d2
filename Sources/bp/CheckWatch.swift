import Exercises
import Glibc
import Language
import REPL

/// `bp check --watch`: the exercise that is next, checked again whenever its file is saved, until all
/// are solved.
struct CheckWatch {
  private let check: Check

  init(_ check: Check) {
    self.check = check
  }

  /// When a file was saved last; nil where there is none at the moment, as between the two steps of
  /// an editor that replaces it.
  private struct Save: Equatable {
    let seconds: Int
    let nanoseconds: Int
    let size: Int
    let node: UInt
  }

  func run(writingTo output: StandardOutput) -> Int32 {
    let isOnTerminal = Terminal.isTerminal(STDOUT_FILENO)
    let takesKeys = isOnTerminal && Terminal.isTerminal(STDIN_FILENO)
    var hints = check.hints
    var solved = -1
    while true {
      let saved = save()
      guard let text = output.text(of: check.file) else { return ExitStatus.runtimeError }
      // Home, and clear: the terminal keeps what was before it.
      if isOnTerminal { _ = output.write("\u{1B}[H\u{1B}[2J") }
      let run = check.exerciseRun(text, output)
      let now = run.report.exercises.count { $0.isSolved }
      // Hints belong to one exercise.
      if now != solved, solved >= 0 { hints = 0 }
      solved = now
      check.write(run, hints: hints, to: output)
      if run.report.isSolved {
        _ = output.write("all solved\n")
        return ExitStatus.done
      }
      let count = run.report.exercises.count
      _ = output.write(
        "\(solved) of \(count) exercises solved; waiting for \(check.file) to be saved"
          + (takesKeys ? " (h and Enter for a hint, q and Enter to end)\n" : "\n"))
      _ = output.flush()
      switch wait(after: saved, takesKeys: takesKeys) {
      case .saved: continue
      case .hint: hints += 1
      case .end: return ExitStatus.unsolved
      case .interrupted: return ExitStatus.signal(Interrupt.received ?? SIGINT)
      }
    }
  }

  private enum Event {
    case saved, hint, end, interrupted
  }

  private func wait(after last: Save?, takesKeys: Bool) -> Event {
    var takesKeys = takesKeys
    while true {
      if Interrupt.isRequested { return .interrupted }
      var request = pollfd(fd: takesKeys ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0)
      if poll(&request, 1, 100) > 0 {
        guard let line = readLine() else {
          // The keyboard is gone; the file is still there.
          takesKeys = false
          continue
        }
        if line == "h" { return .hint }
        if line == "q" { return .end }
      }
      guard let new = save(), new != last else { continue }
      // An editor may be writing yet.
      usleep(30_000)
      if save() == new { return .saved }
    }
  }

  private func save() -> Save? {
    var file = stat()
    guard stat(check.file, &file) == 0 else { return nil }
    return Save(
      seconds: file.st_mtim.tv_sec, nanoseconds: file.st_mtim.tv_nsec, size: file.st_size,
      node: UInt(file.st_ino))
  }
}
