import Differentiation
import Foundation
import Testing

@testable import Interchange
@testable import Learning

@Suite("Tables in a scratch file")
struct RowScratchTests {
  private final class Room { var bytes: [UInt8] = [] }

  private func scratch(most: Int = .max) -> OpenFile {
    let room = Room()
    return OpenFile(
      title: "scratch", size: 0,
      fill: { offset, bytes in
        bytes.copyBytes(from: room.bytes[offset..<offset + bytes.count])
        return nil
      },
      write: { bytes in
        guard room.bytes.count + bytes.count <= most else { return "no space left on device" }
        room.bytes += bytes
        return nil
      })
  }

  private func parsed(
    _ text: String, _ options: CSVOptions, _ scratch: RowScratch?, piece: Int, shared: Int
  ) throws -> CSVTable {
    var thresholds = CSVReader.Thresholds()
    thresholds.sample = 400
    thresholds.shared = shared
    thresholds.estimated = 20
    let reader = CSVReader(options, budget: .standard, thresholds: thresholds, scratch: scratch)
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: piece) {
      try reader.read(bytes[start..<min(bytes.count, start + piece)])
    }
    return try reader.finish()
  }

  /// Names that come late, gaps that turn out to be names, truth values, dates, separated thousands.
  private func text(_ rows: Int) -> String {
    var lines = ["id,name,mark,holds,day,much,kind"]
    for row in 0..<rows {
      lines.append(
        [
          "\(row % 17).25", row < rows / 2 ? "b" : ["c", "a"][row % 2],
          row < rows / 2 ? "" : row == rows - 3 ? "x" : "-",
          row % 2 == 0 ? "true" : "False", "2024-01-\(10 + row % 20)",
          row == rows - 2 ? "\"1,200\"" : "\(row % 900)", ["no", "yes", "\"may,be\""][row % 3],
        ].joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test(arguments: [60, 700], [(150, 200), (4000, 200), (4000, 1 << 20)])
  func `rows come from a scratch file as they would be held`(
    _ rows: Int, _ sizes: (piece: Int, shared: Int)
  ) throws {
    let (piece, shared) = sizes
    for target in [["kind"], ["much"], ["id", "much"], []] {
      var options = CSVOptions()
      options.targets = target
      let held = try parsed(text(rows), options, nil, piece: piece, shared: shared)
      let scratch = RowScratch(scratch())
      let table = try parsed(text(rows), options, scratch, piece: piece, shared: shared)
      #expect(table.notes == held.notes)
      let data = try held.data(title: "t")
      let stream = try RowStream(try scratch.source(table, title: "t"))
      #expect(stream.count == rows)
      let read = try stream.part(0..<rows)
      #expect(read.x.elements.map(\.bitPattern) == data.x.elements.map(\.bitPattern))
      #expect(read.target == data.target && read.categories == data.categories)
      #expect(read.featureNames == data.featureNames && read.targetNames == data.targetNames)
      // In any order, rows more than once.
      let places = (0..<rows).map { ($0 * 31 + 7) % rows } + [3, 3]
      let some = try stream.rows(at: places.map { Int32($0) })
      #expect(some.target == (try data.rows(places)).target)
    }
  }

  @Test func `a full disk is an error with its reason`() throws {
    let scratch = RowScratch(scratch(most: 100))
    let table = try parsed(text(60), CSVOptions(), scratch, piece: 4000, shared: 1 << 20)
    do throws(LearningError) {
      _ = try scratch.source(table, title: "t")
      Issue.record("there was room")
    } catch { #expect(error.message == "scratch cannot be written: no space left on device") }
  }

  /// A file of these bytes.
  private func file(_ bytes: [UInt8]) -> OpenFile {
    OpenFile(
      title: "a.npy", size: bytes.count,
      fill: { offset, room in
        guard offset + room.count <= bytes.count else { return "it ends too early" }
        room.copyBytes(from: bytes[offset..<offset + room.count])
        return nil
      })
  }

  /// All types of numbers that NumPy writes, in both orders of bytes.
  @Test(
    arguments: ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"], ["<", ">"])
  func `an array is read where it lies as it is read whole`(_ type: String, _ order: String) throws
  {
    let width = Int(type.dropFirst()) ?? 1
    let sign = width == 1 ? "|" : order
    var header = "{'descr': '\(sign)\(type)', 'fortran_order': False, 'shape': (9, 2, 3), }"
    header += String(repeating: " ", count: 64 - (header.utf8.count + 11) % 64) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0]
    bytes += Array(header.utf8)
    for place in 0..<9 * 6 * width { bytes.append(UInt8(truncatingIfNeeded: place * 37 % 19)) }
    guard let whole = try? NPY.array(bytes) else {
      // Whole numbers of many digits are refused either way.
      #expect(throws: (any Error).self) {
        try RowStream(try ArrayStream(file(bytes)).source(targets: [5])).part(0..<9)
      }
      return
    }
    let array = try ArrayStream(file(bytes))
    #expect(array.count == 9 && array.width == 6)
    let data = try RowStream(array.source(targets: [5])).rows(at: [4, 5, 6, 0, 8])
    for (row, place) in [4, 5, 6, 0, 8].enumerated() {
      let numbers = whole.numbers[place * 6..<place * 6 + 6].map(\.bitPattern)
      #expect(data.x.elements[row * 5..<row * 5 + 5].map(\.bitPattern) == Array(numbers[..<5]))
    }
    // A byte less than the header promises.
    #expect(throws: FormatError.self) { try ArrayStream(file(bytes.dropLast())) }
  }

  @Test(arguments: [
    ("'fortran_order': True, 'shape': (2, 2)", "the array lies column by column"),
    ("'fortran_order': False, 'shape': ()", "the array has no rows"),
    ("'fortran_order': False, 'shape': (0, 2)", "the array has no rows"),
    ("'fortran_order': False, 'shape': (9000000000000000000, 9000000000000000000)", "more numbers"),
  ])
  func `arrays that cannot be read by rows say why`(_ words: String, _ expected: String) throws {
    let header = "{'descr': '<f8', \(words), }\n"
    let bytes: [UInt8] =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + [UInt8](repeating: 0, count: 32)
    do throws(FormatError) {
      _ = try ArrayStream(file(bytes))
      Issue.record("it was read")
    } catch { #expect(error.message.contains(expected)) }
  }
}
