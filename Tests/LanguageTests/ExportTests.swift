import Learning
import TestSupport
import Testing

/// What exported programs of frameworks train with; `scripts/interoperability --frameworks` runs them.
@Suite struct ExportTests {
  @Test(
    "The program of a trained net is the one of the lecture", arguments: ["keras", "pytorch"])
  func program(language: String) throws {
    let lesson = TestSession()
    let text = try lesson.perform(
      """
      net = mlp [2,3,1] relu sigmoid
      train net (circles n=20) epochs=100 batch=10 lr=0.001 quiet=true
      print (export net to=\(language))
      """)
    try expectRecorded(
      Self.shortened(text), in: "Tests/LanguageTests/Fixtures/program_\(language).txt")
  }

  /// The text with twelve digits of its long numbers: the last ones differ between processors.
  private static func shortened(_ text: String) -> String {
    text.replacing(/\d\.\d{14,}/) { $0.output.prefix(14) }
  }

  /// The lines of a program that make its optimizer.
  private func optimizer(_ options: String, _ language: String) throws -> String {
    let text = try TestSession().perform(
      """
      rule(w, g, lr=0.3, m=0.5, beta=0.9) = [w: w - lr*m, m: beta*m + g]
      whole(w, g, lr=0.3) = [w: w - lr*g/norm(g)]
      net = mlp [2,3,1] relu sigmoid
      train net (circles n=20) epochs=1 quiet=true \(options)
      print (export net to=\(language))
      """)
    return text.split(separator: "\n").filter { line in
      line.contains("optimizer=") && line.contains("(learning_rate")
        || line.hasPrefix("    optimizer = ") || line.hasPrefix("class Rule")
        || line.hasPrefix("# ") && !line.contains("trained it by")
    }.joined(separator: "\n")
  }

  private static let steps: [(options: String, keras: String, pytorch: String)] = [
    ("lr=0.2", "SGD(learning_rate=0.2)", "SGD(net.parameters(), lr=lr)"),
    (
      "optimizer=sgd(weight_decay=0.5)", "SGD(learning_rate=0.1, weight_decay=0.5)",
      "SGD(net.parameters(), lr=lr, weight_decay=0.5)"
    ),
    (
      "optimizer=momentum(0.7)", "SGD(learning_rate=0.1, momentum=0.7)",
      "SGD(net.parameters(), lr=lr, momentum=0.7)"
    ),
    (
      "optimizer=momentum(0.7, dampening=0.2)", "class Rule",
      "SGD(net.parameters(), lr=lr, momentum=0.7, dampening=0.2)"
    ),
    // With a rate that changes the velocity of PyTorch is another one.
    (
      "optimizer=momentum(0.7) schedule=cosine", "SGD(learning_rate=0.1, momentum=0.7)",
      "class Rule"
    ),
    (
      "optimizer=nesterov(0.7) schedule=cosine", "class Rule",
      "SGD(net.parameters(), lr=lr, momentum=0.7, nesterov=True)"
    ),
    (
      "optimizer=adam(0.8, 0.99, 0.001) lr=0.02",
      "Adam(learning_rate=0.02, beta_1=0.8, beta_2=0.99, epsilon=0.001)",
      "Adam(net.parameters(), lr=lr, betas=(0.8, 0.99), eps=0.001)"
    ),
    // Keras takes the decay past the gradient: that is adamw.
    (
      "optimizer=adam weight_decay=0.5", "class Rule",
      "Adam(net.parameters(), lr=lr, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.5)"
    ),
    (
      "optimizer=adamw",
      "AdamW(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-08, weight_decay=0.01)",
      "AdamW(net.parameters(), lr=lr, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01)"
    ),
    ("optimizer=lion", "Lion(learning_rate=0.0001, beta_1=0.9, beta_2=0.99)", "class Rule"),
    ("optimizer=rule", "class Rule", "class Rule"),
    ("optimizer=whole", "plain descent with its rate", "plain descent with its rate"),
    ("clip=2", "SGD(learning_rate=0.1, global_clipnorm=2.0)", "SGD(net.parameters(), lr=lr)"),
  ]

  @Test(
    "An exported program has the optimizer that trained, with its rate and settings",
    arguments: steps.indices)
  func optimizers(place: Int) throws {
    let (options, keras, pytorch) = Self.steps[place]
    let programs = (try optimizer(options, "keras"), try optimizer(options, "pytorch"))
    #expect(programs.0.contains(keras), "\(options): \(programs.0)")
    #expect(programs.1.contains(pytorch), "\(options): \(programs.1)")
  }

  @Test(
    "The program of every optimizer of the catalog makes its steps, by a constructor or by its rule",
    arguments: EntryKind.optimizer.names)
  func everyOptimizer(name: String) throws {
    for language in ["keras", "pytorch"] {
      let text = try optimizer("optimizer=\(name)", language)
      #expect(!text.contains("plain descent"))
      // A setting that is misspelt would be no number.
      #expect(!text.contains("nan"), "\(text)")
    }
  }

  @Test("What a program leaves out of a training it says, and the net that was not trained has one")
  func leftOut() throws {
    let lesson = TestSession()
    let text = try lesson.perform(
      """
      net = mlp [2,3,1] relu sigmoid
      print (export net to=pytorch)
      train net circles epochs=3 patience=2 freeze=W1 l2=0.5 quiet=true
      print (export net to=pytorch)
      """)
    #expect(
      text.contains("# bp has not trained it; train would take epochs=100 batch=10 optimizer=sgd."))
    #expect(text.contains("# Left out here: patience."))
    #expect(text.contains("net.get_parameter(\"0.weight\").requires_grad_(False)"))
    #expect(text.contains("0.25 * w.square().sum()"))
  }
}
