/// The files in a zip archive: stored or deflated, found through the directory at its end.
package enum Zip {
  private static let mostEntries = 10_000

  struct Entry {
    let name: String
    let isDeflated: Bool
    let packedSize: Int
    let size: Int
    let checkSum: UInt32
    /// Where its local header starts.
    let offset: Int
  }

  // MARK: Reading

  static func entries(_ bytes: [UInt8]) throws(FormatError) -> [Entry] {
    guard bytes.count >= 22 else { throw FormatError("this is no zip file", .offset(0)) }
    // The end record stands before a comment of at most 65535 bytes.
    let first = max(0, bytes.count - 22 - 65_535)
    guard
      let end = stride(from: bytes.count - 22, through: first, by: -1).first(where: {
        bytes[$0] == 0x50 && number(UInt32.self, bytes, $0) == 0x0605_4B50
          && $0 + 22 + Int(number(UInt16.self, bytes, $0 + 20)) == bytes.count
      })
    else { throw FormatError("this is no zip file, or its end is cut off", .offset(0)) }
    var count = Int(number(UInt16.self, bytes, end + 10))
    var size = length(bytes, end + 12)
    var offset = length(bytes, end + 16)
    if count == 0xFFFF || size == isLonger || offset == isLonger {
      guard end >= 20, number(UInt32.self, bytes, end - 20) == 0x0706_4B50,
        let record = Int(exactly: number(UInt64.self, bytes, end - 12)), record <= bytes.count - 56,
        number(UInt32.self, bytes, record) == 0x0606_4B50,
        let longCount = Int(exactly: number(UInt64.self, bytes, record + 32)),
        let longSize = Int(exactly: number(UInt64.self, bytes, record + 40)),
        let longOffset = Int(exactly: number(UInt64.self, bytes, record + 48))
      else { throw FormatError("the zip64 directory is broken", .offset(end)) }
      (count, size, offset) = (longCount, longSize, longOffset)
    }
    guard count <= mostEntries else {
      throw FormatError("\(count) files in one archive", .offset(end))
    }
    guard offset <= end, size <= end - offset else {
      throw FormatError("the directory lies outside the file", .offset(end))
    }
    var entries: [Entry] = []
    var names: Set<String> = []
    var place = offset
    for _ in 0..<count {
      let entry = try self.entry(bytes, &place, end: end)
      guard names.insert(entry.name).inserted else {
        throw FormatError("there are two files \(visible(entry.name))", .offset(place))
      }
      entries.append(entry)
    }
    return entries
  }

  private static func entry(
    _ bytes: [UInt8], _ place: inout Int, end: Int
  ) throws(FormatError) -> Entry {
    let start = place
    guard start + 46 <= end, number(UInt32.self, bytes, start) == 0x0201_4B50 else {
      throw FormatError("the directory is broken", .offset(start))
    }
    let flags = number(UInt16.self, bytes, start + 8)
    let method = number(UInt16.self, bytes, start + 10)
    let nameLength = Int(number(UInt16.self, bytes, start + 28))
    let extraLength = Int(number(UInt16.self, bytes, start + 30))
    let commentLength = Int(number(UInt16.self, bytes, start + 32))
    guard start + 46 + nameLength + extraLength + commentLength <= end else {
      throw FormatError("the directory is broken", .offset(start))
    }
    let nameBytes = bytes[start + 46..<start + 46 + nameLength]
    guard let name = String(validating: nameBytes, as: UTF8.self), !name.isEmpty,
      !name.hasPrefix("/"), !name.split(separator: "/").contains(".."), !name.contains("\0")
    else {
      throw FormatError("a file in the archive has no proper name", .offset(start + 46))
    }
    guard flags & 1 == 0 else {
      throw FormatError("\(visible(name)) is encrypted", .offset(start))
    }
    guard method == 0 || method == 8 else {
      throw FormatError("\(visible(name)) is packed by method \(method)", .offset(start + 10))
    }
    var sizes = [
      length(bytes, start + 24), length(bytes, start + 20), length(bytes, start + 42),
    ]
    let extra = start + 46 + nameLength
    try readLongSizes(bytes, from: extra, to: extra + extraLength, into: &sizes)
    place = extra + extraLength + commentLength
    guard sizes[2] <= bytes.count - 30, sizes[1] <= bytes.count else {
      throw FormatError("\(visible(name)) lies outside the file", .offset(start))
    }
    guard method == 8 || sizes[0] == sizes[1] else {
      throw FormatError("\(visible(name)) has two sizes", .offset(start))
    }
    return Entry(
      name: name, isDeflated: method == 8, packedSize: sizes[1], size: sizes[0],
      checkSum: number(UInt32.self, bytes, start + 16), offset: sizes[2])
  }

  /// The zip64 field holds those of size, packed size and offset that say 0xFFFFFFFF.
  private static func readLongSizes(
    _ bytes: [UInt8], from start: Int, to end: Int, into sizes: inout [Int]
  ) throws(FormatError) {
    guard sizes.contains(isLonger) else { return }
    var place = start
    while place + 4 <= end {
      let length = Int(number(UInt16.self, bytes, place + 2))
      guard place + 4 + length <= end else { break }
      if number(UInt16.self, bytes, place) == 1 {
        var field = place + 4
        for index in sizes.indices where sizes[index] == isLonger {
          guard field + 8 <= place + 4 + length,
            let size = Int(exactly: number(UInt64.self, bytes, field))
          else { throw FormatError("the zip64 sizes are broken", .offset(place)) }
          sizes[index] = size
          field += 8
        }
        return
      }
      place += 4 + length
    }
    throw FormatError("the zip64 sizes are missing", .offset(start))
  }

  /// The content of a file, checked against its sum.
  static func content(of entry: Entry, in bytes: [UInt8]) throws(FormatError) -> [UInt8] {
    let start = entry.offset
    guard start + 30 <= bytes.count, number(UInt32.self, bytes, start) == 0x0403_4B50 else {
      throw FormatError("\(visible(entry.name)) has no header", .offset(start))
    }
    let data =
      start + 30 + Int(number(UInt16.self, bytes, start + 26))
      + Int(number(UInt16.self, bytes, start + 28))
    guard data <= bytes.count, entry.packedSize <= bytes.count - data else {
      throw FormatError("\(visible(entry.name)) is cut off", .offset(start))
    }
    let packed = bytes[data..<data + entry.packedSize]
    let content: [UInt8]
    if entry.isDeflated {
      let inflation = try Inflation.required(at: .offset(start))
      let result = try inflation.unpacked(
        packed, .bare, limit: entry.size, expected: entry.size)
      guard result.bytes.count == entry.size, !result.goesOn else {
        throw FormatError(
          "\(visible(entry.name)) unpacks to another size than it says", .offset(start))
      }
      content = result.bytes
    } else {
      content = Array(packed)
    }
    guard CRC32.sum(of: content) == entry.checkSum else {
      throw FormatError("\(visible(entry.name)) is damaged: its check sum is wrong", .offset(start))
    }
    return content
  }

  private static func number<Number: FixedWidthInteger>(
    _ type: Number.Type, _ bytes: [UInt8], _ offset: Int
  ) -> Number {
    guard offset >= 0, offset + MemoryLayout<Number>.size <= bytes.count else { return 0 }
    return ByteOrder.little.read(type, from: bytes, at: offset)
  }

  /// What a length says that stands in a zip64 field; also one that this machine cannot hold.
  private static let isLonger = Int(clamping: UInt32.max)

  private static func length(_ bytes: [UInt8], _ offset: Int) -> Int {
    Int(clamping: number(UInt32.self, bytes, offset))
  }

  // MARK: Writing

  /// An archive of stored files.
  static func archive(_ files: [(name: String, content: [UInt8])]) throws(FormatError) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for file in files {
      guard let size = UInt32(exactly: file.content.count), size < .max,
        let offset = UInt32(exactly: bytes.count), offset < .max
      else { throw FormatError("an archive of more than 4 GB is not written") }
      var header: [UInt8] = []
      header.append(littleEndian: 20 as UInt16)
      // Bit 11: the name is UTF-8.
      header.append(littleEndian: 0x0800 as UInt16)
      header.append(littleEndian: 0 as UInt16)
      // No time of day, and the first day that can be written: equal content, equal files.
      header.append(littleEndian: 0 as UInt16)
      header.append(littleEndian: 0x21 as UInt16)
      header.append(littleEndian: CRC32.sum(of: file.content))
      header.append(littleEndian: size)
      header.append(littleEndian: size)
      header.append(littleEndian: UInt16(file.name.utf8.count))
      header.append(littleEndian: 0 as UInt16)
      bytes.append(littleEndian: 0x0403_4B50 as UInt32)
      bytes += header
      bytes += file.name.utf8
      bytes += file.content
      directory.append(littleEndian: 0x0201_4B50 as UInt32)
      directory.append(littleEndian: 20 as UInt16)
      directory += header
      directory += Array(repeating: 0, count: 10)
      directory.append(littleEndian: offset)
      directory += file.name.utf8
    }
    guard let start = UInt32(exactly: bytes.count), let count = UInt16(exactly: files.count),
      let size = UInt32(exactly: directory.count)
    else { throw FormatError("an archive of this size is not written") }
    bytes += directory
    bytes.append(littleEndian: 0x0605_4B50 as UInt32)
    bytes.append(littleEndian: 0 as UInt32)
    bytes.append(littleEndian: count)
    bytes.append(littleEndian: count)
    bytes.append(littleEndian: size)
    bytes.append(littleEndian: start)
    bytes.append(littleEndian: 0 as UInt16)
    return bytes
  }
}
