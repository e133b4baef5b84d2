import Explanation
import Interchange
import Language
import Learning
import Rendering

/// What can be chosen from by name, with its settings, as the catalog lists it.
enum PageChoices {
  static func json(_ catalog: Catalog) -> JSON {
    .record(
      EntryKind.allCases.map { kind in (kind.rawValue, .list(kind.choices.map(json))) } + [
        (
          "notation",
          .list(
            Notation.all.map {
              .record([("name", .text($0.name)), ("summary", .text($0.summary))])
            })
        )
      ])
  }

  private static func json(_ choice: Choice) -> JSON {
    .record([
      ("name", .text(choice.name)), ("summary", .text(choice.summary)),
      ("formula", .text(choice.formula)), ("settings", .list(choice.settings.map(json))),
    ])
  }

  private static func json(_ setting: Parameter) -> JSON {
    var members: [(String, JSON)] = [
      ("name", .text(setting.name)), ("summary", .text(setting.summary)),
    ]
    switch setting.kind {
    case .number(let range):
      members += [("kind", .text("number")), ("expects", .text(setting.kind.expectation))]
      for (name, bound) in [("low", range.low), ("high", range.high)] where bound.isFinite {
        members.append((name, .number(bound)))
      }
    case .wholeNumber: members.append(("kind", .text("whole")))
    case .word(let words):
      members += [("kind", .text("word")), ("words", .list(words.map { .text($0) }))]
    default: members.append(("kind", .text("other")))
    }
    switch setting.standard {
    case .number(let number): members.append(("standard", .text(NumberStyle.standard.text(number))))
    case .word(let word), .string(let word): members.append(("standard", .text(word)))
    case .truth(let truth): members.append(("standard", .text(truth ? "true" : "false")))
    case .required, .absent: break
    }
    return .record(members)
  }
}
