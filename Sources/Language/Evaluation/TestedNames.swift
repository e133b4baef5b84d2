import Syntax

extension Statement {
  /// The checks that it is or holds.
  var checkCount: Int {
    switch kind {
    case .check: 1
    case .forEach(_, _, let body), .whileLoop(_, let body), .repeatLoop(_, let body):
      body.statements.reduce(0) { $0 + $1.checkCount }
    default: 0
    }
  }

  /// Adds the functions that are called by name, bodies of functions left out.
  func addCalledNames(to names: inout [String]) {
    switch kind {
    case .expression(let expression): expression.addCalledNames(to: &names)
    case .assignment(let assignment): assignment.value.addCalledNames(to: &names)
    case .check(let check): check.condition.addCalledNames(to: &names)
    case .print(let expressions):
      for expression in expressions { expression.addCalledNames(to: &names) }
    case .forEach(_, let sequence, let body):
      sequence.addCalledNames(to: &names)
      for statement in body.statements { statement.addCalledNames(to: &names) }
    case .whileLoop(let head, let body), .repeatLoop(let head, let body):
      head.addCalledNames(to: &names)
      for statement in body.statements { statement.addCalledNames(to: &names) }
    default: break
    }
  }
}

extension Expression {
  fileprivate func addCalledNames(to names: inout [String]) {
    if case .call(let call) = self, case .name(let name) = call.callee { names.append(name.text) }
    for child in children { child.addCalledNames(to: &names) }
  }
}
