import ArgumentParser
import Language
import Library

// What the shell completes behind an option or an argument.
extension CompletionKind {
  static var scripts: CompletionKind { .file(extensions: ["bp"]) }

  /// Everything that help explains.
  static var helpNames: CompletionKind {
    .list(Set(Catalog.standard.names + Help.terms).filter { !$0.contains(" ") }.sorted())
  }

  /// The exercises that come with the program.
  static var exercises: CompletionKind { .list(ListExercises.names) }
}
