import Differentiation
import Language
import Learning

/// Files as several ranks see them: rank 0 reads and hands on, and alone writes.
extension Ranks {
  package func files(_ own: FileAccess) -> FileAccess {
    var files = FileAccess(
      read: { [self] path in read(path, own) },
      write: { [self] path, bytes in rank == 0 ? own.write(path, bytes) : .success(()) })
    files.list = own.list
    files.open = { [self] path in open(path, own) }
    files.scratch = own.scratch
    return files
  }

  /// Each rank reads the rows that it computes with: all must find the same file.
  private func open(_ path: String, _ own: FileAccess) -> Result<OpenFile, FileAccess.Problem> {
    let found = own.open(path)
    var words: [UInt64] = [0, 0]
    if case .success(let file) = found { words = [1, Self.fingerprint(of: file)] }
    guard let answers = team.everybodysWords(words) else {
      return .failure(.unreadable(problem ?? "the other ranks do not answer"))
    }
    guard case .success = found else { return found }
    if let other = answers.firstIndex(where: { $0.first != 1 }) {
      return .failure(
        .unreadable("rank \(other) cannot read it: a stream needs a folder that all ranks see"))
    }
    if let other = answers.firstIndex(where: { $0 != words }) {
      return .failure(.unreadable("rank \(other) finds another file under this name"))
    }
    return found
  }

  /// Of the size of a file and of the bytes at its ends.
  private static func fingerprint(of file: OpenFile) -> UInt64 {
    let count = min(1 << 16, file.size)
    var bytes = [UInt8](repeating: 0, count: count)
    var checksum = Checksum()
    checksum.add(UInt64(clamping: file.size))
    for offset in [0, file.size - count] {
      try? file.read(offset, into: &bytes, at: 0..<count)
      checksum.add(bytes)
    }
    return checksum.sum
  }

  /// What rank 0 reads.
  private func read(_ path: String, _ own: FileAccess) -> Result<[UInt8], FileAccess.Problem> {
    var result: Result<[UInt8], FileAccess.Problem>?
    let bytes = handedOn(question: path) {
      let found = own.read(path)
      result = found
      switch found {
      case .success(let bytes): return [1] + bytes
      case .failure(.forbidden): return [2]
      case .failure(let problem): return [0] + Array(problem.words.utf8)
      }
    }
    if let result { return result }
    guard let bytes, let kind = bytes.first else {
      return .failure(.unreadable(problem ?? "the other ranks do not answer"))
    }
    switch kind {
    case 1: return .success(Array(bytes.dropFirst()))
    case 2: return .failure(.forbidden)
    default: return .failure(.unreadable(String(decoding: bytes.dropFirst(), as: UTF8.self)))
    }
  }

  /// The answer of rank 0 to a question that all ask, handed on in a tree.
  /// - Parameter answer: called on rank 0, once all have asked.
  /// - Returns: nil where the others do not answer, or ask something else.
  func handedOn(question: String, _ answer: () -> [UInt8]) -> [UInt8]? {
    let below = [2 * rank + 1, 2 * rank + 2].filter { $0 < count }
    let above = rank == 0 ? nil : (rank - 1) / 2
    var checksum = Checksum()
    checksum.add(Array(question.utf8))
    let own = checksum.sum
    var asked = own
    for rank in below {
      var theirs: UInt64 = 0
      let isThere = withUnsafeMutableBytes(of: &theirs) {
        carry(.files, [], [Team.Incoming(from: rank, $0)])
      }
      guard isThere else { return nil }
      if theirs != own { asked = 0 }
    }
    var size = 0
    var bytes: [UInt8] = []
    if let above {
      let isThere = withUnsafeBytes(of: asked) { asked in
        withUnsafeMutableBytes(of: &size) {
          carry(.files, [Team.Outgoing(to: above, asked)], [Team.Incoming(from: above, $0)])
        }
      }
      guard isThere, size >= 0 else { return nil }
      bytes = [UInt8](repeating: 0, count: size)
      let isRead = bytes.withUnsafeMutableBytes {
        carry(.files, [], [Team.Incoming(from: above, $0)])
      }
      guard isRead else { return nil }
    } else if asked == own {
      bytes = answer()
      size = bytes.count
    } else {
      _ = fail("the ranks do not read the same files: they are at different places of the script")
      size = -1
    }
    let isSent = withUnsafeBytes(of: size) { size in
      bytes.withUnsafeBytes { bytes in
        carry(
          .files, below.flatMap { [Team.Outgoing(to: $0, size), Team.Outgoing(to: $0, bytes)] }, [])
      }
    }
    return isSent && size >= 0 ? bytes : nil
  }
}
