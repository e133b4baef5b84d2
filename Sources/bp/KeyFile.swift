import ArgumentParser
import Glibc
import Grading
import Language
import Library
import REPL
import Rendering
import Syntax

/// A key on the command line.
struct KeyFile: ParsableArguments {
  @ArgumentParser.Argument(
    help: ArgumentHelp("The exercise file of the lecturer.", valueName: "key"), completion: .scripts
  )
  var key: String

  /// The grader of the key; nil where it has an error, which is written.
  func grader(
    writingTo output: StandardOutput, limits: Runtime.Limits, options: Grader.Options = .init()
  ) -> Grader? {
    guard let text = output.text(of: key) else { return nil }
    let catalog = Catalog.standard
    let path = key == "-" ? nil : key
    var host = Host.system(
      writingTo: output,
      access: WriteAccess(script: path, allowed: [], environment: Terminal.environment))
    // It is run for every student.
    host.files.write = { _, _ in .failure(.unwritable("a key that grades writes no files")) }
    host.showProgress = nil
    do throws(ExerciseKey.Failure) {
      let key = try ExerciseKey(
        text, name: SystemFiles.title(of: key), path: path, catalog: catalog)
      return try Grader(
        key, catalog: catalog, host: host, limits: limits, options: options)
    } catch {
      output.report(error)
      return nil
    }
  }
}

extension StandardOutput {
  /// Writes why a file is no key, beside the output.
  func report(_ failure: ExerciseKey.Failure) {
    let isColoured = Display.wantsColour(
      environment: Terminal.environment, isTerminal: Terminal.isTerminal(STDERR_FILENO))
    report(failure.text(isColoured ? .terminal : .plain))
  }
}
