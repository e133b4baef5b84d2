import ArgumentParser
import Cluster
import Glibc
import Interchange

/// `bp collect study.out`
struct Collect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect", abstract: "Join what the tasks of a study have come to.",
    discussion: """
      A row for each task that is done: its setting, its loss and its metric. Where tasks are \
      missing they are named, study.missing.sbatch is written, a job array of just those, and the \
      exit status is 1.
      """)

  @Option(
    name: .customLong("as"),
    help: "csv, or json for all that the tasks have left, losses by epoch included.",
    completion: .list(["csv", "json"]))
  var format = "csv"

  @Option(help: "A file for the table, instead of standard output.", completion: .file())
  var to: String?

  @ArgumentParser.Argument(help: "The folder of a study, as study.out.", completion: .directory)
  var folder: String

  func validate() throws {
    guard ["csv", "json"].contains(format) else {
      throw ValidationError("--as is csv or json, not \(format)")
    }
  }

  func run() throws {
    throw ExitCode(Worker.run { output in status(writingTo: output) })
  }

  private func status(writingTo output: StandardOutput) -> Int32 {
    let path = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let list: StudyFolder
    switch SystemFiles.read(StudyFolder.listPath(path)) {
    case .failure(let problem):
      output.reportFailure(
        "\(path) is no folder of a study: \(StudyFolder.listPath(path)) cannot be read, \(problem.words)"
      )
      return ExitStatus.runtimeError
    case .success(let bytes):
      do throws(FormatError) { list = try StudyFolder(path, list: bytes) } catch {
        output.reportFailure("\(StudyFolder.listPath(path)): \(error.message)")
        return ExitStatus.runtimeError
      }
    }
    let table = StudyTable(list) { hash in
      guard case .success(let bytes) = SystemFiles.read(StudyFolder.resultPath(path, hash)) else {
        return nil
      }
      return try? JSON.parse(bytes)
    }
    guard let bytes = format == "csv" ? Array(table.csv.utf8) : try? table.json() else {
      return ExitStatus.runtimeError
    }
    if let to {
      guard output.write(bytes, to: to) else { return ExitStatus.runtimeError }
    } else {
      _ = output.write(String(decoding: bytes, as: UTF8.self))
    }
    guard !table.missing.isEmpty else { return ExitStatus.done }
    let array = StudyFolder.arrayPath(of: path, isForMissing: true)
    guard output.write(list, tasks: table.missing, to: array) else {
      return ExitStatus.runtimeError
    }
    output.report(
      "\(table.missing.count) of \(list.tasks.count) tasks are missing: \(JobArray.ranges(table.missing)); "
        + "sbatch \(array) makes them\n")
    return ExitStatus.unsolved
  }
}
