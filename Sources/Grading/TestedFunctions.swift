import Differentiation
import Explanation
import Language
import Syntax

/// The functions of a key that students test, right and with one misconception in one of them.
///
/// They run in an interpreter of their own: what a script that calls them defines changes nothing.
package final class TestedFunctions {
  /// A wrong function: one misconception, made in every call.
  package struct WrongFunction: Hashable, Sendable {
    package var function: String
    /// The name of the misconception.
    package var name: String
    /// What was done, as it follows `if`.
    package var description: String
    /// What else gives the same values.
    package var others: [String] = []

    package init(function: String, name: String, description: String) {
      (self.function, self.name, self.description) = (function, name, description)
    }

    /// What was done, in all ways that give the same.
    var words: String { ([description] + others).joined(separator: ", or ") }
  }

  /// Why the functions are not there.
  package struct Problem: Error, Hashable, Sendable {
    package let message: String
  }

  private let interpreter: Interpreter
  private var originals: [String: Function] = [:]
  private let gatherer: Gatherer

  private final class Gatherer {
    var problem: String?
  }

  /// - Parameters:
  ///   - definitions: statements that make the functions.
  ///   - names: of the functions.
  ///   - host: its output and its files are left alone.
  /// - Throws: where a statement stops, or does not make what it is asked for.
  package init(
    _ definitions: String, making names: [String], catalog: Catalog, host: Host,
    limits: Runtime.Limits = Runtime.Limits()
  ) throws(Problem) {
    var quiet = host
    quiet.write = { _ in true }
    quiet.report = { _ in }
    quiet.files = .none
    interpreter = Interpreter(catalog: catalog, host: quiet, limits: limits)
    let gatherer = Gatherer()
    self.gatherer = gatherer
    interpreter.session.exerciseListener = { event in
      if case .failed(let diagnostic) = event, gatherer.problem == nil {
        gatherer.problem = diagnostic.message
      }
    }
    _ = interpreter.run(definitions, name: "tests")
    if let problem = gatherer.problem { throw Problem(message: problem) }
    for name in names {
      guard case .function(let function)? = interpreter.runtime.global(name) else {
        throw Problem(message: "\(name) is no function")
      }
      originals[name] = function
    }
  }

  // MARK: Calls from a script

  /// The function for a script that calls it.
  /// - Parameter wrong: what is wrong with it, where that is about this function.
  package func function(_ name: String, _ wrong: WrongFunction? = nil) -> Function? {
    guard let original = originals[name] else { return nil }
    let wrong = wrong?.function == name ? wrong : nil
    let foreign = ForeignFunction(like: original) { [self] given, range throws(Failure) in
      do throws(Failure) {
        return try value(of: original, given, wrong, at: range)
      } catch {
        guard case .diagnostic(let diagnostic) = error.reason else { throw error }
        // Its places are in a text that the script does not have.
        throw Failure(Diagnostic(diagnostic.kind, diagnostic.message, at: range))
      }
    }
    return Function(name: name, body: .foreign(foreign))
  }

  private func value(
    of function: Function, _ given: [Value?], _ wrong: WrongFunction?, at range: SourceRange
  ) throws(Failure) -> Value {
    let (right, inputs) = try traced(function, given, at: range)
    guard case .traced(var output) = right, output.value != nil else {
      switch right.plain {
      case .number, .tensor, .truth, .string: return right.plain
      default: throw Failure("\(function.name) gives no number", at: range)
      }
    }
    if let wrong, let ways = try? Diagnosis.wrongWays(of: output, named: wrong.name) {
      // A misconception that makes no difference to these arguments gives the right value.
      output = ways.first { $0.description == wrong.description }?.output ?? output
    }
    let traced = inputs.compactMap { input in input.outer.map { (input.node, $0) } }
    if traced.isEmpty { return output.value.map { Value($0) } ?? .nothing }
    guard let whole = try? Diagnosis.value(of: output, from: traced) else {
      throw Failure("\(function.name) cannot be derived here", at: range)
    }
    return .traced(whole)
  }

  /// Calls the function on the values alone, so that no misconception is made in what the script
  /// computed them from.
  private func traced(
    _ function: Function, _ given: [Value?], at range: SourceRange
  ) throws(Failure) -> (value: Value, inputs: [(node: Node, outer: Node?)]) {
    var arguments: [(name: String, argument: BoundArgument)] = []
    var outer: [String: Node] = [:]
    for (name, value) in zip(function.parameterNames, given) {
      guard let value else { continue }
      switch value.plain {
      case .number, .tensor, .truth, .string: break
      default:
        throw Failure(
          "\(function.name) takes numbers, vectors and matrices here", at: range,
          label: value.kind)
      }
      if case .traced(let node) = value { outer[name] = node }
      arguments.append((name, BoundArgument(value: value.plain, range: range, name: nil)))
    }
    let (result, nodes) = try interpreter.runtime.traced(function, arguments, at: range)
    return (result, nodes.map { ($0.node, outer[$0.name]) })
  }

  // MARK: What can be wrong

  /// More wrong functions than these are not made: every one is a run of a submission.
  private static let most = 40

  /// The wrong functions that some misconceptions make, those that give the same at every call as
  /// one.
  /// - Parameter calls: statements that call the functions.
  /// - Throws: where a statement stops.
  package func wrongFunctions(in calls: String) throws(Problem) -> [WrongFunction] {
    var outputs: [(function: String, output: Node)] = []
    var depth = 0
    for (name, original) in originals {
      let recorder = ForeignFunction(like: original) { [self] given, range throws(Failure) in
        depth += 1
        defer { depth -= 1 }
        let right = try traced(original, given, at: range).value
        if depth == 1, case .traced(let output) = right { outputs.append((name, output)) }
        return right.plain
      }
      interpreter.runtime.setGlobal(
        name, to: .function(Function(name: name, body: .foreign(recorder))))
    }
    _ = interpreter.run(calls, name: "tests")
    for (name, original) in originals {
      interpreter.runtime.setGlobal(name, to: .function(original))
    }
    if let problem = gatherer.problem { throw Problem(message: problem) }
    var found: [WrongFunction] = []
    var values: [[Tensor?]] = []
    for (place, call) in outputs.enumerated() {
      for way in (try? Diagnosis.wrongWays(of: call.output)) ?? []
      where way.output.value?.elements.allSatisfy({ $0.isFinite }) == true {
        let wrong = WrongFunction(
          function: call.function, name: way.name, description: way.description)
        let index = found.firstIndex(of: wrong) ?? found.count
        if index == found.count {
          found.append(wrong)
          values.append(Array(repeating: nil, count: outputs.count))
        }
        values[index][place] = values[index][place] ?? way.output.value
      }
    }
    return Array(Self.grouped(found, values).prefix(Self.most))
  }

  private static func grouped(
    _ found: [WrongFunction], _ values: [[Tensor?]]
  ) -> [WrongFunction] {
    var result: [(wrong: WrongFunction, values: [Tensor?])] = []
    for (wrong, own) in zip(found, values) {
      let same = result.firstIndex { known in
        known.wrong.function == wrong.function
          && zip(known.values, own).allSatisfy { isSame($0, $1) }
      }
      if let same {
        result[same].wrong.others.append(wrong.description)
      } else {
        result.append((wrong, own))
      }
    }
    return result.map { $0.wrong }
  }

  private static func isSame(_ a: Tensor?, _ b: Tensor?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return a.shape == b.shape
      && zip(a.elements, b.elements).allSatisfy { abs($0 - $1) <= 1e-9 * max(abs($0), abs($1)) }
  }
}
