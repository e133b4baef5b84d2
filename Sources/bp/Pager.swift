import Glibc
import REPL
import Rendering

/// Shows what is longer than the screen in a pager, as manuals are shown.
enum Pager {
  /// `$PAGER`; where it is not set, `less` if it is installed.
  private static var program: String? {
    if let chosen = Terminal.environment("PAGER") {
      return chosen.isEmpty || chosen == "cat" ? nil : chosen
    }
    return isInstalled("less") ? "less" : nil
  }

  /// False where the text fits on the screen, where there is no pager, or where it does not start.
  static func show(_ text: String) -> Bool {
    guard Terminal.isTerminal(STDIN_FILENO), let size = Terminal.size(), size.rows > 0 else {
      return false
    }
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false).reduce(0) {
      $0 + max(1, (TextWidth.columns(of: String($1)) + size.columns - 1) / size.columns)
    }
    // The last line is the prompt's.
    guard rows >= size.rows, let program else { return false }
    return TerminalMode.suspended { run(program, on: text) }
  }

  /// A pager may be several words, `less -R`: the shell takes them apart.
  private static func run(_ program: String, on text: String) -> Bool {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return false }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
    // Ctrl-C belongs to the pager, and a closed pipe ends what stands before it.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var standard = sigset_t()
    sigemptyset(&standard)
    sigaddset(&standard, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &standard)
    let (ownMask, ownSignals): (Int16, Int16) = (0x08, 0x04)
    posix_spawnattr_setflags(&attributes, ownMask | ownSignals)
    let words = ["sh", "-c", program]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    // What git and man give less: leave where all fits, show colours, leave the text on the screen.
    let isLessFree = Terminal.environment("LESS") == nil
    if isLessFree { setenv("LESS", "FRX", 1) }
    var process = pid_t()
    let failure = posix_spawn(&process, "/bin/sh", &actions, &attributes, &arguments, environ)
    if isLessFree { unsetenv("LESS") }
    close(ends[0])
    guard failure == 0 else {
      close(ends[1])
      return false
    }
    Terminal.write(text, to: ends[1])
    close(ends[1])
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { if errno != EINTR { return true } }
    if Interrupt.received == SIGINT { Interrupt.clear() }
    // The shell did not find it.
    return !(status & 0x7F == 0 && [126, 127].contains((status >> 8) & 0xFF))
  }

  private static func isInstalled(_ name: String) -> Bool {
    (Terminal.environment("PATH") ?? "").split(separator: ":").contains {
      access("\($0)/\(name)", X_OK) == 0
    }
  }
}
