/// A file that is open to be read at any place; whoever opens it says how.
package final class OpenFile {
  /// What it is called in messages.
  package let title: String
  /// Bytes when it was opened, and those appended since.
  package private(set) var size: Int
  private let fill: (_ offset: Int, _ bytes: UnsafeMutableRawBufferPointer) -> String?
  private let write: ((UnsafeRawBufferPointer) -> String?)?
  private let change: () -> String?

  /// - Parameters:
  ///   - fill: reads as many bytes as there is room for; gives what went wrong.
  ///   - write: appends bytes, where the file is one of bp's own; gives what went wrong.
  ///   - change: what happened to the file since it was opened; nil where it is as it was.
  package init(
    title: String, size: Int,
    fill: @escaping (_ offset: Int, _ bytes: UnsafeMutableRawBufferPointer) -> String?,
    write: ((UnsafeRawBufferPointer) -> String?)? = nil, change: @escaping () -> String? = { nil }
  ) {
    self.title = title
    self.size = size
    self.fill = fill
    self.write = write
    self.change = change
  }

  /// Fills a part of the room with the bytes from an offset on.
  /// - Throws: where they cannot be read, or are not there any more.
  package func read(
    _ offset: Int, into bytes: inout [UInt8], at places: Range<Int>
  ) throws(LearningError) {
    guard !places.isEmpty else { return }
    let problem = bytes.withUnsafeMutableBytes {
      fill(offset, UnsafeMutableRawBufferPointer(rebasing: $0[places]))
    }
    if let problem {
      throw LearningError(
        "\(title) cannot be read: \(change() ?? problem)", (.data, "not readable any more"),
        help: ["open it again with stream; the net keeps the steps made so far"])
    }
  }

  /// - Throws: where the file is not what it was when it was opened.
  package func checkIsUnchanged() throws(LearningError) {
    guard let words = change() else { return }
    throw LearningError(
      "\(title) cannot be read: \(words)", (.data, "changed meanwhile"),
      help: ["open it again with stream; the net keeps the steps made so far"])
  }

  /// Appends numbers in binary64 to a file of bp's own.
  /// - Throws: where there is no room.
  package func append(_ numbers: [Double]) throws(LearningError) {
    guard let write else { throw LearningError("\(title) is only read") }
    if let problem = numbers.withUnsafeBytes(write) {
      throw LearningError("\(title) cannot be written: \(problem)")
    }
    size += numbers.count * MemoryLayout<Double>.stride
  }
}

extension OpenFile {
  /// A file whose bytes are in memory.
  package static func inMemory(_ bytes: [UInt8], title: String) -> OpenFile {
    OpenFile(title: title, size: bytes.count, fill: { Self.fill($1, from: bytes, at: $0) })
  }

  private final class Room {
    var bytes: [UInt8] = []
  }

  /// An empty file in memory, to write to and to read.
  package static func scratchInMemory() -> OpenFile {
    let room = Room()
    return OpenFile(
      title: "the scratch file", size: 0, fill: { Self.fill($1, from: room.bytes, at: $0) },
      write: { bytes in
        room.bytes += bytes
        return nil
      })
  }

  private static func fill(
    _ room: UnsafeMutableRawBufferPointer, from bytes: [UInt8], at offset: Int
  ) -> String? {
    guard offset >= 0, offset + room.count <= bytes.count else { return "it ends too early" }
    room.copyBytes(from: bytes[offset..<offset + room.count])
    return nil
  }
}
