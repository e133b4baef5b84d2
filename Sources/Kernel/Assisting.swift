import Assistance
import Interchange
import Language

extension KernelServer {
  /// `complete_request`
  func completion(_ content: JSON, _ interpreter: Interpreter) -> JSON {
    let (code, cursor) = place(in: content)
    let found = interpreter.completion(of: code, cursor: cursor)
    let start = TextUnits.scalars.count(in: code, beforeByte: found.start)
    let end = TextUnits.scalars.count(in: code, beforeByte: cursor)
    let kinds = found.candidates.map { candidate in
      JSON.record([
        ("start", .number(Double(start))), ("end", .number(Double(end))),
        ("text", .text(candidate.text)), ("type", .text(candidate.kind.rawValue)),
        ("signature", .text(candidate.display)),
      ])
    }
    return .record([
      ("status", .text("ok")), ("matches", .list(found.candidates.map { .text($0.text) })),
      ("cursor_start", .number(Double(start))), ("cursor_end", .number(Double(end))),
      ("metadata", .record([("_jupyter_types_experimental", .list(kinds))])),
    ])
  }

  /// `inspect_request`
  func inspection(_ content: JSON, _ interpreter: Interpreter) -> JSON {
    let (code, cursor) = place(in: content)
    let found = interpreter.inspection(of: code, at: cursor, display: Outputs.tooltip)
    return .record([
      ("status", .text("ok")), ("found", .truth(found != nil)),
      ("data", found.map { MimeBundle(text: $0.text).json } ?? .empty), ("metadata", .empty),
    ])
  }

  /// `is_complete_request`
  func isComplete(_ content: JSON, _ interpreter: Interpreter) -> JSON {
    switch interpreter.state(of: content["code"]?.text ?? "") {
    case .complete: .record([("status", .text("complete"))])
    case .invalid: .record([("status", .text("invalid"))])
    case .incomplete(let indent):
      .record([("status", .text("incomplete")), ("indent", .text(indent))])
    }
  }

  /// The text and the byte of its cursor.
  private func place(in content: JSON) -> (code: String, cursor: Int) {
    let code = content["code"]?.text ?? ""
    let cursor = content["cursor_pos"]?.wholeNumber ?? .max
    return (code, TextUnits.scalars.byte(in: code, afterUnits: cursor))
  }
}
