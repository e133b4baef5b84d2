import Differentiation
import FileFormats
import Learning
import TestSupport
import Testing

@testable import Interchange

/// The recipe of a file format, followed: what it promises holds.
@Suite struct AddingAFileFormat {
  private static let added: [FileFormat] = [
    // recipe begin
    FileFormat(
      "dat", extensions: ["dat"],
      read: .bytes { bytes, budget throws(FormatError) in
        var budget = budget
        var rows: [[Double]] = []
        for (place, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
          .enumerated()
        {
          let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
          try budget.charge(words.count, at: .line(place + 1))
          let numbers = words.compactMap { Double(String(decoding: $0, as: UTF8.self)) }
          guard numbers.count == words.count else {
            throw FormatError("this is no line of numbers", .line(place + 1))
          }
          guard numbers.count == rows.first?.count ?? numbers.count || numbers.isEmpty else {
            throw FormatError("the rows have different lengths", .line(place + 1))
          }
          if !numbers.isEmpty { rows.append(numbers) }
        }
        guard let table = Tensor(rows: rows), !rows.isEmpty else {
          throw FormatError("the file has no numbers")
        }
        return .numbers(table)
      },
      write: [
        .numbers { tensor, _ in
          let width = tensor.shape.rank == 2 ? tensor.shape.columns : 1
          return Array(
            tensor.elements.enumerated().map { place, number in
              "\(number)" + ((place + 1) % width == 0 ? "\n" : " ")
            }.joined().utf8)
        }
      ])
    // recipe end
  ]

  private let format = Self.added[0]

  private func tensor(_ bytes: [UInt8]) throws -> Tensor? {
    guard case .numbers(let tensor) = try format.content(of: bytes, title: "a") else { return nil }
    return tensor
  }

  @Test func `the page quotes it`() throws {
    try expectQuoted(in: Recipe.page)
  }

  @Test func `what is saved is loaded back, bit by bit`() throws {
    let table = Tensor(.matrix(2, 3), [1, -0.1, 1e-300, .infinity, 0.1 + 0.2, -0.0])
    let bytes = try format.bytes(.numbers(table))
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "1.0 -0.1 1e-300\ninf 0.30000000000000004 -0.0\n")
    let loaded = try #require(try tensor(bytes))
    #expect(loaded.shape == table.shape)
    #expect(loaded.elements.map { $0.bitPattern } == table.elements.map { $0.bitPattern })
    // A vector is a column.
    #expect(
      try tensor(format.bytes(.numbers(Tensor(vector: [1, 2])))) == Tensor(.matrix(2, 1), [1, 2]))
  }

  @Test func `other content is refused, and what does not fit has its place`() throws {
    #expect(throws: FormatError.self) { try format.bytes(.document(.null)) }
    for (text, place) in [
      ("1 2\n3 x\n", FormatError.Place.line(2)), ("1 2\n\n3\n", .line(3)), ("\n \n", .wholeFile),
    ] {
      let error = #expect(throws: FormatError.self) { try tensor(Array(text.utf8)) }
      #expect(error?.place == place, "\(text)")
    }
    #expect(try tensor(Array("1\t2\r\n\r\n3  4".utf8)) == Tensor(.matrix(2, 2), [1, 2, 3, 4]))
  }

  @Test func `what a file holds is charged`() throws {
    let bytes = Array("1 2\n3 4\n".utf8)
    #expect(try format.content(of: bytes, title: "a", budget: NumberBudget(4)).kind == .numbers)
    let error = #expect(throws: FormatError.self) {
      try format.content(of: bytes, title: "a", budget: NumberBudget(3))
    }
    #expect(error?.isLimit == true)
  }

  @Test func `damaged files are read or refused as every format promises`() throws {
    let bytes = Array("1.5 -2e3\n0x1p-3 nan\n\n 7 8\n".utf8)
    #expect(try format.isRead(bytes))
    for length in bytes.indices { _ = try format.isRead(Array(bytes[..<length])) }
    for place in bytes.indices {
      for byte: UInt8 in [0, 0x0A, 0x0D, 0x20, 0x2E, 0x39, 0x7F, 0xCC, 0xFF] {
        var damaged = bytes
        damaged[place] = byte
        _ = try format.isRead(damaged)
      }
    }
  }
}
