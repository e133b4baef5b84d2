// The two messages between the process that asks and the one that runs a submission.

extension SubmissionRequest {
  package var message: [UInt8] {
    var writer = MessageWriter()
    writer.write(name)
    writer.write(text)
    writer.write(wanted) { $1.write($0) }
    writer.write(UInt8(tests == nil ? 0 : 1))
    tests?.write(to: &writer)
    writer.write(folder)
    writer.write(readable) { $1.write($0) }
    for number in [limits.steps, limits.memoryBytes, limits.outputBytes, limits.sourceBytes] {
      writer.write(number)
    }
    writer.write(limits.seconds)
    return writer.bytes
  }

  /// - Throws: where the bytes are no such message.
  package init(message: [UInt8]) throws(BrokenMessage) {
    var reader = MessageReader(message)
    name = try reader.text(to: .max)
    text = try reader.text(to: .max)
    wanted = try reader.list(to: .max) { reader throws(BrokenMessage) in
      try reader.text(to: .max)
    }
    tests = try reader.flag() ? try SubmissionTests(from: &reader) : nil
    folder = try reader.flag() ? try reader.text(to: .max) : nil
    readable = try reader.list(to: .max) { reader throws(BrokenMessage) in
      try reader.text(to: .max)
    }
    limits.steps = try reader.count(to: .max)
    limits.memoryBytes = try reader.count(to: .max)
    limits.outputBytes = try reader.count(to: .max)
    limits.sourceBytes = try reader.count(to: .max)
    limits.seconds = try reader.number()
    try reader.end()
  }
}

extension SubmissionAnswers {
  private static let mostLine = 1 << 30
  private static let mostSentence = 1 << 12
  /// A number is not written with more characters.
  static let mostLiteral = 64

  package var message: [UInt8] {
    var writer = MessageWriter()
    writer.write(values) { $0.write(to: &$1) }
    writer.write(tests) { run, writer in
      writer.write(UInt8(run == nil ? 0 : 1))
      if let run { writer.write(run) { $0.write(to: &$1) } }
    }
    writer.write(errors) { error, writer in
      writer.write(error.line)
      writer.write(error.message)
    }
    writer.write(output)
    writer.write(limit)
    writer.write(refusal)
    return writer.bytes
  }

  /// - Throws: where the bytes are no answers to the submission.
  package init(message: [UInt8], to submission: SubmissionRequest) throws(BrokenMessage) {
    var reader = MessageReader(message)
    values = try reader.list(to: submission.wanted.count) { reader throws(BrokenMessage) in
      try SubmittedValue(from: &reader)
    }
    guard values.count == submission.wanted.count else { throw BrokenMessage() }
    tests = try SubmittedCheck.runs(of: submission.tests, from: &reader)
    errors = try reader.list(to: Self.mostErrors) { reader throws(BrokenMessage) in
      SubmissionError(
        line: try reader.count(to: Self.mostLine),
        message: try reader.visibleText(to: Self.mostSentence))
    }
    // A character that is made visible takes more bytes.
    output = try reader.visibleText(to: Self.mostShown(submission.limits.outputBytes))
    limit = try reader.flag() ? try reader.visibleText(to: Self.mostSentence) : nil
    refusal = try reader.flag() ? try reader.visibleText(to: Self.mostSentence) : nil
    try reader.end()
  }

  /// Bytes of `count` bytes of text whose control characters are made visible.
  private static func mostShown(_ count: Int) -> Int {
    let (most, overflow) = count.multipliedReportingOverflow(by: 8)
    return overflow ? .max : most
  }

  /// More bytes than any answers to the submission have.
  static func mostBytes(to submission: SubmissionRequest) -> Int {
    let value =
      64 + max(SubmittedValue.mostNumbers * (16 + mostLiteral), SubmittedValue.mostBytes * 8)
    let (values, overflow) = submission.wanted.count.multipliedReportingOverflow(by: value)
    let rest = (mostErrors + 2) * (mostSentence + 16) + 72 + (submission.tests?.mostBytes ?? 0)
    let (most, isTooMuch) = values.addingReportingOverflow(
      mostShown(submission.limits.outputBytes))
    return overflow || isTooMuch || most > .max - rest ? .max : most + rest
  }
}

extension SubmittedValue {
  fileprivate func write(to writer: inout MessageWriter) {
    switch self {
    case .number(let number, let literal):
      writer.write(UInt8(0))
      writer.write(number)
      writer.write(literal)
    case .truth(let truth):
      writer.write(UInt8(1))
      writer.write(UInt8(truth ? 1 : 0))
    case .text(let text):
      writer.write(UInt8(2))
      writer.write(text)
    case .vector(let numbers, let literals):
      writer.write(UInt8(3))
      writer.write(numbers) { $1.write($0) }
      writer.write(literals ?? []) { $1.write($0) }
    case .matrix(let numbers, let rows, let columns, let literals):
      writer.write(UInt8(4))
      writer.write(rows)
      writer.write(columns)
      writer.write(numbers) { $1.write($0) }
      writer.write(literals ?? []) { $1.write($0) }
    case .notFilledIn: writer.write(UInt8(5))
    case .stopped: writer.write(UInt8(6))
    case .missing: writer.write(UInt8(7))
    case .other(let kind):
      writer.write(UInt8(8))
      writer.write(kind)
    }
  }

  fileprivate init(from reader: inout MessageReader) throws(BrokenMessage) {
    switch try reader.byte() {
    case 0:
      let number = try reader.number()
      self = .number(number, literal: try reader.flag() ? try Self.literal(from: &reader) : nil)
    case 1: self = .truth(try reader.flag())
    case 2: self = .text(try reader.visibleText(to: Self.mostBytes * 8))
    case 3:
      let numbers = try Self.numbers(from: &reader)
      self = .vector(numbers, literals: try Self.literals(of: numbers.count, from: &reader))
    case 4:
      let (rows, columns) = (
        try reader.count(to: Self.mostNumbers), try reader.count(to: Self.mostNumbers)
      )
      let numbers = try Self.numbers(from: &reader)
      guard numbers.count == rows * columns else { throw BrokenMessage() }
      self = .matrix(
        numbers, rows: rows, columns: columns,
        literals: try Self.literals(of: numbers.count, from: &reader))
    case 5: self = .notFilledIn
    case 6: self = .stopped
    case 7: self = .missing
    case 8: self = .other(try reader.visibleText(to: Self.mostBytes))
    default: throw BrokenMessage()
    }
  }

  private static func numbers(
    from reader: inout MessageReader
  ) throws(BrokenMessage) -> [Double] {
    try reader.list(to: mostNumbers) { reader throws(BrokenMessage) in try reader.number() }
  }

  private static func literal(
    from reader: inout MessageReader
  ) throws(BrokenMessage) -> String {
    let literal = try reader.text(to: SubmissionAnswers.mostLiteral)
    guard isLiteral(literal) else { throw BrokenMessage() }
    return literal
  }

  /// One for each of `count` numbers, or none at all.
  private static func literals(
    of count: Int, from reader: inout MessageReader
  ) throws(BrokenMessage) -> [String]? {
    let literals = try reader.list(to: count) { reader throws(BrokenMessage) in
      try literal(from: &reader)
    }
    guard literals.count == count || literals.isEmpty else { throw BrokenMessage() }
    return literals.isEmpty ? nil : literals
  }

  /// Whether a text is a number as it is written, and short enough to be kept.
  package static func isLiteral(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= SubmissionAnswers.mostLiteral
      && text.utf8.allSatisfy(isInNumber)
  }

  private static func isInNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
