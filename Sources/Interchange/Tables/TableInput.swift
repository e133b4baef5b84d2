import Glibc

/// From the bytes of a file to text: unpacks, decodes, and knows files that are no text at all.
struct TableInput {
  private var decoder: TextDecoder
  private let mostBytes: Int
  private let fileName: String
  /// Bytes that are to be unpacked when all of them are there.
  private var packed: [UInt8]?
  private var start: [UInt8] = []
  private var hasBegun = false

  /// - Parameter mostBytes: that a file may unpack to.
  init(_ options: CSVOptions, mostBytes: Int) {
    decoder = TextDecoder(options.encoding)
    fileName = options.fileName
    self.mostBytes = mostBytes
  }

  var encoding: TextEncoding? { decoder.encoding }
  var isGuessed: Bool { decoder.isGuessed }

  /// Appends the text of the next bytes.
  /// - Throws: for files that hold no text, and text in another encoding than it seems to be, at
  ///   line 1: the caller knows which it is.
  mutating func take(
    _ bytes: ArraySlice<UInt8>, into text: inout [UInt8], isFinal: Bool
  ) throws(FormatError) {
    var bytes = bytes
    if !hasBegun {
      start += bytes
      guard isFinal || start.count >= 8 else { return }
      hasBegun = true
      bytes = start[...]
      start = []
      if bytes.starts(with: [0x1F, 0x8B]) {
        packed = []
      } else {
        try ForeignFile.check(bytes, fileName)
      }
    }
    if packed != nil {
      packed? += bytes
      guard packed?.count ?? 0 <= mostBytes else {
        throw FormatError(overLimit: "the file is larger than may be read", .offset(0))
      }
      guard isFinal, let whole = packed else { return }
      packed = nil
      let content = try Inflation.required(at: .offset(0)).unpacked(
        whole[...], .gzip, limit: mostBytes)
      guard !content.goesOn else {
        throw FormatError(
          overLimit: "the file unpacks to more than \(mostBytes) bytes", .offset(0))
      }
      try ForeignFile.check(content.bytes[...], fileName)
      return try decode(content.bytes[...], into: &text, isFinal: true)
    }
    try decode(bytes, into: &text, isFinal: isFinal)
  }

  private mutating func decode(
    _ bytes: ArraySlice<UInt8>, into text: inout [UInt8], isFinal: Bool
  ) throws(FormatError) {
    let before = text.count
    do { try decoder.decode(bytes, into: &text, isFinal: isFinal) } catch {
      switch error {
      case .notUTF8:
        throw FormatError(
          "this is not UTF-8", .line(1),
          help: [
            "encoding=\"windows-1252\" reads it as Latin-1 or Windows-1252",
            "iconv -t UTF-8 converts other encodings",
          ])
      case .notUTF16:
        throw FormatError(
          "this is not UTF-16", .line(1), help: ["encoding= says what it is"])
      case .isUTF32:
        throw FormatError(
          "this is UTF-32, which is not read", .line(1),
          help: ["iconv -f UTF-32 -t UTF-8 converts it"])
      }
    }
    let hasZero = text.withUnsafeBytes { all in
      guard let start = all.baseAddress, all.count > before else { return false }
      return memchr(start + before, 0, all.count - before) != nil
    }
    if hasZero {
      throw FormatError(
        "a byte of zero stands in the file, which no text has", .offset(0),
        help: ["encoding= says what it is, if it is text"])
    }
  }
}

/// Files that are known by their first bytes, and are no text.
enum ForeignFile {
  private static let signs: [(start: [UInt8], what: String, reader: String?)] = [
    (Array("PAR1".utf8), "a Parquet file", "read_parquet"),
    ([0x50, 0x4B, 3, 4], "an Excel workbook or another archive", "read_excel"),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old Excel workbook", "read_excel"),
    (Array("ARROW1".utf8), "a Feather file", "read_feather"),
    (Array("ORC".utf8) + [0x0A], "an ORC file", "read_orc"),
    ([0x89] + Array("HDF".utf8) + [0x0D, 0x0A], "an HDF5 file", "read_hdf"),
    (Array("%PDF-".utf8), "a PDF", nil),
    (Array("BZh9".utf8) + [0x31, 0x41], "packed with bzip2", nil),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "packed with xz", nil),
    ([0x28, 0xB5, 0x2F, 0xFD], "packed with zstd", nil),
    ([0x93] + Array("NUMPY".utf8), "an array of NumPy", nil),
  ]

  /// - Throws: where the bytes begin as one of them.
  /// - Parameter name: of the file, for what converts it.
  static func check(_ bytes: ArraySlice<UInt8>, _ name: String) throws(FormatError) {
    let isArchive = bytes.starts(with: [0x50, 0x4B, 3, 4])
    let isPickle =
      bytes.first == 0x80 && bytes.dropFirst().first.map { (2...5).contains($0) } == true
    if isArchive || isPickle {
      let ending = name.split(separator: ".").last.map(String.init) ?? ""
      let known = ForeignFormat.named(extension: ending)
      if let format = known ?? (isPickle ? ForeignFormat.named(extension: "pkl") : nil),
        format.title != "Workbooks"
      {
        throw FormatError("\(format.title) are no tables of text", .offset(0), help: format.help)
      }
    }
    for sign in signs where bytes.starts(with: sign.start) {
      guard let reader = sign.reader else {
        throw FormatError(
          "this is \(sign.what), no table of text", .offset(0),
          help: sign.what.hasSuffix("NumPy")
            ? ["load reads it: load \"file.npy\""] : ["unpack it, or save it as .csv"])
      }
      throw FormatError(
        "this is \(sign.what), no table of text", .offset(0),
        help: [
          "two lines of Python convert it: import pandas",
          "pandas.\(reader)(\"\(visible(name))\").to_csv(\"\(visible(name)).csv\", index=False)",
        ])
    }
    let start = String(decoding: bytes.prefix(64), as: UTF8.self).lowercased()
      .drop { $0 == " " || $0.isNewline }
    if isBinary(bytes.prefix(512)) {
      throw FormatError("this is a binary file, no table of text", .offset(0))
    }
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") {
      throw FormatError("this is a web page, no table of text", .offset(0))
    }
  }

  /// Zeros at even and at odd places are of no encoding of text; UTF-32 is known by its mark.
  private static func isBinary(_ bytes: ArraySlice<UInt8>) -> Bool {
    let hasMark =
      bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
      || bytes.starts(with: [0, 0, 0xFE, 0xFF])
    var zeros = [0, 0]
    for (place, byte) in bytes.enumerated() where byte == 0 { zeros[place % 2] += 1 }
    return !hasMark && zeros[0] > 1 && zeros[1] > 1
  }
}
