/// Dates as tables write them, read to days since 1970-01-01 in the Gregorian calendar; a time of
/// day is a part of a day.
enum DateText {
  /// What stands first where a date is written in numbers alone.
  enum Order: UInt8, Hashable, Sendable, CaseIterable {
    case yearFirst
    case dayFirst
    case monthFirst

    /// As `dates=` takes it.
    var name: String {
      switch self {
      case .yearFirst: "ymd"
      case .dayFirst: "dmy"
      case .monthFirst: "mdy"
      }
    }
  }

  /// The days of a date that is all of the text; nil where it is none of this order.
  static func days(_ text: UnsafeBufferPointer<UInt8>, _ order: Order) -> Double? {
    guard text.count >= 6, text.count <= 40 else { return nil }
    var scan = Scan(text)
    guard let date = scan.date(order) else { return nil }
    if scan.isAtEnd { return Double(date) }
    guard scan.takesSeparatorOfTime(), let time = scan.time(), scan.isAtEnd else { return nil }
    return Double(date) + time / 86_400
  }

  /// The seconds since midnight of a time of day that is all of the text, as 12:30, 12:30:15.5 and
  /// 1:30 pm; nil where it is none.
  static func seconds(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard text.count >= 4, text.count <= 24,
      text.allSatisfy({ byte in
        (0x30...0x3A).contains(byte) || byte == 0x2E || byte == 0x20
          || [0x61, 0x70, 0x6D].contains(byte | 0x20)
      })
    else { return nil }
    var scan = Scan(text)
    guard let seconds = scan.time(), scan.isAtEnd else { return nil }
    return seconds
  }

  static func seconds(_ text: String) -> Double? {
    var text = text
    return text.withUTF8 { seconds($0) }
  }

  /// Whether a year has two digits only.
  static func hasShortYear(_ text: String, _ order: Order) -> Bool {
    guard days(text, order) != nil else { return false }
    var (digits, most) = (0, 0)
    for byte in text.utf8.prefix(while: { $0 != 0x3A }) {
      digits = (0x30...0x39).contains(byte) ? digits + 1 : 0
      most = max(most, digits)
    }
    return most < 4
  }

  static func days(_ text: String, _ order: Order) -> Double? {
    var text = text
    return text.withUTF8 { days($0, order) }
  }

  /// Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
  /// - Returns: nil where the calendar has no such day.
  static func days(year: Int, month: Int, day: Int) -> Int? {
    guard (1...12).contains(month), day >= 1, (0...9999).contains(year) else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    // The year begins in March, so that the leap day is its last.
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Goes through the bytes of one text.
  private struct Scan {
    private let text: UnsafeBufferPointer<UInt8>
    private var place = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    var isAtEnd: Bool { place == text.count }
    private var next: UInt8? { place < text.count ? text[place] : nil }

    /// Digits, and how many there are.
    private mutating func number() -> (value: Int, digits: Int)? {
      let first = place
      var value = 0
      while let byte = next, (0x30...0x39).contains(byte), place - first < 9 {
        value = value * 10 + Int(byte - 0x30)
        place += 1
      }
      return place > first ? (value, place - first) : nil
    }

    private mutating func takes(_ byte: UInt8) -> Bool {
      guard next == byte else { return false }
      place += 1
      return true
    }

    /// The number of a month by its English name or the first three letters of it.
    private mutating func month() -> Int? {
      let names = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
      ]
      let first = place
      while let byte = next, (0x61...0x7A).contains(byte | 0x20) { place += 1 }
      let word = String(decoding: text[first..<place], as: UTF8.self).lowercased()
      if let month = names.firstIndex(where: {
        $0 == word || $0.prefix(3) == word || word == "sept" && $0 == "september"
      }) {
        _ = takes(0x2E)
        return month + 1
      }
      place = first
      return nil
    }

    /// Two digits are of 1930 to 2029, as spreadsheets have it: dates of tables are past.
    private func year(_ number: (value: Int, digits: Int)) -> Int? {
      switch number.digits {
      case 4: number.value
      case 2: number.value < 30 ? 2000 + number.value : 1900 + number.value
      default: nil
      }
    }

    private mutating func separators() -> Bool {
      let first = place
      while let byte = next, [0x20, 0x2C, 0x2D, 0x2F].contains(byte), place - first < 2 {
        place += 1
      }
      return place > first
    }

    mutating func date(_ order: Order) -> Int? {
      if let month = month() {
        // January 5, 2020 and Jan 2020.
        guard separators(), let first = number() else { return nil }
        let before = place
        if first.digits <= 2, separators(), let second = number(), let year = year(second),
          second.digits == 4 || next == nil
        {
          return DateText.days(year: year, month: month, day: first.value)
        }
        place = before
        guard first.digits == 4 else { return nil }
        return DateText.days(year: first.value, month: month, day: 1)
      }
      guard let first = number() else { return nil }
      let before = place
      if separators(), let month = month() {
        // 5 January 2020 and 2020-Jan-05.
        guard separators(), let last = number() else { return nil }
        if first.digits == 4 {
          return DateText.days(year: first.value, month: month, day: last.value)
        }
        guard let year = year(last) else { return nil }
        return DateText.days(year: year, month: month, day: first.value)
      }
      place = before
      guard let separator = next, [0x2D, 0x2E, 0x2F].contains(separator), takes(separator),
        let second = number(), second.digits <= 2
      else { return nil }
      guard takes(separator) else {
        // 2020-01 is its first day; 2020.01 is a number.
        guard order == .yearFirst, first.digits == 4, second.digits == 2, separator != 0x2E
        else { return nil }
        return DateText.days(year: first.value, month: second.value, day: 1)
      }
      guard let third = number() else { return nil }
      switch order {
      case .yearFirst:
        guard first.digits == 4, third.digits <= 2 else { return nil }
        return DateText.days(year: first.value, month: second.value, day: third.value)
      case .dayFirst, .monthFirst:
        guard first.digits <= 2, let year = year(third) else { return nil }
        // Points are of dates that begin with the day.
        if separator == 0x2E, order == .monthFirst { return nil }
        return order == .dayFirst
          ? DateText.days(year: year, month: second.value, day: first.value)
          : DateText.days(year: year, month: first.value, day: second.value)
      }
    }

    mutating func takesSeparatorOfTime() -> Bool {
      if takes(0x54) || takes(0x74) { return true }
      let first = place
      while takes(0x20) {}
      return place > first
    }

    /// Seconds of a day, less what the time is ahead of UTC.
    mutating func time() -> Double? {
      guard let hours = number(), hours.digits <= 2, takes(0x3A), let minutes = number(),
        minutes.digits == 2, minutes.value < 60
      else { return nil }
      var seconds = 0.0
      if takes(0x3A) {
        guard let whole = number(), whole.digits == 2, whole.value <= 60 else { return nil }
        seconds = Double(whole.value)
        if takes(0x2E) {
          guard let part = number() else { return nil }
          // Beyond nanoseconds nothing is kept.
          var scale = 1.0
          for _ in 0..<part.digits { scale *= 10 }
          seconds += Double(part.value) / scale
          while number() != nil {}
        }
      }
      var hour = hours.value
      let before = place
      while takes(0x20) {}
      if let byte = next, [0x61, 0x70].contains(byte | 0x20), place + 1 < text.count,
        text[place + 1] | 0x20 == 0x6D
      {
        guard (1...12).contains(hour) else { return nil }
        hour = hour % 12 + (byte | 0x20 == 0x70 ? 12 : 0)
        place += 2
      } else {
        place = before
      }
      guard hour < 24 || hour == 24 && minutes.value == 0 && seconds == 0 else { return nil }
      guard let ahead = zone() else { return nil }
      return Double(hour * 3600 + minutes.value * 60) + seconds - Double(ahead)
    }

    /// Seconds ahead of UTC; nothing said is 0.
    private mutating func zone() -> Int? {
      while takes(0x20) {}
      if isAtEnd || takes(0x5A) || takes(0x7A) { return 0 }
      for name in ["UTC", "GMT"] where text[place...].elementsEqual(name.utf8) {
        place = text.count
        return 0
      }
      guard let sign = next, sign == 0x2B || sign == 0x2D else { return nil }
      place += 1
      guard let first = number() else { return nil }
      var (hours, minutes) = (first.value, 0)
      if first.digits == 4 {
        (hours, minutes) = (first.value / 100, first.value % 100)
      } else if takes(0x3A) {
        guard let second = number() else { return nil }
        minutes = second.value
      }
      guard hours < 15, minutes < 60 else { return nil }
      return (hours * 3600 + minutes * 60) * (sign == 0x2D ? -1 : 1)
    }
  }
}
