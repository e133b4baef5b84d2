import Differentiation
import Interchange
import Language
import Learning

/// The table of a training's epochs in a file that is written anew from time to time.
final class TrainingLog {
  /// A form of the file, chosen by its ending.
  struct Format: Sendable {
    let extensions: [String]
    let bytes: @Sendable (Tensor, _ names: [String]) throws(FormatError) -> [UInt8]

    static let all = [
      Format(extensions: ["csv"]) { table, names throws(FormatError) in
        try CSVWriter.bytes(table, names: names)
      },
      Format(extensions: ["jsonl", "ndjson"], bytes: JSONLinesWriter.bytes),
    ]

    static func named(extension name: String) -> Format? {
      all.first { $0.extensions.contains(name) }
    }
  }

  /// Between two writings.
  private static let seconds = 5.0

  private let write: (Tensor, _ names: [String]) throws(Failure) -> Void
  private let clock: () -> Double
  private var names = ["epoch", "steps", "lr"]
  private var hasValidation = false
  private var numbers: [Double] = []
  private var written = 0.0

  init(
    clock: @escaping () -> Double,
    write: @escaping (Tensor, _ names: [String]) throws(Failure) -> Void
  ) {
    self.clock = clock
    self.write = write
  }

  /// Writes the table without rows, so that a file that cannot be written shows at once; with those
  /// of the epochs made before where a training goes on.
  func begin(_ start: TrainingStart, hasValidation: Bool) throws(Failure) {
    names += [start.names.loss, start.names.metric].map { TrainingNames.column($0) }
    self.hasValidation = hasValidation
    if hasValidation { names.append(TrainingNames.column(start.names.validationLoss)) }
    for summary in start.earlier { append(summary) }
    try save()
  }

  private func append(_ summary: EpochSummary) {
    numbers += [
      Double(summary.epoch), Double(summary.steps), summary.rate, summary.loss, summary.metric,
    ]
    if hasValidation { numbers.append(summary.validationLoss ?? .nan) }
  }

  func add(_ summary: EpochSummary) throws(Failure) {
    append(summary)
    if clock() - written > Self.seconds { try save() }
  }

  func save() throws(Failure) {
    written = clock()
    let table = Tensor(.matrix(numbers.count / names.count, names.count), numbers)
    try write(table, names)
  }
}
