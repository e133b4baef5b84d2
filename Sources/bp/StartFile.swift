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
    func folder(_ variable: String, _ standard: String) -> String? {
      if let value = environment(variable), value.hasPrefix("/") { return value }
      return environment("HOME").flatMap { $0.hasPrefix("/") ? "\($0)/\(standard)" : nil }
    }
    guard let configuration = folder("XDG_CONFIG_HOME", ".config"),
      let state = folder("XDG_STATE_HOME", ".local/state")
    else { return nil }
    path = "\(configuration)/bp/start.bp"
    consentPath = "\(state)/bp/start.agreed"
    guard access(path, R_OK) == 0 else { return nil }
  }

  /// The text, where the user agrees or has agreed before; asks on the terminal.
  func agreedText() -> String? {
    guard case .success(let bytes) = SystemFiles.read(path) else { return nil }
    if case .success(let agreed) = SystemFiles.read(consentPath), agreed == bytes {
      return String(decoding: bytes, as: UTF8.self)
    }
    print("Run \(path) at every start? It is new or has changed. [y/N] ", terminator: "")
    fflush(nil)
    guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else { return nil }
    makeFolders()
    _ = SystemFiles.write(consentPath, bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func makeFolders() {
    var made = ""
    for part in consentPath.split(separator: "/").dropLast() {
      made += "/" + part
      mkdir(made, 0o700)
    }
  }
}
