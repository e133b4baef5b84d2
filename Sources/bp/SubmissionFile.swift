import Glibc
import Grading
import Language

/// A script that was handed in.
struct SubmissionFile {
  let name: String
  let text: Result<String, FileAccess.Problem>
  /// Whose numbers it is graded by: the student that the sheet names, else the name of the file.
  let id: String
  /// What is odd about whose it is.
  let note: String?

  private init(_ path: String) {
    name = path
    text = SystemFiles.read(path).flatMap(FileAccess.text)
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let ending = [".bp", ".bplang"].first { file.hasSuffix($0) }
    let stem = String(file.dropLast(ending?.count ?? 0))
    guard case .success(let text) = text, let named = Self.student(in: text) else {
      (id, note) = (stem, nil)
      return
    }
    id = named
    // Platforms put names of their own around that of the file.
    note = path.contains(named) ? nil : "the sheet is that of student \(named)"
  }

  /// What a page handed in as a code: answers, which may use the numbers of the sheet.
  /// - Parameters:
  ///   - script: the code, read.
  ///   - student: whose it is, where that is said.
  ///   - preamble: gives the lines of a student's sheet that make its numbers.
  init<Problem>(
    code script: String, of student: String?,
    preamble: (_ id: String) throws(Problem) -> String
  ) throws(Problem) {
    name = "code"
    id = student ?? Self.student(in: script) ?? ""
    text = .success(try preamble(id) + script)
    note = nil
  }

  /// The student that a sheet names in its first lines.
  private static func student(in text: String) -> String? {
    let mark = "# student: "
    for line in text.split(separator: "\n").prefix(5) where line.hasPrefix(mark) {
      let id = String(line.dropFirst(mark.count)).trimmingEnd()
      return Roster.problem(with: id) == nil ? id : nil
    }
    return nil
  }

  /// The scripts at the paths, those in folders by name.
  static func all(in paths: [String]) -> [SubmissionFile] {
    paths.flatMap { scripts(at: $0, depth: 0) }.map(SubmissionFile.init)
  }

  private static func scripts(at path: String, depth: Int) -> [String] {
    var there = stat()
    guard stat(path, &there) == 0, there.st_mode & S_IFMT == S_IFDIR else { return [path] }
    guard depth < 8 else { return [] }
    let folder = path.hasSuffix("/") ? path : path + "/"
    return SystemFiles.list(folder).sorted().flatMap { name -> [String] in
      if name.hasPrefix(".") { return [] }
      if name.hasSuffix("/") { return scripts(at: folder + name, depth: depth + 1) }
      return name.hasSuffix(".bp") || name.hasSuffix(".bplang") ? [folder + name] : []
    }
  }
}

extension String {
  fileprivate func trimmingEnd() -> String {
    var text = self[...]
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
