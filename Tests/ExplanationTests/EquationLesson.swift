import Differentiation
import Learning
import TestSupport

/// A random net with data, a notation and what is asked of them, as a script.
struct EquationLesson {
  let script: String
  /// What gives reports, one a call.
  let questions: [Question]
  let digits: Int
  let width: Int
  let rows: Int

  struct Question {
    let text: String
    /// The row that is shown, from 1.
    var sample = 1
    var objective = Objective()
  }

  private static let notations =
    ["mazur", "ng", "goebels", "vitay", "upc", "rumelhart"] + [
      #"[from: "ng", net: "z", out: "a"]"#,
      #"[from: "vitay", sign: 1, net: "s_<unit>", delta: "ε_<unit>"]"#,
      #"[from: "mazur", bias_as_weight: true, rows: true, loss: "J"]"#,
      #"[from: "upc", weight: "w", bias: "w", input: "w", output: "o", target: "o"]"#,
      #"[from: "ng", output_first: false, definitions: true, output_net: "n", update: "delta_rule"]"#,
      #"[from: "goebels", weight: "\\theta_\{<j,i>\}^\{(<l>)\}", half: false, rows: false]"#,
      #"[from: "rumelhart", net: "q", out: "q", input: "q", weight: "q", bias: "q", delta: "q", target: "q", loss: "q", rate: "q", momentum: "q"]"#,
    ]

  private static let hidden = [
    "linear", "step", "sign", "clip", "clip(-1, 1)", "clip(-0.25, 0.5)", "sigmoid", "tanh_half",
    "tanh", "relu", "leaky", "leaky(0.5)", "leaky(-0.2)", "prelu", "prelu(0.4)", "softplus", "elu",
    "elu(0.5)", "gelu", "swish", "own",
  ]
  private static let losses = [
    "auto", "half_sse", "sse", "mse", "mae", "huber", "huber(0.5)", "bce", "bce_sum", "ce", "hinge",
    "cosine", "cubes",
  ]
  private static let optimizers = [
    "sgd", "momentum", "momentum(0.5)", "nesterov", "rmsprop", "adagrad", "adam", "adamw", "lion",
  ]

  init(_ random: inout SplitMix) {
    let depth = 1 + random.below(3)
    var sizes = (0...depth).map { _ in 1 + random.below(3) }
    // Sums that are cut short.
    if random.below(12) == 0 { sizes[random.below(depth + 1)] = 7 + random.below(3) }
    let outputs = sizes[depth]
    var activations = (0..<depth).map { _ in random.pick(Self.hidden) }
    if outputs > 1, random.below(3) == 0 { activations[depth - 1] = "softmax" }
    if random.below(4) == 0 { activations[depth - 1] = "sigmoid" }
    let loss = random.pick(Self.losses)
    let dropout = depth > 1 ? random.pick([0, 0, 0.5, 0.3]) : 0
    rows = random.pick([1, 1, 1, 2, 3, 8])
    digits = random.pick([4, 9, 12, 15, 17])
    width = random.pick([50, 80, 1000])

    // Whole and half numbers meet the kinks, others do not.
    let isCoarse = random.below(4) == 0
    func number() -> String {
      let x = random.number(in: -2...2)
      return isCoarse ? "\((2 * x).rounded() / 2)" : "\(x)"
    }
    func matrix(_ rows: Int, _ columns: Int, _ element: () -> String) -> String {
      let lines = (0..<rows).map { _ in
        "[\((0..<columns).map { _ in element() }.joined(separator: ", "))]"
      }
      return "[\(lines.joined(separator: ", "))]"
    }
    var script = """
      own(x) = x*tanh(x)
      cubes(y, t) = sum(abs(y - t)^3)/2
      digits \(digits)
      notation \(random.pick(Self.notations))
      net = mlp [\(sizes.map(String.init).joined(separator: ", "))] \
      \(activations.joined(separator: " ")) loss=\(loss) \
      reduction=\(random.pick(["mean", "sum"])) bias=\(random.below(5) > 0)\
      \(dropout > 0 ? " dropout=\(dropout)" : "")

      """
    for layer in 1...depth {
      script += "net.W\(layer) = \(matrix(sizes[layer], sizes[layer - 1], number))\n"
    }
    func target() -> String {
      switch loss {
      case "bce", "bce_sum", "ce": random.pick(["0", "1", "0.25"])
      case "hinge": random.pick(["-1", "1"])
      case "auto": random.pick(["0", "1"])
      default: number()
      }
    }
    script += "d = data \(matrix(rows, sizes[0], number)) \(matrix(rows, outputs, target))\n"
    self.script = script

    // What is added to the losses of rows, and how often each counts.
    var objective = Objective()
    var options = ""
    if random.below(4) == 0 {
      objective.l1 = random.pick([0, 0.1])
      objective.l2 = random.pick([0, 0.2])
      options += " l1=\(objective.l1) l2=\(objective.l2)"
    }
    if random.below(4) == 0 {
      let weights = (0..<rows).map { _ in random.pick([0.5, 1, 3]) }
      objective.sampleWeights = weights
      options += " sample_weights=[\(weights.map { "\($0)" }.joined(separator: ", "))]"
    }
    if random.below(3) == 0 {
      objective.loss = Loss.named("half_sse")
      options += " loss=half_sse"
    }
    // Units that are left out.
    func masks(_ rows: Int) -> (tensors: [Tensor], text: String) {
      let tensors = sizes.dropFirst().dropLast().map { units in
        Tensor(.matrix(rows, units), (0..<rows * units).map { _ in random.below(3) > 0 ? 1 : 0 })
      }
      let fields = tensors.enumerated().map { place, mask in
        let lines = (0..<rows).map { row in
          let width = mask.shape.columns
          return "\(mask.elements[row * width..<(row + 1) * width])"
        }
        return "m\(place + 1): [\(lines.joined(separator: ", "))]"
      }
      return (tensors, " mask=[\(fields.joined(separator: ", "))]")
    }
    var (ownMask, rowMask) = ("", "")
    var masked = Objective()
    if dropout > 0, random.below(3) > 0 {
      let all = masks(rows)
      (ownMask, rowMask) = (all.text, masks(1).text)
      objective.masks = all.tensors
      masked.masks = all.tensors
      options += ownMask
    }
    let sample = 1 + random.below(rows)
    let choice = rows == 1 ? "" : " sample=\(sample)"
    let layer = 1 + random.below(depth)
    let weight =
      "W\(layer)[\(1 + random.below(sizes[layer])),\(1 + random.below(sizes[layer - 1]))]"
    func optimizer() -> String { "optimizer=\(random.pick(Self.optimizers))" }
    var questions = [
      Question(
        text: "explain net d \"\(weight)\"\(choice)\(options)", sample: sample, objective: objective
      ),
      Question(
        text: "explain net d \"\(weight)\" \(optimizer()) lr=0.3\(options)", objective: objective),
      Question(text: "explain net d \"b1[1]\"\(options)", objective: objective),
      Question(
        text: "explain net d \"\(weight)\" form=chain\(choice)\(options)", sample: sample,
        objective: objective),
      Question(
        text: "explain net d \"\(weight)\" form=chain factors=all\(choice)\(options)",
        sample: sample, objective: objective),
      Question(text: "explain net d\(choice)\(options)", sample: sample, objective: objective),
      Question(text: "forward net d.x[1,:]\(rowMask)"),
      Question(
        text: "explain net d \(optimizer())\(choice)\(options)", sample: sample,
        objective: objective),
    ]
    // A large matrix is written by its shape.
    if sizes.allSatisfy({ $0 <= 3 }) {
      questions.append(
        Question(
          text: "explain net d \"\(weight)\" form=matrix\(choice)\(options)", sample: sample,
          objective: objective))
    }
    if depth > 1 {
      let layer = 1 + random.below(depth - 1)
      let unit = 1 + random.below(sizes[layer])
      questions.append(
        Question(
          text: "contrib net d layer=\(layer) unit=\(unit)\(choice)\(ownMask)", sample: sample,
          objective: masked))
    }
    if rows == 1 {
      questions.append(Question(text: "deltas net d\(options)", objective: objective))
    }
    // The step comes last: it changes the net.
    questions.append(Question(text: "descend net d lr=0.25\(options)", objective: objective))
    self.questions = questions
  }
}
