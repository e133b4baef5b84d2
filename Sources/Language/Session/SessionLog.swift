/// The statements of a prompt that worked, one after another, as `save "session.bp"` writes them.
package struct SessionLog {
  /// More than a person types; a program at the other end of a pipe must not fill the memory.
  private static let mostBytes = 2 << 20

  private var bytes: [UInt8] = []
  package private(set) var isCut = false

  package mutating func add(_ statement: String) {
    guard bytes.count + statement.utf8.count < Self.mostBytes else {
      isCut = true
      return
    }
    bytes += statement.utf8
    bytes.append(UInt8(ascii: "\n"))
  }

  /// The bytes of a script that does it all again.
  package var script: [UInt8] {
    Array("# A session of bp: the statements that worked.\n".utf8) + bytes
  }

  package var isEmpty: Bool { bytes.isEmpty }
}
