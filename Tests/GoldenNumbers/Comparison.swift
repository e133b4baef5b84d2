// A release build makes this room too, without what tests are written with.
#if canImport(Testing)
  import Testing

  /// Records an issue unless the numbers agree within `absolute + relative·|expected|` each.
  package func expectClose(
    _ got: [Double], _ expected: [Double], relative: Double = 1e-12, absolute: Double = 1e-15,
    _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard got.count == expected.count else {
      Issue.record(
        "\(what): \(got.count) numbers, not \(expected.count)", sourceLocation: sourceLocation)
      return
    }
    for (index, (a, b)) in zip(got, expected).enumerated()
    where !(abs(a - b) <= absolute + relative * abs(b)) {
      Issue.record(
        "\(what)[\(index)] is \(a), not \(b) (off by \(a - b))", sourceLocation: sourceLocation)
    }
  }
#endif
