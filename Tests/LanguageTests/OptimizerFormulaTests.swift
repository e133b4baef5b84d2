import Differentiation
import Learning
import TestSupport
import Testing

@testable import Language

/// What help says of an optimizer is what it does.
@Suite struct OptimizerFormulaTests {
  private static let decays = [0, 0.2]

  @Test(arguments: Optimizer.all.map(\.name), decays)
  func `the formula of an optimizer, run as a script, gives what its graph gives`(
    _ name: String, _ decay: Double
  ) throws {
    let optimizer = try Optimizer.required(name, as: .option("optimizer"))
      .configured(named: [("weight_decay", .number(decay))])
    let w = Tensor(vector: [0.5, -1.25, 0.75])
    let g = Tensor(vector: [0.3, 0, -0.8])
    let starts = optimizer.states.indices.map { place in
      Tensor(vector: [0.25, -0.5, 0.125].map { place == 0 ? $0 : abs($0) })
    }
    let isRoot = optimizer.formula.contains("sqrt(s)") || optimizer.formula.contains("sqrt(s/")
    let states = zip(optimizer.states, starts).map { state, start in
      // A mean of squares is never negative.
      (state.name, isRoot && state.name == "s" ? Tensor(vector: start.elements.map(abs)) : start)
    }
    var settings: [String: Node] = [:]
    var script = "w = \(w.elements)\ng = \(g.elements)\nlr = 0.1\nstep = 3\n"
    for setting in optimizer.settings {
      let number = optimizer.values.number(setting.name)
      settings[setting.name] = .constant(Tensor(number), name: setting.name)
      script += "\(setting.name) = \(number)\n"
    }
    for (name, value) in states { script += "\(name) = \(value.elements)\n" }
    let statements = optimizer.formula.components(separatedBy: "; ")
    script += statements.dropLast().map { "\($0)\n" }.joined()
    script += "next = \(statements[statements.count - 1])\n"
    let graph = try optimizer.graph(
      UpdateOperands(
        w: .parameter(w, name: "w"), g: .parameter(g, name: "g"),
        lr: .parameter(Tensor(0.1), name: "lr"), step: .parameter(Tensor(3), name: "step"),
        states: states.map { ($0, .parameter($1, name: $0)) }, settings: settings))
    let outputs = [("next", graph.w)] + zip(states, graph.states).map { ($0.0, $1) }
    for (name, node) in outputs {
      let numbers = try #require(node.value).elements
      for (index, number) in numbers.enumerated() {
        script += "check abs(\(name)[\(index + 1)] - (\(number))) < 1e-14\n"
      }
    }
    let session = TestSession()
    session.run(script)
    let reports = session.reports.filter { !$0.hasPrefix("note") }
    #expect(reports == [], "\(script)")
  }
}
