import Differentiation
import Glibc

/// A data set that is made, not read: the clouds and tables of lectures.
package struct DataGenerator: CatalogEntry {
  package static let kind = EntryKind.data
  package var header: EntryHeader
  private let make: (Settings, inout RandomSource) -> DataSet

  package init(
    _ name: String, aliases: [String] = [], _ summary: String, formula: String = "",
    settings: [Parameter], make: @escaping (Settings, inout RandomSource) -> DataSet
  ) {
    header = EntryHeader(
      name, aliases: aliases, summary, formula: formula, settings: settings)
    self.make = make
  }

  /// The data for the present settings; the same every time.
  package func generated() -> DataSet {
    let seed = settings.contains { $0.name == "seed" } ? values.wholeNumber("seed") : 1
    var random = RandomSource(seed: seed, stream: "data \(name)")
    var data = make(values, &random)
    data.title = title
    return data
  }
}

private let seed = Parameter.wholeNumber(
  "seed", 1, in: .min ... .max, "What the random numbers start from.")

/// Rows are made one at a time: more would take longer than reading them from a file.
private let mostRows = 10_000_000

private func size(_ standard: Int) -> Parameter {
  .wholeNumber("n", standard, in: 1...mostRows, aliases: ["n_samples"], "Number of rows.")
}

private func noise(_ standard: Double, _ summary: String) -> Parameter {
  .number("noise", standard, from: 0, aliases: ["σ", "sd"], summary)
}

private let pointNoise = "Standard deviation of the normal noise added to both coordinates."
private let targetNoise = "Standard deviation of the normal noise added to the target."

extension DataGenerator {
  package static var all: [DataGenerator] { made + collected }

  private static var made: [DataGenerator] {
    [
      DataGenerator(
        "circles", aliases: ["make_circles"],
        "Two rings around the origin, the outer one class 0, the inner one class 1.",
        settings: [
          size(100), noise(0.15, pointNoise),
          .number("factor", 0.3, from: 0, to: 1, "Radius of the inner ring, the outer one is 1."),
          seed,
        ]
      ) { settings, random in
        let count = settings.wholeNumber("n")
        let factor = settings.number("factor")
        return twoClasses(count, noise: settings.number("noise"), &random) { isSecond, i, size, _ in
          let angle = 2 * Double.pi * Double(i) / Double(size)
          let radius = isSecond ? factor : 1
          return [radius * cos(angle), radius * sin(angle)]
        }
      },
      DataGenerator(
        "moons", aliases: ["make_moons"], "Two half circles that reach into each other.",
        settings: [size(100), noise(0.1, pointNoise), seed]
      ) { settings, random in
        twoClasses(
          settings.wholeNumber("n"), noise: settings.number("noise"), &random
        ) { isSecond, i, size, _ in
          let angle = Double.pi * Double(i) / Double(max(1, size - 1))
          return isSecond ? [1 - cos(angle), 0.5 - sin(angle)] : [cos(angle), sin(angle)]
        }
      },
      DataGenerator(
        "spirals", aliases: ["spiral"], "Two arms of a spiral wound around each other.",
        settings: [
          size(200), noise(0.05, pointNoise),
          .number("turns", 1.75, from: 0, to: 20, "How often each arm goes round."), seed,
        ]
      ) { settings, random in
        let turns = settings.number("turns")
        return twoClasses(
          settings.wholeNumber("n"), noise: settings.number("noise"), &random
        ) { isSecond, i, size, _ in
          let radius = Double(i) / Double(size)
          let angle = 2 * Double.pi * turns * radius + (isSecond ? Double.pi : 0)
          return [radius * sin(angle), radius * cos(angle)]
        }
      },
      DataGenerator(
        "gaussians", aliases: ["gaussian", "gauss"],
        "Two round clouds with the centres (-2, -2) and (2, 2).",
        settings: [size(200), noise(1, pointNoise), seed]
      ) { settings, random in
        twoClasses(
          settings.wholeNumber("n"), noise: settings.number("noise"), &random
        ) { isSecond, _, _, _ in isSecond ? [2, 2] : [-2, -2] }
      },
      DataGenerator(
        "blobs", aliases: ["make_blobs"], "Round clouds, one a class, around random centres.",
        settings: [
          size(150), noise(1, pointNoise),
          .wholeNumber("classes", 3, in: 1...1000, aliases: ["centers"], "Number of clouds."), seed,
        ]
      ) { settings, random in
        let classes = settings.wholeNumber("classes")
        let centres = (0..<classes).map { _ in
          [random.uniform(from: -10, to: 10), random.uniform(from: -10, to: 10)]
        }
        let sd = settings.number("noise")
        let numbers = (0..<settings.wholeNumber("n")).map { $0 % classes }
        let rows = numbers.map { centres[$0].map { $0 + sd * random.normal() } }
        return points(rows, numbers: numbers.map { $0 + 1 }, names: (0..<classes).map(String.init))
      },
      gate("xor", "The exclusive or of two inputs: the smallest task one unit cannot learn.") {
        _ in "xor"
      },
      DataGenerator(
        "quadrants",
        "Points of a square in four blocks: class 1 where both coordinates have one sign.",
        settings: [size(200), noise(0, pointNoise), seed]
      ) { settings, random in quadrants(settings, &random) },
      DataGenerator(
        "gate", "The truth table of a logic gate, its four rows taken in turn.",
        settings: [.word("kind", "and", of: truthTables.map { $0.name }, "Which gate.")]
          + gateSettings
      ) { settings, random in gateData(settings.word("kind"), settings, &random) },
      DataGenerator(
        "plane", "A number that rises across the plane, for regression.",
        formula: "t = (x1 + x2)/2", settings: [size(200), noise(0, targetNoise), seed]
      ) { settings, random in
        regression(settings, &random, features: 2, from: -1, to: 1) { ($0[0] + $0[1]) / 2 }
      },
      DataGenerator(
        "bumps", "Three hills and three hollows in the plane, for regression.",
        settings: [size(200), noise(0, targetNoise), seed]
      ) { settings, random in
        regression(settings, &random, features: 2, from: -6, to: 6) { bump(at: $0) }
      },
      DataGenerator(
        "sine", aliases: ["sin"], "One period of a sine, for regression.", formula: "t = sin(x)",
        settings: [size(100), noise(0.1, targetNoise), seed]
      ) { settings, random in
        evenly(settings, &random, from: -Double.pi, to: Double.pi) { sin($0) }
      },
      DataGenerator(
        "linear", "A straight line, for regression.", formula: "t = slope*x + intercept",
        settings: [
          size(50), noise(0.1, targetNoise),
          .number("slope", 2, "How much t rises when x rises by 1."),
          .number("intercept", 1, "The value of t at x = 0."), seed,
        ]
      ) { settings, random in
        let slope = settings.number("slope")
        let intercept = settings.number("intercept")
        return evenly(settings, &random, from: -1, to: 1) { slope * $0 + intercept }
      },
      DataGenerator(
        "mazur", "The one sample of the worked example: inputs 0.05, 0.10, targets 0.01, 0.99.",
        settings: []
      ) { _, _ in
        DataSet(
          title: "mazur", rows: [[0.05, 0.10]],
          target: .values(Tensor(.matrix(1, 2), [0.01, 0.99])), featureNames: ["i1", "i2"],
          targetNames: ["o1", "o2"])
      },
      DataGenerator(
        "rain", "Three days of a lecture's table: days raining, Kdp and the chance of rain.",
        settings: []
      ) { _, _ in
        DataSet(
          title: "rain", rows: [[3, 5], [1, 6], [0, 8]],
          target: .values(Tensor(.matrix(3, 1), [0.99, 0.59, 0.19])),
          featureNames: ["days raining", "Kdp"], targetNames: ["P(rain)"],
          rowNames: ["Mon", "Tue", "Wend"])
      },
    ]
  }

  private static func gate(
    _ name: String, _ summary: String, kind: @escaping (Settings) -> String
  ) -> DataGenerator {
    DataGenerator(name, summary, settings: gateSettings) { settings, random in
      gateData(kind(settings), settings, &random)
    }
  }
}

private let gateSettings = [size(4), noise(0, pointNoise), seed]

/// Targets for the inputs (0, 0), (0, 1), (1, 0), (1, 1).
private let truthTables: [(name: String, targets: [Int])] = [
  ("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0]), ("xnor", [1, 0, 0, 1]),
  ("nand", [1, 1, 1, 0]), ("nor", [1, 0, 0, 0]), ("implies", [1, 1, 0, 1]),
]

private func gateData(
  _ kind: String, _ settings: Settings, _ random: inout RandomSource
) -> DataSet {
  let targets = truthTables.first { $0.name == kind }?.targets ?? []
  let corners: [[Double]] = [[0, 0], [0, 1], [1, 0], [1, 1]]
  let turns = (0..<settings.wholeNumber("n")).map { $0 % 4 }
  let sd = settings.number("noise")
  let rows = turns.map { corners[$0].map { sd == 0 ? $0 : $0 + sd * random.normal() } }
  return points(rows, numbers: turns.map { targets[$0] + 1 }, names: ["0", "1"])
}

private func points(_ rows: [[Double]], numbers: [Int], names: [String]) -> DataSet {
  DataSet(
    title: "", rows: rows, target: .classes(numbers: numbers, names: names),
    featureNames: ["x1", "x2"], targetNames: ["class"])
}

/// The first half of the rows of class 0, the others of class 1, each placed by `place` from its
/// number within its class and the size of the class, then moved by normal noise.
private func twoClasses(
  _ count: Int, noise: Double, _ random: inout RandomSource,
  place: (_ isSecond: Bool, _ i: Int, _ size: Int, _ random: inout RandomSource) -> [Double]
) -> DataSet {
  let first = count / 2
  var rows: [[Double]] = []
  rows.reserveCapacity(count)
  for index in 0..<count {
    let isSecond = index >= first
    let point = place(
      isSecond, isSecond ? index - first : index, isSecond ? count - first : first, &random)
    rows.append(noise == 0 ? point : point.map { $0 + noise * random.normal() })
  }
  return points(rows, numbers: (0..<count).map { $0 < first ? 1 : 2 }, names: ["0", "1"])
}

/// A gap of 0.6 along both axes keeps the blocks apart.
private func quadrants(_ settings: Settings, _ random: inout RandomSource) -> DataSet {
  let sd = settings.number("noise")
  var rows: [[Double]] = []
  var numbers: [Int] = []
  for _ in 0..<settings.wholeNumber("n") {
    let point = [random.uniform(from: -5, to: 5), random.uniform(from: -5, to: 5)]
      .map { $0 + ($0 < 0 ? -0.3 : 0.3) }
    numbers.append((point[0] < 0) == (point[1] < 0) ? 2 : 1)
    rows.append(sd == 0 ? point : point.map { $0 + sd * random.normal() })
  }
  return points(rows, numbers: numbers, names: ["0", "1"])
}

/// Six cones of radius 2, in two rows of alternating sign; outside of them it is flat.
private func bump(at point: [Double]) -> Double {
  for (column, x) in [-4.0, 0, 4].enumerated() {
    for (row, y) in [-2.5, 2.5].enumerated() {
      let distance = hypot(point[0] - x, point[1] - y)
      // Cones do not touch: no point lies in two of them.
      if distance < 2 { return ((column + row) % 2 == 0 ? -1 : 1) * (1 - distance / 2) }
    }
  }
  return 0
}

private func regression(
  _ settings: Settings, _ random: inout RandomSource, features: Int, from lower: Double,
  to upper: Double, _ function: ([Double]) -> Double
) -> DataSet {
  let count = settings.wholeNumber("n")
  let sd = settings.number("noise")
  let rows = (0..<count).map { _ in
    (0..<features).map { _ in random.uniform(from: lower, to: upper) }
  }
  let targets = rows.map { function($0) + sd * random.normal() }
  return DataSet(
    title: "", rows: rows, target: .values(Tensor(.matrix(count, 1), targets)),
    featureNames: features == 1 ? ["x"] : (1...features).map { "x\($0)" }, targetNames: ["t"])
}

private func evenly(
  _ settings: Settings, _ random: inout RandomSource, from lower: Double, to upper: Double,
  _ function: (Double) -> Double
) -> DataSet {
  let count = settings.wholeNumber("n")
  let sd = settings.number("noise")
  let xs = (0..<count).map { lower + (upper - lower) * Double($0) / Double(max(1, count - 1)) }
  let targets = xs.map { function($0) + sd * random.normal() }
  return DataSet(
    title: "", rows: xs.map { [$0] }, target: .values(Tensor(.matrix(count, 1), targets)),
    featureNames: ["x"], targetNames: ["t"])
}
