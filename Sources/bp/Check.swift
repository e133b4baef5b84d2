import ArgumentParser
import Exercises
import Glibc
import Language
import Library
import REPL
import Syntax

/// `bp check FILE.bp`
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Run an exercise and say which of its checks hold.",
    discussion: "The exit status is 1 where a check does not hold or something is not filled in.")

  @Flag(help: "Write the report as one JSON object.")
  var json = false

  @Flag(
    name: .customLong("hint"),
    help: "Show the first hint of the first exercise that is not solved; twice, the second as well."
  )
  var hints: Int

  @Flag(help: "Check again whenever the file is saved, one exercise at a time.")
  var watch = false

  @OptionGroup var limits: RunLimits

  @OptionGroup var writing: WriteOptions

  @ArgumentParser.Argument(
    help: "An exercise, or - for standard input.", completion: .scripts)
  var file: String

  func validate() throws {
    guard watch else { return }
    if json {
      throw ValidationError("--watch writes for people, --json for programs: give one of them")
    }
    if file == "-" {
      throw ValidationError("--watch needs a file that is saved, not standard input")
    }
  }

  func run() throws {
    throw ExitCode(
      Worker.run(reportsAsJSON: json) { output in
        watch ? CheckWatch(self).run(writingTo: output) : status(writingTo: output)
      })
  }

  func status(writingTo output: StandardOutput) -> Int32 {
    switch SystemFiles.read(file).flatMap(FileAccess.text) {
    case .success(let text):
      let run = exerciseRun(text, output)
      write(run, hints: hints, to: output)
      return status(of: run)
    case .failure(let failure):
      let message = "\(file) cannot be read: \(failure.words)"
      if json {
        var report = ExerciseReport(file: SystemFiles.title(of: file))
        report.errors.append(ProgramFailure.diagnostic(message))
        _ = output.write(report.json(DiagnosticRenderer { _ in nil }) + "\n")
      } else {
        output.reportFailure(message)
      }
      return ExitStatus.runtimeError
    }
  }

  func exerciseRun(_ text: String, _ output: StandardOutput) -> ExerciseRun {
    Supervisor.setLimits(limits.runtime)
    return ExerciseRun(
      text, name: SystemFiles.title(of: file), path: file == "-" ? nil : file, catalog: .standard,
      host: .system(writingTo: output, access: writing.access(of: file == "-" ? nil : file)),
      limits: limits.runtime, parserLimits: limits.parser)
  }

  /// - Parameter hints: of the exercise that is next, which alone is shown while watching.
  func write(_ run: ExerciseRun, hints: Int, to output: StandardOutput) {
    if json {
      _ = output.write(run.report.json(run.diagnosticRenderer) + "\n")
      return
    }
    if !run.report.output.isEmpty { _ = output.write(lines: run.report.output + "\n") }
    for diagnostic in run.report.notes + run.report.errors {
      output.report(run.diagnosticRenderer.render(diagnostic) + "\n")
    }
    if run.outcome != .syntaxError || !run.report.exercises.isEmpty {
      _ = output.write(
        lines: run.report.text(Terminal.display(), hints: hints, isOneAtATime: watch))
    }
  }

  /// A script that leaves early is judged as well.
  private func status(of run: ExerciseRun) -> Int32 {
    if case .left = run.outcome {
      return run.report.isSolved ? ExitStatus.done : ExitStatus.unsolved
    }
    return ExitStatus.of(run.outcome, isSolved: run.report.isSolved)
  }
}
