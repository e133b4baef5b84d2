import Differentiation

/// What explanations have shown of one subject, so that the next one says where it stands in place of
/// showing it again.
///
/// A part counts as shown where the whole of its text is the same, steps and value included; what it
/// is about must be the same subject, which has in it all that the parts depend on.
package struct ShownValues {
  /// What an explanation is about, in the words it is written in.
  package struct Subject: Hashable {
    private let identity: ObjectIdentifier
    private let numbers: [Tensor]
    private let notation: Notation
    private let words: [String]
    /// Whether everything is shown, also what was shown before.
    package var isWhole = false

    /// Subjects of more numbers are not compared: everything is shown.
    private static let mostNumbers = 1 << 16

    /// - Parameters:
    ///   - numbers: all that it is computed from.
    ///   - words: what else changes what is written: the loss, the style of numbers.
    /// - Returns: nil where it is too large to be kept.
    package init?(
      _ identity: ObjectIdentifier, _ numbers: [Tensor], _ notation: Notation, _ words: [String]
    ) {
      guard numbers.reduce(0, { $0 + $1.elements.count }) <= Self.mostNumbers else { return nil }
      self.identity = identity
      self.numbers = numbers
      self.notation = notation
      self.words = words
    }
  }

  private var subject: Subject?
  /// What the explanations are called that were shown, and the quantity that each is about.
  private var names: [String] = []
  private var quantities: [String: Symbol] = [:]
  /// By the text of a part: the explanation that showed it first.
  private var parts: [String: String] = [:]

  /// What is shown after so many parts is not kept: it will be shown again.
  private static let mostParts = 1 << 12

  package init() {}

  /// The derivation as it is to be shown now; what it shows counts as shown from then on.
  package mutating func next(
    _ derivation: Derivation, about subject: Subject, number: @escaping (Double) -> String
  ) -> Derivation {
    let isWhole = subject.isWhole
    var subject = subject
    subject.isWhole = false
    if self.subject != subject {
      self = ShownValues()
      self.subject = subject
    }
    let writing = Writing(.page, number: number)
    let name = derivation.name
    // One that is asked for again is wanted again.
    let isAgain = names.contains(name)
    let result = isWhole || isAgain ? derivation : shortened(derivation, writing)
    guard parts.count < Self.mostParts else { return result }
    for part in derivation.sections.joined() {
      if let text = Self.text(of: part, writing), parts[text] == nil { parts[text] = name }
    }
    if !isAgain { names.append(name) }
    if case .equation(let equation)? = derivation.parts.first, equation.left.text == name {
      quantities[name] = equation.left
    }
    return result
  }

  private func shortened(_ derivation: Derivation, _ writing: Writing) -> Derivation {
    var result = derivation
    result.parts = []
    for (place, section) in derivation.sections.enumerated() {
      // What stands before the first heading is what was asked for.
      let known = section.map { part in Self.text(of: part, writing).flatMap { parts[$0] } }
      let isTable = zip(section, known).contains { part, place in
        if case .table = part { place != nil } else { false }
      }
      guard place > 0, isTable || known.count(where: { $0 != nil }) > 1 else {
        result.parts += section
        continue
      }
      result.parts += zip(section, known).filter { $0.1 == nil }.map { $0.0 }
      for name in names where known.contains(name) {
        let left = zip(section, known).filter { $0.1 == name }.compactMap { part, _ in
          if case .equation(let equation) = part { equation.left.text } else { nil }
        }
        result.add(note: (left.isEmpty ? "" : Self.list(left) + ": ") + "as shown with \(name)")
        if let quantity = quantities[name] { result.values[quantity] = derivation.result }
      }
    }
    return result
  }

  /// More names than these are not listed.
  private static let mostNames = 8

  private static func list(_ names: [String]) -> String {
    var different: [String] = []
    for name in names where !different.contains(name) { different.append(name) }
    guard different.count > mostNames, let last = different.last else {
      return different.joined(separator: ", ")
    }
    return different.prefix(mostNames - 2).joined(separator: ", ") + ", …, " + last
  }

  /// The whole of an equation or a table; nil for what is no value.
  private static func text(of part: Derivation.Part, _ writing: Writing) -> String? {
    switch part {
    case .heading, .note, .definition: return nil
    case .equation(let equation):
      return
        ([writing.text(equation.left)] + equation.steps.map(writing.text)
        + [writing.text(equation.value)]).joined(separator: " = ")
    case .table(let titles, let rows):
      return ([titles] + rows.map { $0.map { Derivation.text($0, writing) } })
        .map { $0.joined(separator: "\t") }.joined(separator: "\n")
    }
  }
}

extension Derivation {
  /// What its title begins with: the derivative, or which passes.
  fileprivate var name: String {
    if case .equation(let equation)? = parts.first, title.hasPrefix(equation.left.text) {
      return equation.left.text
    }
    return title
  }

  /// The parts from one heading to the next; those before the first heading come first.
  fileprivate var sections: [[Part]] {
    var sections: [[Part]] = [[]]
    for part in parts {
      if case .heading = part { sections.append([]) }
      sections[sections.count - 1].append(part)
    }
    return sections
  }
}
