import Differentiation
import Explanation
import Language
import Rendering
import Syntax

extension Catalog {
  /// A value that is infinite or no number has no derivative: says where it arose.
  static func refuseNotFinite(
    _ node: Node, at range: SourceRange, _ arguments: Arguments
  ) throws(Failure) {
    guard let origin = NotFiniteOrigin(of: node) else { return }
    let session = arguments.session
    let number = node.value?.elements.first { !$0.isFinite } ?? .nan
    throw Failure(
      "\(node.name ?? "this") is \(session.style.text(number)): there is no derivative", at: range,
      label: "not finite", help: place(origin, session))
  }

  /// A probability that is 0 or 1 to the last digit has no finite factors of a chain rule, though the
  /// derivative by its net inputs is right.
  static func refuseRounded(
    _ node: Node, at range: SourceRange, isEveryStep: Bool
  ) throws(Failure) {
    guard let step = roundedProbability(behind: node, everyStep: isEveryStep) else { return }
    throw Failure(
      "\(step.name ?? "a probability") is 0 or 1 nearly to the last digit: no chain rule goes through it",
      at: range, label: "computed from the net inputs instead",
      help: [
        "grad gives the derivatives, from the net inputs", "net inputs nearer to 0 show the steps",
      ])
  }

  /// A derivative at a pole is no number either.
  static func refuseNotFinite(
    _ derivative: Node, by target: Node, of node: Node, at range: SourceRange,
    _ arguments: Arguments
  ) throws(Failure) {
    guard let origin = NotFiniteOrigin(of: derivative) else { return }
    let session = arguments.session
    let number = derivative.value?.elements.first { !$0.isFinite } ?? .nan
    throw Failure(
      "\(node.name ?? "this") has no derivative by \(target.name ?? "it") here: "
        + "the chain rule gives \(session.style.text(number))", at: range, label: "no derivative",
      help: place(origin, session))
  }

  /// The operation that first gave no finite number, with the values of what stands in it.
  private static func place(_ origin: NotFiniteOrigin, _ session: Session) -> [String] {
    let number = session.style.text(origin.value)
    let reader = FormulaReader { part in
      part === origin.node ? nil : part.name.map { Symbol(name: $0) }
    }
    let writing = Writing(.program, number: session.numberText)
    guard origin.node.primitive != nil else {
      return origin.node.name.map { ["\($0) is \(number) from the start"] } ?? []
    }
    let formula = writing.text(reader.computation(of: origin.node))
    guard formula.count <= 80 else {
      return origin.named?.name.map { ["it arises in \($0)"] } ?? []
    }
    let values = symbols(of: origin.node).prefix(4).map { node in
      "\(node.name ?? "") = \(session.brief(node.value.map { Value($0) } ?? .nothing))"
    }
    let what = origin.node.shape == .scalar ? "" : "an element of "
    return [
      "\(what)\(formula) is \(number)"
        + (values.isEmpty ? "" : " at \(values.joined(separator: ", "))")
    ]
  }

  /// The named values in the formula of a node.
  private static func symbols(of node: Node) -> [Node] {
    var found: [Node] = []
    var waiting = Array(node.inputs.reversed())
    while let part = waiting.popLast(), found.count < 8 {
      if part.name == nil {
        waiting += part.inputs.reversed()
      } else if !found.contains(where: { $0.name == part.name }) {
        found.append(part)
      }
    }
    return found
  }
}
