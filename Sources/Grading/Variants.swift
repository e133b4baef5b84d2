import Differentiation
import Explanation
import Language
import Syntax

/// Draws the numbers of students: the same for the same student on every machine, and such that
/// what is asked for cannot be confused with what a misconception gives.
final class Variants {
  /// Draws that are made before a key is refused.
  static let mostDraws = 1000
  /// Draws that decide whether two values are the same in every draw.
  private static let samples = 12
  /// What is answered without any thought.
  private static let stockAnswers = [0.0, 0.5, 1]

  private let key: ExerciseKey
  /// A form whose right answers are not found yet.
  private let makeForm: (@escaping (String, Int) -> Int) -> Form
  /// Significant digits that are asked for, by answer.
  private let digits: [String: Int]
  /// The draw that each student has.
  private var attempts: [String: Int] = [:]
  /// The form that was asked for last: a class is gone through one by one, and forms are large.
  private var last: (id: String, form: Form)?
  private lazy var sampleForms = (0..<Self.samples).map { attempt in
    let form = makeForm(draw("sample", attempt))
    form.solve { _ in true }
    return form
  }
  /// What misconceptions do that make a difference in some draw, by answer.
  private lazy var missteps = sampleForms.reduce(into: [String: Set<Way>]()) { missteps, form in
    for (name, _) in form.right.solutions {
      missteps[name, default: []].formUnion(form.wrongAnswers(of: name).map(Way.wrong))
    }
  }
  private var isAlwaysEqual: [Pair: Bool] = [:]
  /// What was found of answers: students often have an answer in common, for whose misconceptions
  /// their other numbers do not matter.
  private var accidents: [Question: Pair?] = [:]

  /// An answer that is asked for, with all it depends on.
  private struct Question: Hashable {
    let answer: String
    let identity: Diagnosis.Subject.Identity
  }

  /// How a value comes out.
  private enum Way: Hashable, Comparable {
    case right
    case stock(Double)
    case misconception(name: String, place: String)

    static func wrong(_ answer: WrongAnswer) -> Self {
      .misconception(name: answer.name, place: answer.place)
    }
  }

  /// Two ways that give one value for an answer.
  private struct Pair: Hashable {
    let answer: String
    let first: Way
    let second: Way
  }

  init(
    _ key: ExerciseKey, digits: [String: Int],
    makeForm: @escaping (@escaping (String, Int) -> Int) -> Form
  ) {
    self.key = key
    self.digits = digits
    self.makeForm = makeForm
  }

  /// - Throws: where no draw tells right and wrong values apart.
  func form(of id: String) throws(ExerciseKey.Failure) -> Form {
    let id = key.hasVariants ? id : ""
    if let last, last.id == id { return last.form }
    let known = attempts[id]
    var confused: [Pair: Int] = [:]
    for attempt in (known ?? 0)..<Self.mostDraws {
      let form = makeForm(draw(id, attempt))
      var pair: Pair?
      form.solve { [self] name in
        if known == nil, key.hasVariants { pair = accident(of: name, in: form) }
        return pair == nil
      }
      guard let pair else {
        attempts[id] = attempt
        last = (id, form)
        return form
      }
      confused[pair, default: 0] += 1
    }
    let worst = confused.max { $0.value < $1.value }?.key
    let ways = [worst?.first, worst?.second].map {
      $0.map { words(for: $0, of: worst?.answer ?? "") } ?? "?"
    }
    throw ExerciseKey.Failure(
      "in \(Self.mostDraws) draws \(ways[0]) and \(ways[1]) give one value for \(worst?.answer ?? "an answer")",
      at: SourceRange(start: 0, end: 0),
      help: ["give the variant more values, or ask for more digits"], in: key.source)
  }

  private func draw(_ id: String, _ attempt: Int) -> (_ name: String, _ count: Int) -> Int {
    { name, count in
      Int(Self.hash("\(id)\u{0}\(attempt)\u{0}\(name)") % UInt64(max(count, 1)))
    }
  }

  /// FNV-1a with a last mixing, so that ids that differ in one digit give unlike draws.
  private static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash ^= hash >> 30
    hash &*= 0xbf58_476d_1ce4_e5b9
    hash ^= hash >> 27
    hash &*= 0x94d0_49bb_1331_11eb
    return hash ^ (hash >> 31)
  }

  // MARK: Telling apart

  /// A value that an answer may have, with what gives it.
  private struct Candidate {
    let way: Way
    let value: Tensor

    var isStock: Bool { if case .stock = way { true } else { false } }
  }

  /// What is done, as an error says it.
  private func words(for way: Way, of answer: String) -> String {
    switch way {
    case .right: "the right way"
    case .stock(let number): "the stock answer \(number)"
    case .misconception(let name, _):
      sampleForms.lazy.flatMap { $0.wrongAnswers(of: answer) }
        .first { .wrong($0) == way }?.description ?? name
    }
  }

  /// Two values of an answer that are the same by accident.
  private func accident(of name: String, in form: Form) -> Pair? {
    let identity = form.solution(of: name).flatMap(form.right.subject)?.identity
    guard let question = identity.map({ Question(answer: name, identity: $0) }) else {
      return newAccident(of: name, in: form)
    }
    if let known = accidents[question] { return known }
    let accident = newAccident(of: name, in: form)
    accidents[question] = .some(accident)
    return accident
  }

  private func newAccident(of name: String, in form: Form) -> Pair? {
    var all = standardCandidates(for: name, in: form)
    for index in all.indices {
      if let pair = confusion(of: all[index], with: all[..<index], name) { return pair }
    }
    var pair: Pair?
    let made = form.wrongAnswers(of: name) { wrong in
      let candidate = Candidate(way: .wrong(wrong), value: wrong.value)
      pair = confusion(of: candidate, with: all[...], name)
      all.append(candidate)
      return pair != nil
    }
    if let pair { return pair }
    // A misconception that makes no difference gives no wrong answer.
    return missteps[name]?.subtracting(made.map(Way.wrong)).min().map {
      Pair(answer: name, first: .right, second: $0)
    }
  }

  /// The first of other candidates whose value is the same, and not in every draw.
  private func confusion(
    of one: Candidate, with others: ArraySlice<Candidate>, _ name: String
  ) -> Pair? {
    for index in others.indices where isSame(others[index].value, one.value, name) {
      if one.isStock && others[index].isStock { continue }
      let pair = Pair(answer: name, first: others[index].way, second: one.way)
      if !areAlwaysEqual(pair) { return pair }
    }
    return nil
  }

  private func candidates(for name: String, in form: Form) -> [Candidate] {
    standardCandidates(for: name, in: form)
      + form.wrongAnswers(of: name).map { Candidate(way: .wrong($0), value: $0.value) }
  }

  /// The right value, and those that are answered without any thought.
  private func standardCandidates(for name: String, in form: Form) -> [Candidate] {
    guard let right = form.solution(of: name)?.tensor else { return [] }
    var result = [Candidate(way: .right, value: right)]
    if right.shape == .scalar {
      result += Self.stockAnswers.map { Candidate(way: .stock($0), value: Tensor($0)) }
    }
    return result
  }

  private func areAlwaysEqual(_ pair: Pair) -> Bool {
    if let known = isAlwaysEqual[pair] { return known }
    let isEqual = sampleForms.allSatisfy { form in
      let all = candidates(for: pair.answer, in: form)
      guard let one = all.first(where: { $0.way == pair.first }),
        let other = all.first(where: { $0.way == pair.second })
      else { return true }
      return isSame(one.value, other.value, pair.answer)
    }
    isAlwaysEqual[pair] = isEqual
    return isEqual
  }

  /// Whether two values agree to the digits that are asked for.
  private func isSame(_ a: Tensor, _ b: Tensor, _ name: String) -> Bool {
    guard a.shape == b.shape else { return false }
    let digits = digits[name] ?? Explanation.Answer.standardDigits
    return zip(a.elements, b.elements).allSatisfy { x, y in
      x == y || abs(x - y) <= Self.lastDigit(of: max(abs(x), abs(y)), digits: digits)
    }
  }

  /// One unit of the last of so many significant digits.
  private static func lastDigit(of size: Double, digits: Int) -> Double {
    guard size.isFinite, size > 0 else { return 0 }
    var unit = 1.0
    while unit > size, unit > .leastNormalMagnitude { unit /= 10 }
    while unit * 10 <= size { unit *= 10 }
    return (1..<max(digits, 2)).reduce(unit) { result, _ in result / 10 }
  }
}
