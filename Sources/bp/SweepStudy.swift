import ArgumentParser
import Cluster
import Glibc
import Interchange
import Language
import Library
import REPL
import Syntax

/// `bp sweep study.bp --slurm`, `bp sweep study.bp --task 3`
struct SweepStudy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Make the trainings of a script's sweep as jobs of Slurm.",
    discussion: """
      --slurm lists the trainings of the first sweep of the script in study.out and writes \
      study.sbatch, a job array with a task for each: sbatch study.sbatch starts it. A task writes \
      its result into study.out under a name made of script, version, setting and data; what is \
      done is not made again, and a task that was ended early goes on where it was. The script ends \
      at its sweep. bp collect study.out joins the results.
      """)

  @Flag(help: "List the tasks and write the job array.")
  var slurm = false

  @Option(help: ArgumentHelp("Make one training, counted from 0.", valueName: "n"))
  var task: Int?

  @ArgumentParser.Argument(help: "A script with a sweep.", completion: .scripts)
  var file: String

  func validate() throws {
    guard slurm != (task != nil) else {
      throw ValidationError("bp sweep takes --slurm, which writes the job array, or --task n")
    }
    if let task, task < 0 { throw ValidationError("Tasks are counted from 0.") }
    if file == "-" { throw ValidationError("A study is a file, so that each task can read it.") }
  }

  func run() throws {
    throw ExitCode(Worker.run { output in status(writingTo: output) })
  }

  private var folder: String { StudyFolder.path(ofScript: file) }

  private func status(writingTo output: StandardOutput) -> Int32 {
    guard let text = output.text(of: file) else { return ExitStatus.runtimeError }
    let source = "\(Version.title)\n\(text)"
    if case .failure(let problem) = SystemFiles.makeFolder(folder) {
      output.reportFailure("\(folder) cannot be made: \(problem.words)")
      return ExitStatus.runtimeError
    }
    let study =
      if let task {
        Study(
          .task(task), source: source,
          checkpoint: { StudyFolder.checkpointPath(folder, $0) }, start: start)
      } else {
        Study(.list, source: source)
      }
    var run = ScriptRun(
      code: [], file: file, arguments: [], staysOpen: false, json: false,
      limits: RunLimits.standard)
    run.study = study
    let status = run.run(writingTo: output)
    guard status == ExitStatus.done else { return status }
    guard study.isDone else {
      output.reportFailure("there is no sweep in \(file): its trainings would be the tasks")
      return ExitStatus.runtimeError
    }
    return task == nil ? write(study, output) : keep(study, output)
  }

  /// Whether a task is one of the list, and what there is of it.
  private func start(_ number: Int, _ task: Study.Task) -> Study.Start {
    if case .success(let bytes) = SystemFiles.read(StudyFolder.listPath(folder)) {
      guard let list = try? StudyFolder(folder, list: bytes), list.tasks.indices.contains(number),
        list.tasks[number].hash == task.hash
      else {
        return .refused(
          "\(folder) lists other tasks: script, data or bp have changed since",
          help: "bp sweep \(file) --slurm lists them anew")
      }
    }
    if case .success = SystemFiles.read(StudyFolder.resultPath(folder, task.hash)) { return .done }
    if case .success = SystemFiles.read(StudyFolder.checkpointPath(folder, task.hash)) {
      return .resumed
    }
    return .fresh
  }

  private func write(_ study: Study, _ output: StandardOutput) -> Int32 {
    let tasks = (study.tasks ?? []).map {
      (hash: $0.hash, setting: (try? JSON.parse($0.setting)) ?? .null)
    }
    let list = StudyFolder(folder, script: file, program: Self.program, tasks: tasks)
    guard let bytes = try? list.list(),
      output.write(bytes, to: StudyFolder.listPath(folder)),
      output.write(list, tasks: Array(tasks.indices), to: StudyFolder.arrayPath(of: folder))
    else { return ExitStatus.runtimeError }
    _ = output.write(
      "\(tasks.count) tasks: sbatch \(StudyFolder.arrayPath(of: folder)), then bp collect \(folder)\n"
    )
    return ExitStatus.done
  }

  private func keep(_ study: Study, _ output: StandardOutput) -> Int32 {
    guard let (hash, document) = study.result else { return ExitStatus.done }
    guard output.write(document + [0x0A], to: StudyFolder.resultPath(folder, hash)) else {
      return ExitStatus.runtimeError
    }
    unlink(StudyFolder.checkpointPath(folder, hash))
    return ExitStatus.done
  }

  /// This program, as a job can start it.
  private static var program: String {
    guard let path = realpath("/proc/self/exe", nil) else { return "bp" }
    defer { free(path) }
    return String(cString: path)
  }
}

extension StandardOutput {
  /// Writes a file, or says why it cannot be written.
  func write(_ bytes: [UInt8], to path: String) -> Bool {
    guard case .failure(let problem) = SystemFiles.write(path, bytes) else { return true }
    reportFailure("\(path) cannot be written: \(problem.words)")
    return false
  }

  /// Writes the script of a job array.
  func write(_ folder: StudyFolder, tasks: [Int], to path: String) -> Bool {
    var place = "."
    if let current = getcwd(nil, 0) {
      place = String(cString: current)
      free(current)
    }
    return write(Array(JobArray(folder, in: place, tasks: tasks).text.utf8), to: path)
  }
}
