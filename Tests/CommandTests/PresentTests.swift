import Foundation
import Testing

/// `bp present` without a terminal: one slide, or a file.
@Suite struct PresentTests {
  private static let script = """
    # A talk.
    slide "One"
    print args
    slide "Two"
    param w = 2
    E = w^2
    explain E w
    slide "Three"
    plot [1, 2, 1]
    """

  private static func status(_ arguments: String..., in folder: Folder) throws -> Int32 {
    try Program.run(arguments, in: folder).status
  }

  private func withFolder(_ body: (Folder) throws -> Void) throws {
    let folder = try Folder()
    try folder.write(Self.script, to: "talk.bp")
    try body(folder)
  }

  @Test("--slide runs up to a slide and writes it; without the command the script runs as ever")
  func oneSlide() throws {
    try withFolder { folder in
      let result = try Program.run("present", "talk.bp", "--slide", "2", in: folder)
      #expect(result.status == 0)
      #expect(result.output.hasPrefix("2. Two\n──────\n"))
      #expect(result.output.contains("= 4"))
      let missing = try Program.run("present", "talk.bp", "--slide", "9", in: folder)
      #expect(missing.status == 3 && missing.errors.contains("there are 3 slides"))
      let plain = try Program.run("talk.bp", "--slide", "7", in: folder)
      #expect(plain.output.contains("[\"--slide\", \"7\"]"))
    }
  }

  @Test("--to writes a page or a talk for beamer", arguments: ["html", "tex"])
  func files(_ ending: String) throws {
    try withFolder { folder in
      let result = try Program.run("present", "talk.bp", "--to", "talk.\(ending)", in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output == "talk.\(ending) is written: 3 slides\n")
      let text = try folder.text(of: "talk.\(ending)")
      #expect(text.contains(ending == "html" ? "<svg" : "\\begin{tikzpicture}"))
    }
  }

  @Test("Wrong options are refused")
  func options() throws {
    try withFolder { folder in
      let ending = try Self.status("present", "talk.bp", "--to", "talk.pdf", in: folder)
      let ground = try Self.status("present", "talk.bp", "--theme", "blue", in: folder)
      let missing = try Self.status("present", "nobody.bp", in: folder)
      #expect([ending, ground, missing] == [2, 2, 3])
    }
  }

  /// Every lecture compiles without an error, a warning or a box that is too full.
  @Test(
    "The lectures compile as talks",
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/pdflatex")
        && FileManager.default.fileExists(
          atPath: "/usr/share/texlive/texmf-dist/tex/latex/beamer/beamer.cls")
        && FileManager.default.fileExists(
          atPath: "/usr/share/texmf/tex/latex/lm/lmodern.sty"),
      "pdflatex with beamer, tikz and lmodern is not here"),
    arguments: ["llano"])
  func lectures(_ name: String) throws {
    let folder = try Folder()
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../scripts/lectures/\(name).bp").standardized.path
    #expect(try Self.status("present", script, "--to", "talk.tex", in: folder) == 0)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/pdflatex")
    process.arguments = ["-interaction=nonstopmode", "-halt-on-error", "talk.tex"]
    process.currentDirectoryURL = folder.url
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let log = try String(
      contentsOf: folder.url.appending(path: "talk.log"), encoding: .isoLatin1)
    #expect(process.terminationStatus == 0, "\(log.suffix(600))")
    #expect(!log.contains("Overfull") && !log.contains("LaTeX Warning"))
  }
}
