import Foundation
import Language
import Library
import TestSupport
import Testing

@testable import Notes

/// Notes whose numbers are checked.
@Suite struct NoteTests {
  static let folder = "Tests/NotesTests/Fixtures"
  static let fixtures = ["forward.md", "training.qmd", "slides.tex", "loss.rst", "picture.md"]

  /// Files of a folder that is not there.
  final class Files {
    var bytes: [String: [UInt8]] = [:]
  }

  private func note(
    _ text: String, _ file: String, files: Files = Files(), isEachAlone: Bool = false,
    updates: Bool = false
  ) throws -> Note {
    var host = Host(write: { _ in true }, report: { _ in })
    host.files = FileAccess(
      read: { path in files.bytes[path].map { .success($0) } ?? .failure(.unreadable("none")) },
      write: { _, _ in .failure(.forbidden) })
    let format = try #require(NoteFormat.of(file: file))
    var note = Note(text, path: file, format: format)
    note.run(catalog: .standard, host: host, isEachAlone: isEachAlone, updates: updates)
    return note
  }

  private func fixture(_ name: String) throws -> String {
    try Project.text("\(Self.folder)/\(name)")
  }

  private func files(of name: String) throws -> Files {
    let files = Files()
    let pictures = try note(fixture(name), name).pictures
    for picture in pictures { files.bytes[picture.path] = picture.bytes }
    return files
  }

  @Test(arguments: zip(fixtures, [4, 3, 3, 2, 2])) func whatIsRightHasNoDifference(
    name: String, blocks: Int
  ) throws {
    let note = try note(fixture(name), name, files: files(of: name))
    #expect(note.differences == [])
    #expect(note.blockCount == blocks)
  }

  /// Twenty faults, each in a copy of a note that is right: the line that must be named.
  @Test(arguments: [
    ("forward.md", "# → 0.3775", "# → 0.3785", 12),
    ("forward.md", "# → 0.593\n", "# → 0.594\n", 14),
    ("forward.md", "# → 593", "# → 592", 16), ("forward.md", "w2*i2 + b1", "w2*i2", 12),
    ("forward.md", "0.5932700", "0.5932710", 27),
    ("forward.md", "1 0.1\n2 0.01", "2 0.01\n1 0.1", 28),
    ("forward.md", "3 1e-3\n", "", 30), ("forward.md", "net 0.3775,", "net = 0.3775,", 27),
    ("forward.md", "has no value", "has no name", 36),
    ("forward.md", "print unknown", "print 1", 36),
    ("forward.md", "w1 = 0.15", "w1 = 0.16", 12),
    ("training.qmd", "0.037", "0.038", 11), ("training.qmd", "100 epochs", "101 epochs", 11),
    ("training.qmd", "0.3333, 0.6667", "0.6667, 0.3333", 22),
    ("training.qmd", "\n1\nx", "\n0.9\nx", 22), ("slides.tex", "    6\n", "    5\n", 13),
    ("slides.tex", "# → 9", "# → 10", 19), ("slides.tex", "E = w^2", "E = w^3", 13),
    ("loss.rst", "0.03125", "0.03215", 12), ("loss.rst", "-0.287682", "0.287682", 16),
  ]) func aSeededFaultIsFound(name: String, right: String, wrong: String, line: Int) throws {
    let text = try fixture(name)
    let broken = try #require(
      text.range(of: right).map { text.replacingCharacters(in: $0, with: wrong) })
    let differences = try note(broken, name, files: files(of: name)).differences
    #expect(differences.first?.line == line, "\(differences)")
  }

  @Test func aPictureThatIsOutOfDateIsFound() throws {
    let files = try files(of: "picture.md")
    #expect(files.bytes.keys.sorted() == ["circles.svg"])
    files.bytes["circles.svg"]?.append(0x20)
    var note = try note(fixture("picture.md"), "picture.md", files: files)
    #expect(note.differences.map(\.message) == ["circles.svg is out of date"])
    #expect(note.differences.map(\.line) == [2])
    note = try self.note(fixture("picture.md"), "picture.md")
    #expect(note.differences.map(\.message) == ["circles.svg is not there"])
  }

  @Test(arguments: fixtures) func whatIsBroughtUpToDateHasNoDifference(name: String) throws {
    let text = try fixture(name)
    let files = try files(of: name)
    let same = try note(text, name, files: files, updates: true)
    #expect(same.text == text)
    let digits = text.replacingOccurrences(of: "0.1", with: "0.2")
      .replacingOccurrences(of: "w^2", with: "w^3").replacingOccurrences(
        of: "epochs=100", with: "epochs=50"
      )
      .replacingOccurrences(of: "0.75", with: "0.85")
    let updated = try note(digits, name, files: files, updates: true)
    let again = try note(updated.text, name, files: files)
    #expect(again.differences == [])
    if digits != text, name != "picture.md" {
      #expect(!updated.differences.isEmpty)
      #expect(updated.text != digits)
    }
  }

  @Test func numbersAreComparedByTheDigitsThatAreWritten() {
    for (written, found, holds) in [
      ("0.59", "0.5933", true), ("0.59", "0.5951", false), ("0.59326999211", "0.593269992", true),
      ("0.59426999211", "0.593269992", false), ("1", "1.4", true), ("1", "2", false),
      ("100", "101", false),
      ("1e-3", "0.001", true), ("1.0e-3", "0.00104", true), ("1.0e-3", "0.0011", false),
      ("-0.5", "−0.5", true), ("-0.5", "0.5", false), ("w1 = 2", "w2 = 2", false),
      ("[1, 2]", "[1,   2]", true), ("x = inf", "x = nan", false), ("12.5 %", "12.51 %", true),
      ("3.", "3.", true), ("v1.2", "v1.3", false), ("0", "1e-13", true),
    ] {
      #expect(NoteComparison.isSame(written, found) == holds, "\(written) and \(found)")
    }
  }

  @Test func aLineOfDotsStandsForAnyLines() {
    #expect(NoteComparison.holds(["a", "…", "d"], ["a", "b", "c", "d"]))
    #expect(NoteComparison.holds(["a", "..."], ["a"]))
    #expect(!NoteComparison.holds(["a", "…", "d"], ["a", "b"]))
  }

  @Test func namesHaveTheirFormat() {
    #expect(NoteFormat.of(file: "a/b.MD")?.name == "Markdown")
    #expect(NoteFormat.of(file: "a.b/c") == nil)
    #expect(NoteFormat.of(file: "notes.docx") == nil)
  }

  /// The project's own pages are notes as well.
  @Test(arguments: [
    ("README.md", false), ("Sources/Language/Language.docc/Language.md", true),
    ("Sources/Language/Language.docc/Reference.md", true),
  ]) func thePagesOfTheProjectHold(path: String, isEachAlone: Bool) throws {
    let fixtures = "Tests/LanguageTests/Fixtures/reference"
    var host = Host(write: { _ in true }, report: { _ in })
    host.files = FileAccess(
      read: { path in
        let base =
          path.hasPrefix("/")
          ? path : Project.file("\(fixtures)/\(path.split(separator: "/").last ?? "")").path
        return FileManager.default.contents(atPath: base).map { .success(Array($0)) }
          ?? .failure(.unreadable("no such file"))
      }, write: { _, _ in .success(()) })
    let format = try #require(NoteFormat.of(file: path))
    var note = Note(try Project.text(path), path: path, format: format)
    note.run(catalog: .standard, host: host, isEachAlone: isEachAlone)
    #expect(note.blockCount > 0)
    #expect(note.differences == [], "\(path)")
  }
}
