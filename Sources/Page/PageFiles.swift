import Language

/// The files of a page: in memory, put there by who drops one, and taken by who saves one.
final class PageFiles {
  private var contents: [String: [UInt8]] = [:]

  /// Bytes of all files together.
  private static let most = 64 << 20

  private var size: Int { contents.reduce(0) { $0 + $1.value.count } }

  func put(_ bytes: [UInt8], at path: String) { contents[path] = bytes }

  func take(_ path: String) -> [UInt8]? { contents[path] }

  /// The files as scripts reach them.
  var access: FileAccess {
    var access = FileAccess(
      read: { path in
        self.contents[path].map { .success($0) } ?? .failure(.unreadable("no such file"))
      },
      write: { path, bytes in
        let others = self.size - (self.contents[path]?.count ?? 0)
        guard others + bytes.count <= Self.most else {
          return .failure(.unwritable("a page keeps at most 64 MB of files"))
        }
        self.contents[path] = bytes
        return .success(())
      })
    access.open = { _ in
      .failure(
        .unreadable(
          "the files of a page are in memory already: csv, load and idx read them"))
    }
    access.list = { _ in self.contents.keys.sorted() }
    return access
  }
}
