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
      valueName: "file"), completion: .file())
  var roster: String?

  @Option(
    help: ArgumentHelp(
      "A file for the sheet, or a folder for those of a roster.", valueName: "path"),
    completion: .file())
  var to: String?

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      SheetFormat.all.map { "\($0.name): \($0.summary)" }.joined(separator: "; ") + ".",
      valueName: "format"), completion: .list(SheetFormat.all.map { $0.name }))
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
    guard let sheet = sheet(for: student ?? "", grader, output) else {
      return ExitStatus.runtimeError
    }
    let text = chosen.write(sheet)
    let isWritten = to.map { output.save(text, to: $0) } ?? output.write(text)
    return isWritten ? ExitStatus.done : ExitStatus.runtimeError
  }

  private func sheet(
    for id: String, _ grader: Grader, _ output: StandardOutput
  ) -> Grading.Sheet? {
    do throws(ExerciseKey.Failure) {
      return try grader.sheet(for: id)
    } catch {
      output.report(error)
      return nil
    }
  }

  private func writeAll(
    of roster: String, _ grader: Grader, _ output: StandardOutput
  ) -> Int32 {
    guard let folder = to else { return ExitStatus.syntaxError }
    guard let table = output.text(of: roster) else { return ExitStatus.runtimeError }
    var sheets: [(name: String, text: String)] = []
    var forms: Set<String> = []
    do throws(Roster.Failure) {
      for id in try Roster(table, name: roster).ids {
        guard let sheet = sheet(for: id, grader, output) else { return ExitStatus.runtimeError }
        sheets.append(("\(id).\(chosen.name)", chosen.write(sheet)))
        forms.insert(sheet.numbers)
      }
    } catch {
      output.reportFailure(error.message)
      return ExitStatus.runtimeError
    }
    guard output.save(sheets, toFolder: folder) else { return ExitStatus.runtimeError }
    let different = forms.count == sheets.count ? "" : ", \(forms.count) with different numbers"
    _ = output.write(lines: "\(sheets.count) sheets are written to \(folder)\(different)\n")
    return ExitStatus.done
  }
}
