import Foundation
import Library
import Testing

@testable import Language
@testable import bp

@Suite struct ManualTests {
  static let page = Result { try Program.run("man", environment: ["SOURCE_DATE_EPOCH": "86400"]) }

  @Test func theSameSourcesGiveTheSamePage() throws {
    let page = try Self.page.get()
    #expect(page.status == 0)
    #expect(page.errors == "")
    #expect(page.output.hasPrefix(".Dd January 2, 1970\n.Dt BP 1\n"))
    #expect(
      try Program.run("man", environment: ["SOURCE_DATE_EPOCH": "86400"]).output == page.output)
  }

  /// What `help` and the parser know stands in the page, however it is escaped there.
  @Test func everyRecordStandsInThePage() throws {
    let lines = try Self.page.get().output.split(separator: "\n").map { String($0) }
    let items = Set(lines)
    let command = try CommandRecord.all()
    for command in command.commands where command.name != "run" {
      #expect(items.contains(".Ss bp \(command.name)"), "\(command.name)")
    }
    for command in command.commands {
      for option in command.options where !option.names.isEmpty {
        let name = Mdoc.text(option.names.last?.dropFirst() ?? "")
        #expect(lines.contains { $0.hasPrefix(".It ") && $0.contains("Fl \(name)") }, "\(name)")
      }
    }
    let sections = HelpSection.all(.standard)
    #expect(sections.count > 15)
    for entry in sections.flatMap({ $0.entries }) {
      #expect(items.contains(".It Ic \(Mdoc.quoted(entry.form))"), "\(entry.form)")
    }
    let forms = Set(sections.flatMap { $0.entries.map { $0.form } })
    #expect(forms.isSuperset(of: Catalog.standard.functions.map { $0.name }))
    #expect(forms.isSuperset(of: StatementHelp.all.map { $0.form }))
    #expect(forms.isSuperset(of: OperatorHelp.all.map { $0.form }))
  }

  @Test func mandocFindsNothingToSay() throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/mandoc") else {
      return print("skipped: no mandoc is installed")
    }
    let folder = try Folder()
    try folder.write(try Self.page.get().output, to: "bp.1")
    let result = try Program.shell("mandoc -Tlint bp.1", in: folder)
    #expect(result.output + result.errors == "")
    #expect(result.status == 0)
  }

  @Test(arguments: [
    ("x' and \\n", "x\\(aq and \\en"), ("-1 or --to, well-kept", "\\-1 or \\-\\-to, well-kept"),
    ("a^b ~~ \"c\"", "a\\(hab \\(ti\\(ti \\(dqc\\(dq"),
  ])
  func charactersStandForThemselves(_ text: String, _ escaped: String) {
    #expect(Mdoc.text(text) == escaped)
  }

  @Test func sentencesStandOnLinesOfTheirOwn() {
    #expect(Mdoc.paragraph("One. Two\nthree? .bp files") == ["One.", "Two three?", "\\&.bp files"])
    let long = Mdoc.paragraph(Array(repeating: "wörter", count: 40).joined(separator: " "))
    #expect(long.count > 4)
    #expect(long.allSatisfy { $0.utf8.count <= 80 })
  }
}
