import ArgumentParser
import Language
import Sandbox
import Syntax

/// The options that stop a script which takes too much.
struct RunLimits: ParsableArguments {
  @Option(
    help: ArgumentHelp("Calls under way at once (\(Runtime.Limits().callDepth)).", valueName: "n")
  )
  var maxDepth: Int?

  @Option(
    help: ArgumentHelp(
      "Steps before the script is stopped: a call, a loop round and a step of a training is one, "
        + "a product one for \(Runtime.Limits.productSteps) multiply-adds.", valueName: "n"))
  var maxSteps: Int?

  @Option(
    help: ArgumentHelp(
      "Bytes of all values, nets, graphs and output together (most of what the machine has left).",
      valueName: "n"))
  var maxMemory: Int?

  @Option(
    help: ArgumentHelp("Seconds of a script, or of an entry of the prompt.", valueName: "s"))
  var maxTime: Double?

  @Option(
    help: ArgumentHelp(
      "Numbers in one vector or matrix (\(Runtime.Limits().elements)).", valueName: "n"))
  var maxElements: Int?

  @Option(
    help: ArgumentHelp("Bytes of one string (\(Runtime.Limits().stringBytes)).", valueName: "n"))
  var maxString: Int?

  @Option(
    help: ArgumentHelp(
      "Bytes written to the output (bp check: \(Runtime.Limits.gatheredBytes)).", valueName: "n"))
  var maxOutput: Int?

  @Option(
    help: ArgumentHelp(
      "Brackets and blocks in each other (\(ParserLimits.standard.nesting)), "
        + "lists and records in each other (\(Runtime.Limits().nesting)).",
      valueName: "n"))
  var maxNesting: Int?

  @Option(
    help: ArgumentHelp("Bytes of one source (\(ParserLimits.standard.sourceSize)).", valueName: "n")
  )
  var maxSource: Int?

  /// Those of a run for which nobody says any.
  static var standard: Runtime.Limits {
    var limits = Runtime.Limits()
    limits.memoryBytes = MemoryUse.standard
    return limits
  }

  /// More is never useful, and the runtime could not give it.
  private static let most = 1 << 40
  /// The stack of the program holds this many of the costliest brackets.
  private static let deepest = 1_000

  func validate() throws {
    for (name, value, most) in [
      ("depth", maxDepth, Self.most), ("steps", maxSteps, Self.most),
      ("elements", maxElements, Self.most), ("string", maxString, Self.most),
      ("output", maxOutput, Self.most), ("nesting", maxNesting, Self.deepest),
      ("source", maxSource, Self.most), ("memory", maxMemory, Self.most),
    ] {
      guard let value, !(1...most).contains(value) else { continue }
      throw ValidationError("--max-\(name) takes a whole number from 1 to \(most).")
    }
    if let maxTime, !(maxTime > 0 && maxTime.isFinite) {
      throw ValidationError("--max-time takes a number of seconds above 0.")
    }
  }

  var runtime: Runtime.Limits {
    var limits = Self.standard
    if let maxDepth { limits.callDepth = maxDepth }
    if let maxElements { limits.elements = maxElements }
    if let maxString { limits.stringBytes = maxString }
    if let maxNesting { limits.nesting = maxNesting }
    if let maxMemory { limits.memoryBytes = maxMemory }
    limits.outputBytes = maxOutput
    limits.steps = maxSteps
    limits.seconds = maxTime
    return limits
  }

  /// Those of a sealed run, where more is limited that nobody says.
  var sealed: Runtime.Limits {
    var limits = runtime
    limits.outputBytes = maxOutput ?? Self.sealedOutput
    limits.steps = maxSteps ?? Self.sealedSteps
    limits.memoryBytes = maxMemory ?? Self.sealedMemory
    limits.seconds = maxTime ?? Self.sealedSeconds
    return limits
  }

  /// Those of a submission's process.
  var submission: SubmissionLimits {
    var limits = SubmissionLimits()
    if let maxSteps { limits.steps = maxSteps }
    if let maxTime { limits.seconds = maxTime }
    if let maxMemory { limits.memoryBytes = maxMemory }
    if let maxOutput { limits.outputBytes = maxOutput }
    if let maxSource { limits.sourceBytes = maxSource }
    return limits
  }

  static let sealedOutput = 1 << 20
  static let sealedSteps = 50_000_000
  static let sealedMemory = 1 << 29
  static let sealedSeconds = 60.0

  var parser: ParserLimits {
    var limits = ParserLimits.standard
    if let maxNesting {
      limits.nesting = maxNesting
      // Every bracket makes the tree higher by one, and so may what stands in it.
      limits.height = max(limits.height, 2 * maxNesting)
    }
    if let maxSource { limits.sourceSize = maxSource }
    return limits
  }
}
