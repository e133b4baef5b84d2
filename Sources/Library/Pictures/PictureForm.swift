import Language
import Learning

extension Catalog {
  static let pictureFormFunction = BuiltinFunction(
    "pictures", .pictures,
    "Shows pictures in characters from now on, or as images where the terminal can.",
    parameters: [form.parameter],
    examples: [.init("pictures characters; print 1", prints: "1")]
  ) { arguments throws(Failure) in
    arguments.session.pictureForm = PictureForm(rawValue: try arguments(form)) ?? .characters
    return .nothing
  }

  private static let form = Key.word(
    "form", of: PictureForm.allCases.map { $0.rawValue }, .required, "What pictures are made of.")
}
