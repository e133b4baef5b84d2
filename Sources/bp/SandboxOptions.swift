import ArgumentParser
import Language
import Library
import Sandbox

/// The options that run a script sealed off from everything.
struct SandboxOptions: ParsableArguments {
  @Flag(
    help: """
      Run sealed: no files, network, programs or environment, and limits on everything. Where the \
      kernel cannot, the exit status is 3; --sandbox=best-effort goes on.
      """)
  var sandbox = false

  // How `--sandbox=best-effort` reaches the parser, which knows no value that may be left out.
  @Flag(name: .customLong(bestEffort), help: .hidden)
  var takesWhatThereIs = false

  @Option(
    help: ArgumentHelp(
      "A file or folder that a sealed script may read, or - for standard input.",
      valueName: "path"), completion: .file())
  var read: [String] = []

  private static let bestEffort = "sandbox-best-effort"
  private static let spelling = "--sandbox=best-effort"

  /// The words of the command line as the parser takes them.
  static func spelledOut(_ words: [String]) -> [String] {
    words.map { $0 == spelling ? "--\(bestEffort)" : $0 }
  }

  /// The words as they were written: behind the script they are the script's.
  static func asWritten(_ words: [String]) -> [String] {
    words.map { $0 == "--\(bestEffort)" ? spelling : $0 }
  }

  func validate() throws {
    if !read.isEmpty, !isOn { throw ValidationError("--read opens files in the --sandbox only.") }
  }

  var isOn: Bool { sandbox || takesWhatThereIs }

  /// What is known of the terminal stays: it says how to write, and no script can ask for it.
  private static let variables = [
    "LANG", "LC_ALL", "LC_CTYPE", "TERM", "COLORTERM", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE",
    "FORCE_COLOR",
  ]
  /// Stacks of threads and what the allocator reserves for each take addresses, not memory.
  private static let addresses = 1 << 32

  /// What the seal lacks.
  enum Problem: Error {
    case unreadable(String)
    case missing(String)

    var message: String {
      switch self {
      case .unreadable(let message): message
      case .missing(let layers):
        "the sandbox needs \(layers), which is not there; "
          + "--sandbox=best-effort runs the script without"
      }
    }
  }

  /// Seals the process, which has one thread.
  /// - Returns: what is missing, where that may be: `Landlock (…)`.
  func seal(_ limits: Runtime.Limits) -> Result<String?, Problem> {
    let missing = Seal.Layer.allCases.filter { !Seal.available.contains($0) }
    if !missing.isEmpty, !takesWhatThereIs { return .failure(.missing(Self.text(missing))) }
    Catalog.openLibraries()
    _ = MemoryUse.bytes()
    var scope = Seal.Scope()
    scope.readable = read.filter { $0 != "-" }
    scope.variables = Self.variables
    scope.memoryBytes = limits.memoryBytes.map { 2 * $0 + Self.addresses }
    do throws(Seal.Refusal) {
      let closed = try Seal.close(scope)
      let lost = Seal.Layer.allCases.filter { !closed.contains($0) }
      if !lost.isEmpty, !takesWhatThereIs { return .failure(.missing(Self.text(lost))) }
      return .success(lost.isEmpty ? nil : Self.text(lost))
    } catch {
      return .failure(.unreadable("\(error.path) cannot be opened: \(error.reason)"))
    }
  }

  private static func text(_ layers: [Seal.Layer]) -> String {
    layers.map { $0.needs }.joined(separator: " and ")
  }
}
