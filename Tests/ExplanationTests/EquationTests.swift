import Differentiation
import Explanation
import Foundation
import Language
import Learning
import Rendering
import TestSupport
import Testing

/// What explanations print is true: every line with an equal sign is read from the page and
/// computed by the language itself, to the digits that are printed, over random nets, activations,
/// losses, notations and rows.
///
/// `BP_EQUATIONS=100000 swift test --filter EquationTests` looks at so many of them.
@Suite struct EquationTests {
  static let wanted = ProcessInfo.processInfo.environment["BP_EQUATIONS"].flatMap(Int.init) ?? 3000

  @Test func `every printed equation is true`() throws {
    var random = SplitMix(UInt64(Self.wanted))
    var (count, lessons, refused, found) = (0, 0, 0, 0)
    var (asked, unanswered) = (0, 0)
    while count < Self.wanted {
      let lesson = EquationLesson(&random)
      let session = TestSession()
      lessons += 1
      // Not every loss goes with every output.
      guard session.run(lesson.script) == .done else {
        refused += 1
        continue
      }
      for question in lesson.questions {
        var check = try EquationCheck(lesson, question, session)
        asked += 1
        guard check.isAnswered else {
          unanswered += 1
          continue
        }
        try check.run()
        count += check.count
        for fault in check.faults.prefix(1) {
          Issue.record("\(fault)\nin \(question.text) of\n\(lesson.script)")
        }
        found += check.faults.isEmpty ? 0 : 1
        if found > 20 { return }
      }
    }
    #expect(refused <= lessons * 2 / 3, "\(refused) of \(lessons) nets are refused")
    // A weight of a net with a softmax inside, a row that is infinite, or the chain of a loss that is
    // not one of each output by itself.
    #expect(unanswered <= asked / 6, "\(unanswered) of \(asked) questions are not answered")
  }

  @Test func `a false equation is found`() throws {
    let session = TestSession()
    for (text, isTrue) in [
      ("z = w*a = 2 * 0.333333333 = 0.666666667", true),
      ("z = w*a = 2 * 0.333333333 = 0.66666668", false),
      ("E = 0.5 = 2.5", false), ("a = leaky(-2) = -1", false), ("a = leaky(-2, 0.5) = -1", true),
      ("s = 1 + … (3 more: 0.25) = 1.25", true), ("s = 1 + … (3 more: 0.25) = 1.5", false),
      ("m = [[1, 2]] @ [[3], [4]] = [[11]]", true), ("  b = 1\n      + 2\n    = 4", false),
      ("g = 0.1 · (0.2\n     + 0.3) = 0.05", true),
    ] {
      let faults = try EquationCheck.numericFaults(
        in: PrintedEquation.all(in: text), digits: 9, session
      ).faults
      #expect(faults.isEmpty == isTrue, "\(text): \(faults)")
    }
  }
}

/// The equations of one report.
struct EquationCheck {
  private let lesson: EquationLesson
  private let question: EquationLesson.Question
  private let session: TestSession
  private let report: Report?
  private let derivation: Derivation?
  /// How many printed equations were computed.
  private(set) var count = 0
  private(set) var faults: [String] = []

  var isAnswered: Bool { derivation != nil }

  init(_ lesson: EquationLesson, _ question: EquationLesson.Question, _ session: TestSession) throws
  {
    self.lesson = lesson
    self.question = question
    self.session = session
    // The net that is asked about, before `descend` moves it.
    try session.perform("before = copy net")
    if session.run("report = \(question.text)") == .done,
      case .report(let report)? = session.interpreter.runtime.global("report")
    {
      self.report = report
      derivation = report.derivation()
    } else {
      report = nil
      derivation = nil
    }
  }

  mutating func run() throws {
    guard let report, let derivation else { return }
    let text = report.text(Display(columns: lesson.width))
    let printed = PrintedEquation.all(in: text)
    let (count, found) = try Self.numericFaults(in: printed, digits: lesson.digits, session)
    self.count = count
    faults = found
    try checkSymbols(derivation)
    try checkMeanings(derivation)
    try checkDefinition(printed)
    if !printed.isEmpty, count == 0 { faults.append("no equation was computed in\n\(text)") }
  }

  // MARK: - As printed

  /// The sides in numbers against the value.
  static func numericFaults(
    in equations: [PrintedEquation], digits: Int, _ session: TestSession
  ) throws -> (count: Int, faults: [String]) {
    struct Side {
      let equation: PrintedEquation
      let text: String
      let value: [Double]
      let found: [Double]
    }
    let checked = equations.filter { equation in
      !equation.numeric.isEmpty && equation.value.first.map { "-[0123456789".contains($0) } == true
        && !equation.description.contains("nan") && !equation.description.contains("inf")
    }
    let expressions = checked.flatMap { [$0.value] + $0.numeric }
    let numbers = try session.numbers(ofEach: expressions)
    var doubtful: [Side] = []
    var place = 0
    for equation in checked {
      let value = numbers[place]
      for (index, text) in equation.numeric.enumerated() {
        let side = Side(
          equation: equation, text: text, value: value, found: numbers[place + 1 + index])
        let isEqual =
          side.found.count == value.count
          && zip(side.found, value).allSatisfy {
            abs($0 - $1) <= PrintedEquation.hidden(by: $1, digits: digits) + 1e-15
          }
        if !isEqual { doubtful.append(side) }
      }
      place += 1 + equation.numeric.count
    }
    // How far the digits that are not printed may lead.
    let moved = doubtful.map { PrintedEquation.perturbed($0.text, digits: digits) }
    let movedNumbers = try session.numbers(ofEach: moved.flatMap { $0 })
    var faults: [String] = []
    place = 0
    for (side, texts) in zip(doubtful, moved) {
      let variants = movedNumbers[place..<place + texts.count]
      place += texts.count
      func isEqual(losing rounding: Double) -> Bool {
        side.found.count == side.value.count
          && side.value.indices.allSatisfy { index in
            let (found, value) = (side.found[index], side.value[index])
            let leeway = variants.reduce(0) { $0 + abs($1[index] - found) }
            return abs(found - value)
              <= PrintedEquation.hidden(by: value, digits: digits) * 1.001 + 1.5 * leeway
              + rounding + 1e-15
          }
      }
      if isEqual(losing: 0) { continue }
      if !isEqual(losing: try Self.rounding(in: side.equation, session)) {
        faults.append("\(side.equation): \(side.text) is \(side.found)")
      }
    }
    return (checked.count, faults)
  }

  /// What binary arithmetic may lose on the way: where large terms cancel, no digits of a later side
  /// tell it.
  private static func rounding(
    in equation: PrintedEquation, _ session: TestSession
  ) throws -> Double {
    var most = 0.0
    for text in equation.numeric {
      let numbers = try session.numbers(
        ofEach: [text] + PrintedEquation.perturbed(text, digits: 17))
      let sum = numbers.dropFirst().reduce(0) { sum, moved in
        sum + (zip(moved, numbers[0]).map { abs($0 - $1) }.max() ?? 0)
      }
      if sum.isFinite { most = max(most, sum) }
    }
    return most
  }

  // MARK: - In symbols

  /// The sides in symbols, each symbol with the number of the quantity that it stands for.
  private mutating func checkSymbols(_ derivation: Derivation) throws {
    var names: [Symbol: String] = [:]
    for (index, (symbol, value)) in derivation.values.enumerated() {
      names[symbol] = "s\(index)"
      session.interpreter.runtime.setGlobal("s\(index)", to: Value(value))
    }
    let writing = Writing(.program, number: { "\($0)" }, name: { names[$0] })
    var sides: [(equation: Derivation.Equation, text: String)] = []
    for equation in derivation.equations {
      for step in equation.steps where step.symbols.allSatisfy({ names[$0] != nil }) {
        let text = writing.text(step)
        if !text.contains("nan"), !text.contains("inf") { sides.append((equation, text)) }
      }
    }
    let numbers = try session.numbers(ofEach: sides.map { $0.text })
    for (side, found) in zip(sides, numbers) {
      let value = side.equation.value.elements
      let isEqual =
        found.count == value.count
        && zip(found, value).allSatisfy {
          $0 == $1 || abs($0 - $1) <= 1e-9 * max(abs($0), abs($1)) + 1e-12
            || !$0.isFinite && !$1.isFinite
        }
      if !isEqual {
        faults.append("\(side.equation.left.text) is \(value), in symbols \(side.text) is \(found)")
      }
    }
  }

  // MARK: - Left sides

  /// What stands on the left is what the number on the right is: losses, their derivatives and δ of
  /// one row are not those of all rows.
  private mutating func checkMeanings(_ derivation: Derivation) throws {
    guard case .network(let network)? = session.interpreter.runtime.global("before"),
      case .data(let data)? = session.interpreter.runtime.global("d")
    else { return }
    let symbols = NetSymbols(session.interpreter.session.notation, sizes: network.sizes)
    let (sample, objective) = (question.sample, question.objective)
    let row = try DataSet(
      x: Tensor(.matrix(1, data.featureCount), Self.row(data.x, sample)),
      target: .values(
        Tensor(
          .matrix(1, network.outputCount),
          Self.row(try network.targets(of: data, for: objective.loss), sample))))
    let total = symbols.loss
    let isWhole = lesson.rows == 1 && !objective.hasPenalty
    let own = isWhole ? total : symbols.loss(ofSample: sample)
    // The row by itself, as often as it counts.
    var rowObjective = Objective(loss: objective.loss)
    rowObjective.sampleWeights = objective.sampleWeights.map { [$0[sample - 1]] }
    rowObjective.masks = objective.ofRow(sample - 1).masks
    var known: [Symbol: Double] = [:]
    known[total] = try network.loss(on: data, objective)
    known[own] = try network.loss(on: row, rowObjective)
    func addGradient(of symbol: Symbol, on data: DataSet, _ objective: Objective) throws {
      for (parameter, slope) in zip(
        network.parameters, try network.gradient(on: data, objective))
      {
        for (index, value) in slope.value.elements.enumerated() {
          let width = parameter.value.shape.columns
          switch parameter.role {
          case .weights:
            let weight = symbols.weight(
              parameter.layer, to: index / width + 1, from: index % width + 1)
            known[.derivative(of: symbol, by: weight)] = value
          case .bias:
            known[.derivative(of: symbol, by: symbols.bias(parameter.layer, index + 1))] = value
          case .slope: continue
          }
        }
      }
    }
    // `forward` answers where the loss is infinite, and another row may be infinitely wrong.
    guard known[own]?.isFinite == true else { return }
    if known[total]?.isFinite == true { try addGradient(of: total, on: data, objective) }
    try addGradient(of: own, on: row, rowObjective)
    let sign = session.interpreter.session.notation.deltaSign
    let (z, a) = try network.forward(row.x, masks: rowObjective.masks)
    var strangers: Set<Symbol> = []
    for (place, deltas) in try network.deltas(on: row, rowObjective).enumerated() {
      for unit in 1...deltas.elements.count {
        let (net, out) = (symbols.net(place + 1, unit), symbols.out(place + 1, unit))
        if !question.text.hasPrefix("forward") {
          known[net] = z[place].elements[unit - 1]
          known[out] = a[place].elements[unit - 1]
          known[symbols.delta(place + 1, unit)] = sign * deltas.elements[unit - 1]
          known[.derivative(of: own, by: net)] = deltas.elements[unit - 1]
        }
        if !isWhole {
          strangers.insert(.derivative(of: total, by: net))
          strangers.insert(.derivative(of: total, by: out))
        }
      }
    }
    for equation in derivation.equations {
      if strangers.contains(equation.left) {
        faults.append("\(equation.left.text) stands where sample \(sample) alone is meant")
      }
      guard let value = known[equation.left], let found = equation.value.number, value.isFinite
      else { continue }
      if abs(found - value) > 1e-9 * max(1, abs(value)) {
        faults.append("\(equation.left.text) is \(value), not \(found)")
      }
    }
    if !isWhole {
      for case .heading(let text) in derivation.parts
      where text.hasPrefix("backward: ") && !text.contains("∂\(own.text)/∂") {
        faults.append("\(text): of sample \(sample) alone")
      }
    }
  }

  private static func row(_ tensor: Tensor, _ number: Int) -> [Double] {
    let width = tensor.shape.columns
    return Array(tensor.elements[(number - 1) * width..<number * width])
  }

  // MARK: - The loss

  /// `E: half_sse = sum((target - out)^2)/2`, in the letters of the notation.
  private mutating func checkDefinition(_ printed: [PrintedEquation]) throws {
    guard case .network(let network)? = session.interpreter.runtime.global("before"),
      case .data(let data)? = session.interpreter.runtime.global("d")
    else { return }
    let (sample, loss) = (question.sample, question.objective.loss)
    let name = (loss ?? network.loss).name
    let symbols = NetSymbols(session.interpreter.session.notation, sizes: network.sizes)
    let letters = symbols.lossLetters
    for equation in printed where equation.left.contains(": \(name)") {
      var formula = ""
      var word = ""
      for character in equation.value + " " {
        if character.isLetter || character.isNumber || character == "_" {
          word.append(character)
          continue
        }
        formula += word == letters.output ? "y" : word == letters.target ? "t" : word
        formula.append(character)
        word = ""
      }
      let targets = Tensor(
        vector: Self.row(try network.targets(of: data, for: loss), sample))
      let x = Tensor(.matrix(1, data.featureCount), Self.row(data.x, sample))
      let outputs = Tensor(vector: try network.output(x).elements)
      session.interpreter.runtime.setGlobal("y", to: Value(outputs))
      session.interpreter.runtime.setGlobal("t", to: Value(targets))
      let found = try session.number(formula)
      let row = try DataSet(
        x: x, target: .values(Tensor(.matrix(1, network.outputCount), targets.elements)))
      let value = try network.loss(on: row, Objective(loss: loss))
      count += 1
      if found.isFinite, abs(found - value) > 1e-9 * max(1, abs(value)) {
        faults.append("\(equation): \(found), but the loss is \(value)")
      }
    }
  }
}
