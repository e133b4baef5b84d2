extension TableSample {
  /// The first records cut at what separates their values: given, or the sign by which they fall
  /// into equally many values that are numbers most often.
  static func chosen(
    from bytes: ArraySlice<UInt8>, isWhole: Bool, delimiter: UInt8?, point: UInt8?
  ) -> TableSample {
    if let delimiter { return TableSample(bytes, delimiter, isWhole: isWhole) }
    // Decimal commas outside of quotes separate nothing.
    if point == CSVDialect.comma, bytes.contains(CSVDialect.comma) {
      let other = chosen(
        from: bytes, isWhole: isWhole,
        among: [CSVDialect.semicolon, CSVDialect.tab, CSVDialect.bar])
      if other.width > 1 || !bytes.contains(CSVDialect.quote) { return other }
    }
    return chosen(
      from: bytes, isWhole: isWhole,
      among: [CSVDialect.comma, CSVDialect.semicolon, CSVDialect.tab, CSVDialect.bar])
  }

  private static func chosen(
    from bytes: ArraySlice<UInt8>, isWhole: Bool, among signs: [UInt8]
  ) -> TableSample {
    var best = TableSample(bytes, signs[0], isWhole: isWhole)
    for sign in signs.dropFirst() where bytes.contains(sign) {
      let sample = TableSample(bytes, sign, isWhole: isWhole)
      if sample.isBetter(than: best) { best = sample }
    }
    guard bytes.contains(where: { $0 == 0x20 || $0 == 0x09 }) else { return best }
    let blanks = TableSample(bytes, CSVDialect.blank, isWhole: isWhole)
    return blanks.isTable(insteadOf: best) ? blanks : best
  }

  private func isBetter(than other: TableSample) -> Bool {
    guard (width > 1) == (other.width > 1) else { return width > 1 }
    guard width > 1 else { return false }
    // A few rows of another length are an error of the file, not another sign.
    let (mine, theirs) = ((agreement * 10).rounded(), (other.agreement * 10).rounded())
    if mine != theirs { return mine > theirs }
    let (share, otherShare) = (shareOfValues, other.shareOfValues)
    if abs(share - otherShare) > 0.01 { return share > otherShare }
    return width > other.width
  }

  /// Whether blanks separate values rather than words: texts have blanks too.
  private func isTable(insteadOf other: TableSample) -> Bool {
    guard width > 1, agreement == 1 else { return false }
    let share = shareOfValues
    let isNumeric = share > 0.5 || records.count > 2 && width >= 4 && share >= 0.1
    guard isNumeric else { return false }
    if other.width == 1 || other.agreement < 1 { return true }
    return share > other.shareOfValues + 0.01
  }
}
