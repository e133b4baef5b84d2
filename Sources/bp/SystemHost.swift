import Glibc
import Language
import REPL
import Rendering

extension Host {
  /// The process's own output, clock, terminal and files.
  /// - Parameter access: which files scripts may write.
  static func system(writingTo output: StandardOutput, access: WriteAccess) -> Host {
    system(writingTo: output, files: SystemFiles.access(beside: output, access))
  }

  static func system(writingTo output: StandardOutput, files: FileAccess) -> Host {
    let isErrorTerminal = Terminal.isTerminal(STDERR_FILENO)
    // A dumb terminal cannot go back: it sees what is reached, not the way.
    let isDumb = ["", "dumb"].contains(Terminal.environment("TERM") ?? "")
    var host = Host(
      write: { output.write($0) }, report: { output.report($0) },
      showProgress: isErrorTerminal ? { if !isDumb { output.showProgress($0) } } : nil,
      isInterrupted: { Interrupt.isRequested }, clock: seconds,
      display: { Terminal.display() }, files: files)
    if Terminal.isTerminal(STDIN_FILENO), isErrorTerminal { host.edit = Editor.edit }
    host.images = { Terminal.images() }
    if Terminal.isTerminal(STDOUT_FILENO), !isDumb {
      host.page = Pager.show
      host.clearScreen = { _ = output.write("\u{1B}[H\u{1B}[2J") }
    }
    host.memoryInUse = MemoryUse.bytes
    host.onRun = Supervisor.setRunning
    host.hasColouredReports = Display.wantsColour(
      environment: Terminal.environment, isTerminal: isErrorTerminal)
    return host
  }

  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
