import Syntax

/// Points given by hand, from a table with the columns submission, part, points and comment.
package struct Marks {
  /// Why a file is no table of marks, and where.
  package struct Failure: Error, Hashable, Sendable {
    /// `marks.csv:3: points is empty`
    package let message: String

    init(_ message: String, _ file: String, _ line: Int) {
      self.message = "\(file):\(line): \(message)"
    }
  }

  /// A row of the table.
  struct Entry: Hashable, Sendable {
    /// What it calls the submission.
    var submission: String
    var mark: GradeReport.Mark
    var line: Int
  }

  let file: String
  let entries: [Entry]

  private static let most = 1e9

  /// Reads a table; columns stand in any order, others are passed over, `comment` may be missing.
  /// Semicolons or tabs may stand for commas, and where they do, a comma for the point of numbers.
  /// - Parameter file: what errors call it.
  /// - Throws: where it is no table, a column is missing, points are no number, or a part of a
  ///   submission is marked twice.
  package init(_ text: String, file: String) throws(Failure) {
    self.file = file
    var rows: [SeparatedValues.Row]
    do throws(SeparatedValues.Problem) {
      rows = try SeparatedValues.rows(of: text)
    } catch {
      throw Failure(error.message, file, error.line)
    }
    guard !rows.isEmpty else {
      throw Failure("the file is empty; begin with submission,part,points,comment", file, 1)
    }
    let head = rows.removeFirst()
    let columns = try Columns(head, file)
    var entries: [Entry] = []
    var seen: [[String]: Int] = [:]
    for row in rows {
      let entry = try columns.entry(row, file)
      let place = [entry.submission, entry.mark.part]
      if let line = seen.updateValue(row.line, forKey: place) {
        throw Failure(
          "\(shown(entry.mark.part)) of \(shown(entry.submission)) is marked in line \(line) already",
          file, row.line)
      }
      entries.append(entry)
    }
    self.entries = entries
  }

  private struct Columns {
    let submission: Int
    let part: Int
    let points: Int
    let comment: Int?
    let count: Int
    let takesCommas: Bool

    init(_ head: SeparatedValues.Row, _ file: String) throws(Failure) {
      let names = head.fields.map { trimmed($0).lowercased() }
      func place(_ name: String) throws(Failure) -> Int {
        let places = names.indices.filter { names[$0] == name }
        guard let first = places.first else {
          let found = names.map(shown).joined(separator: ", ")
          throw Failure(
            "there is no column \(name), only \(found); begin with submission,part,points,comment",
            file, head.line)
        }
        guard places.count == 1 else {
          throw Failure("the column \(name) stands there twice", file, head.line)
        }
        return first
      }
      submission = try place("submission")
      part = try place("part")
      points = try place("points")
      comment = names.contains("comment") ? try place("comment") : nil
      count = names.count
      takesCommas = head.delimiter != SeparatedValues.comma
    }

    func entry(_ row: SeparatedValues.Row, _ file: String) throws(Failure) -> Entry {
      guard row.fields.count <= count else {
        throw Failure(
          "the row has \(row.fields.count) fields and the first one \(count); put a text with a"
            + " comma in quotes", file, row.line)
      }
      func field(_ place: Int, _ name: String) throws(Failure) -> String {
        let text = place < row.fields.count ? trimmed(row.fields[place]) : ""
        guard !text.isEmpty else { throw Failure("\(name) is empty", file, row.line) }
        return text
      }
      let text = try field(points, "points")
      guard let number = number(text) else {
        throw Failure(
          "points is \(shown(text)), which is no number; write 1.5", file, row.line)
      }
      guard abs(number) <= Marks.most else {
        throw Failure("points is \(shown(text)), more than anybody has", file, row.line)
      }
      let remark = comment.flatMap { $0 < row.fields.count ? trimmed(row.fields[$0]) : nil } ?? ""
      return Entry(
        submission: Marks.plain(try field(submission, "submission")),
        mark: GradeReport.Mark(
          part: Marks.plain(try field(part, "part")), points: number, comment: Marks.plain(remark)),
        line: row.line)
    }

    /// Digits with a point, and nothing else that Swift takes for a number: `nan`, `0x10`.
    private func number(_ text: String) -> Double? {
      var digits = Array(text.utf8)
      if takesCommas { digits = digits.map { $0 == 0x2C ? 0x2E : $0 } }
      guard digits.allSatisfy({ (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E].contains($0) })
      else { return nil }
      return Double(String(decoding: digits, as: UTF8.self))
    }
  }

  /// Without the apostrophe that reports write in front of what a spreadsheet would compute.
  private static func plain(_ text: String) -> String {
    let rest = String(text.unicodeScalars.dropFirst())
    return text.unicodeScalars.first == "'" && CSVCell.isFormula(rest) ? rest : text
  }
}

extension GradeReport {
  /// Gives the marks to the submissions that they name: by the name of the report, by the file
  /// without folder or extension, or by the id.
  /// - Returns: a sentence for each mark that no submission got, and for each that counts on top
  ///   though its part is nearly called like one of the key.
  package mutating func add(_ marks: Marks) -> [String] {
    var places: [String: Set<Int>] = [:]
    for (place, submission) in submissions.enumerated() {
      for name in Self.names(of: submission) { places[name, default: []].insert(place) }
    }
    var sentences: [String] = []
    for entry in marks.entries {
      func say(_ words: String) { sentences.append("\(marks.file):\(entry.line): \(words)") }
      // What the report calls one submission may be the id of another.
      let exact = submissions.indices.filter { submissions[$0].name == entry.submission }
      let found = exact.isEmpty ? places[entry.submission].map(Array.init) ?? [] : exact
      guard let place = found.first else {
        say("no submission is called \(shown(entry.submission))")
        continue
      }
      guard found.count == 1 else {
        say("\(found.count) submissions are called \(shown(entry.submission))")
        continue
      }
      guard !submissions[place].marks.contains(where: { $0.part == entry.mark.part }) else {
        say(
          "\(shown(entry.mark.part)) of \(shown(submissions[place].name)) is marked already")
        continue
      }
      submissions[place].marks.append(entry.mark)
      let names = Set(parts.map { $0.name })
      if !names.contains(entry.mark.part),
        let near = Spelling.nearest(to: entry.mark.part, in: names.sorted())
      {
        say(
          "the key has no part \(shown(entry.mark.part)), so its points come on top; it has"
            + " \(shown(near))")
      }
    }
    return sentences
  }

  private static func names(of submission: Submission) -> Set<String> {
    var names: Set<String> = [
      submission.name, ReportText.visible(submission.name), submission.id,
    ]
    if let file = submission.name.split(separator: "/").last {
      names.insert(String(file))
      if let point = file.lastIndex(of: "."), point > file.startIndex {
        names.insert(String(file[..<point]))
      }
    }
    names.remove("")
    return names
  }
}

private func trimmed(_ text: String) -> String {
  var scalars = text.unicodeScalars[...]
  while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
  while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
  return String(scalars)
}

/// A text of the file in a sentence.
private func shown(_ text: String) -> String {
  ReportText.shortened(ReportText.line(text), to: 60)
}
