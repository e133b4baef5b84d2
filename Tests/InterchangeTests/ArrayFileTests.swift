import Differentiation
import Foundation
import Testing

@testable import Interchange

@Suite("npy, npz and IDX files")
struct ArrayFileTests {
  private static let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"

  @Test("arrays come back bit for bit, data aligned to 64 bytes")
  func npyRoundTrip() throws {
    for tensor in [
      Tensor(2.5), Tensor(vector: [1, .nan, .infinity]), Tensor(vector: []), Samples.matrix,
    ] {
      let bytes = NPY.bytes(tensor)
      #expect((bytes.count - tensor.elements.count * 8) % 64 == 0)
      let read = try NPY.array(bytes).tensor
      #expect(read.shape == tensor.shape)
      #expect(read.elements.map(\.bitPattern) == tensor.elements.map(\.bitPattern))
    }
    let narrow = try NPY.array(NPY.bytes(Tensor(vector: [0.1, 2]), asFloat32: true)).tensor
    #expect(narrow.elements == [Double(Float(0.1)), 2])
  }

  @Test("headers in any order and quotes, both byte orders and both index orders are read")
  func npyVariants() throws {
    let two = Samples.little([1, 2])
    let swapped = [1.0, 2].flatMap { number in
      withUnsafeBytes(of: number.bitPattern.bigEndian) { Array($0) }
    }
    let six = Samples.little([1, 2, 3, 4, 5, 6])
    let cases: [([UInt8], [Int], [Double])] = [
      (Samples.npy(Self.header, two), [2], [1, 2]),
      (
        Samples.npy("{\"shape\":(2,),\"fortran_order\":False,\"descr\":\"<f8\"}\n", two), [2],
        [1, 2]
      ),
      (Samples.npy(Self.header.replacing("<f8", with: ">f8"), swapped), [2], [1, 2]),
      (Samples.npy(Self.header, two, version: 2), [2], [1, 2]),
      (Samples.npy(Self.header.replacing("(2,)", with: "(2L,)"), two), [2], [1, 2]),
      (Samples.npy(Self.header.replacing("(2,)", with: "()"), two), [], [1]),
      (Samples.npy(Self.header.replacing("(2,)", with: "(0, 3)")), [0, 3], []),
      (Samples.npy(Self.header.replacing("<f8", with: "|u1"), [7, 255]), [2], [7, 255]),
      (Samples.npy(Self.header.replacing("<f8", with: "|i1"), [7, 255]), [2], [7, -1]),
      (Samples.npy(Self.header.replacing("<f8", with: "|b1"), [0, 1]), [2], [0, 1]),
      (Samples.npy(Self.header.replacing("<f8", with: "<i2"), [1, 0, 0xFF, 0xFF]), [2], [1, -1]),
      (
        Samples.npy(Self.header.replacing("<f8", with: "<f2"), [0, 0x3C, 1, 0]), [2], [1, 0x1p-24]
      ),
      (
        Samples.npy("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3)}", six), [2, 3],
        [1, 3, 5, 2, 4, 6]
      ),
      (
        Samples.npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2, 3)}", six),
        [1, 2, 3],
        [1, 2, 3, 4, 5, 6]
      ),
    ]
    for (bytes, shape, numbers) in cases {
      let array = try NPY.array(bytes)
      #expect(array.shape == shape)
      #expect(array.numbers == numbers)
    }
  }

  @Test("damaged npy files are refused")
  func malformedNPY() throws {
    let whole = NPY.bytes(Samples.matrix)
    var files: [(String, [UInt8])] = [
      ("empty", []), ("magic", whole.patched(0, 0)), ("text", Array("1,2,3\n4,5,6\n".utf8)),
      ("version 9", whole.patched(6, 9)), ("minor", whole.patched(7, 1)),
      ("header too long", whole.patched(8, 0xFF, 0xFF)),
      ("header beyond NumPy's limit", whole.patched(6, 2).patched(8, 0, 0, 0, 0x7F)),
      ("data cut", Array(whole.dropLast())), ("no data", Array(whole[..<128])),
      ("header cut", Array(whole[..<20])),
    ]
    let headers = [
      "", "{", "{}", "[]", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': False}",
      Self.header.replacing("<f8", with: "|O"), Self.header.replacing("<f8", with: "<c16"),
      Self.header.replacing("<f8", with: "<U4"), Self.header.replacing("<f8", with: "|f8"),
      Self.header.replacing("<f8", with: ""), Self.header.replacing("(2,)", with: "(-2,)"),
      Self.header.replacing("(2,)", with: "(2.0,)"), Self.header.replacing("(2,)", with: "2"),
      Self.header.replacing("(2,)", with: "(9223372036854775807, 3)"),
      Self.header.replacing("(2,)", with: "(99999999999999999999,)"),
      Self.header.replacing("(2,)", with: "(1000000000,)"),
      Self.header.replacing("False", with: "Maybe"), Self.header.replacing("}", with: ""),
      Self.header.replacing("'shape'", with: "'descr'"),
      Self.header.replacing("}", with: "'more': True}"),
      Self.header.replacing("'<f8'", with: "[('a', '<f8')]"),
      Self.header.replacing("'<f8'", with: "__import__('os')"),
      Self.header.replacing("(2,)", with: "(" + String(repeating: "1,", count: 40) + ")"),
    ]
    files += headers.map { ($0, Samples.npy($0, Samples.little([1, 2]))) }
    let large = withUnsafeBytes(of: (Int64(1) << 53 + 1).littleEndian) { Array($0) }
    files.append(
      ("an integer too long", Samples.npy(Self.header.replacing("<f8", with: "<i8"), large + large))
    )
    expectRefused(files) { _ = try NPY.array($0) }
  }

  private static func arrays(
    _ bytes: [UInt8]
  ) throws -> [(name: String, tensor: Tensor)] {
    var notes: [String] = []
    guard case .arrays(let arrays) = try NPZ.content(bytes, notes: &notes) else {
      throw FormatError("there are texts among the arrays")
    }
    return arrays
  }

  @Test("texts are a list, records their columns, and the rest of an archive is read")
  func textsAndRecords() throws {
    func content(_ header: String, _ payload: [UInt8]) throws -> FileContent {
      var budget = NumberBudget.standard
      return try NPY.content(Samples.npy(header, payload), charging: &budget)
    }
    func wide(_ text: String, _ count: Int) -> [UInt8] {
      let codes = text.unicodeScalars.map { $0.value }
      return (codes + Array(repeating: 0, count: count - codes.count)).flatMap { code in
        withUnsafeBytes(of: code.littleEndian) { Array($0) }
      }
    }
    let header = Self.header
    let texts = try content(
      header.replacing("<f8", with: "<U3"), wide("löß", 3) + wide("b", 3))
    guard case .document(.list(let list)) = texts else {
      Issue.record("\(texts)")
      return
    }
    #expect(list.map(\.text) == ["löß", "b"])
    let narrow = try content(header.replacing("<f8", with: "|S2"), Array("a\0bc".utf8))
    guard case .document(.list(let list)) = narrow else {
      Issue.record("\(narrow)")
      return
    }
    #expect(list.map(\.text) == ["a", "bc"])
    // A double, a byte and a text of two characters: 8 + 1 + 2 bytes each.
    let records = try content(
      header.replacing("'<f8'", with: "[('x', '<f8'), ('n', '|u1'), ('s', '|S2')]"),
      Samples.little([1.5]) + [7] + Array("ab".utf8) + Samples.little([-2]) + [9, 0x63, 0])
    guard case .record(let columns) = records else {
      Issue.record("\(records)")
      return
    }
    #expect(columns.map(\.name) == ["x", "n", "s"])
    guard case .numbers(let x) = columns[0].content, case .numbers(let n) = columns[1].content,
      case .document(.list(let s)) = columns[2].content
    else {
      Issue.record("\(columns)")
      return
    }
    #expect(x == Tensor(vector: [1.5, -2]))
    #expect(n == Tensor(vector: [7, 9]))
    #expect(s.map(\.text) == ["ab", "c"])

    let objects = header.replacing("<f8", with: "|O")
    let archive = try Zip.archive([
      ("x.npy", NPY.bytes(Tensor(vector: [1, 2]))),
      ("o.npy", Samples.npy(objects, Samples.little([1, 2]))),
      ("names.npy", Samples.npy(header.replacing("<f8", with: "|S1"), Array("ab".utf8))),
    ])
    var notes: [String] = []
    guard case .record(let read) = try NPZ.content(archive, notes: &notes) else {
      Issue.record("no record")
      return
    }
    #expect(read.map(\.name) == ["x", "names"])
    #expect(notes == ["o.npy is left out: arrays of type |O are not read"])
    let alone = try Zip.archive([("o.npy", Samples.npy(objects, Samples.little([1, 2])))])
    #expect(throws: FormatError.self) { try NPZ.content(alone, notes: &notes) }
  }

  @Test("archives of arrays come back, and damaged ones are refused")
  func npz() throws {
    let bytes = try NPZ.bytes([("x", Samples.matrix), ("δ", Tensor(vector: [1, 2]))])
    let arrays = try Self.arrays(bytes)
    #expect(arrays.map(\.name) == ["x", "δ"])
    #expect(arrays[0].tensor == Samples.matrix)
    #expect(try Self.arrays(try NPZ.bytes([])).isEmpty)

    let end = bytes.count - 22
    let directory = Int(bytes[end + 16]) | Int(bytes[end + 17]) << 8
    var files: [(String, [UInt8])] = [
      ("empty", []), ("text", Array(repeating: 0x20, count: 100)),
      ("no end", Array(bytes.dropLast())),
      ("end only", Array(bytes[end...])), ("more behind", bytes + [0]),
      ("directory offset", bytes.patched(end + 16, 0xFF, 0xFF, 0xFF, 0x7F)),
      ("directory size", bytes.patched(end + 12, 0xFF, 0xFF, 0xFF, 0x7F)),
      ("count", bytes.patched(end + 10, 9)), ("many", bytes.patched(end + 10, 0xFE, 0xFF)),
      ("zip64 without", bytes.patched(end + 10, 0xFF, 0xFF)),
      ("entry magic", bytes.patched(directory, 0)), ("encrypted", bytes.patched(directory + 8, 1)),
      ("method", bytes.patched(directory + 10, 12)),
      ("check sum", bytes.patched(directory + 16, 0, 0, 0, 0)),
      ("packed size", bytes.patched(directory + 20, 1)), ("size", bytes.patched(directory + 24, 1)),
      ("sizes", bytes.patched(directory + 20, 0xFE, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF)),
      ("long sizes missing", bytes.patched(directory + 20, 0xFF, 0xFF, 0xFF, 0xFF)),
      ("name length", bytes.patched(directory + 28, 0xFF)),
      ("local offset", bytes.patched(directory + 42, 0xFF, 0xFF, 0, 0)),
      ("local header", bytes.patched(0, 0)), ("local name", bytes.patched(26, 0xFF, 0xFF)),
      ("data", bytes.patched(60, bytes[60] ^ 1)),
      ("deflated, but is not", bytes.patched(directory + 10, 8)),
      ("climbs out", try NPZ.bytes([("../x", Samples.matrix)])),
      ("absolute", try NPZ.bytes([("/x", Samples.matrix)])),
      ("two of one name", try NPZ.bytes([("x", Samples.matrix), ("x", Samples.matrix)])),
      ("no arrays", try NPZ.bytes([("x", Samples.matrix)]).replacing(".npy", with: ".txt")),
    ]
    files += stride(from: 1, to: bytes.count - 22, by: 40).map {
      ("cut at \($0)", Array(bytes[..<$0]))
    }
    expectRefused(files) { _ = try Self.arrays($0) }
  }

  @Test("IDX files are read, and damaged ones are refused")
  func idx() throws {
    let images = Samples.idx(type: 8, shape: [2, 2, 2], payload: [0, 1, 2, 3, 252, 253, 254, 255])
    let labels = Samples.idx(type: 8, shape: [2], payload: [7, 3])
    let data = try IDX.data(
      images: try IDX.array(images), labels: try IDX.array(labels), title: "digits")
    #expect(data.x.shape == .matrix(2, 4))
    #expect(data.x.elements == [0, 1, 2, 3, 252, 253, 254, 255])
    #expect(data.target == .classes(numbers: [2, 1], names: ["3", "7"]))
    #expect(data.featureNames == ["p1_1", "p1_2", "p2_1", "p2_2"])
    let float = Samples.idx(type: 13, shape: [1], payload: [0x3F, 0x80, 0, 0])
    #expect(try IDX.array(float).numbers == [1])
    #expect(
      try IDX.array(Samples.idx(type: 12, shape: [1], payload: [0xFF, 0xFF, 0xFF, 0xFE])).numbers
        == [-2])

    var files: [(String, [UInt8])] = [
      ("one byte more", images + [0]), ("first byte", images.patched(0, 1)),
      ("second byte", images.patched(1, 1)), ("type", images.patched(2, 10)),
      ("no axes", images.patched(3, 0)), ("many axes", images.patched(3, 200)),
      ("nine axes", Samples.idx(type: 8, shape: Array(repeating: 1, count: 9), payload: [1])),
      ("product overflow", Samples.idx(type: 14, shape: [.max, .max, .max], payload: [])),
      ("huge", Samples.idx(type: 8, shape: [.max], payload: [])),
      ("wider type", images.patched(2, 14)), ("gzip cut", [0x1F, 0x8B]),
      ("gzip header only", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]),
      ("gzip of nothing", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      ("gzip broken", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF]),
    ]
    files += images.indices.map { ("cut at \($0)", Array(images[..<$0])) }
    expectRefused(files) { _ = try IDX.array($0) }
    #expect(throws: FormatError.self) {
      try IDX.data(
        images: try IDX.array(images),
        labels: try IDX.array(Samples.idx(type: 8, shape: [3], payload: [1, 2, 3])), title: "")
    }
  }
}
