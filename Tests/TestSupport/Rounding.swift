/// The first line that differs, both ways, or nil where the texts agree. Numbers may differ by what
/// another order of summing gives: processors have kernels of their own.
package func differenceBeyondRounding(_ text: String, _ expected: String) -> String? {
  let (lines, known) = (steadyLines(text), steadyLines(expected))
  for (number, (line, knownLine)) in zip(lines, known).enumerated()
  where line != knownLine && !agree(line, knownLine) {
    return "line \(number + 1): \(line)\n  expected: \(knownLine)"
  }
  return lines.count == known.count ? nil : "\(lines.count) lines, not \(known.count)"
}

/// The lines without the table of a gradient check: what it lists are rounding errors. Its verdict
/// stays.
private func steadyLines(_ text: String) -> [Substring] {
  var lines: [Substring] = []
  var left = 0
  for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
    if line.hasSuffix("derivatives against central differences") { left = 10 }
    left -= 1
    let isNoise = left > 0 && left < 8 && !line.isEmpty
    if line.isEmpty { left = 0 }
    if !isNoise { lines.append(left == 8 ? line.prefix { $0 != ":" } : line) }
  }
  return lines
}

private func agree(_ line: Substring, _ other: Substring) -> Bool {
  let (parts, otherParts) = (words(line), words(other))
  guard parts.count == otherParts.count else { return false }
  return zip(parts, otherParts).allSatisfy { part, otherPart in
    if part == otherPart { return true }
    guard let a = Double(part), let b = Double(otherPart) else { return false }
    return abs(a - b) <= 1e-9 + 2e-6 * max(abs(a), abs(b))
  }
}

private func words(_ line: Substring) -> [Substring] {
  line.split { $0.isWhitespace || "[](),=·".contains($0) }
}
