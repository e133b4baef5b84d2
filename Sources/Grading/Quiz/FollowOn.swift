import Differentiation
import Explanation
import Language
import Syntax

/// What a part is, computed from the numbers that a student entered for others.
struct FollowOn {
  let pieces: [PlainFormula.Piece]
  /// The numbers of the key in it.
  let numbers: [Double]

  /// The parts that it depends on.
  var parts: [String] {
    var result: [String] = []
    for case .part(let name) in pieces where !result.contains(name) { result.append(name) }
    return result
  }
}

/// Finds what follows from what, by running the key on its own right answers.
struct FollowOns {
  private let grader: Grader
  private let run: KeyRun
  /// The nodes that stand for what a student enters.
  private let entered: [String: Node]

  init(_ grader: Grader, _ form: Form) {
    self.grader = grader
    var entered: [String: Node] = [:]
    for (name, value) in form.solutions {
      if let tensor = value.tensor { entered[name] = Node.parameter(tensor, name: name) }
    }
    self.entered = entered
    run = grader.makeRun(
      KeyForm(
        of: Set(grader.key.answers),
        answers: form.solutions.merging(entered.mapValues { .traced($0) }) { $1 },
        choose: form.choose))
  }

  /// - Returns: the formula of the part, nil where it depends on no other part; and a sentence where
  ///   it depends on one and there is no formula.
  func of(
    _ part: Quiz.Part, _ entries: [PartList.Entry], _ parts: [Quiz.Part]
  ) -> (FollowOn?, problem: String?) {
    guard let entry = entries.first(where: { $0.answer == part.answer }),
      let place = entry.checks.first(where: { grader.key.checks[$0]?.solves == part.answer }),
      let known = grader.key.checks[place]
    else { return (nil, nil) }
    let earlier = known.uses.filter { $0 != part.answer }
    guard !earlier.isEmpty else { return (nil, nil) }
    let sources = earlier.joined(separator: " and ")
    guard earlier.contains(where: { name in parts.contains { $0.answer == name } }) else {
      return (
        nil,
        "\(part.name) follows from \(sources) of another exercise, and a question knows its own answers only"
      )
    }
    let problem = "how \(part.name) follows from \(sources) cannot be written as a formula"
    guard run.exercises.indices.contains(entry.exercise),
      let check = run.exercises[entry.exercise].checks.first(where: { $0.place == place }),
      let sides = check.sides,
      case .traced(let node) = known.answerIsLeft ? sides.right : sides.left
    else { return (nil, problem) }
    var inputs: [ObjectIdentifier: [String]] = [:]
    for (name, node) in entered where name != part.answer {
      // An answer of another exercise is another question: its right number is taken.
      let own = parts.filter { $0.answer == name }.map { $0.name }
      if own.count == node.shape.count { inputs[ObjectIdentifier(node)] = own }
    }
    var reader = PlainFormulaReader(inputs)
    guard let elements = reader.read(node), elements.indices.contains(part.element),
      !elements[part.element].isTooLong
    else { return (nil, problem) }
    let (pieces, numbers) = elements[part.element].maxima()
    let result = FollowOn(pieces: pieces, numbers: numbers)
    return result.parts.isEmpty ? (nil, problem) : (result, nil)
  }
}
