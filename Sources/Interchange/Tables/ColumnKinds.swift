/// What the columns of a table hold, found out from its first rows.
struct ColumnKinds {
  struct Guess: Hashable, Sendable {
    var content = CSVColumn.Content.unknown
    var form = ValueForm.plain
    /// What is said about the column.
    var note: String?
    /// Whether the note is about digits that numbers do not keep.
    var losesDigits = false
  }

  private(set) var point: UInt8 = ValueForm.point
  private(set) var columns: [Guess] = []
  /// Said of the whole file.
  private(set) var notes: [String] = []

  private typealias Column = (cells: [TableSample.Cell], kinds: [TableSample.Kind])

  /// - Parameter names: of the columns, for what is said.
  init(
    _ rows: ArraySlice<[TableSample.Cell]>, names: [String], delimiter: UInt8, _ options: CSVOptions
  ) {
    let table = names.indices.map { place -> Column in
      let cells = rows.compactMap { place < $0.count ? $0[place] : nil }
      return (cells, cells.map { TableSample.kind(of: $0.text) })
    }
    point = options.point ?? 0
    if point == 0 {
      choosePoint(table, delimiter, options)
    } else if point == delimiter {
      // In quotes a column may have it.
      point = ValueForm.point
    }
    for (place, column) in table.enumerated() {
      columns.append(guess(column, names[place], delimiter, options))
    }
  }

  // MARK: The decimal sign

  /// `,` where numbers have it and none has a point, as long as commas do not separate values.
  private mutating func choosePoint(
    _ table: [Column], _ delimiter: UInt8, _ options: CSVOptions
  ) {
    point = ValueForm.point
    guard delimiter != CSVDialect.comma else { return }
    if let separator = options.thousands {
      if separator == ValueForm.point { point = ValueForm.comma }
      if separator == ValueForm.comma { return }
    }
    var (hasCommas, hasPoints) = (false, false)
    var doubtful: (text: String, number: String)?
    var (grouped, others) = ([String](), 0)
    for column in table {
      let groupsByPoint = column.kinds.contains {
        if case .grouped(ValueForm.point, _, _) = $0 { true } else { false }
      }
      for (cell, kind) in zip(column.cells, column.kinds) {
        switch kind {
        case .commaNumber: hasCommas = true
        case .number where cell.text.contains(".") && !groupsByPoint:
          hasPoints = true
          var text = cell.text
          if text.withUTF8({ GroupedDigits($0) }) != nil {
            grouped.append(text)
          } else {
            others += 1
          }
        case .grouped(ValueForm.point, ValueForm.comma, _): hasCommas = true
        case .grouped(ValueForm.comma, ValueForm.point, _): hasPoints = true
        case .grouped(ValueForm.comma, 0, isCertain: false):
          doubtful =
            doubtful ?? (cell.text, String(cell.text.map { $0 == "," ? "." : $0 }))
        default: break
        }
      }
      // 1,708,917 in a column makes its 970,000 one.
      let isCertain = column.kinds.contains {
        if case .grouped(ValueForm.comma, _, isCertain: true) = $0 { true } else { false }
      }
      if isCertain { doubtful = nil }
    }
    if hasPoints {
      // Semicolons are for files in which commas are decimal.
      if delimiter == 0x3B, others == 0, grouped.count > 1, options.thousands == nil {
        notes.append(
          "\(visible(grouped[0])) is taken for a number with three decimals: thousands=\".\" takes"
            + " it for \(visible(String(grouped[0].filter { $0 != "." })))")
      }
      return
    }
    if hasCommas {
      point = ValueForm.comma
    } else if let doubtful {
      point = ValueForm.comma
      notes.append(
        "\(visible(doubtful.text)) is taken for \(visible(doubtful.number)): thousands=\",\" takes"
          + " it for \(visible(String(doubtful.text.filter { $0 != "," })))")
    }
  }

  // MARK: One column

  private func guess(
    _ column: Column, _ name: String, _ delimiter: UInt8, _ options: CSVOptions
  ) -> Guess {
    var guess = Guess()
    let (cells, kinds) = column
    let values = kinds.count { $0.isValue }
    let texts = zip(cells, kinds).filter { $0.1 == .text }.map { $0.0.text }
    guard values > 0 || !texts.isEmpty else { return guess }
    if values == 0, !options.categories.contains(name),
      let amounts = amounts(column, name, delimiter, options)
    {
      return amounts
    }
    if !texts.isEmpty, values > 0, texts.allSatisfy({ $0.hasPrefix("(") }),
      !options.categories.contains(name),
      let amounts = amounts(column, name, delimiter, options)
    {
      return amounts
    }
    if options.categories.contains(name) || values == 0 {
      guess.content = .texts
      if !options.categories.contains(name), let like = NumberLike(texts) {
        guess.note = like.note(of: visible(name))
      }
      return guess
    }
    let dates = kinds.count { $0 == .date }
    if dates > 0, dates < values {
      guess.content = dates + texts.count > values - dates ? .texts : .numbers
      return guess
    }
    if !texts.isEmpty, dates > 0 {
      let written = zip(cells, kinds).filter { $0.1 == .text || $0.1 == .date }.map { $0.0.text }
      if let like = NumberLike(written) {
        return Guess(content: .texts, note: like.note(of: visible(name)))
      }
    }
    if !texts.isEmpty, areNames(texts, besides: kinds) {
      guess.content = .texts
      guess.note =
        "\(visible(name)): numbers and names are mixed, all are taken for names"
        + " (missing=[…] names spellings of a gap)"
      return guess
    }
    if dates > 0 { return self.dates(column, name, options) }
    if !texts.isEmpty {
      guess.content = .numbers
      guess.form = form(of: column, delimiter, options) ?? .plain
      return guess
    }
    guard let form = form(of: column, delimiter, options) else {
      // Numbers written in two ways: the reader says where.
      let isNumbers = kinds.contains { fits($0) }
      guess.content = isNumbers ? .numbers : .texts
      return guess
    }
    guess.content = .numbers
    guess.form = form
    if form == .plain, let loss = lostDigits(column, name) {
      guess.note = loss
      guess.losesDigits = true
    }
    if case .grouped(0, _) = form {
      // "4,6" among whole numbers is a list rather than a number.
      let commas = zip(cells, kinds).filter { $0.1 == .commaNumber }.map { $0.0.text }
      guard commas.count * 2 >= values || options.point == ValueForm.comma,
        let example = commas.first,
        let number = Self.number(example, form)
      else {
        guess.content = .texts
        guess.form = .plain
        guess.note =
          "\(visible(name)): commas stand in some values, all are taken for names"
          + " (decimal=\",\" takes them for decimal commas)"
        return guess
      }
      guess.note =
        "\(visible(name)): decimal commas, \(visible(example)) is \(number)"
        + " (categories=[\"\(visible(name))\"] keeps the texts)"
    }
    if case .grouped(let separator, _) = form, separator != 0,
      let example = zip(cells, kinds).first(where: { $0.1.isGrouped })?.0.text,
      let number = Self.number(example, form)
    {
      guess.note =
        "\(visible(name)): thousands are separated, \(visible(example)) is \(number)"
        + " (categories=[\"\(visible(name))\"] keeps the texts)"
    }
    return guess
  }

  /// A column of numbers that all have the same sign of a currency or of per cent; nil where it is
  /// none.
  private func amounts(
    _ column: Column, _ name: String, _ delimiter: UInt8, _ options: CSVOptions
  ) -> Guess? {
    let texts = zip(column.cells, column.kinds).filter { $0.1 == .text }.map { $0.0.text }
    let parts = texts.compactMap { ValueForm.parts(ofAmount: $0) }
    guard parts.count == texts.count, let sign = parts.first?.sign,
      parts.allSatisfy({ $0.sign == sign })
    else { return nil }
    // Numbers without a sign stand beside those in brackets.
    let others = zip(column.cells, column.kinds).filter { $0.1.isValue }.map { $0.0.text }
    let cells = (parts.map { $0.number } + others).map {
      TableSample.Cell(text: $0, isQuoted: false)
    }
    let kinds = cells.map { TableSample.kind(of: $0.text) }
    let isNumbers = kinds.allSatisfy {
      switch $0 {
      case .number, .commaNumber, .grouped: true
      case .gap, .mark, .date, .infinity, .text: false
      }
    }
    guard isNumbers, let inner = form(of: (cells, kinds), delimiter, options) else { return nil }
    var form = ValueForm.amount(separator: 0, point: point)
    if case .grouped(let separator, let point) = inner {
      form = .amount(separator: separator, point: point)
    }
    guard let example = texts.max(by: { $0.utf8.count < $1.utf8.count }),
      let number = Self.number(example, form)
    else { return nil }
    return Guess(
      content: .numbers, form: form,
      note: "\(visible(name)): \(visible(example)) is \(number)"
        + " (categories=[\"\(visible(name))\"] keeps the texts)")
  }

  /// What a column of whole numbers loses as numbers: the zeros in front of a code, the last digits
  /// of a long one.
  private func lostDigits(_ column: Column, _ name: String) -> String? {
    let wholes = zip(column.cells, column.kinds).filter { $0.1 == .number }.map { $0.0.text }
      .filter { text in text.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    if let code = wholes.first(where: { $0.hasPrefix("0") && $0.contains { $0 != "0" } }) {
      let number = code.drop { $0 == "0" }
      return
        "\(visible(name)): zeros in front are lost, \(visible(code)) is \(visible(String(number)))"
        + " (categories=[\"\(visible(name))\"] keeps the texts)"
    }
    let long = wholes.first { text in
      guard let number = Int(text) else { return true }
      return Int(exactly: Double(number)) != number
    }
    guard let long, let number = Double(long) else { return nil }
    let read = Int(exactly: number).map { "\($0)" } ?? "\(number)"
    return "\(visible(name)): more than 15 digits are rounded, \(visible(long)) is \(read)"
      + " (keep=\"\(visible(name))\" keeps the texts)"
  }

  /// Whether a column holds names among which there are numbers; numbers among which there is a
  /// word are a question to the user.
  private func areNames(_ texts: [String], besides kinds: [TableSample.Kind]) -> Bool {
    let values = kinds.count { $0.isValue }
    let different = Set(texts).count
    // 123_456 beside 12_3456 is a code.
    let hasUnderscores = kinds.contains {
      if case .grouped(ValueForm.underscore, _, _) = $0 { true } else { false }
    }
    if hasUnderscores, texts.contains(where: { $0.contains("_") }) { return true }
    let readable = kinds.count { fits($0) || $0.isGrouped || $0 == .date }
    return readable == 0 || different >= 2 && texts.allSatisfy { Self.isCode($0) }
      || texts.count > values && different >= 2
      || different >= 5 && texts.count * 20 >= values
  }

  /// Letters and digits, as 16a: such a text is no number that went wrong.
  private static func isCode(_ text: String) -> Bool {
    let bytes = text.utf8
    return bytes.count <= 12
      && bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) }
      && bytes.contains { (0x30...0x39).contains($0) }
  }

  private static func number(_ text: String, _ form: ValueForm) -> String? {
    var text = text
    guard let number = text.withUTF8({ form.value($0, point: ValueForm.point) }) else { return nil }
    return Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }

  /// Whether a kind of number is read with the decimal sign of the file and no separators.
  private func fits(_ kind: TableSample.Kind) -> Bool {
    switch kind {
    case .number, .infinity: true
    case .commaNumber, .grouped(ValueForm.comma, 0, isCertain: false): point == ValueForm.comma
    default: false
    }
  }

  /// The one way in which all numbers of a column are written; nil where there is none.
  private func form(
    of column: Column, _ delimiter: UInt8, _ options: CSVOptions
  ) -> ValueForm? {
    let numbers = zip(column.cells, column.kinds).filter { $0.1.isValue && $0.1 != .infinity }
    let hasGroups = numbers.contains {
      if case .grouped(let separator, _, let isCertain) = $0.1 {
        isCertain || separator == options.thousands
      } else {
        false
      }
    }
    let isWanted = options.thousands.map { separator in
      numbers.contains { $0.0.text.utf8.contains(separator) }
    }
    if !hasGroups, isWanted != true, numbers.allSatisfy({ fits($0.1) }) { return .plain }
    // What separates thousands, and the sign that is left for decimals.
    var separators: [UInt8] = options.thousands.map { [$0] } ?? []
    if separators.isEmpty {
      for case .grouped(let separator, _, _) in column.kinds where !separators.contains(separator) {
        separators.append(separator)
      }
    }
    if separators.isEmpty { separators = [0] }
    for separator in separators {
      for point in [self.point, ValueForm.point, ValueForm.comma] where point != separator {
        let form = ValueForm.grouped(separator: separator, point: point)
        let fits = numbers.allSatisfy { cell, _ in
          var text = cell.text
          return text.withUTF8 { form.value($0, point: point) } != nil
        }
        if fits { return form }
      }
    }
    return nil
  }

  private func dates(_ column: Column, _ name: String, _ options: CSVOptions) -> Guess {
    var guess = Guess(content: .texts)
    let texts = zip(column.cells, column.kinds).filter { $0.1 == .date }.map { $0.0.text }
    let times = texts.compactMap { DateText.seconds($0) }
    if let first = times.first, times.count == texts.count {
      let number = Int(exactly: first).map { "\($0)" } ?? brief(first)
      return Guess(
        content: .numbers, form: .time,
        note: "\(visible(name)): times as seconds since midnight, \(visible(texts[0])) is \(number)"
          + " (categories=[\"\(visible(name))\"] keeps the texts)")
    }
    let orders = DateText.Order.allCases.filter { order in
      texts.allSatisfy { DateText.days($0, order) != nil }
    }
    var order = orders.first
    if let wanted = options.dateOrder.flatMap({ wanted in orders.first { $0.name == wanted } }) {
      order = wanted
    } else if orders == [.dayFirst, .monthFirst] {
      order = .monthFirst
    }
    guard let order, let days = texts.first.flatMap({ DateText.days($0, order) }) else {
      guess.note =
        "\(visible(name)): dates are written in several ways, all are taken for names"
        + " (dates= takes one way)"
      return guess
    }
    guess.content = .numbers
    guess.form = .date(order)
    let number = Int(exactly: days).map { "\($0)" } ?? brief(days)
    guess.note =
      "\(visible(name)): dates as days since 1970-01-01, \(visible(texts[0])) is \(number)"
    if texts.contains(where: { DateText.hasShortYear($0, order) }) {
      guess.note? += ", years of two digits are 1930 to 2029"
    }
    // A day that can be a month in every row.
    let others = orders.filter { $0 != order }
    let isDoubtful = others.contains { other in
      texts.contains { DateText.days($0, other) != DateText.days($0, order) }
    }
    let isTold = options.dateOrder == order.name
    guess.note? +=
      isDoubtful && !isTold
      ? ", \(order == .monthFirst ? "the month" : "the day") first (dates=\(others[0].name)"
        + " takes it the other way)"
      : " (categories=[\"\(visible(name))\"] keeps the texts)"
    return guess
  }

  private func brief(_ number: Double) -> String {
    "\((number * 1e4).rounded() / 1e4)"
  }
}

extension TableSample.Kind {
  var isGrouped: Bool { if case .grouped = self { true } else { false } }
}
