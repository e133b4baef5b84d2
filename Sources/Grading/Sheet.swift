import Differentiation
import Language
import Rendering
import Syntax

/// What one student gets: the tasks with the student's own numbers, and places for the answers. It
/// holds no solution and no check that is not public.
package struct Sheet {
  /// A name with a value that the tasks speak of.
  struct Given {
    var name: String
    /// As bp reads it.
    var literal: String
  }

  struct Exercise {
    var title: String
    var points: Double
    var tasks: [String]
    var hints: [String]
    var pictures: [Picture]
    var answers: [AnswerDeclaration]
    /// Statements of the key that its public checks need, and these checks.
    var statements: [String]
    /// The functions that the student's own checks are to test: `unit(x1, x2)`.
    var tests: [String] = []
  }

  /// The title of the key.
  let title: String
  /// Empty where the sheet is the same for all.
  let id: String
  var given: [Given] = []
  /// Statements that make what is no number: nets, data, functions.
  var statements: [String] = []
  var exercises: [Exercise] = []

  /// The lines that make what the tasks speak of.
  package var preamble: String {
    (given.map { "\($0.name) = \($0.literal)" } + statements).map { $0 + "\n" }.joined()
  }

  /// What tells the sheets of students apart besides their names.
  package var numbers: String {
    given.map { "\($0.name)=\($0.literal)" }.joined(separator: "\n")
  }
}

extension Grader {
  /// The sheet of a student.
  /// - Parameter id: empty where the key has no variants and the sheet is for all.
  /// - Throws: where the key has no numbers for the student, or a public check needs what no sheet
  ///   can show.
  package func sheet(for id: String) throws(ExerciseKey.Failure) -> Sheet {
    let form = try form(of: id)
    var sheet = Sheet(title: key.title, id: id)
    var needed = key.drawnNames
    /// What is public of each exercise, by where it begins.
    var shown: [Int: [String]] = [:]
    for statement in key.statements {
      guard case .exercise(_, _, let body) = statement.kind else { continue }
      let own = PublicPart(of: body, in: key)
      needed += own.names
      shown[statement.range.start] = own.statements
    }
    var open = needed.filter { !key.answers.contains($0) }
    var done: Set<String> = []
    var makers: [Statement] = []
    while let name = open.popLast() {
      guard done.insert(name).inserted, let value = form.right.value(of: name) else { continue }
      if value.literal != nil { continue }
      for statement in key.statements where statement.assignedNames.contains(name) {
        makers.append(statement)
        statement.forEachName { if !done.contains($0.text) { open.append($0.text) } }
      }
    }
    for name in key.namesInOrder where done.contains(name) {
      if let literal = form.right.value(of: name)?.literal {
        sheet.given.append(Sheet.Given(name: name, literal: literal))
      }
    }
    makers.sort { $0.range.start < $1.range.start }
    sheet.statements = makers.map { key.source.text(of: $0.range) }
    let parts = try PartList(key, form.right).parts
    for (index, exercise) in form.right.exercises.enumerated() {
      guard let statements = shown[exercise.place] else { continue }
      let own = parts.filter { $0.exercise == index }.map { $0.part }
      sheet.exercises.append(
        Sheet.Exercise(
          title: exercise.title, points: own.reduce(0) { $0 + $1.points }, tasks: exercise.tasks,
          hints: exercise.hints, pictures: exercise.pictures,
          answers: exercise.answers.isEmpty ? undeclared(in: exercise) : exercise.answers,
          statements: statements,
          tests: signatures(testedIn: exercise, form)))
    }
    return sheet
  }

  /// The functions of an exercise that are to be tested, as they are called.
  private func signatures(testedIn exercise: KeyRun.Exercise, _ form: Form) -> [String] {
    key.tests.filter { $0.exercise == exercise.place }.flatMap { $0.functions }
      .reduce(into: []) { list, name in
        guard case .function(let function)? = form.right.value(of: name.text),
          !list.contains(function.signature)
        else { return }
        list.append(function.signature)
      }
  }

  /// The answers of an exercise that does not declare any.
  private func undeclared(in exercise: KeyRun.Exercise) -> [AnswerDeclaration] {
    var names: [String] = []
    for check in exercise.checks {
      for name in key.checks[check.place]?.uses ?? [] where !names.contains(name) {
        names.append(name)
      }
    }
    return names.map { AnswerDeclaration(name: $0) }
  }
}

/// What an exercise shows before it is handed in.
private struct PublicPart {
  /// The texts of its public checks, and of the statements that these need.
  private(set) var statements: [String] = []
  /// The names that its tasks and public checks use.
  private(set) var names: [String] = []

  init(of body: Block, in key: ExerciseKey) {
    var needed: Set<String> = []
    var kept: [Statement] = []
    for statement in body.statements.reversed() {
      switch statement.kind {
      case .task(let text): text.forEachName { names.append($0.text) }
      case .check(let check) where check.isPublic: break
      case .tests: continue
      default:
        guard statement.assignedNames.contains(where: { needed.contains($0) }) else { continue }
      }
      if case .task = statement.kind { continue }
      statement.forEachName { needed.insert($0.text) }
      kept.append(statement)
    }
    names += needed.sorted()
    statements = kept.reversed().map { key.source.text(of: $0.range) }
  }
}

extension ExerciseKey {
  /// The comment that the file begins with, else its name.
  var title: String {
    let first = source.text(of: source.range(ofLine: 1))
    if first.hasPrefix("#"), !first.hasPrefix("#!") {
      let words = first.drop { $0 == "#" || $0 == " " }
      if !words.isEmpty { return String(words) }
    }
    let file = source.name.split(separator: "/").last ?? ""
    return String(file.split(separator: ".").first ?? file)
  }

  /// Every name that the statements at the top give a value to, in the order of the file.
  var namesInOrder: [String] {
    var names: [String] = []
    for statement in statements {
      var own = statement.assignedNames
      if case .variants(let fields) = statement.kind { own = fields.map { $0.name.text } }
      for name in own where !names.contains(name) { names.append(name) }
    }
    return names
  }
}

extension Value {
  /// The value as bp reads it; nil for what cannot be written down: a net, a function.
  var literal: String? {
    switch plain {
    case .truth(let truth): return truth ? "true" : "false"
    case .number(let number): return Self.text(number)
    case .string(let text): return StringLiteral.written(text)
    case .tensor(let tensor):
      let rows = tensor.shape.rank == 2 ? tensor.shape.rows : 1
      let width = tensor.elements.count / max(rows, 1)
      let lists = (0..<rows).map { row in
        "["
          + tensor.elements[(row * width)..<((row + 1) * width)].map(Self.text)
          .joined(separator: ", ") + "]"
      }
      return tensor.shape.rank == 2 ? "[" + lists.joined(separator: ", ") + "]" : lists[0]
    case .list(let list):
      let parts = list.elements.compactMap { $0.literal }
      return parts.count == list.count ? "[" + parts.joined(separator: ", ") + "]" : nil
    default: return nil
    }
  }

  private static func text(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

enum SheetText {
  static func points(_ points: Double) -> String {
    let text = NumberStyle.standard.text((points * 100).rounded() / 100)
    return "\(text) point\(points == 1 ? "" : "s")"
  }

  /// What an answer is, with what is asked of it: `the net input, to 4 digits`.
  static func words(for answer: AnswerDeclaration) -> String {
    [answer.description, answer.digits.map { "to \($0) digit\($0 == 1 ? "" : "s")" }]
      .compactMap { $0 }.joined(separator: ", ")
  }
}
