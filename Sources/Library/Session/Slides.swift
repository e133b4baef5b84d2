import Language
import Learning

extension Catalog {
  static let slideFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "slide", .session,
      "Begins a slide: what follows, up to the next one, is shown under this title.",
      traits: .beginsPart, parameters: [slideTitle.parameter],
      examples: [
        .init(
          "slide \"The error\"; print 1/2*(0.01 - 0.75)^2",
          prints: "1. The error\n────────────\n0.2738")
      ]
    ) { arguments throws(Failure) in
      try arguments.session.beginSlide(try arguments(slideTitle), at: arguments.range)
      return .nothing
    }
  ]

  private static let slideTitle = Key.string("title", "What stands above the slide.")
}
