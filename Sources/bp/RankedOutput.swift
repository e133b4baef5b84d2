import Cluster
import Glibc
import Language
import Syntax

/// What a process of several does to the world: all compute, and rank 0 reads, writes and prints.
final class RankedOutput {
  private let ranks: Ranks
  private let output: StandardOutput
  /// What the others would have reported last, for rank 0 to say where it is theirs alone.
  private var lastReport = ""

  init(_ ranks: Ranks, _ output: StandardOutput) {
    self.ranks = ranks
    self.output = output
  }

  var isFirst: Bool { ranks.rank == 0 }
  var note: String? { ranks.note }

  /// Runs the body with the others, and ends the work with them.
  /// - Returns: the exit status of the process.
  func run(_ body: (RankedOutput) -> Int32) -> Int32 {
    let status = body(self)
    output.flush()
    return ranks.end(status, lastReport) { [output] in output.reportFailure($0) }
  }

  /// Makes a host of a single process that of one of several.
  func take(_ host: inout Host) {
    host.team = ranks.team
    host.files = ranks.files(host.files)
    host.edit = nil
    host.page = nil
    guard !isFirst else { return }
    host.write = { _ in true }
    host.report = { [self] in lastReport = $0 }
    host.showProgress = nil
    host.clearScreen = nil
    host.images = { nil }
  }

  func read(_ path: String) -> Result<[UInt8], FileAccess.Problem> {
    ranks.files(
      FileAccess(read: SystemFiles.read, write: { _, _ in .failure(.forbidden) })
    ).read(path)
  }
}

extension StandardOutput {
  /// Says once what keeps several processes from working together.
  /// - Returns: the exit status.
  func reportFailure(_ error: ClusterError, of launcher: Launcher) -> Int32 {
    guard launcher.rank == 0 else {
      return error.isOfAll ? ExitStatus.done : ExitStatus.runtimeError
    }
    reportFailure(error.message)
    if !reportsAsJSON { for help in error.help { report("  = help: \(help)\n") } }
    return ExitStatus.runtimeError
  }

  func reportFailure(_ message: String, of launcher: Launcher) -> Int32 {
    if launcher.rank == 0 { reportFailure(message) }
    return ExitStatus.syntaxError
  }
}
