import ArgumentParser
import Cluster
@preconcurrency import Glibc
import REPL
import Rendering
import Sandbox

/// The command line of bp.
@main
struct Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bp",
    abstract: "Build, train and explain multi-layer perceptrons.",
    usage: """
      bp                      open a prompt
      bp start                open a prompt with a tutorial of ten minutes
      bp FILE.bp [ARG ...]    run a script; its arguments are the list args
      bp -i FILE.bp           run a script, then open a prompt that knows what it made
      bp -e CODE              run a line
      bp -                    run what comes on standard input
      bp --sandbox FILE.bp    run a script sealed off from files, network and programs
      bp check FILE.bp        say which checks of an exercise hold
      bp exercises [NAME]     list the exercises that come with bp, or copy one to work on
      bp sheet KEY.bp         write the tasks of an exercise, each student with own numbers
      bp grade KEY.bp FILES   grade what students handed in, each in a sealed process
      bp quiz KEY.bp          write an exercise as a quiz for Moodle, STACK or Canvas
      bp predict MODEL FILE   write what a model answers to every row of a table
      bp sweep FILE.bp        make the trainings of a sweep as jobs of Slurm
      bp collect FOLDER       join what those jobs have come to
      bp present FILE.bp      show a script as slides, or write it as a talk
      bp page [FILE.bp]       write a page that runs bp in any browser, as one file
      bp kernel install       make bp known to Jupyter notebooks
      bp doctest NOTES ...    check the numbers of notes in Markdown or LaTeX
      bp lsp                  serve an editor: errors, completion, help, renaming
      bp colours --as FORMAT  write what colours scripts in an editor, in LaTeX or on a page
      bp fmt FILE.bp ...      lay scripts out in the one canonical way
      bp help [WORD ...]      explain a function, an option's choices, a topic or a word of the field
      """,
    discussion: """
      bp run --help lists the options of a run. What a script may use is set with --max-depth, \
      --max-steps, --max-memory, --max-time, --max-elements, --max-string, --max-output, --max-nesting and --max-source.
      """,
    subcommands: [
      Run.self, Check.self, ListExercises.self, WriteSheets.self, Grade.self, WriteQuiz.self,
      Format.self, Predict.self, SweepStudy.self, Collect.self, Present.self, WritePage.self,
      RunKernel.self, Doctest.self, ServeLanguage.self, WriteColours.self, Explain.self, Start.self,
      WriteManual.self, WriteCompletions.self, CompleteWords.self,
    ],
    defaultSubcommand: Run.self)

  /// Wrong usage has the exit status of a syntax error.
  static func main() {
    if ProgramArguments.all == [SubmissionRunner.argument] {
      Glibc.exit(SubmissionChild.run())
    }
    if let run = plainRun(ProgramArguments.all) {
      Glibc.exit(Worker.run(reportsAsJSON: run.json) { run.run(writingTo: $0) })
    }
    do {
      var command = try parseAsRoot(
        CompletionScript.spelledOut(SandboxOptions.spelledOut(ProgramArguments.all)))
      if let launcher = Launcher.found(), !(command is Run) {
        Glibc.exit(
          Worker.run {
            $0.reportFailure(
              "only scripts run in several processes, and \(launcher.name) started \(launcher.count)",
              of: launcher)
          })
      }
      try command.run()
    } catch let code as ExitCode {
      // Every run ends so: there is no message to look for.
      Glibc.exit(code.rawValue)
    } catch {
      let text = fullMessage(for: error)
      switch exitCode(for: error) {
      case .validationFailure:
        // The options could not be read: whether JSON was asked for, only the words tell.
        let isJSON = ProgramArguments.all.prefix { $0 != "--" }.contains("--json")
        fputs(
          isJSON
            ? ProgramFailure.text(message(for: error), .syntax, isJSON: true)
            : TextWidth.printableLines(text + "\n", keepsColours: false),
          stderr)
        Glibc.exit(ExitStatus.syntaxError)
      case .success where !text.isEmpty:
        // Help goes the way of all output, so that a full disk is seen.
        Glibc.exit(
          Worker.run {
            _ = $0.write(text + "\n")
            return ExitStatus.done
          })
      default: exit(withError: error)
      }
    }
  }
}

/// `bp FILE.bp arg…`, `bp -e 'code'`, `bp -`, `bp`
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a script, a line, standard input, or a prompt.")

  @Option(name: .customShort("e"), help: ArgumentHelp("Code to run.", valueName: "code"))
  var code: [String] = []

  @Flag(name: .customShort("i"), help: "Open a prompt after the script.")
  var staysOpen = false

  // Asked for here and not in the configuration, which is made at every start: finding out which
  // kernels there are opens a library.
  @Flag(help: "Show the version.")
  var version = false

  @Flag(help: "Write errors as JSON, one object a line.")
  var json = false

  @Flag(help: "Write no notes.")
  var quiet = false

  @Option(help: "Whether to colour: always, never, or auto for a terminal alone.")
  var color = ColourChoice.auto

  @OptionGroup var limits: RunLimits

  @OptionGroup var writing: WriteOptions

  @OptionGroup var sandbox: SandboxOptions

  @Argument(help: "A script, or - for standard input.", completion: .scripts)
  var file: String?

  @Argument(parsing: .captureForPassthrough, help: "Arguments of the script, as args.")
  var arguments: [String] = []

  func validate() throws {
    guard sandbox.isOn else { return }
    if staysOpen || (file == nil && code.isEmpty && Terminal.isTerminal(STDIN_FILENO)) {
      throw ValidationError("The sandbox runs a script, -e CODE or -, and opens no prompt.")
    }
    if Launcher.found() != nil {
      throw ValidationError("The sandbox is for one process, and there are several.")
    }
    if !writing.write.isEmpty {
      throw ValidationError("The sandbox writes no files: --write opens none.")
    }
  }

  func run() throws {
    if version {
      throw ExitCode(
        Worker.run {
          _ = $0.write(Version.text + "\n")
          return ExitStatus.done
        })
    }
    color.apply()
    var run = ScriptRun(
      code: code, file: file, arguments: SandboxOptions.asWritten(arguments),
      staysOpen: staysOpen, json: json, isQuiet: quiet,
      limits: sandbox.isOn ? limits.sealed : limits.runtime,
      parserLimits: limits.parser, writable: writing.write)
    let problem = sandbox.isOn ? run.seal(sandbox) : nil
    throw ExitCode(
      Worker.run(reportsAsJSON: json) { output in
        guard let problem else { return run.run(writingTo: output) }
        output.reportFailure(problem)
        return ExitStatus.runtimeError
      })
  }
}

/// `bp help train`, `bp help learning rate`
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "help", abstract: "Explain a function, an option's choices, a topic or a word.")

  @Argument(
    parsing: .captureForPassthrough,
    help: "What is to be explained; without it, topics are listed.", completion: .helpNames)
  var words: [String] = []

  func run() throws {
    let topic = words.joined(separator: " ")
    // As a string: what is looked up may be a sign that alone would be no topic.
    let literal = topic.reduce(into: "") { text, character in
      text += ["\"", "\\", "{"].contains(character) ? "\\\(character)" : String(character)
    }
    let code = topic.isEmpty ? "help" : "help(\"\(literal)\")"
    throw ExitCode(
      Worker.run {
        ScriptRun(code: [code], file: nil, arguments: [], staysOpen: false, json: false)
          .run(writingTo: $0)
      })
  }
}

/// `bp start`
struct Start: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Open a prompt with the tutorial, where it was left.",
    discussion: "At the prompt the word start does the same; start list names the steps.")

  @Argument(help: "A step, or over for the beginning.")
  var step: String?

  func validate() throws {
    guard Terminal.isTerminal(STDIN_FILENO), Terminal.isTerminal(STDOUT_FILENO) else {
      throw ValidationError("The tutorial is typed along: bp start needs a terminal.")
    }
  }

  func run() throws {
    throw ExitCode(
      Worker.run {
        var run = ScriptRun(code: [], file: nil, arguments: [], staysOpen: true, json: false)
        run.tutorial = .some(step)
        return run.run(writingTo: $0)
      })
  }
}
