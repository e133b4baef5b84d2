import Differentiation
import Glibc
import Language
import Library
import REPL
import Sandbox

/// The process of a submission: reads what is asked, seals itself, and answers.
enum SubmissionChild {
  /// Stacks of threads and what the allocator reserves for each take addresses, not memory.
  private static let addresses = 1 << 32

  /// Gives the exit status.
  static func run() -> Int32 {
    Seal.closeDescriptors()
    guard case .success(let message) = SystemFiles.read("-"),
      let submission = try? SubmissionRequest(message: message)
    else { return ExitStatus.syntaxError }
    let problem = seal(for: submission)
    return Worker.run { output in
      Seal.refuseProcesses()
      let answers: SubmissionAnswers
      if let problem {
        answers = SubmissionAnswers(refusing: submission, because: problem)
      } else {
        let files = FileAccess.none.sealed(reading: [], hint: { _ in "" })
        var host = Host.system(
          writingTo: output,
          files: submission.readable.isEmpty
            ? files
            : SystemFiles.access(beside: output, .init(script: nil, allowed: []) { _ in nil })
              .sealed(reading: submission.readable, hint: { _ in "" }))
        host.display = { .plain }
        host.images = { nil }
        answers = SubmissionRun(submission, host: host).answers
      }
      return Terminal.write(answers.message) ? ExitStatus.done : ExitStatus.runtimeError
    }
  }

  /// Several of these run at a time: each has one thread, and no library besides.
  private static func seal(for submission: SubmissionRequest) -> String? {
    setenv("BP_THREADS", "1", 1)
    setenv("BP_BLAS", "off", 1)
    if let folder = submission.folder, chdir(folder) != 0 {
      return "the folder \(folder) cannot be opened"
    }
    if !submission.readable.isEmpty { Catalog.openLibraries() }
    _ = MemoryUse.bytes()
    var scope = Seal.Scope()
    scope.readable = submission.readable
    scope.variables = ["BP_THREADS", "BP_BLAS"]
    scope.memoryBytes = min(submission.limits.memoryBytes, 1 << 40) * 2 + addresses
    scope.processorSeconds = Int(clamped: submission.limits.seconds.rounded(.up)) + 1
    do throws(Seal.Refusal) {
      _ = try Seal.close(scope)
      return nil
    } catch {
      return "\(error.path) cannot be opened: \(error.reason)"
    }
  }
}
