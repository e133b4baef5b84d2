import Foundation
import TestSupport
import Testing

/// The file of `log=`, in each of its forms.
@Suite struct TrainingLogTests {
  private static let training = """
    net = mlp [2,3,1] tanh sigmoid
    r = train net moons epochs=5 valid=0.25 quiet=true log=
    """

  /// Each line read by another reader of JSON.
  private func objects(_ bytes: [UInt8]) throws -> [[String: Double?]] {
    let text = try #require(String(bytes: bytes, encoding: .utf8))
    #expect(text.hasSuffix("\n"))
    return try text.split(separator: "\n").map {
      try JSONDecoder().decode([String: Double?].self, from: Data($0.utf8))
    }
  }

  @Test(
    "JSON lines hold an object for each epoch, with the numbers of the run",
    arguments: ["jsonl", "ndjson"])
  func lines(ending: String) throws {
    let session = TestSession()
    #expect(session.run(Self.training + "\"run.\(ending)\"\nprint json(r.losses)") == .done)
    let rows = try objects(try #require(session.written["run.\(ending)"]))
    let names: Set = [
      "epoch", "steps", "lr", "training_loss", "validation_accuracy", "validation_loss",
    ]
    #expect(rows.count == 5)
    #expect(rows.allSatisfy { Set($0.keys) == names })
    #expect(rows.map { $0["epoch"] } == [1, 2, 3, 4, 5])
    let losses = try JSONDecoder().decode([Double].self, from: Data(session.output.utf8))
    #expect(rows.compactMap { $0["training_loss"] ?? nil } == losses)
  }

  @Test("The lines and the table hold the same numbers")
  func sameNumbers() throws {
    let (table, lines) = (TestSession(), TestSession())
    #expect(table.run(Self.training + "\"run.csv\"") == .done)
    #expect(lines.run(Self.training + "\"run.jsonl\"") == .done)
    let text = String(decoding: try #require(table.written["run.csv"]), as: UTF8.self)
    let rows = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    let objects = try objects(try #require(lines.written["run.jsonl"]))
    #expect(rows.count == objects.count + 1)
    for (row, object) in zip(rows.dropFirst(), objects) {
      #expect(row.map { Double($0) } == rows[0].map { object[$0] ?? nil })
    }
  }

  @Test("What is no number is null in a line, and an end that is reached at once leaves no line")
  func nulls() throws {
    let session = TestSession()
    let code = """
      net = mlp [2,3,1] tanh sigmoid
      train net moons epochs=0 quiet=true log="none.jsonl"
      d = data [[1],[2]] [[3],[3]]
      train (mlp [1,1] linear) d epochs=1 quiet=true log="flat.jsonl"
      """
    #expect(session.run(code) == .done)
    #expect(session.written["none.jsonl"] == [])
    let rows = try objects(try #require(session.written["flat.jsonl"]))
    #expect(rows.map { $0["epoch"] } == [1])
  }

  @Test("A training that goes on keeps the lines of the epochs before")
  func resumed() throws {
    let session = TestSession()
    let code = """
      net = mlp [2,3,1] tanh sigmoid
      train net moons epochs=2 quiet=true log="run.jsonl" checkpoint="c.safetensors"
      again = mlp [2,3,1] tanh sigmoid
      train again moons epochs=4 quiet=true log="run.jsonl" resume="c.safetensors"
      """
    #expect(session.run(code) == .done)
    let rows = try objects(try #require(session.written["run.jsonl"]))
    #expect(rows.map { $0["epoch"] } == [1, 2, 3, 4])
  }
}
