import Language
import Learning
import Rendering

extension TutorialStep {
  /// From the first net to a file, about ten minutes.
  static let all: [TutorialStep] = [
    learn, look, change, why, formula, data, ask, exercise, file,
  ]

  private static let learn = TutorialStep(
    name: "learn", title: "A net learns",
    text: [
      """
      Type the line below, then Enter. It builds a net with 2 inputs, 20 hidden units and 1 output \
      and trains it to tell points inside a ring from the ring.
      """,
      "A variant of yours does as well, as in every step. TAB completes words, the arrow up brings lines back.",
    ],
    lines: ["net = mlp [2,20,1] relu sigmoid; train net circles epochs=100"],
    explore: "",
    hints: [
      "mlp [2,20,1] are the sizes of the layers, relu and sigmoid the activations of the hidden units and of the output.",
      "net = … gives the net its name; train needs the name and the data: train net circles",
    ]
  ) { evidence, runtime in
    if let run = evidence.namedRun(runtime) { return .done(whatCame(of: run)) }
    if !evidence.runs.isEmpty {
      return .missing(
        "It learned, but nothing holds it: give it a name first, net = mlp …, then train net circles."
      )
    }
    return evidence.functions.contains("mlp")
      ? .missing("The net is there. Now train it: train net circles epochs=100") : .elsewhere
  }

  private static let look = TutorialStep(
    name: "look", title: "What it learned",
    text: [
      "The net answers a number from 0 to 1 for every point of the plane. This colours the plane by it:"
    ],
    lines: ["show {net} {data}"],
    explore: "show {net} lists its layers, show {data} draws the points alone.",
    hints: ["show takes the net, and behind it the data whose plane is drawn."],
    needs: .net, waits: true
  ) { evidence, _ in
    guard evidence.nets["show"] != nil || evidence.nets["boundary"] != nil else {
      return .elsewhere
    }
    return .done("The border between the colours is what the weights came to.")
  }

  private static let change = TutorialStep(
    name: "change", title: "Change something",
    text: [
      """
      What would 2 hidden units do, in place of 20? What would moons or spirals look like, or lr=0.5? \
      Guess first, then look.
      """
    ],
    lines: ["small = mlp [2,2,1] relu sigmoid; train small circles epochs=100"],
    explore: "show {last} {seen}; compare {net} {last} {seen} puts two side by side.",
    hints: [
      "Any training that differs from the first one counts: other sizes, other data, another lr.",
      "A net with two inputs takes circles, moons, spirals, xor: help data lists them.",
    ],
    waits: true
  ) { evidence, runtime in
    guard let run = evidence.namedRun(runtime) else { return .elsewhere }
    guard !evidence.earlierKinds.contains(run.kind), !run.isFirstOfTutorial else {
      return .missing("That was the same again. Other sizes, other data, or lr=0.5?")
    }
    return .done(whatCame(of: run) + " Was that your guess?")
  }

  private static let why = TutorialStep(
    name: "why", title: "Why a weight changed",
    text: [
      """
      Training moves every weight against its derivative: by how much the loss changes with it. bp can \
      say where that number comes from. To see all of it, a net of one unit and one row of data, \
      inputs 1 and 0.5, target 1:
      """
    ],
    lines: ["unit = mlp [2,1] sigmoid", "explain unit (data [[1, 0.5]] [1]) \"W1[1,1]\""],
    explore: "notation ng, then the same again; explain {net} {data} \"W1[1,1]\".",
    hints: [
      "W1[1,1] is the weight of the first layer that leads to unit 1 from input 1; the quotes belong to it.",
      "unit = mlp [2,1] sigmoid comes first: explain needs a net.",
    ],
    waits: true
  ) { evidence, _ in
    if evidence.nets["explain"] != nil || evidence.nets["descend"] != nil
      || evidence.nets["deltas"] != nil || evidence.nets["grad"] != nil
    {
      return .done("Each line can be worked out by hand.")
    }
    return .elsewhere
  }

  private static let formula = TutorialStep(
    name: "formula", title: "Any formula",
    text: [
      """
      What is computed from a param can be derived and explained as well, without a net: this is a \
      unit with one weight, and its squared error.
      """,
      "Names may be Greek: \\eta and TAB give η, \\delta and TAB δ.",
    ],
    lines: ["param w = 0.5; y = sigmoid(2*w); E = 1/2*(1 - y)^2", "explain E w"],
    explore: "grad E w is the number alone, latex (explain E w) the text for a slide.",
    hints: ["param declares what is derived by; E is computed from it; explain E w asks why."],
    waits: true
  ) { evidence, _ in
    evidence.derivesFormula
      ? .done("That is the chain rule, factor by factor.") : .elsewhere
  }

  private static let data = TutorialStep(
    name: "data", title: "Your own data",
    text: [
      """
      Four animals, by weight in kg and height in cm. standardize gives both columns one size; the net \
      remembers how. A table of your own is read by csv "file.csv" target="column".
      """
    ],
    lines: [
      "pets = data [[4,25],[30,60],[3,20],[25,55]] [\"cat\",\"dog\",\"cat\",\"dog\"]",
      "mine = mlp [2,4,2] tanh softmax; train mine (standardize pets)",
    ],
    explore: "show pets, describe pets, or train mine pets without standardize: what is noted?",
    hints: [
      "Each animal is a row in brackets, each target a text: as many texts as rows.",
      "softmax has an output for each class: 2 here.",
    ]
  ) { evidence, runtime in
    if let run = evidence.namedRun(runtime) {
      return run.hasOwnData
        ? .done(whatCame(of: run))
        : .missing("That were rows of bp. Type some of your own: data [[…], […]] [\"…\", \"…\"]")
    }
    return evidence.functions.contains("data") || evidence.functions.contains("csv")
      ? .missing("The data are there. Now a net that learns them.") : .elsewhere
  }

  private static let ask = TutorialStep(
    name: "ask", title: "Ask it",
    text: ["An animal that the net has not seen, 5 kg and 30 cm:"],
    lines: ["classify {own} [5, 30]"],
    explore: "predict {own} [5, 30] gives the shares; what of [15, 40]?",
    hints: ["classify names the class, predict gives the outputs; both take the net and the row."],
    needs: .ownNet
  ) { evidence, _ in
    guard
      evidence.applied != nil || evidence.nets["classify"] != nil
        || evidence.nets["predict"] != nil
    else { return .elsewhere }
    return .done("It took the raw numbers and prepared them as it did its training data.")
  }

  private static let exercise = TutorialStep(
    name: "hand", title: "By hand",
    text: [
      """
      Now you. What is the derivative of z by v, at v = 2? Work it out on paper and put your number in \
      the place of ___. ~~ means nearly equal, ≈ in books; bp says whether it holds.
      """
    ],
    lines: ["param v = 2; z = (3*v - 5)^2", "check ___ ~~ grad z v"],
    explore: "explain z v shows the way. bp exercises, at the shell, lists more of them.",
    hints: [
      "The outer derivative is 2 times the bracket.",
      "The inner derivative, of 3*v - 5, is 3: the chain rule multiplies both.",
      "2*(3*2 - 5)*3",
    ]
  ) { evidence, _ in
    if evidence.isDiagnosedRight
      || evidence.checks.contains(where: { $0.holds }) && evidence.functions.contains("grad")
    {
      return .done("Right.")
    }
    guard let check = evidence.checks.last(where: { !$0.holds }) else { return .elsewhere }
    let sides = check.condition.split { "≈=~".contains($0) }
    let number = sides.map { $0.split(separator: " ").joined() }.first { Double($0) != nil }
    return .missing(
      number.map { number in
        let argument = number.hasPrefix("-") ? "(\(number))" : number
        return "Not yet. diagnose z v \(argument) asks which slip gives that number."
      } ?? "Not yet. start hint helps.")
  }

  private static let file = TutorialStep(
    name: "file", title: "Keep it",
    text: [
      """
      A net is kept in a file, with what it remembers of its data. The ending says for whom: .onnx is read by \
      other programs, and so is .safetensors.
      """
    ],
    lines: ["save {own} \"pets.onnx\""],
    explore: """
      load "pets.onnx" brings it back; save "pets.bp" keeps what you typed as a script, which bp pets.bp \
      runs at the shell.
      """,
    hints: [
      "save takes what is to be kept and the name of a file in quotes; help save lists formats."
    ],
    needs: .ownNet, waits: true
  ) { evidence, _ in
    ["save", "export", "write_csv"].contains { evidence.functions.contains($0) }
      ? .done("It is written into the folder that you are in.") : .elsewhere
  }

  private static func whatCame(of run: TrainingRun) -> String {
    let style = NumberStyle.significantDigits(3)
    let losses = "The loss went from \(style.text(run.firstLoss)) to \(style.text(run.lastLoss))"
    return run.metricName == "accuracy"
      ? "\(losses); \(style.text(100 * run.metric)) % of the rows are told apart rightly."
      : "\(losses)."
  }

  /// What is said behind the last step.
  static let farewell: [String] = [
    "That was the tutorial: you trained a net, looked at it, and asked it why.",
    """
    help lists topics, help WORD explains a word. At the shell, bp exercises lists tasks that bp marks, \
    and bp present FILE.bp shows a lecture as slides. start over begins again.
    """,
  ]
}
