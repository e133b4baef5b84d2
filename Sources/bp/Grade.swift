import ArgumentParser
import Differentiation
import Exercises
import Glibc
import Grading
import Language
import REPL
import Sandbox

/// `bp grade KEY.bp submissions`
struct Grade: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Grade submissions by a key, each in a sealed process.",
    discussion: """
      A submission is a script, or a folder with scripts of several students. Only the values of \
      the answers that the key asks for are taken from it. The exit status is 0 when every \
      submission has a row, however it ended.
      """)

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      GradeReportFormat.all.map { "\($0.name): \($0.summary)" }.joined(separator: "; ") + ".",
      valueName: "format"), completion: .list(GradeReportFormat.all.map { $0.name }))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "A file for the report, or a folder where each submission has a document of its own.",
      valueName: "path"), completion: .file())
  var to: String?

  @Option(
    help: ArgumentHelp("A folder for one page of feedback a student.", valueName: "folder"),
    completion: .directory)
  var feedback: String?

  @Option(
    help: ArgumentHelp(
      "Marks by hand: a table with the columns submission, part, points and comment.",
      valueName: "file"), completion: .file())
  var marks: String?

  @Option(
    help: ArgumentHelp(
      "The share of the points for a right number with too few digits.", valueName: "0..1"))
  var rounding = 0.5

  @Option(help: ArgumentHelp("The student, where one submission is graded.", valueName: "id"))
  var student: String?

  @Option(
    help: ArgumentHelp(
      "What a page gave a student to hand in, in place of a script.", valueName: "code"))
  var code: String?

  @OptionGroup var limits: RunLimits
  @OptionGroup var key: KeyFile

  @ArgumentParser.Argument(
    help: "Scripts that were handed in, or folders of them.", completion: .scripts)
  var submissions: [String] = []

  func validate() throws {
    if submissions.isEmpty == (code == nil) {
      throw ValidationError(
        code == nil
          ? "Say what is to be graded: scripts, folders of them, or --code CODE."
          : "--code stands in place of scripts.")
    }
    if let format, GradeReportFormat.named(format) == nil {
      let names = GradeReportFormat.all.map { $0.name }.joined(separator: ", ")
      throw ValidationError("--as is one of \(names), not \(format)")
    }
    guard (0...1).contains(rounding) else {
      throw ValidationError("--rounding takes a number from 0 to 1.")
    }
    if student != nil, submissions.count > 1 {
      throw ValidationError("--student goes with one submission.")
    }
  }

  func run() throws {
    throw ExitCode(Worker.run { status(writingTo: $0) })
  }

  private func status(writingTo output: StandardOutput) -> Int32 {
    var options = Grader.Options()
    options.rounding = rounding
    guard let grader = key.grader(writingTo: output, limits: Runtime.Limits(), options: options)
    else {
      return ExitStatus.runtimeError
    }
    var files = SubmissionFile.all(in: submissions)
    if let code {
      guard let file = file(of: code, grader, output) else { return ExitStatus.runtimeError }
      files = [file]
    }
    guard !files.isEmpty else {
      output.reportFailure("there is no script in \(submissions.joined(separator: ", "))")
      return ExitStatus.runtimeError
    }
    if to == nil, files.count > 1, chosen.isOnePerSubmission {
      output.reportFailure(
        "--as \(chosen.name) writes a document for each submission: give a folder with --to")
      return ExitStatus.syntaxError
    }
    var report = GradeReport(key: grader.key.source.name, parts: grader.parts)
    report.protections = Seal.Layer.allCases.filter { Seal.available.contains($0) }
      .map { $0.rawValue }
    do throws(ExerciseKey.Failure) {
      report.submissions = try graded(files, grader)
    } catch {
      output.report(error)
      return ExitStatus.runtimeError
    }
    if Interrupt.isRequested { return ExitStatus.signal(Interrupt.received ?? SIGINT) }
    if let marks, !add(marks, to: &report, output) { return ExitStatus.runtimeError }
    if let feedback, !output.save(Self.files(Feedback.documents(of: report)), toFolder: feedback) {
      return ExitStatus.runtimeError
    }
    return write(report, output) ? ExitStatus.done : ExitStatus.runtimeError
  }

  // MARK: Submissions

  /// The answers of a code, behind the numbers of the student's sheet; nil where that was said to be
  /// impossible.
  private func file(
    of code: String, _ grader: Grader, _ output: StandardOutput
  ) -> SubmissionFile? {
    let script: String
    do throws(AnswerCode.Failure) { script = try AnswerCode.script(of: code) } catch {
      output.reportFailure(error.words)
      return nil
    }
    do throws(ExerciseKey.Failure) {
      return try SubmissionFile(code: script, of: student) { id throws(ExerciseKey.Failure) in
        try grader.sheet(for: id).preamble
      }
    } catch {
      output.report(error)
      return nil
    }
  }

  private func graded(
    _ files: [SubmissionFile], _ grader: Grader
  ) throws(ExerciseKey.Failure) -> [GradeReport.Submission] {
    var runner = SubmissionRunner()
    runner.isInterrupted = { Interrupt.isRequested }
    var requests: [SubmissionRequest] = []
    /// Of each request its file.
    var places: [Int] = []
    for (place, file) in files.enumerated() {
      guard case .success(let text) = file.text else { continue }
      var request = SubmissionRequest(text, name: file.name, wanted: grader.key.answers)
      request.limits = limits.submission
      request.tests = try grader.tests(for: id(of: file)).map(SubmissionTests.init)
      requests.append(request)
      places.append(place)
    }
    // While one is graded, others run.
    var grades = [GradeReport.Submission?](repeating: nil, count: files.count)
    var failure: ExerciseKey.Failure?
    func grade(_ submission: Grading.Submission, _ place: Int) {
      do throws(ExerciseKey.Failure) {
        grades[place] = try grader.grade(submission)
      } catch {
        failure = failure ?? error
      }
    }
    _ = runner.run(requests) { request, outcome in
      let place = places[request]
      grade(Grading.Submission(files[place].name, id: id(of: files[place]), outcome), place)
    }
    for (place, file) in files.enumerated() {
      guard case .failure(let problem) = file.text else { continue }
      grade(
        Grading.Submission(
          name: file.name, id: id(of: file), status: .refused,
          sentence: "it cannot be read: \(problem.words)"), place)
    }
    if let failure { throw failure }
    return noted(zip(files, grades).compactMap { file, grade in grade.map { (file, $0) } }, grader)
  }

  private func id(of file: SubmissionFile) -> String { student ?? file.id }

  /// The grades with what is odd about whose they are.
  private func noted(
    _ graded: [(file: SubmissionFile, grade: GradeReport.Submission)], _ grader: Grader
  ) -> [GradeReport.Submission] {
    var students: [String: String] = [:]
    return graded.map { file, grade in
      var grade = grade
      if let other = students[grade.id], grader.key.hasVariants {
        grade.notes.append("\(other) is a sheet of the same student, \(grade.id)")
      }
      students[grade.id] = students[grade.id] ?? file.name
      if let note = file.note, student == nil { grade.notes.append(note) }
      return grade
    }
  }

  // MARK: Reports

  private func add(_ path: String, to report: inout GradeReport, _ output: StandardOutput) -> Bool {
    guard let text = output.text(of: path) else { return false }
    do throws(Marks.Failure) {
      for sentence in report.add(try Marks(text, file: path)) { output.reportFailure(sentence) }
      return true
    } catch {
      output.reportFailure(error.message)
      return false
    }
  }

  /// The format asked for, else the one that the name of the file tells, else text for people.
  private var chosen: GradeReportFormat {
    let ending = to?.split(separator: "/").last?.split(separator: ".").dropFirst().last
    return format.flatMap(GradeReportFormat.named)
      ?? ending.flatMap { ending in
        GradeReportFormat.all.first { $0.extensions.contains(String(ending)) }
      } ?? .standard
  }

  private func write(_ report: GradeReport, _ output: StandardOutput) -> Bool {
    let documents = chosen.documents(of: report, on: to == nil ? Terminal.display() : .plain)
    guard documents.count == 1, let text = documents.first?.text else {
      return to.map { output.save(Self.files(documents), toFolder: $0) } ?? true
    }
    return to.map { output.save(text, to: $0) } ?? output.write(text)
  }

  private static func files(
    _ documents: [GradeReportFormat.Document]
  ) -> [(name: String, text: String)] {
    documents.map { ($0.fileName, $0.text) }
  }
}

extension Grading.Submission {
  /// What came of its process.
  fileprivate init(_ name: String, id: String, _ outcome: SubmissionOutcome) {
    var status = GradeReport.Status.graded
    var sentence: String?
    switch outcome.status {
    case .finished: break
    case .limit(let words): (status, sentence) = (.limit, words)
    case .refused(let words): (status, sentence) = (.refused, words)
    case .crash(let words): (status, sentence) = (.crash, words)
    }
    self.init(
      name: name, id: id, status: status, sentence: sentence,
      answers: outcome.values.compactMapValues { $0.answer },
      notes: outcome.errors.map { "line \($0.line): \($0.message)" },
      tests: outcome.tests.map { run in run?.map { StudentTests.Check($0) } })
  }
}

extension SubmissionTests {
  /// As a process is told.
  fileprivate init(_ tests: StudentTests) {
    self.init(
      definitions: tests.definitions, functions: tests.functions,
      wrong: tests.wrong.map {
        WrongFunction(function: $0.function, name: $0.name, description: $0.description)
      })
  }
}

extension StudentTests.Check {
  fileprivate init(_ check: SubmittedCheck) {
    let outcome: Outcome =
      switch check.outcome {
      case .holds: .holds
      case .fails: .fails
      case .open: .open
      case .stopped: .stopped
      }
    self.init(place: check.place, line: check.line, outcome: outcome, message: check.message)
  }
}

extension SubmittedValue {
  /// Nil where nothing was handed in.
  fileprivate var answer: Grading.Submission.Answer? {
    switch self {
    case .number(let number, let literal):
      .value(.number(number), literals: literal.map { [$0] })
    case .truth(let truth): .value(.truth(truth), literals: nil)
    case .text(let text): .value(.string(text), literals: nil)
    case .vector(let numbers, let literals):
      .value(.tensor(Tensor(vector: numbers)), literals: literals)
    case .matrix(let numbers, let rows, let columns, let literals):
      .value(
        .tensor(Tensor(.matrix(rows, columns), numbers)), literals: literals)
    case .notFilledIn: .blank
    case .stopped, .missing: nil
    case .other(let kind): .unusable(kind: kind)
    }
  }
}
