/// What pictures on a terminal are made of.
package enum PictureForm: String, CaseIterable {
  case characters
  /// Whichever kind of image the terminal can show.
  case image
  case sixel, kitty
}
