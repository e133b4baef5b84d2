/// The variables of one function while it is resolved.
final class Scope {
  /// What a name means in a function.
  struct Variable {
    let slot: Int
    /// Whether the slot holds a cell, because a function further in uses the variable too.
    var isCell: Bool
  }

  let parent: Scope?
  private(set) var variables: [String: Variable] = [:]
  /// Names in the order of their slots.
  private(set) var names: [String] = []
  /// Cells that come from outside, in the order in which they follow the own variables.
  private(set) var captured: [String] = []

  init(parent: Scope?) {
    self.parent = parent
  }

  func declare(_ name: String, isCell: Bool) {
    guard variables[name] == nil else { return }
    variables[name] = Variable(slot: names.count, isCell: isCell)
    names.append(name)
  }

  func capture(_ name: String) {
    declare(name, isCell: true)
    captured.append(name)
  }
}
