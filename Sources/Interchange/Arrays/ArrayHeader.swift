import Learning

/// The dictionary in front of the items of a `.npy` file, read as the small part of Python it needs.
struct ArrayHeader {
  indirect enum ItemType {
    case numbers(ElementType, ByteOrder)
    case texts(TextType)
    case records([Field])

    /// Bytes of an item.
    var width: Int {
      switch self {
      case .numbers(let type, _): type.width
      case .texts(let texts): texts.width
      case .records(let fields): fields.last.map { $0.offset + $0.type.width * $0.count } ?? 0
      }
    }
  }

  /// A field of records; of several numbers each where it has a shape.
  struct Field {
    let name: String
    let type: ItemType
    let shape: [Int]
    /// Bytes from the start of the record.
    let offset: Int

    var count: Int { shape.reduce(1, *) }
  }

  private(set) var type = ItemType.records([])
  private(set) var isColumnMajor = false
  private(set) var shape: [Int] = []

  private indirect enum Value {
    case text(String)
    case truth(Bool)
    case number(Int)
    case list([Value])

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var list: [Value]? { if case .list(let list) = self { list } else { nil } }
    var number: Int? { if case .number(let number) = self { number } else { nil } }
    /// A shape; a number alone counts as one of one axis.
    var numbers: [Int]? {
      if let number { return [number] }
      guard let list else { return nil }
      let numbers = list.compactMap { $0.number }
      return numbers.count == list.count ? numbers : nil
    }
  }

  /// - Throws: where the header is broken, or the items are neither numbers, texts nor records.
  init(_ header: ArraySlice<UInt8>) throws(FormatError) {
    let place = FormatError.Place.offset(header.startIndex)
    var reader = Reader(rest: header)
    var values: [String: Value] = [:]
    try reader.expect("{")
    while !reader.takes("}") {
      let key = try reader.text()
      try reader.expect(":")
      guard values[key] == nil else {
        throw FormatError("the header says \(visible(key)) twice", reader.place)
      }
      values[key] = try reader.value()
      if !reader.takes(",") {
        try reader.expect("}")
        break
      }
    }
    guard let descr = values["descr"], case .truth(let order)? = values["fortran_order"],
      let shape = values["shape"], shape.list != nil, let shape = shape.numbers, values.count == 3
    else { throw FormatError("the header must say descr, fortran_order and shape", place) }
    guard shape.count <= 32 else {
      throw FormatError("an array of \(shape.count) axes is not read", place)
    }
    isColumnMajor = order
    self.shape = shape
    if let name = descr.text {
      type = try Self.type(name, place)
    } else if let fields = descr.list {
      type = .records(try Self.fields(fields, place))
    } else {
      throw FormatError("the type of the items is broken", place)
    }
  }

  private static let numberTypes: [String: ElementType] = [
    "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32,
    "i8": .int64, "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64, "b1": .bool,
  ]
  /// What to do with items that are not read, by the letter of their type.
  private static let advice: [Character: String] = [
    "O": "make its items of one type before np.save: x.astype(float) or x.astype(str)",
    "c": "save x.real and x.imag as arrays of their own",
    "M": "days since 1970-01-01 are numbers: x.astype(\"datetime64[D]\").astype(float)",
    "m": "make numbers of them before np.save: x / np.timedelta64(1, \"s\")",
    "V": "give its fields names and types: np.dtype([(\"a\", \"f8\"), …])",
  ]

  private static func type(
    _ descr: String, _ place: FormatError.Place
  ) throws(FormatError) -> ItemType {
    if let first = descr.first, "<>|=".contains(first) {
      let name = descr.dropFirst()
      let order: ByteOrder = first == ">" ? .big : .little
      if let type = numberTypes[String(name)], first != "|" || type.width == 1 {
        return .numbers(type, order)
      }
      if let letter = name.first, letter == "U" || letter == "S" || letter == "a",
        let count = Int(name.dropFirst()), (0...1 << 20).contains(count)
      {
        return .texts(TextType(count: count, isWide: letter == "U", order: order))
      }
    }
    let letter = descr.first { $0.isLetter }
    throw FormatError(
      unread: "arrays of type \(visible(descr)) are not read", place,
      help: [letter.flatMap { advice[$0] } ?? "convert it with astype(\"float64\") before np.save"])
  }

  private static func fields(
    _ list: [Value], _ place: FormatError.Place
  ) throws(FormatError) -> [Field] {
    var fields: [Field] = []
    var offset = 0
    for entry in list {
      guard let parts = entry.list, (2...3).contains(parts.count),
        let descr = parts[1].text,
        let name = parts[0].text ?? parts[0].list?.last?.text
      else {
        throw FormatError(
          unread: "the type of a record is broken, or has records in it", place,
          help: ["save each field as an array of its own: np.savez(\"x.npz\", a=x[\"a\"])"])
      }
      let shape = parts.count > 2 ? parts[2].numbers : []
      guard let shape, let count = byteCount(shape, width: 1), count <= 1 << 20 else {
        throw FormatError("the field \(visible(name)) has a shape that is not read", place)
      }
      // Bytes between fields have no name.
      if name.isEmpty, let width = Int(descr.drop { !$0.isNumber }), width <= 1 << 20 {
        offset += width
        continue
      }
      let field = Field(name: name, type: try type(descr, place), shape: shape, offset: offset)
      guard !fields.contains(where: { $0.name == name }) else {
        throw FormatError("two fields are called \(visible(name))", place)
      }
      offset += field.type.width * count
      fields.append(field)
    }
    guard !fields.isEmpty, offset <= 1 << 24 else {
      throw FormatError("records without fields, or too large", place)
    }
    return fields
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>
    private var depth = 0

    init(rest: ArraySlice<UInt8>) { self.rest = rest }

    var place: FormatError.Place { .offset(rest.startIndex) }

    private mutating func skipBlanks() {
      rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
    }

    mutating func takes(_ character: Character) -> Bool {
      skipBlanks()
      guard rest.first == character.asciiValue else { return false }
      rest = rest.dropFirst()
      return true
    }

    mutating func expect(_ character: Character) throws(FormatError) {
      guard takes(character) else {
        throw FormatError("the header is broken: \(character) is missing", place)
      }
    }

    mutating func text() throws(FormatError) -> String {
      skipBlanks()
      // Python 2 wrote b and u before some.
      if rest.first == 0x62 || rest.first == 0x75 { rest = rest.dropFirst() }
      guard let quote = rest.first, quote == 0x27 || quote == 0x22,
        let end = rest.dropFirst().firstIndex(of: quote)
      else { throw FormatError("the header is broken: a string is missing", place) }
      defer { rest = rest[(end + 1)...] }
      return String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
    }

    mutating func value() throws(FormatError) -> Value {
      skipBlanks()
      for (word, truth) in [("True", true), ("False", false)] where rest.starts(with: word.utf8) {
        rest = rest.dropFirst(word.utf8.count)
        return .truth(truth)
      }
      let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
      if !digits.isEmpty {
        guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
          throw FormatError("the shape is broken", place)
        }
        rest = rest.dropFirst(digits.count)
        // Python 2 wrote long integers with an L.
        _ = takes("L")
        return .number(number)
      }
      let isTuple = takes("(")
      guard isTuple || takes("[") else { return .text(try text()) }
      depth += 1
      defer { depth -= 1 }
      guard depth < 8 else { throw FormatError("the header is broken: too many brackets", place) }
      let closing: Character = isTuple ? ")" : "]"
      var list: [Value] = []
      while !takes(closing) {
        list.append(try value())
        if !takes(",") {
          try expect(closing)
          break
        }
      }
      return .list(list)
    }
  }
}

/// Texts of a fixed number of characters, filled with zeros.
struct TextType {
  let count: Int
  /// Whether a character has 32 bits; else it is a byte.
  let isWide: Bool
  let order: ByteOrder

  /// Bytes of a text.
  var width: Int { count * (isWide ? 4 : 1) }

  /// - Parameter step: bytes from the start of one to the start of the next.
  func read(_ bytes: [UInt8], from start: Int, count items: Int, step: Int) -> [String] {
    (0..<items).map { item in
      let first = start + item * step
      guard isWide else {
        let text = bytes[first..<first + width]
        let end = text.lastIndex { $0 != 0 }.map { $0 + 1 } ?? first
        return String(decoding: text[..<end], as: UTF8.self)
      }
      var text = String.UnicodeScalarView()
      var zeros = 0
      for place in 0..<count {
        let code: UInt32 = order.read(from: bytes, at: first + place * 4)
        guard code != 0 else {
          zeros += 1
          continue
        }
        // Zeros between characters belong to the text.
        for _ in 0..<zeros { text.append("\0") }
        zeros = 0
        text.append(Unicode.Scalar(code) ?? "\u{FFFD}")
      }
      return String(text)
    }
  }
}
