import Learning
import Rendering

/// A line of the overview that `help` gives: what one wants to do, and the topic that tells all of it.
struct HelpTopic: Sendable {
  /// Opened by `help`.
  let name: String
  /// What one wants; empty where it is that of the line above.
  let purpose: String
  /// The words of the topic that are used most.
  let leading: [String]

  private init(_ purpose: String, _ name: String, _ leading: String, by separator: Character = " ")
  {
    self.purpose = purpose
    self.name = name
    self.leading = leading.split(separator: separator).map { String($0) }
  }

  /// Those that are used most first.
  static let all: [HelpTopic] = [
    HelpTopic("build a net", "nets", "mlp predict classify forward summary"),
    HelpTopic("teach it", "training", "train loss accuracy report compare sweep"),
    HelpTopic("look at it", "pictures", "show plot scatter histogram heatmap"),
    HelpTopic("ask why", "differentiation", "explain grad diagnose latex notation"),
    HelpTopic("find data", "data", "circles moons iris csv data split save load"),
    HelpTopic("choose parts", "activations", "relu sigmoid tanh softmax leaky"),
    HelpTopic("", "losses", "mse bce ce half_sse mae huber"),
    HelpTopic("", "optimizers", "sgd momentum adam rmsprop"),
    HelpTopic("", "initializers", "auto he glorot normal zeros"),
    HelpTopic("", "schedules", "constant cosine step warmup"),
    HelpTopic("compute", "operators", "+ - * / ^ % @ ' ≈ == .. ->"),
    HelpTopic("", "mathematics", "sqrt exp log sum mean max abs round"),
    HelpTopic("", "arrays", "zeros ones shape length reshape solve"),
    HelpTopic("", "lists", "map append sort filter contains"),
    HelpTopic("", "strings", "string number join upper replace"),
    HelpTopic("", "random", "seed rand randn randint"),
    HelpTopic("write a script", "statements", "print param check if for repeat import"),
    HelpTopic("use the prompt", "session", "vars history clear edit run exit"),
    HelpTopic(
      "know a word", "concepts", "learning rate,epoch,overfitting,one hot", by: ","),
  ]

  /// All in lines of `width`, with what `help` itself can do above them.
  static func overview(width: Int) -> String {
    let purposes = (all.map { $0.purpose.count }.max() ?? 0) + 2
    let names = (all.map { $0.name.count }.max() ?? 0) + 2
    let lines = all.flatMap { topic in
      TextWidth.hanging(
        TextWidth.padded(topic.purpose, to: purposes, .left)
          + TextWidth.padded(topic.name, to: names, .left),
        topic.leading.joined(separator: topic.name == "concepts" ? ", " : " "), width: width)
    }
    return
      (TextWidth.hanging(
        "",
        "start begins a tutorial of ten minutes. help WORD explains a word: help train. "
          + "help TOPIC tells all of a topic, of which these are used most:", width: width)
      + [""] + lines).joined(separator: "\n")
  }
}
