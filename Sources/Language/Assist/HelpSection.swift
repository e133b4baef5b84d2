import Learning

/// What `help` knows of one part of the language, for a page that tells all of it.
package struct HelpSection: Sendable {
  package struct Entry: Sendable {
    /// How it is written: `for x in xs { … }`, `train`.
    package let form: String
    package let summary: String
  }

  package let title: String
  package let entries: [Entry]

  /// Statements, operators and constants, then the functions by topic and the choices by kind.
  package static func all(_ catalog: Catalog) -> [HelpSection] {
    let language = [
      HelpSection(
        title: "Statements",
        entries: StatementHelp.all.map { Entry(form: $0.form, summary: $0.summary) }),
      HelpSection(
        title: "Operators",
        entries: OperatorHelp.all.map { Entry(form: $0.form, summary: $0.summary) }),
      HelpSection(
        title: "Constants",
        entries: catalog.constants.map { Entry(form: $0.name, summary: $0.summary) }),
    ]
    let topics = Topic.allCases.map { topic in
      HelpSection(
        title: "Functions: \(topic.rawValue)",
        entries: catalog.functions.filter { $0.topic == topic }.map {
          Entry(form: $0.name, summary: $0.summary)
        })
    }
    // Activations, losses and data sets are functions as well, and stand there.
    let kinds = Choice.Kind.allCases.filter { ![.activation, .loss, .data].contains($0) }.map {
      HelpSection(
        title: "Choices: \($0.rawValue)",
        entries: $0.choices.map { Entry(form: $0.signature, summary: $0.summary) })
    }
    return (language + topics + kinds).filter { !$0.entries.isEmpty }
  }
}
