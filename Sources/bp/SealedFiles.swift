import Language

extension FileAccess {
  /// The files of a sealed run: those that are named, to be read. Which others there are is not told.
  /// - Parameters:
  ///   - paths: files and folders, and `-` for standard input.
  ///   - hint: what would open a file.
  func sealed(reading paths: [String], hint: @escaping (_ path: String) -> String) -> FileAccess {
    let readsInput = paths.contains("-")
    let places = paths.filter { $0 != "-" }.map { WriteAccess.resolved($0) }
    func refusal(of path: String) -> Problem? {
      let isInput = ["-", "/dev/stdin"].contains(path)
      let isNamed =
        isInput
        ? readsInput
        : !places.isEmpty && places.contains(where: { Self.is(WriteAccess.resolved(path), in: $0) })
      return isNamed ? nil : .unreadable("files are closed in the sandbox" + hint(path))
    }
    var files = FileAccess(
      read: { path in refusal(of: path).map { .failure($0) } ?? read(path) },
      write: { _, _ in .failure(.unwritable("the sandbox writes no files")) },
      stream: { path, body in refusal(of: path).map { .failure($0) } ?? stream(path, body) })
    files.open = { path in refusal(of: path).map { .failure($0) } ?? open(path) }
    files.scratch = {
      .failure(.unwritable("the sandbox writes no files, and a stream of a table writes a copy"))
    }
    return files
  }

  private static func `is`(_ file: String, in place: String) -> Bool {
    file == place || file.hasPrefix(WriteAccess.folder(place))
  }
}
