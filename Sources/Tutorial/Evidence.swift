import Language
import Learning

/// What an entry of the prompt did and what the session holds behind it: by it a step is judged, not
/// by what was typed.
struct Evidence {
  /// The functions of the catalog that gave a value.
  var functions: Set<String> = []
  /// The nets that functions were given, the last one by function.
  var nets: [String: Network] = [:]
  /// The trainings, the last ones.
  var runs: [TrainingRun] = []
  /// Whether a formula was derived or explained, and not a net.
  var derivesFormula = false
  /// The net that was applied to rows.
  var applied: Network?
  /// The checks, as they are written.
  var checks: [(condition: String, holds: Bool)] = []
  /// Whether something was only looked up or listed.
  var looksUp = false
  /// Whether `diagnose` found a number to be right.
  var isDiagnosedRight = false
  /// The trainings of earlier entries in this session, as `TrainingRun.kind` names them.
  var earlierKinds: Set<String> = []

  private static let mostKept = 16

  mutating func add(_ deed: Deed) {
    switch deed {
    case .applied(let network): applied = network
    case .checked(let condition, let holds):
      checks.append((condition, holds))
      if checks.count > Self.mostKept { checks.removeFirst() }
    case .called(let function, let arguments, let value):
      functions.insert(function.name)
      if function.traits.contains(.leavesNoTrace) || function.name == "diagnose" { looksUp = true }
      for argument in arguments.bound.compactMap({ $0 }) + arguments.rest {
        switch argument.value {
        case .network(let network): nets[function.name] = network
        case .run(let run): nets[function.name] = run.network
        case .traced where Self.deriving.contains(function.name): derivesFormula = true
        default: break
        }
      }
      switch value {
      case .run(let run) where function.name == "train":
        runs.append(run)
        if runs.count > Self.mostKept { runs.removeFirst() }
      case .report(let report):
        if case .truth(true)? = report.fields["right"] { isDiagnosedRight = true }
      default: break
      }
    }
  }

  private static let deriving: Set<String> = ["grad", "explain", "latex"]

  /// The last training whose net a variable holds.
  func namedRun(_ runtime: Runtime) -> TrainingRun? {
    runs.last { runtime.name(of: $0.network) != nil }
  }
}

/// Gathers the evidence of the entry under way.
final class Witness {
  var evidence = Evidence()
}

extension TrainingRun {
  /// What tells trainings of different kinds apart: sizes, activations, data, and the settings.
  var kind: String {
    let activations = network.layers.map { $0.activation.title }
    let sizes = network.sizes.map { String($0) }
    let settings = options.told.map { "\($0.name)=\($0.text)" }
    return ((sizes + activations + [data.title, String(data.count)]) + settings)
      .joined(separator: " ")
  }

  /// Whether it is the training of the first step, as it is shown there, however long.
  var isFirstOfTutorial: Bool {
    let standard = TrainingOptions()
    return network.sizes == [2, 20, 1] && data.title == "circles"
      && network.layers.map { $0.activation.name } == ["relu", "sigmoid"]
      && options.optimizer.name == standard.optimizer.name && options.batch == standard.batch
      && options.rate == standard.optimizer.standardRate
  }

  /// Whether the rows are the user's own, typed or from a file, and none that bp makes.
  var hasOwnData: Bool { !data.isMadeByBp }
}

extension Samples {
  /// Whether bp made the rows: `circles(n=60)`.
  var isMadeByBp: Bool {
    title.split(separator: "(").first.flatMap { DataGenerator.named(String($0)) } != nil
  }
}

extension Runtime {
  /// The variable that holds a net, or a training of it.
  func name(of network: Network) -> String? {
    globalNames.first { name in
      switch global(name) {
      case .network(let other)?: other === network
      default: false
      }
    }
  }

  /// The nets that variables hold, with their names.
  var namedNets: [(name: String, network: Network)] {
    globalNames.compactMap { name in
      guard case .network(let network)? = global(name) else { return nil }
      return (name, network)
    }
  }
}
