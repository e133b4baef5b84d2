import Glibc
import Language
import REPL

/// `start.bp` of the user's configuration folder, which a prompt runs first: only after the user
/// has agreed to exactly this content.
struct StartFile {
  let path: String
  private let consentPath: String

  /// Nil where there is none.
  init?(environment: (String) -> String?) {
    let folders = Self.folders(environment)
    guard folders.count == 2 else { return nil }
    path = "\(folders[0])/start.bp"
    consentPath = "\(folders[1])/start.agreed"
    guard access(path, R_OK) == 0 else { return nil }
  }

  /// The folders of bp's configuration and of its state, as far as there is a home.
  static func folders(_ environment: (String) -> String?) -> [String] {
    func folder(_ variable: String, _ standard: String) -> String? {
      if let value = environment(variable), value.hasPrefix("/") { return "\(value)/bp" }
      return environment("HOME").flatMap { $0.hasPrefix("/") ? "\($0)/\(standard)/bp" : nil }
    }
    return [folder("XDG_CONFIG_HOME", ".config"), folder("XDG_STATE_HOME", ".local/state")]
      .compactMap { $0 }
  }

  /// The text, where the user agrees or has agreed before; asks on a terminal only, since what comes
  /// through a pipe may be a script's.
  func agreedText() -> String? {
    guard case .success(let bytes) = SystemFiles.read(path) else { return nil }
    if case .success(let agreed) = SystemFiles.read(consentPath), agreed == bytes {
      return String(decoding: bytes, as: UTF8.self)
    }
    guard Terminal.isTerminal(STDIN_FILENO), Terminal.isTerminal(STDOUT_FILENO) else { return nil }
    print("Run \(path) at every start? It is new or has changed. [y/N] ", terminator: "")
    fflush(nil)
    guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else { return nil }
    SystemFiles.makeFolders(above: consentPath)
    _ = SystemFiles.write(consentPath, bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
