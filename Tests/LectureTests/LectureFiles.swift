import TestSupport

/// The scripts that people read, and what they print.
enum LectureFiles {
  static let scripts = "scripts/lectures"
  static let snapshots = "Tests/LectureTests/Snapshots"
  static let names = Project.names(in: scripts, endingWith: ".bp")
}

/// A session that reads beside the lectures.
func lectureSession(arguments: [String] = []) -> TestSession {
  TestSession(folder: Project.file(LectureFiles.scripts), arguments: arguments)
}
