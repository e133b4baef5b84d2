import ArgumentParser
import Language

/// The options that stop a script which would not end.
struct RunLimits: ParsableArguments {
  @Option(help: ArgumentHelp("Calls under way at once.", valueName: "n"))
  var maxDepth: Int?

  @Option(help: ArgumentHelp("Calls and loop rounds before the script is stopped.", valueName: "n"))
  var maxSteps: Int?

  var machine: Machine.Limits {
    var limits = Machine.Limits()
    if let maxDepth { limits.callDepth = max(1, maxDepth) }
    limits.steps = maxSteps
    return limits
  }
}
