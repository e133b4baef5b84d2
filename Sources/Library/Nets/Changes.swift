import Language
import Learning
import Syntax

/// Taking changes of a net back.
extension Catalog {
  static let changeFunctions = [
    BuiltinFunction(
      "undo", .nets,
      "Takes back the last change of a net: a training, a step, or what a statement assigned.",
      parameters: [changed.parameter],
      examples: [
        .init(
          "net = mlp [1,1] linear init=constant(2); net.W1 = [[7]]; undo net; print net.W1",
          prints: "2")
      ]
    ) { arguments throws(Failure) in
      try moved(arguments, "undone", "there is no change that could be undone") {
        session, network in
        session.nets.undo(network).map { "\(network.title) is what it was before \($0.words)" }
      } help: { network in
        if let network, network.count > NetMemory.largestKept {
          "the values of a net this large are not kept: old = copy net keeps them"
        } else {
          "train net data, descend net data and net.W1[1,1] = 0.5 can be undone"
        }
      }
    },
    BuiltinFunction(
      "redo", .nets, "Makes the change again that `undo` took back last.",
      parameters: [changed.parameter],
      examples: [
        .init(
          "net = mlp [1,1] linear init=constant(2); net.W1 = [[7]]; undo net; redo net; print net.W1",
          prints: "7")
      ]
    ) { arguments throws(Failure) in
      try moved(arguments, "redone", "nothing was undone since the last change") {
        session, network in
        session.nets.redo(network).map { "\(network.title) is what it was after \($0.words)" }
      } help: { _ in
        "redo follows undo"
      }
    },
  ]

  private static let changed = Key<Network>(
    Parameter("net", .network, .absent, "The net; the one changed last where left out.")
  ) { if case .network(let network) = $0 { network } else { nil } }

  /// Goes one change back or forth.
  /// - Parameters:
  ///   - failure: the message where `move` gives nil.
  ///   - move: gives what was done, in words.
  private static func moved(
    _ arguments: Arguments, _ title: String, _ failure: String,
    _ move: (Session, Network) -> String?, help: (Network?) -> String
  ) throws(Failure) -> Value {
    let session = arguments.session
    let network = try arguments.optional(changed) ?? session.nets.lastChanged
    guard network?.isBeingTrained != true else {
      throw Failure(
        "the net is being trained: its changes cannot be undone from within",
        at: arguments.range(of: changed))
    }
    guard let network, let words = move(session, network) else {
      throw Failure(failure, at: arguments.range(of: changed), help: [help(network)])
    }
    return .report(Report(title: title, isEcho: true) { _ in words })
  }
}
