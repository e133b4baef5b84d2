import ArgumentParser
import Glibc
import Language
import REPL

/// Where scripts may write beyond what is allowed anyway.
struct WriteOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file or folder that scripts may write although its name begins with a dot.",
      valueName: "path"), completion: .file())
  var write: [String] = []

  /// - Parameter script: the path of the script that is run; nil for lines and standard input.
  func access(of script: String?) -> WriteAccess {
    WriteAccess(script: script, allowed: write, environment: Terminal.environment)
  }
}

/// Which files scripts may write: those of the user's account that other programs obey, and bp's own,
/// only where the command line allows it.
///
/// A file or folder whose name begins with a dot holds settings of some program: `~/.bashrc`,
/// `~/.ssh`, `.git/hooks`. A script writes such files in its own folder only, and the home folder is
/// no script's own. Paths are compared as the system resolves them, behind links and `..`.
struct WriteAccess {
  /// Below these nothing is refused.
  private var allowed: [String]
  /// The folder of the script, with a slash behind; nil where it has none of its own.
  private var own: String?
  /// The folder in which relative paths begin: its own name is no choice of the script.
  private let current: String
  /// Where bp keeps its settings, its history and what the user agreed to.
  private let settings: [String]

  init(script: String?, allowed: [String], environment: (String) -> String?) {
    self.allowed = allowed.map { Self.resolved($0) }
    current = Self.folder(Self.resolved("."))
    let home = environment("HOME").map { Self.folder(Self.resolved($0)) }
    if let script {
      let folder = Self.parent(of: Self.resolved(script))
      // A folder that the home folder is in would make everything in it the script's own.
      if home?.hasPrefix(folder) != true { own = folder }
    }
    settings = StartFile.folders(environment).map { Self.folder(Self.resolved($0)) }
  }

  /// Why a script may not write the file; nil where it may.
  func refusal(of path: String) -> FileAccess.Problem? {
    let file = Self.resolved(path)
    if allowed.contains(where: { file == $0 || file.hasPrefix(Self.folder($0)) }) { return nil }
    if settings.contains(where: { file.hasPrefix($0) }) {
      return .unwritable("bp keeps its settings there; --write '\(path)' allows it")
    }
    if let own, file.hasPrefix(own) { return nil }
    let part = file.hasPrefix(current) ? file.dropFirst(current.count) : file[...]
    guard let hidden = part.split(separator: "/").first(where: { $0.hasPrefix(".") }) else {
      return nil
    }
    return .unwritable(
      "\(hidden) begins with a dot and is not in the script's own folder; --write '\(path)' allows it"
    )
  }

  /// The path from the root without links: those of the folder at least, where there is no file yet.
  static func resolved(_ path: String) -> String {
    if let whole = real(path) { return whole }
    let folder = parent(of: path)
    let name = path.split(separator: "/").last ?? ""
    // A link to a file that is not there yet is followed when it is written.
    if let target = link(path) {
      return resolved(target.hasPrefix("/") ? target : folder + target)
    }
    guard let known = real(folder.isEmpty ? "." : folder) else {
      return path.hasPrefix("/") ? path : self.folder(real(".") ?? "") + path
    }
    return self.folder(known) + name
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func link(_ path: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = bytes.withUnsafeMutableBytes { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress.map { readlink(path, $0, characters.count) } ?? -1
      }
    }
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }

  /// Everything up to the last slash, the slash included.
  private static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  static func folder(_ path: String) -> String { path.hasSuffix("/") ? path : path + "/" }
}
