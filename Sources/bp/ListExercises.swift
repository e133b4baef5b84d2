import ArgumentParser
import Exercises
import Glibc
import Language
import Library
import REPL
import Rendering
import Syntax

/// `bp exercises`, `bp exercises forward_pass`
struct ListExercises: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exercises",
    abstract: "List the exercises that come with bp, or copy one to work on.",
    discussion: """
      The list says what each teaches and how far your copy in this folder is. A copy is worked on \
      in any editor; bp check --watch says on every save what holds.
      """)

  @Option(
    help: ArgumentHelp("A file or folder for the copy, instead of this folder.", valueName: "path"),
    completion: .file())
  var to: String?

  @ArgumentParser.Argument(help: "The exercise to copy.", completion: .exercises)
  var name: String?

  func run() throws {
    throw ExitCode(Worker.run { status(writingTo: $0) })
  }

  private static var folder: String? {
    SharedFolder.path(of: "exercises", variable: "BP_EXERCISES", checkout: "scripts/exercises")
  }

  /// None where the exercises are not there.
  static var names: [String] {
    folder.map(SystemFiles.list)?.filter { $0.hasSuffix(".bp") }
      .map { String($0.dropLast(3)) }.sorted() ?? []
  }

  private func status(writingTo output: StandardOutput) -> Int32 {
    guard let folder = Self.folder else {
      output.reportFailure(
        "the exercises are not installed beside this program; BP_EXERCISES names their folder")
      return ExitStatus.runtimeError
    }
    let names = Self.names
    guard let name else { return list(names, folder, output) }
    guard names.contains(name) else {
      let near = Spelling.nearest(to: name, in: names).map { "; did you mean \($0)?" }
      output.reportFailure("there is no exercise \(name)\(near ?? "; bp exercises lists them")")
      return ExitStatus.syntaxError
    }
    return copy(name, folder, output)
  }

  // MARK: The list

  private func list(_ names: [String], _ folder: String, _ output: StandardOutput) -> Int32 {
    let width = (names.map { TextWidth.columns(of: $0) }.max() ?? 0) + 2
    for name in names {
      guard
        case .success(let text) = SystemFiles.read("\(folder)/\(name).bp")
          .flatMap(FileAccess.text)
      else { continue }
      let exercise = ShippedExercise(name: name, text: text)
      let state = progress(of: name).map { " (\($0))" } ?? ""
      _ = output.write(
        lines: TextWidth.padded(name, to: width, .left) + exercise.title + state + "\n")
      if !exercise.summary.isEmpty { _ = output.write(lines: "    \(exercise.summary)\n") }
    }
    _ = output.write(
      "\nbp exercises NAME copies one here, bp check --watch NAME.bp says on every save what holds\n"
    )
    return ExitStatus.done
  }

  /// How far the copy in the working folder is; nil where there is none.
  private func progress(of name: String) -> String? {
    let read = [".bp", ".bplang"].lazy.map { SystemFiles.read(name + $0).flatMap(FileAccess.text) }
    guard case .success(let text)? = read.first(where: { (try? $0.get()) != nil }) else {
      return nil
    }
    var host = Host(write: { _ in true }, report: { _ in })
    host.files.write = { _, _ in .failure(.forbidden) }
    let report = ExerciseRun(text, name: "\(name).bp", path: nil, catalog: .standard, host: host)
      .report
    if report.isSolved { return "solved" }
    let points = NumberStyle.decimals(0).text(report.points.rounded(.down))
    return "\(points) of \(NumberStyle.standard.text(report.pointsPossible)) points"
  }

  // MARK: A copy

  private func copy(_ name: String, _ folder: String, _ output: StandardOutput) -> Int32 {
    var path = to ?? "\(name).bp"
    var there = stat()
    if stat(path, &there) == 0, there.st_mode & S_IFMT == S_IFDIR { path += "/\(name).bp" }
    // What was worked on stays.
    if stat(path, &there) == 0 {
      output.reportFailure("\(path) is there already; --to names another place")
      return ExitStatus.runtimeError
    }
    guard let text = output.text(of: "\(folder)/\(name).bp"), output.save(text, to: path) else {
      return ExitStatus.runtimeError
    }
    _ = output.write(lines: "\(path) is yours to fill in: bp check --watch \(path)\n")
    return ExitStatus.done
  }
}
