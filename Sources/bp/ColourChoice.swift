import ArgumentParser
import Glibc

/// What `--color` asks for.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
  case always, never, auto

  /// Says it in the variables that programs have for it, of which `Display.wantsColour` reads all.
  func apply() {
    switch self {
    case .always:
      unsetenv("NO_COLOR")
      setenv("CLICOLOR_FORCE", "1", 1)
    case .never: setenv("NO_COLOR", "1", 1)
    case .auto: break
    }
  }
}
