import ArgumentParser
import Glibc
import Interchange
import Language
import Library
import REPL

/// `bp man`
struct WriteManual: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "man", abstract: "Write the manual page.",
    discussion: """
      bp man > bp.1 makes the page that packages install. Its date is that of SOURCE_DATE_EPOCH, \
      seconds since 1970, where that is set.
      """, shouldDisplay: false)

  func run() throws {
    throw ExitCode(
      Worker.run { output in
        do throws(FormatError) {
          let page = ManualPage(
            command: try CommandRecord.all(), sections: HelpSection.all(.standard),
            date: Self.date(environment: Terminal.environment))
          _ = output.write(page.text)
          return ExitStatus.done
        } catch {
          output.reportFailure("the manual cannot be written: \(error.message)")
          return ExitStatus.runtimeError
        }
      })
  }

  /// `November 29, 2026`: of the sources, where the environment says it, so that the same sources give
  /// the same page.
  static func date(environment: (String) -> String?) -> String {
    var seconds = environment("SOURCE_DATE_EPOCH").flatMap { time_t($0) } ?? time(nil)
    var day = tm()
    gmtime_r(&seconds, &day)
    let months = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ]
    return "\(months[Int(day.tm_mon)]) \(day.tm_mday), \(1900 + Int(day.tm_year))"
  }
}
