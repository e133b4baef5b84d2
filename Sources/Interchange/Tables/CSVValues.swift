/// Fields in any form, and what they are in their columns.
extension CSVReader {
  /// - Returns: the end of the field, nil where the bytes end before that is sure.
  func readField(
    _ start: Bytes, _ end: Bytes, _ column: Int, _ dialect: CSVDialect, _ isFinal: Bool,
    into value: inout Double
  ) throws(FormatError) -> Bytes? {
    let firstLine = line
    var bytes: [UInt8] = []
    guard let next = CSVField.text(start, end, dialect.delimiter, into: &bytes, &line) else {
      guard isFinal else { return nil }
      throw FormatError("a quote is opened and not closed", .line(firstLine))
    }
    guard next < end || isFinal else { return nil }
    if next < end, next.pointee != dialect.delimiter, next.pointee != 0x0A, next.pointee != 0x0D {
      throw FormatError(
        "text follows a closing quote", .line(line),
        help: ["a quote within quotes is written twice"])
    }
    var failure: FormatError?
    bytes.withUnsafeBufferPointer { text in
      if columns[column].isKept { columns[column].kept.stage(text) }
      switch columns[column].role {
      case .dropped, .kept, .rowNames: return
      case .empty:
        if !text.isEmpty {
          failure = FormatError(
            "there is a value behind the last column: \(CSVField.shown(text))", .line(firstLine),
            help: ["names=[…] gives that column a name"])
        }
      case .feature, .target:
        do throws(FormatError) {
          value = try self.value(text, of: column, dialect, line: firstLine)
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
    return next
  }

  private func value(
    _ text: UnsafeBufferPointer<UInt8>, of column: Int, _ dialect: CSVDialect, line: Int
  ) throws(FormatError) -> Double {
    if missing.contains(text) {
      isIncomplete = true
      return .nan
    }
    let name = visible(columns[column].name)
    if columns[column].content != .texts {
      if let number = columns[column].form.value(text, point: dialect.point) {
        guard number.isFinite else {
          throw FormatError(
            "\(name) is larger than any number: \(CSVField.shown(text))", .line(line))
        }
        if columns[column].content == .unknown {
          columns[column].content = .numbers
          record.set(.numbers, columns[column].form, of: column)
        }
        return number
      }
      if CSVField.saysInfinity(text) {
        throw FormatError(
          "\(name) is infinite", .line(line),
          help: ["missing=[\"\(CSVField.shown(text))\"] takes it for a missing value"])
      }
      if let gap = gap(text, column) { return gap }
    }
    switch columns[column].content {
    case .unknown:
      columns[column].content = .texts
      record.set(.texts, .plain, of: column)
    case .numbers:
      if let number = grouped(text, column, dialect) { return number }
      throw noNumber(text, column, line: line)
    case .texts: break
    }
    return try code(of: text, column, line: line)
  }

  private func code(
    of text: UnsafeBufferPointer<UInt8>, _ column: Int, line: Int
  ) throws(FormatError) -> Double {
    let name = visible(columns[column].name)
    let known = columns[column].declared
    let limit = known?.count ?? Self.mostCategories
    let code = columns[column].texts.number(of: text, limit: limit)
    guard code > 0 else {
      if let known {
        let list = known.prefix(12).map { visible($0) }.joined(separator: ", ")
        throw FormatError(
          "\(name) has no value \(CSVField.shown(text))", .line(line),
          help: ["its values: \(list)\(known.count > 12 ? ", …" : "")"])
      }
      throw FormatError(
        "\(name) has more than \(limit) different texts: these are no categories", .line(line),
        help: ["drop=[\"\(name)\"] leaves the column out, keep=[\"\(name)\"] takes it along"])
    }
    return Double(code)
  }

  /// A gap where the text stands for one among numbers. Until a column has a value, that may still
  /// turn out to be a name: it is a gap that remembers which.
  private func gap(_ text: UnsafeBufferPointer<UInt8>, _ column: Int) -> Double? {
    guard GapMarks.isMark(String(decoding: text, as: UTF8.self)) else { return nil }
    let code = columns[column].texts.number(of: text, limit: 64)
    guard code > 0 else { return nil }
    isIncomplete = true
    return columns[column].content == .unknown ? CSVTable.gap(of: code) : .nan
  }

  /// A number with the first separated thousands of a column whose others are below 1,000.
  private func grouped(
    _ text: UnsafeBufferPointer<UInt8>, _ column: Int, _ dialect: CSVDialect
  ) -> Double? {
    guard columns[column].form == .plain, let shape = GroupedDigits(text),
      shape.separator != dialect.point, shape.point == 0 || shape.point == dialect.point,
      shape.isCertain || shape.separator == ValueForm.comma
    else { return nil }
    let form = ValueForm.grouped(separator: shape.separator, point: dialect.point)
    columns[column].form = form
    record.set(.formed, form, of: column)
    lateForms.append(column)
    return form.value(text, point: dialect.point)
  }

  private func noNumber(
    _ text: UnsafeBufferPointer<UInt8>, _ column: Int, line: Int
  ) -> FormatError {
    let name = visible(columns[column].name)
    let shown = CSVField.shown(text)
    if columns[column].form == .time {
      return FormatError(
        "\(name) holds times, but here \"\(shown)\"", .line(line),
        help: [
          "missing=[\"\(shown)\"] takes it for a missing value",
          "categories=[\"\(name)\"] takes the column for names",
        ])
    }
    if case .date(let order) = columns[column].form {
      let other = DateText.Order.allCases.first {
        $0 != order && DateText.days(text, $0) != nil
      }
      return FormatError(
        "\(name) holds dates, but here \"\(shown)\"", .line(line),
        help: (other.map { ["dates=\($0.name) says what comes first in them"] } ?? []) + [
          "missing=[\"\(shown)\"] takes it for a missing value",
          "categories=[\"\(name)\"] takes the column for names",
        ])
    }
    var help = [
      "missing=[\"\(shown)\"] takes it for a missing value",
      "categories=[\"\(name)\"] takes the column for names",
    ]
    if rows == 0, plan?.dialect.hasHeader == true {
      help.append("skip=\(line) names=[…] leaves out lines of names or units above the rows")
    }
    return FormatError("\(name) holds numbers, but here \"\(shown)\"", .line(line), help: help)
  }
}
