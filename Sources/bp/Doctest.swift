import ArgumentParser
import Language
import Library
import Notes
import REPL

/// `bp doctest notes.md talk.tex`
struct Doctest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctest", abstract: "Run the bp blocks of notes and compare their results.",
    discussion: """
      Blocks of Markdown, Quarto, MyST, LaTeX and reStructuredText that are marked bp or bplang are \
      run as one session. Their results stand behind "# →" or in the next block without a \
      language, and numbers are compared by the digits that are written. The exit status is 1 \
      where something differs.
      """)

  @Flag(help: "Write results and pictures as they come into the notes.")
  var update = false

  @Flag(help: "Run every block in a session of its own.")
  var alone = false

  @Argument(
    help: "Notes: .md, .qmd, .tex, .rst and others of their kinds.",
    completion: .file(extensions: NoteFormat.all.flatMap { $0.extensions }))
  var files: [String]

  func validate() throws {
    for file in files where NoteFormat.of(file: file) == nil {
      let endings = NoteFormat.all.flatMap { $0.extensions }.map { ".\($0)" }
      throw ValidationError(
        "\(file): notes end in \(endings.dropLast().joined(separator: ", ")) or \(endings.last ?? "")"
      )
    }
  }

  func run() throws {
    throw ExitCode(Worker.run { output in status(writingTo: output) })
  }

  private func status(writingTo output: StandardOutput) -> Int32 {
    var status = ExitStatus.done
    for file in files {
      guard let format = NoteFormat.of(file: file), let text = output.text(of: file) else {
        status = ExitStatus.syntaxError
        continue
      }
      var note = Note(text, path: file, format: format)
      note.run(
        catalog: .standard,
        host: Host.system(
          writingTo: output,
          access: WriteAccess(script: file, allowed: [], environment: Terminal.environment)),
        isEachAlone: alone, updates: update)
      report(note, file, output)
      if Interrupt.received != nil { return ExitStatus.signal(2) }
      if update {
        guard save(note, file, text, output) else { return ExitStatus.runtimeError }
      } else if !note.differences.isEmpty, status == ExitStatus.done {
        status = ExitStatus.unsolved
      }
    }
    return status
  }

  private func report(_ note: Note, _ file: String, _ output: StandardOutput) {
    for difference in note.differences {
      var lines = ["\(file):\(difference.line): \(difference.message)"]
      if let written = difference.written { lines.append("  written  \(written)") }
      if let found = difference.found { lines.append("  comes    \(found)") }
      _ = output.write(lines: lines.joined(separator: "\n") + "\n")
    }
    let blocks = note.blockCount == 1 ? "1 block" : "\(note.blockCount) blocks"
    let count = note.differences.count
    let words = count == 0 ? "all as written" : count == 1 ? "1 differs" : "\(count) differ"
    _ = output.write(lines: "\(file): \(blocks), \(words)\n")
  }

  private func save(
    _ note: Note, _ file: String, _ before: String, _ output: StandardOutput
  ) -> Bool {
    if note.text != before, !output.save(note.text, to: file) { return false }
    return note.pictures.allSatisfy { picture in
      if case .failure(let problem) = SystemFiles.write(picture.path, picture.bytes) {
        output.reportFailure("\(picture.path) cannot be written: \(problem.words)")
        return false
      }
      return true
    }
  }
}
