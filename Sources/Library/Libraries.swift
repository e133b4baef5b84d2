import Differentiation
import Interchange
import Language

extension Catalog {
  /// Opens the libraries that functions otherwise open when they first need one: zlib and OpenBLAS,
  /// where they are installed.
  package static func openLibraries() {
    Backends.open()
    FileFormat.openLibraries()
  }
}
