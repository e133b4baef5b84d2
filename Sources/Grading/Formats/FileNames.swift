/// Names for files that are written for each submission.
enum FileNames {
  private static let longest = 100
  /// What Windows takes for devices, whatever follows the point.
  private static let devices: Set<String> = Set(
    ["con", "prn", "aux", "nul"]
      + (0...9).flatMap { ["com\($0)", "lpt\($0)"] })

  /// A name for each path: what tells it from the others, of characters that every system takes.
  /// No two are alike, in any case of letters.
  ///
  ///     FileNames.of(["in/ann/sheet.bp", "in/bob/sheet.bp"], extension: "html")
  ///     // ["ann-sheet.html", "bob-sheet.html"]
  static func of(_ paths: [String], extension ending: String) -> [String] {
    let folders = paths.map { $0.split(separator: "/").dropLast().map(String.init) }
    var shared = folders.first ?? []
    for folder in folders {
      let alike = zip(shared, folder).prefix { $0 == $1 }.count
      shared = Array(shared.prefix(alike))
    }
    var taken: Set<String> = []
    return paths.map { path in
      let words = path.split(separator: "/").map(String.init)
      let stem = plain(words.dropFirst(min(shared.count, max(words.count - 1, 0))))
      var name = stem
      var count = 1
      while !taken.insert("\(name).\(ending)".lowercased()).inserted {
        count += 1
        name = "\(stem)-\(count)"
      }
      return "\(name).\(ending)"
    }
  }

  /// The words of a path as one, without its extension and without what a shell or a system obeys.
  private static func plain(_ words: ArraySlice<String>) -> String {
    var words = words
    if let last = words.popLast() {
      let point = last.lastIndex(of: ".") ?? last.endIndex
      words.append(point > last.startIndex ? String(last[..<point]) : last)
    }
    var scalars: [Unicode.Scalar] = []
    var size = 0
    for scalar in words.joined(separator: "-").unicodeScalars {
      let isPlain =
        scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
        || scalar == "-" || scalar == "_" || scalar == "."
      // Such a name would be hidden, or an option of a command.
      if scalars.isEmpty, scalar == "." || scalar == "-" { continue }
      size += isPlain ? String(scalar).utf8.count : 1
      guard size <= longest else { break }
      scalars.append(isPlain ? scalar : "_")
    }
    while scalars.last == "." { scalars.removeLast() }
    var name = ""
    name.unicodeScalars.append(contentsOf: scalars)
    let isDevice = devices.contains(String(name.lowercased().prefix { $0 != "." }))
    return name.isEmpty ? "submission" : isDevice ? "_" + name : name
  }
}
