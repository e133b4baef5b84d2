import ArgumentParser
import Glibc
import Language
import Library
import Presentation
import REPL
import Rendering

/// `bp present lecture.bp`
struct Present: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "present",
    abstract: "Present a script as slides: at the terminal, or as a talk in HTML or LaTeX.",
    discussion: """
      A slide begins with the statement slide "…". At the terminal, the arrow keys turn the pages, \
      : takes a statement for the slide and computes it and all that follow again, and ? lists the \
      keys.
      """)

  @Option(
    help: "Write the talk instead: talk.html, or talk.tex for beamer.", completion: .file())
  var to: String?

  @Option(help: "Run up to this slide, from 1, and write it.")
  var slide: Int?

  @Option(help: "The ground of the slides: light or dark.", completion: .list(["light", "dark"]))
  var theme = "light"

  @OptionGroup var writing: WriteOptions

  @Argument(help: "A script.", completion: .scripts)
  var file: String

  @Argument(help: "Arguments of the script, as args; those with a dash stand behind --.")
  var arguments: [String] = []

  func validate() throws {
    guard Figure.Theme(rawValue: theme) != nil else {
      throw ValidationError("--theme is light or dark, not \(theme)")
    }
    if let to, !to.hasSuffix(".html"), !to.hasSuffix(".tex") {
      throw ValidationError("a talk is written as .html or .tex, not \(to)")
    }
    if let slide, slide < 1 { throw ValidationError("slides count from 1") }
  }

  func run() throws {
    throw ExitCode(Worker.run { present(writingTo: $0) })
  }

  private func present(writingTo output: StandardOutput) -> Int32 {
    guard let script = output.text(of: file) else { return ExitStatus.runtimeError }
    let isOnTerminal =
      to == nil && slide == nil && Terminal.isTerminal(STDIN_FILENO)
      && Terminal.isTerminal(STDOUT_FILENO)
    let talk: Talk
    do throws(TalkError) {
      talk = try Talk(
        script: script, name: SystemFiles.title(of: file), path: file,
        arguments: [file] + arguments,
        display: {
          var display = to == nil ? Terminal.display() : Display(columns: 100)
          // Colours of the slide are the presenter's own.
          if to != nil || isOnTerminal { display.hasColour = false }
          display.shortens = true
          return display
        },
        makeInterpreter: { write, report in
          var host = Host.system(writingTo: output, access: writing.access(of: file))
          host.write = write
          host.report = report
          host.showProgress = nil
          host.hasColouredReports = false
          return Interpreter(catalog: .standard, host: host)
        })
    } catch {
      output.report(error.message + "\n")
      return ExitStatus.syntaxError
    }
    talk.run(upTo: slide)
    if let slide { return write(slide, of: talk, to: output) }
    let ground = Figure.Theme(rawValue: theme) ?? .light
    if let to {
      let text = to.hasSuffix(".tex") ? talk.beamer(theme: ground) : talk.html(theme: ground)
      guard output.save(text, to: to) else { return ExitStatus.runtimeError }
      _ = output.write(lines: "\(to) is written: \(talk.slides.count) slides\n")
      return ExitStatus.of(talk.outcome, isSolved: talk.checksFailed == 0)
    }
    if isOnTerminal, talk.outcome != .interrupted {
      _ = output.flush()
      return SlideShow(talk, theme: ground).run()
    }
    for number in talk.slides.indices {
      _ = output.write(lines: Self.text(of: talk.slides[number], number: number + 1))
    }
    return ExitStatus.of(talk.outcome, isSolved: talk.checksFailed == 0)
  }

  private func write(_ number: Int, of talk: Talk, to output: StandardOutput) -> Int32 {
    guard talk.slides.count >= number else {
      output.reportFailure("there are \(talk.slides.count) slides, not \(number)")
      return ExitStatus.runtimeError
    }
    _ = output.write(lines: Self.text(of: talk.slides[number - 1], number: number))
    return ExitStatus.of(talk.outcome, isSolved: talk.checksFailed == 0)
  }

  private static func text(of slide: Talk.Slide, number: Int) -> String {
    let title = "\(number). \(slide.title)"
    let rule = String(repeating: "─", count: TextWidth.columns(of: title))
    return "\(title)\n\(rule)\n\(slide.text(on: Terminal.display()))\n"
  }
}
