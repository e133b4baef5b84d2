import Language
import Rendering
import Syntax

extension Catalog {
  /// What goes on where something else stops.
  static let attemptFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "attempt", .session,
      "Calls a function without arguments; an error in it is shown and does not stop the script.",
      parameters: [function.parameter],
      examples: [
        .init(
          "r = attempt (() -> [1, 2] + [1, 2, 3]); print r.error",
          prints: "cannot add a vector of 2 and a vector of 3"),
        .init("r = attempt (() -> 2 + 3); print r.value, r.error", prints: "5 nothing"),
      ]
    ) { arguments throws(Failure) in
      do throws(Failure) {
        let value = try arguments.runtime.call(
          try arguments(function), [], at: arguments.range(of: function))
        let text = arguments.session.text(of: value)
        return .report(
          Report(
            title: "attempt",
            fields: Record([("value", value), ("error", .nothing), ("help", .list([]))])
          ) { _ in text })
      } catch {
        // A limit, an interrupt, `exit` and what is still to be filled in are no business of the
        // script.
        guard case .diagnostic(var diagnostic) = error.reason, diagnostic.kind == .runtime else {
          throw error
        }
        // The call that was made to have the error here says nothing about it.
        if !diagnostic.calls.isEmpty { diagnostic.calls.removeLast() }
        let shown = diagnostic
        let session = arguments.session
        return .report(
          Report(
            title: "attempt",
            fields: Record([
              ("value", .nothing), ("error", .string(shown.message)),
              ("help", .list(shown.help.map { .string($0.text) })),
            ])
          ) { session.diagnosticRenderer(isColoured: $0.hasColour).render(shown) })
      }
    }
  ]

  private static let function = Key.function(
    "f", "What is to be tried, as a function without arguments: () -> ….")
}
