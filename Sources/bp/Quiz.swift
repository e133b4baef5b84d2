import ArgumentParser
import Grading

/// `bp quiz key.bp --as moodle --to quiz.xml`
struct WriteQuiz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quiz", abstract: "Write a key as a quiz for a learning platform.",
    discussion: """
      Each question knows the right number and the number that every misconception gives, with a \
      sentence that says what was done.

      \(QuizFormat.all.map { "\($0.name): \($0.summary)" }.joined(separator: "\n"))
      """)

  @Option(
    name: .customLong("as"),
    help: "The format: \(QuizFormat.all.map { $0.name }.joined(separator: ", ")).",
    completion: .list(QuizFormat.all.map { $0.name }))
  var format: String

  @Option(help: "The file to write; the standard output where it is left out.", completion: .file())
  var to: String?

  @Option(
    help: "How many variants a key with variant gives; \(Grader.standardVariants) where left out.")
  var variants: Int?

  @Option(
    help: "The symbols of explanations: \(Grader.Options.notations.joined(separator: ", ")).",
    completion: .list(Grader.Options.notations))
  var notation: String?

  @Option(help: "The share of the points, from 0 to 1, for a right number with too few digits.")
  var rounding = 0.5

  @Option(help: "The share of the points for a wrong number that a misconception explains.")
  var misconception = 0.0

  @OptionGroup var limits: RunLimits
  @OptionGroup var key: KeyFile

  func validate() throws {
    guard QuizFormat.named(format) != nil else {
      throw ValidationError(
        "--as is \(QuizFormat.all.map { $0.name }.joined(separator: ", ")), not \(format)")
    }
    if let variants, !(1...1000).contains(variants) {
      throw ValidationError("--variants is a number from 1 to 1000")
    }
    if let notation, !Grader.Options.notations.contains(notation) {
      let names = Grader.Options.notations.joined(separator: ", ")
      throw ValidationError("--notation is \(names), not \(notation)")
    }
    for share in [rounding, misconception] where !(0...1).contains(share) {
      throw ValidationError("a share of the points is from 0 to 1")
    }
  }

  func run() throws {
    throw ExitCode(Worker.run { write(to: $0) })
  }

  private func write(to output: StandardOutput) -> Int32 {
    var options = Grader.Options()
    options.rounding = rounding
    options.notation = notation
    guard let format = QuizFormat.named(format),
      let grader = key.grader(writingTo: output, limits: limits.runtime, options: options)
    else { return ExitStatus.runtimeError }
    do throws(ExerciseKey.Failure) {
      var quiz = try grader.quiz(variants: variants, misconceptionShare: misconception)
      return write(format.write(&quiz), quiz, to: output)
    } catch {
      output.report(error)
      return ExitStatus.runtimeError
    }
  }

  private func write(_ text: String, _ quiz: Quiz, to output: StandardOutput) -> Int32 {
    for note in quiz.notes { output.report("note: \(note)\n") }
    guard let to else {
      return output.write(text) ? ExitStatus.done : ExitStatus.runtimeError
    }
    guard output.save(text, to: to) else { return ExitStatus.runtimeError }
    let exercises = quiz.exerciseCount == 1 ? "1 exercise" : "\(quiz.exerciseCount) exercises"
    let variants = quiz.variantCount == 1 ? "1 variant" : "\(quiz.variantCount) variants"
    _ = output.write(lines: "\(to) is written: \(exercises) in \(variants)\n")
    return ExitStatus.done
  }
}
