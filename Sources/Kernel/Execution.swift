import Interchange
import Language
import Syntax

extension KernelServer {
  /// `execute_request`: runs a cell.
  func execute(_ request: Request, _ interpreter: Interpreter) {
    let content = request.content
    let code = content["code"]?.text ?? ""
    let isSilent = content["silent"]?.truth ?? false
    if content["store_history"]?.truth ?? !isSilent, !isSilent {
      executionCount += 1
      history.add(code, line: executionCount)
    }
    if !isSilent {
      publisher.publish(
        "execute_input",
        [("code", .text(code)), ("execution_count", .number(Double(executionCount)))],
        parent: request.header)
    }
    process.clearInterrupt()
    outputs.begin(request.header, line: executionCount, isSilent: isSilent)
    let failure = failure(of: run(code, interpreter))
    outputs.end()
    if let text = outputs.result?.plain { history.setOutput(text, ofLine: executionCount) }
    var reply: [(String, JSON)] = [("execution_count", .number(Double(executionCount)))]
    if let failure {
      if !isSilent { publisher.publish("error", failure, parent: request.header) }
      reply = [("status", .text("error"))] + reply + failure
    } else {
      reply = [("status", .text("ok"))] + reply
      reply += [
        ("user_expressions", expressions(content["user_expressions"], interpreter)),
        ("payload", .list(leavingPayload)),
      ]
    }
    self.reply(request, .record(reply))
    if failure != nil, content["stop_on_error"]?.truth ?? true { abortWaiting() }
  }

  private func run(_ code: String, _ interpreter: Interpreter) -> Interpreter.Outcome {
    isLeaving = false
    let outcome = interpreter.run(code, name: "In[\(executionCount)]", echoes: true)
    if case .left = outcome { isLeaving = true }
    // A training that was stopped keeps its net and returns, perhaps as the last statement.
    return outcome == .done && process.isInterrupted() ? .interrupted : outcome
  }

  /// Tells the front end that the user wants to leave.
  private var leavingPayload: [JSON] {
    isLeaving
      ? [.record([("source", .text("ask_exit")), ("keepkernel", .truth(false))])] : []
  }

  /// What an `error` message says; nil where the cell ran to its end.
  private func failure(of outcome: Interpreter.Outcome) -> [(String, JSON)]? {
    let name: String
    switch outcome {
    case .done, .left:
      // A check that does not hold is said, and the cell is no failure.
      if let last = outputs.errors.last { outputs.write(last.text, to: .stderr) }
      return nil
    case .syntaxError: name = "SyntaxError"
    case .runtimeError: name = "Error"
    case .limitReached: name = "LimitReached"
    case .interrupted: name = "Interrupted"
    }
    let last = outputs.errors.last
    let isOwn = outcome == .interrupted
    let message = isOwn ? "stopped; what was computed is kept" : last?.diagnostic.message ?? ""
    let lines = isOwn ? ["Interrupted: \(message)"] : [last?.text ?? message]
    return [
      ("ename", .text(name)), ("evalue", .text(message)),
      ("traceback", .list(lines.map { .text($0) })),
    ]
  }

  /// Cells that were sent together with one that failed are not run.
  private func abortWaiting() {
    for request in queue.takeAll("execute_request") {
      publisher.publish(state: "busy", parent: request.header)
      reply(
        request,
        .record([
          ("status", .text("aborted")), ("execution_count", .number(Double(executionCount))),
        ]))
      publisher.publish(state: "idle", parent: request.header)
    }
  }

  /// Values that a front end asks for besides the outputs of the cell.
  private func expressions(_ asked: JSON?, _ interpreter: Interpreter) -> JSON {
    guard case .object(let members)? = asked else { return .empty }
    return .record(
      members.map { member in
        outputs.begin(outputs.parent ?? [], line: executionCount, isSilent: true)
        let outcome = interpreter.run(member.value.text ?? "", name: member.name, echoes: true)
        if let failure = failure(of: outcome) {
          return (member.name, .record([("status", .text("error"))] + failure))
        }
        let bundle = outputs.result ?? MimeBundle(text: "")
        return (
          member.name,
          .record([("status", .text("ok")), ("data", bundle.json), ("metadata", .empty)])
        )
      })
  }
}
