import Language

/// Texts that a command reads and writes; what goes wrong is said beside the output.
extension StandardOutput {
  /// The text of a file, or of standard input; nil where it cannot be read.
  func text(of path: String) -> String? {
    switch SystemFiles.read(path).flatMap(FileAccess.text) {
    case .success(let text): return text
    case .failure(let problem):
      reportFailure("\(path) cannot be read: \(problem.words)")
      return nil
    }
  }

  /// Whether the file could be written.
  func save(_ text: String, to path: String) -> Bool {
    if case .failure(let problem) = SystemFiles.write(path, Array(text.utf8)) {
      reportFailure("\(path) cannot be written: \(problem.words)")
      return false
    }
    return true
  }

  /// Writes files into a folder, which is made where there is none.
  func save(_ files: [(name: String, text: String)], toFolder folder: String) -> Bool {
    if case .failure(let problem) = SystemFiles.makeFolder(folder) {
      reportFailure("\(folder) cannot be made: \(problem.words)")
      return false
    }
    return files.allSatisfy { save($0.text, to: "\(folder)/\($0.name)") }
  }
}
