import Language
import Sandbox

/// What a sealed run has in place of the system's files.
struct SealedRun {
  /// The script, read before the process was sealed; nil where lines of code are run.
  let source: Result<[UInt8], FileAccess.Problem>?
  /// What a script may read.
  let readable: [String]
  /// What the seal lacks, where the run goes on without.
  let missing: String?

  func files(_ files: FileAccess) -> FileAccess {
    files.sealed(reading: readable) { "; --read \($0) opens one" }
  }
}

extension ScriptRun {
  /// Seals the process, which has one thread and has opened no file that it still needs.
  /// - Returns: why it cannot be sealed.
  mutating func seal(_ options: SandboxOptions) -> String? {
    Seal.closeDescriptors()
    let source = code.isEmpty ? SystemFiles.read(file ?? "-") : nil
    switch options.seal(limits) {
    case .success(let missing):
      sealed = SealedRun(source: source, readable: options.read, missing: missing)
      return nil
    case .failure(let problem): return problem.message
    }
  }
}
