import Rendering
import TestSupport
import Testing

@testable import Language
@testable import Library

/// `help` knows every word that it lists, and words of other tools lead to ours.
@Suite struct HelpTermTests {
  /// The reports of a script.
  static func reports(_ code: String) -> [String] {
    onDeepStack {
      let session = TestSession()
      session.run(code)
      return session.reports
    }
  }

  @Test("The example of a concept runs", arguments: Concept.all.map { $0.example })
  func examples(_ example: String) {
    let errors = Self.reports(example).filter { !$0.hasPrefix("note") }
    #expect(errors == [], "\(example)")
  }

  @Test("No two concepts share a word")
  func wordsAreUnique() {
    let words = Concept.all.flatMap { $0.words }
    #expect(words.count == Set(words).count)
    for word in words { #expect(Concept.normalized(word) == word) }
  }

  @Test("The overview fits on a screen beside the prompt; all that it names has help and is there")
  func overview() {
    let session = TestSession()
    session.run("help")
    // A line for what was typed and one for the next prompt.
    #expect(session.outputLines.count <= 22)
    #expect(session.outputLines.allSatisfy { TextWidth.columns(of: $0) <= 80 })
    let catalog = Catalog.standard
    for topic in HelpTopic.all {
      #expect(Self.reports("help \(topic.name)") == [], "help \(topic.name)")
      #expect(session.output.contains(" \(topic.name) "), "\(topic.name)")
      for word in topic.leading {
        #expect(session.output.contains(word))
        // A quote begins a text.
        #expect(Self.reports("help \(word)") == [], "help \(word)")
        let isThere =
          Topic(rawValue: topic.name).map { catalog.function(word)?.topic == $0 }
          ?? Choice.Kind.allCases.first { $0.rawValue + "s" == topic.name }.map {
            Choice.named(word, kind: $0) != nil
          }
          ?? (StatementHelp.all.contains { $0.words.contains(word) }
            || OperatorHelp.named(word) != nil || Concept.named(word) != nil)
        #expect(isThere, "\(word) is no word of \(topic.name)")
      }
    }
    let names = Set(HelpTopic.all.map { $0.name })
    #expect(names.count == HelpTopic.all.count)
    for topic in Topic.allCases { #expect(names.contains(topic.rawValue)) }
    for kind in Choice.Kind.allCases where ![.activation, .loss, .data].contains(kind) {
      #expect(names.contains(kind.rawValue + "s"))
    }
  }

  @Test("Every name that help lists has help")
  func everything() {
    let session = TestSession()
    session.run("help everything")
    let topics = session.output.split(separator: "\n").dropFirst().joined(separator: " ")
    let concepts = Concept.all.compactMap { $0.words.first }
    var words = topics.split(separator: " ").map { String($0) }.filter { !$0.isEmpty }
    let place = words.firstIndex(of: "concepts:") ?? words.endIndex
    words = words[..<place].filter { !$0.hasSuffix(":") } + concepts
    #expect(words.count > 250)
    // A quote begins a text, and a ; ends the statement: their help is had by their words.
    for word in words where word != ";" && !word.hasPrefix("#") {
      let reports = Self.reports("help \(word)")
      #expect(reports == [], "help \(word)")
    }
    for word in ["transpose", "semicolon", "hash"] { #expect(Self.reports("help \(word)") == []) }
  }

  @Test(
    "Topics, operators and terms in any spelling have help",
    arguments: [
      "statements", "operators", "concepts", "data", "pictures", "@", "'", "≈", "within", "power",
      "backpropagation", "epoch", "learning rate", "Learning_Rate", "learning-rate", "eta", "η",
      "gradient descent", "tutorial", "intro", "syntax", "operators", "lr", "shapes",
    ])
  func terms(_ term: String) {
    #expect(Self.reports("help \(term)") == [])
  }

  @Test("A topic that is a function's name, too, is listed behind it")
  func topicsBehindFunctions() {
    for topic in Topic.allCases {
      let session = TestSession()
      session.run("help \(topic.rawValue)")
      let names = Catalog.standard.functions.filter { $0.topic == topic }.map { $0.name }
      #expect(names.allSatisfy { session.output.contains($0) }, "\(topic.rawValue)")
    }
  }

  @Test("A word known from elsewhere is none of ours, stands in one record, and leads on")
  func foreignWords() {
    let catalog = Catalog.standard
    var seen: Set<String> = []
    for record in ForeignWord.all {
      #expect(!record.words.isEmpty && !record.help.isEmpty)
      for word in record.words {
        #expect(catalog.function(word) == nil && catalog.constant(word) == nil, "\(word)")
        #expect(seen.insert(word).inserted, "\(word) stands twice")
        #expect(ForeignWord.named(word)?.help == record.help, "\(word)")
      }
      for word in record.see {
        #expect(Self.reports("help(\"\(word)\")") == [], "help \(word), of \(record.words[0])")
      }
    }
    #expect(seen.count > 1000)
  }

  @Test("A word of another tool has help, and a hint as a name", arguments: ForeignWord.all)
  func foreignHelp(_ record: ForeignWord) {
    for word in record.words {
      #expect(Self.reports("help(\"\(word)\")") == [], "help \(word)")
      // What is a sign or begins a statement here is no name.
      let reports = Self.reports(word).joined()
      #expect(reports == "" || reports.contains("help: "), "\(word): \(reports)")
    }
  }

  @Test(
    "What is asked may stand behind a module, in brackets, in a question, in any case",
    arguments: [
      ("np.zeros", "zeros rows"), ("keras.layers.Dense", "mlp [2,20,1]"),
      ("model.fit", "train net"),
      ("fit()", "train net"), ("x.push", "append x 3"), ("what is an epoch?", "One pass over"),
      ("how to train", "train net data"), ("mean squared error", "mse"), ("BACKPROP", "chain rule"),
      ("dense", "mlp [2,20,1]"), ("nn.CrossEntropyLoss()", "ce y t"), ("'", "transpose"),
      (";", "Ends a statement"), ("start", "Begins the tutorial"), ("hint", "--hint"),
      ("mistake", "usual mistake is named"), ("greek letters", "\\eta and TAB"),
      ("Adam", "optimizer"), ("TRAIN", "train net"),
    ])
  func asked(_ topic: String, _ answer: String) {
    let session = TestSession()
    session.run("help(\"\(topic)\")")
    #expect(session.output.contains(answer), "\(topic): \(session.output)")
  }

  @Test("Questions without a word lead to the overview, a variable of such a name to itself")
  func questions() {
    let session = TestSession()
    session.run("help me")
    #expect(session.output.hasPrefix("start begins a tutorial"))
    let other = TestSession()
    other.run("i = 3; help i")
    #expect(other.output == "i = 3\n")
  }

  @Test("A variable that may be meant is named beside the word from elsewhere")
  func nearVariable() {
    let reports = Self.reports("alphas = 3; alpha").joined()
    #expect(reports.contains("lr=0.1") && reports.contains("did you mean alphas?"))
  }

  static let hints: [(code: String, help: String)] = [
    ("sgd", "sgd is an optimizer"), ("adam", "adam is an optimizer"),
    ("read", "csv \"file.csv\""), ("pip", "nothing is to be installed"),
    ("man", "help NAME"), ("ls", "vars lists"), ("pwd", "relative to the folder"),
    ("backprop", "grad E w"), ("gradient", "grad E w"), ("diff(x)", "grad E w"),
    ("dy/dx", "grad y x"), ("evaluate", "accuracy net data"), ("score", "accuracy net data"),
    ("draw", "show net"), ("MLPClassifier(3)", "mlp [2,20,3] relu softmax"),
    ("sigma 3", "sigmoid x"), ("sigmoid_derivative", "sigmoid' of sigmoid"),
    ("tanh_prime 2", "tanh' of tanh"), ("eta", "lr=0.1"), ("whos", "vars lists"),
    ("hello", "start begins"),
    ("elif", "if a { … } else if b { … }"),
    ("csv nofile.csv", "stands in double quotes: \"nofile.csv\""),
    ("load my.net.onnx", "stands in double quotes: \"my.net.onnx\""),
    ("load \"a\" to=3", "its options: quiet"),
    ("csv \"a.csv\" header=0", "header=true: the first line holds names"),
    ("csv \"a.csv\" header=None", "header=false: it is a row"),
    ("csv \"a.csv\" nrows=3", "d[1..100]"), ("csv \"a.csv\" comment=\"#\"", "begin with #"),
    ("net = mlp [2,2,1] tanh sigmoid; explain net xor w1", "\"W1[1,1]\""),
    ("net = mlp [2,2,1] tanh sigmoid; explain net xor W1[1,1]", "\"W1[1,1]\""),
    ("net = mlp [2,2,1] tanh sigmoid; explain net xor net.W1[1,1]", "is a string"),
    ("train mlp [2,3,1] relu sigmoid circles", "train (mlp …)"),
    ("round(2.345, 2)", "{x:.2}"), ("log(8, 2)", "log(x)/log(b)"),
    ("A = [1,2;3,4]; A(1,2)", "A[1, 2]"), ("x = 3; x mod 2", "x % 2"),
    ("x = 3; x is 3", "x == 3"), ("x = 3; max -x 2", "max (-x) 2"),
    ("x = [1,2]; x.push 3", "append x 3"), ("rand [2, 3]", "rand 2 3"),
    ("zeros([2,3])", "zeros 2 3"), ("bar [\"a\",\"b\"] [3,5]", "[a: 3, b: 5]"),
    ("net = mlp [3,2,1] tanh sigmoid; net.W1 = [1,2;3,4;5,6]", "its transpose fits"),
    ("net = mlp [2,2,1] tanh sigmoid; train net xor validation=tes", "valid=0.2"),
    ("np.arange(3)", "counts in steps"), ("np.zeros(3)", "zeros rows"),
    ("nn.Linear(2, 3)", "builds a net"), ("plt.plot([1, 2])", "functions stand alone here: plot"),
    ("tf.keras.layers.Dense(3)", "builds a net"), ("epoch", "help epoch explains"),
    ("overfitting", "help overfitting explains"), ("one_hot([1])", "help one_hot explains"),
    ("data.frame(x=1)", "csv \"file.csv\""), ("start", "bp start at the shell"),
    ("Adam", "adam is an optimizer"),
    ("target", "data X T"), ("why", "explain says why"), ("activations", "help activations lists"),
    ("train?", "write ?train"), ("na.omit(3)", "impute data"),
    ("history", "run.losses"), ("tutorial", "start begins"),
    ("help softmax derivative", "help softmax, help derivative"),
    ("help opertors", "did you mean operators?"), ("frobnicate 3", "help lists"),
  ]

  @Test("What people type from other tools is answered with what would work", arguments: hints)
  func answered(_ code: String, _ help: String) {
    let reports = Self.reports(code).joined(separator: "\n")
    #expect(reports.contains("help: ") && reports.contains(help), "\(code): \(reports)")
  }

  @Test("A net is told that the row has another width, not that it is a matrix")
  func rowWidth() {
    let reports = Self.reports("net = mlp [2,2,1] tanh sigmoid; forward net [1,2,3]")
    #expect(reports.joined().contains("the net takes rows of 2 inputs, not a row of 3"))
  }
}
