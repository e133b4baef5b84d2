import Cluster
import Foundation
import Testing

/// A sweep as tasks of their own.
@Suite struct StudyTests {
  private static let script = """
    seed 3
    net = mlp [2,4,1] tanh sigmoid
    s = sweep net (moons n=40) lr=[0.1, 1e300] optimizer=[sgd, adam] epochs=30 loss=mse
    print "not reached"
    """

  private static func folder() throws -> Folder {
    let folder = try Folder()
    try folder.write(script, to: "study.bp")
    return folder
  }

  @Test func `tasks come to what the sweep comes to`() throws {
    let folder = try Self.folder()
    let listed = try Program.run("sweep", "study.bp", "--slurm", in: folder)
    #expect(listed.status == 0 && listed.output.hasPrefix("4 tasks"), "\(listed.errors)")
    for task in 0..<4 {
      let made = try Program.run("sweep", "study.bp", "--task", "\(task)", in: folder)
      #expect(made.status == 0 && made.output.isEmpty, "\(made.errors)")
    }
    let collected = try Program.run("collect", "study.out", in: folder)
    #expect(collected.status == 0 && collected.errors.isEmpty)
    let rows = collected.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows[0].prefix(4) == ["lr", "optimizer", "task", "loss"])
    let whole = try Program.run(
      "-e", "digits 17", "-e",
      Self.script.replacing("print \"not reached\"", with: "print map (r -> r.loss) s.runs"))
    let written = whole.output.split(whereSeparator: { "[], \n".contains($0) }).compactMap {
      Double($0)
    }
    let losses = rows.dropFirst().compactMap { Double($0[3]) }
    #expect(losses.count > 1 && losses == written, "\(whole.output) \(whole.errors)")
  }

  @Test func `what is missing is named, and the array is for just that`() throws {
    let folder = try Self.folder()
    _ = try Program.run("sweep", "study.bp", "--slurm", in: folder)
    _ = try Program.run("sweep", "study.bp", "--task", "1", in: folder)
    let collected = try Program.run("collect", "study.out", "--to", "table.csv", in: folder)
    #expect(collected.status == 1 && collected.output.isEmpty)
    #expect(collected.errors.hasPrefix("3 of 4 tasks are missing: 0,2-3;"))
    #expect(try folder.text(of: "table.csv").split(separator: "\n").count == 2)
    #expect(try folder.text(of: "study.missing.sbatch").contains("#SBATCH --array=0,2-3\n"))
  }

  @Test func `a script that has changed is none of the study`() throws {
    let folder = try Self.folder()
    _ = try Program.run("sweep", "study.bp", "--slurm", in: folder)
    try folder.write(Self.script.replacing("n=40", with: "n=50"), to: "study.bp")
    let made = try Program.run("sweep", "study.bp", "--task", "1", in: folder)
    #expect(made.status == 3 && made.errors.contains("lists other tasks"))
    let beyond = try Program.run("sweep", "study.bp", "--task", "9", in: folder)
    #expect(beyond.status == 3 && beyond.errors.contains("from 0 to 3"))
    try folder.write("print 1", to: "none.bp")
    let none = try Program.run("sweep", "none.bp", "--slurm", in: folder)
    #expect(none.status == 3 && none.errors.contains("there is no sweep"))
  }

  @Test func `a task that was ended goes on where it was`() throws {
    let folder = try Self.folder()
    try folder.write(
      Self.script.replacing("epochs=30", with: "epochs=60000").replacing("1e300", with: "0.5"),
      to: "study.bp")
    _ = try Program.run("sweep", "study.bp", "--slurm", in: folder)
    var names: [String] = []
    // On a busy machine it may take longer until it trains.
    for seconds in [0.6, 2, 6, 20] where !names.contains(where: { $0.hasSuffix(".safetensors") }) {
      let process = Process()
      process.executableURL = try Program.url
      process.arguments = ["sweep", "study.bp", "--task", "1"]
      process.currentDirectoryURL = folder.url
      process.standardError = FileHandle.nullDevice
      try process.run()
      usleep(UInt32(seconds * 1e6))
      process.terminate()
      process.waitUntilExit()
      guard process.terminationStatus != 0 else { return }
      names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/study.out")
    }
    #expect(names.contains { $0.hasSuffix(".safetensors") })
    #expect(!names.contains { $0.hasSuffix(".json") && $0 != "tasks.json" })
    let again = try Program.run("sweep", "study.bp", "--task", "1", in: folder)
    #expect(again.status == 0, "\(again.errors)")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/study.out")
    #expect(left.count == 2)
  }

  @Test func `numbers are ranges`() {
    #expect(JobArray.ranges([0, 1, 2, 5, 9, 10]) == "0-2,5,9-10")
    #expect(JobArray.ranges([4]) == "4")
  }
}
