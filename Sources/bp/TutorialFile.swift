import Language
import REPL
import Tutorial

/// Where the tutorial was left, in a file beside the history.
struct TutorialFile {
  private let path: String

  /// Nil without a home.
  init?(environment: (String) -> String?) {
    guard let history = HistoryFile.standardPath(environment: environment),
      let slash = history.lastIndex(of: "/")
    else { return nil }
    path = history[...slash] + "tutorial"
  }

  var progress: TutorialProgress {
    guard case .success(let text) = SystemFiles.read(path).flatMap(FileAccess.text) else {
      return TutorialProgress()
    }
    return TutorialProgress(text: text)
  }

  /// The tutorial works without: where it cannot be written, it begins anew next time.
  func keep(_ progress: TutorialProgress) {
    SystemFiles.makeFolders(above: path)
    _ = SystemFiles.write(path, Array(progress.text.utf8))
  }
}
