import ArgumentParser
import Glibc
import Grading
import Language

/// `bp sheet KEY.bp --roster class.csv --to sheets`
struct WriteSheets: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sheet", abstract: "Write the tasks of a key, each student with own numbers.",
    discussion: """
      A sheet has the tasks, the student's numbers and places for the answers. Solutions and checks \
      that are not public stay in the key.
      """)

  @Option(help: ArgumentHelp("The student that the sheet is for.", valueName: "id"))
  var student: String?

  @Option(
    help: ArgumentHelp(
      "A table of students with a column id: a sheet for each, in the folder --to.",
      valueName: "file"))
  var roster: String?

  @Option(
    help: ArgumentHelp(
      "A file for the sheet, or a folder for those of a roster.", valueName: "path"))
  var to: String?

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      SheetFormat.all.map { "\($0.name): \($0.summary)" }.joined(separator: "; ") + ".",
      valueName: "format"))
  var format: String?

  @OptionGroup var limits: RunLimits
  @OptionGroup var key: KeyFile

  func validate() throws {
    if let format, SheetFormat.named(format) == nil {
      let names = SheetFormat.all.map { $0.name }.joined(separator: ", ")
      throw ValidationError("--as is one of \(names), not \(format)")
    }
    if student != nil, roster != nil {
      throw ValidationError("--student is one student and --roster a class: give one of them")
    }
    if roster != nil, to == nil {
      throw ValidationError("--roster writes a sheet for each student: give a folder with --to")
    }
  }

  func run() throws {
    throw ExitCode(Worker.run { status(writingTo: $0) })
  }

  /// The format asked for, else the one that the name of the file tells.
  private var chosen: SheetFormat {
    let ending = to?.split(separator: ".").last.map(String.init)
    return format.flatMap(SheetFormat.named) ?? ending.flatMap(SheetFormat.named)
      ?? SheetFormat.all[0]
  }

  private func status(writingTo output: StandardOutput) -> Int32 {
    guard let grader = key.grader(writingTo: output, limits: limits.runtime) else {
      return ExitStatus.runtimeError
    }
    if let roster { return writeAll(of: roster, grader, output) }
    guard student != nil || !grader.key.hasVariants else {
      output.reportFailure(
        "the key has numbers for each student: say for whom, --student 4711 or --roster class.csv")
      return ExitStatus.syntaxError
    }
    if let student, let problem = Roster.problem(with: student) {
      output.reportFailure("the id \(problem)")
      return ExitStatus.syntaxError
    }
    guard let text = text(for: student ?? "", grader, output) else {
      return ExitStatus.runtimeError
    }
    guard let to else {
      return output.write(text) ? ExitStatus.done : ExitStatus.runtimeError
    }
    return write(text, to, output) ? ExitStatus.done : ExitStatus.runtimeError
  }

  private func text(
    for id: String, _ grader: Grader, _ output: StandardOutput
  ) -> String? {
    do throws(ExerciseKey.Failure) {
      return chosen.write(try grader.sheet(for: id))
    } catch {
      output.report(error)
      return nil
    }
  }

  private func write(_ text: String, _ path: String, _ output: StandardOutput) -> Bool {
    if case .failure(let problem) = SystemFiles.write(path, Array(text.utf8)) {
      output.reportFailure("\(path) cannot be written: \(problem.words)")
      return false
    }
    return true
  }

  private func writeAll(
    of roster: String, _ grader: Grader, _ output: StandardOutput
  ) -> Int32 {
    guard let folder = to else { return ExitStatus.syntaxError }
    let ids: [String]
    switch SystemFiles.read(roster).flatMap(FileAccess.text) {
    case .failure(let failure):
      output.reportFailure("\(roster) cannot be read: \(failure.words)")
      return ExitStatus.runtimeError
    case .success(let text):
      do throws(Roster.Failure) {
        ids = try Roster(text, name: roster).ids
      } catch {
        output.reportFailure(error.message)
        return ExitStatus.runtimeError
      }
    }
    if case .failure(let problem) = SystemFiles.makeFolder(folder) {
      output.reportFailure("\(folder) cannot be made: \(problem.words)")
      return ExitStatus.runtimeError
    }
    for id in ids {
      guard let text = text(for: id, grader, output),
        write(text, "\(folder)/\(id).\(chosen.name)", output)
      else { return ExitStatus.runtimeError }
    }
    _ = output.write(lines: "\(ids.count) sheets are written to \(folder)\n")
    return ExitStatus.done
  }
}
