/// The constructor of a framework that makes the steps of an optimizer: what a program for the
/// framework calls in its place.
package struct FrameworkOptimizer: Sendable {
  package enum Framework: Hashable, Sendable { case keras, torch }

  package let framework: Framework
  package let name: String
  /// What it does a little otherwise, in a sentence; empty where steps are the same.
  package let remark: String
  /// Arguments besides the rate, with settings between braces: `rho={alpha}`.
  private let arguments: [String]
  /// The same, left out while their setting is 0.
  private let optional: [String]
  private let zeros: [String]
  private let others: [String]
  private let needsSteadyRate: Bool

  /// - Parameters:
  ///   - ifNotZero: arguments left out while their setting is 0, which is the framework's own default.
  ///   - zeros: settings that have no counterpart: they must be 0.
  ///   - others: settings that the framework refuses to take as 0.
  ///   - needsSteadyRate: whether steps are the same only while the rate does not change.
  package init(
    _ framework: Framework, _ name: String, _ arguments: [String] = [],
    ifNotZero optional: [String] = [], zeros: [String] = [], others: [String] = [],
    needsSteadyRate: Bool = false, remark: String = ""
  ) {
    self.framework = framework
    self.name = name
    self.arguments = arguments
    self.optional = optional
    self.zeros = zeros
    self.others = others
    self.needsSteadyRate = needsSteadyRate
    self.remark = remark
  }

  /// Whether it makes the steps with these settings.
  func makesSteps(of settings: Settings, rateIsSteady: Bool) -> Bool {
    (rateIsSteady || !needsSteadyRate) && zeros.allSatisfy { settings.number($0) == 0 }
      && others.allSatisfy { settings.number($0) != 0 }
  }

  /// The arguments besides the rate with the numbers of the settings.
  package func arguments(_ settings: Settings, number: (Double) -> String) -> [String] {
    let given = optional.filter { argument in
      Self.settings(in: argument).contains { settings.number($0) != 0 }
    }
    return (arguments + given).map { argument in
      Self.parts(of: argument).map { part in
        part.isSetting ? number(settings.number(String(part.text))) : String(part.text)
      }.joined()
    }
  }

  private static func settings(in argument: String) -> [String] {
    parts(of: argument).filter { $0.isSetting }.map { String($0.text) }
  }

  private static func parts(of argument: String) -> [(text: Substring, isSetting: Bool)] {
    argument.split(separator: "{", omittingEmptySubsequences: false).enumerated().flatMap {
      index, piece -> [(text: Substring, isSetting: Bool)] in
      guard index > 0, let end = piece.firstIndex(of: "}") else { return [(piece, false)] }
      return [(piece[..<end], true), (piece[piece.index(after: end)...], false)]
    }
  }
}

extension Optimizer {
  /// The constructor of a framework that makes these steps; nil where it has none.
  package func constructor(
    in framework: FrameworkOptimizer.Framework, rateIsSteady: Bool
  ) -> FrameworkOptimizer? {
    frameworks.first {
      $0.framework == framework && $0.makesSteps(of: values, rateIsSteady: rateIsSteady)
    }
  }
}
