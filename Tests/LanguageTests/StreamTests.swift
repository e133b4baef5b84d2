import Foundation
import TestSupport
import Testing

@testable import Language

/// Trainings whose rows are read from a file come to the bits of those whose rows are in memory.
@Suite struct StreamTests {
  /// A file of rows, and how the same rows are had in memory.
  enum Source: String, CaseIterable {
    case numbers, classes, categories, pair, columns, images

    var stream: String {
      switch self {
      case .numbers: "stream \"numbers.csv\" target=\"y\" quiet=true"
      case .classes: "stream \"classes.csv\" target=\"kind\" quiet=true"
      case .categories:
        "stream \"codes.csv\" target=\"k\" categories=[\"k\"] missing=drop quiet=true"
      case .pair: "stream \"x.npy\" \"t.npy\""
      case .columns: "stream \"m.npy\" target=4"
      case .images: "stream \"images\" \"labels\""
      }
    }

    var table: String {
      switch self {
      case .numbers: "csv \"numbers.csv\" target=\"y\" quiet=true"
      case .classes: "csv \"classes.csv\" target=\"kind\" quiet=true"
      case .categories: "csv \"codes.csv\" target=\"k\" categories=[\"k\"] missing=drop quiet=true"
      case .pair: "data (load \"x.npy\") (load \"t.npy\")"
      case .columns: "data (load \"m.npy\")[:, 1..3] (load \"m.npy\")[:, 4]"
      case .images: "idx \"images\" \"labels\""
      }
    }

    var net: String {
      switch self {
      case .numbers: "mlp [3,7,1] tanh linear"
      case .classes: "mlp [2,7,3] tanh softmax"
      case .categories: "mlp [2,5,2] relu softmax"
      case .pair: "mlp [3,6,2] tanh linear"
      case .columns: "mlp [3,6,1] tanh sigmoid"
      case .images: "mlp [12,8,4] relu softmax"
      }
    }

    var hasClasses: Bool { [.classes, .categories, .columns, .images].contains(self) }
  }

  /// Ways to train, each with something that asks for rows in its own way.
  static let options = [
    "", "shuffle=false", "valid=0.3", "valid=0.3 patience=2", "until=(r -> r.epoch >= 3)",
    "every=2", "shards=2", "optimizer=adam clip=1", "log=\"run.csv\" valid=0.2",
    "l2=0.01 reduction=sum lr=0.001",
  ]

  static let folder: URL = {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bp-streams-\(getpid())")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var random = SplitMix(7)
    func number() -> Double { Double(Int(random.next() % 2001)) / 500 - 2 }
    func write(_ name: String, _ bytes: Data) { try? bytes.write(to: folder.appending(path: name)) }
    var lines = ["a,b,c,y"]
    for _ in 0..<173 {
      let (a, b, c) = (number(), number(), number())
      lines.append("\(a),\(b),\(c),\(a * b - c)")
    }
    write("numbers.csv", Data(lines.joined(separator: "\n").utf8))
    lines = ["p;q;kind"]
    for row in 0..<131 {
      let (p, q) = (number(), number())
      // The last name comes late.
      lines.append("\(p);\(q);\(row == 130 || p > 1 ? "zebra" : q > 0 ? "ant" : "\"bee\"")")
    }
    write("classes.csv", Data(lines.joined(separator: "\n").utf8))
    lines = ["u,v,k"]
    for row in 0..<90 {
      lines.append("\(row % 11 == 3 ? "NA" : "\(number())"),\(number()),\(row % 3 == 0 ? 5 : 2)")
    }
    write("codes.csv", Data(lines.joined(separator: "\n").utf8))
    func header(_ shape: [Int]) -> Data {
      var bytes: [UInt8] = [0, 0, 8, UInt8(shape.count)]
      for size in shape { bytes += [0, 0, UInt8(size >> 8), UInt8(size & 255)] }
      return Data(bytes)
    }
    write(
      "images",
      header([83, 3, 4]) + Data((0..<83 * 12).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    )
    write("labels", header([83]) + Data((0..<83).map { UInt8([0, 3, 7, 9][$0 * 7 % 4]) }))
    return folder
  }()

  /// A session that finds the files, with the arrays written.
  static func session() throws -> TestSession {
    let session = TestSession(folder: folder)
    try session.perform(
      """
      seed 5
      x = randn(97, 3); t = randn(97, 2)
      save x "x.npy"; save t "t.npy"
      m = randn(64, 4)
      for i in 1..64 { if m[i, 4] > 0 { m[i, 4] = 1 } else { m[i, 4] = 0 } }
      save m "m.npy"
      """)
    return session
  }

  @Test(arguments: Source.allCases, ["float64", "float32"])
  func `a stream trains to the bits of the table`(_ source: Source, _ type: String) throws {
    let session = try Self.session()
    try session.perform("d = \(source.table); s = \(source.stream)")
    for options in Self.options {
      var outputs: [String] = []
      for (name, data) in [("a", "d"), ("b", "s")] {
        let more = type == "float32" ? " dropout=0.2" : ""
        let before = session.reports.count
        outputs.append(
          try session.perform(
            """
            \(name) = \(source.net) dtype=\(type) seed=3\(more)
            r\(name) = train \(name) \(data) epochs=4 batch=\(source == .images ? 10 : 16) \
            \(options.contains("lr=") ? "" : "lr=0.02") \(options)
            """))
        // Notes about the net are those of the table, too.
        outputs[outputs.count - 1] += session.reports[before...].joined()
      }
      #expect(outputs[0] == outputs[1], "\(options)")
      for part in [
        ".net.parameters", ".losses", ".metrics", ".valid_losses", ".metric", ".first_loss",
        ".loss",
        ".update_ratios",
      ] {
        let (own, theirs) = (try session.numbers("ra\(part)"), try session.numbers("rb\(part)"))
        #expect(own.map(\.bitPattern) == theirs.map(\.bitPattern), "\(options) \(part)")
      }
    }
  }

  @Test(arguments: Source.allCases)
  func `a net asked about a stream answers what it answers to the table`(_ source: Source) throws {
    let session = try Self.session()
    try session.perform(
      """
      d = \(source.table); s = \(source.stream)
      net = \(source.net) seed=2
      train net d epochs=3 quiet=true
      """)
    let asked =
      source.hasClasses
      ? [
        "accuracy", "precision", "recall", "f1", "confusion", "loss", "predict", "classify",
        "report",
      ]
      : ["r2", "loss", "predict", "report"]
    for function in asked where !(function == "auc" && source != .columns) {
      let (own, theirs) = (
        try session.perform("print \(function) net d"),
        try session.perform("print \(function) net s")
      )
      #expect(
        own.replacing("numbers.csv", with: "") == theirs.replacing("numbers.csv", with: "")
          || function == "report", "\(function)")
      if function != "report", function != "classify" {
        let numbers = try session.numbers("\(function) net d").map(\.bitPattern)
        #expect(
          try session.numbers("\(function) net s").map(\.bitPattern) == numbers, "\(function)")
      }
    }
    #expect(try session.numbers("(report net s).n") == session.numbers("d.n"))
    #expect(try session.perform("print s[2..5].x") == session.perform("print d[2..5].x"))
    #expect(try session.perform("print s[-1].t") == session.perform("print d[-1].t"))
    #expect(try session.perform("head s 4") == session.perform("head d 4"))
    #expect(
      try session.perform("print s.classes, s.features")
        == session.perform("print d.classes, d.features"))
  }

  /// More rows than are looked at at a time, in a net whose passes are compiled and in one whose are not.
  @Test(arguments: ["mlp [2,3,1] tanh sigmoid", "mlp [2,60,1] tanh sigmoid dtype=float32"])
  func `parts of many rows come to the numbers of all at once`(_ net: String) throws {
    let session = try Self.session()
    try session.perform(
      """
      seed 9
      x = randn(9001, 2); t = zeros(9001)
      for i in 1..9001 { if x[i, 1]*x[i, 2] > 0.1 { t[i] = 1 } }
      save x "big.npy"; save t "big_t.npy"
      d = data x t; s = stream "big.npy" "big_t.npy"
      a = \(net) seed=1; b = \(net) seed=1
      ra = train a d batch=500 epochs=2 valid=0.5; rb = train b s batch=500 epochs=2 valid=0.5
      """)
    for expression in [
      "r0.W1", "r0.losses", "r0.valid_losses", "r0.metrics", "loss n0 d0", "accuracy n0 d0",
      "auc n0 d0", "r2 n0 d0", "predict n0 d0",
    ] {
      let numbers = try ["a", "b"].map { name in
        try session.numbers(
          expression.replacing("r0.W1", with: "\(name).W1").replacing("r0", with: "r\(name)")
            .replacing("n0", with: name).replacing("d0", with: name == "a" ? "d" : "s")
        ).map(\.bitPattern)
      }
      #expect(numbers[0] == numbers[1], "\(expression)")
    }
  }

  @Test(arguments: ["standardize", "normalize"], ["", "low=-1 high=1", "sample=true"])
  func `steps learn from a stream what they learn from the table`(
    _ step: String, _ options: String
  ) throws {
    guard options.isEmpty || (step == "normalize") == options.contains("low") else { return }
    let session = try Self.session()
    try session.perform(
      """
      d = csv "numbers.csv" target="y" quiet=true; s = stream "numbers.csv" target="y" quiet=true
      p = \(step) d targets=true \(options); q = \(step) s targets=true \(options)
      a = mlp [3,7,1] tanh linear seed=3; b = mlp [3,7,1] tanh linear seed=3
      ra = train a (p d) epochs=3 batch=11 valid=0.25; rb = train b (q s) epochs=3 batch=11 valid=0.25
      rc = train (mlp [3,7,1] tanh linear seed=3) q epochs=3 batch=11 valid=0.25
      """)
    for part in [".net.parameters", ".losses", ".valid_losses", ".metric"] {
      let own = try session.numbers("ra\(part)").map(\.bitPattern)
      #expect(try session.numbers("rb\(part)").map(\.bitPattern) == own)
      #expect(try session.numbers("rc\(part)").map(\.bitPattern) == own)
    }
    // A net that learned prepared rows takes raw ones, streamed or not.
    #expect(try session.numbers("r2 a d") == session.numbers("r2 b s"))
    #expect(try session.numbers("predict a d") == session.numbers("predict a s"))
  }

  @Test func `gaps are filled and categories spread out in a stream as in a table`() throws {
    let session = try Self.session()
    let lines = (0..<60).map { row in
      "\(row % 7 == 2 ? "" : "\(row % 13)"),\(["red", "green", "blue"][row % 5 % 3]),\(row % 4)"
    }
    try session.perform("d = 0")
    try Data((["w,colour,y"] + lines).joined(separator: "\n").utf8)
      .write(to: Self.folder.appending(path: "gaps.csv"))
    try session.perform(
      """
      d = csv "gaps.csv" target="y" quiet=true; s = stream "gaps.csv" target="y" quiet=true
      fill = impute d; fills = impute s
      spread = onehot (fill d); spreads = onehot (fills s)
      a = mlp [4,5,1] tanh linear seed=3; b = mlp [4,5,1] tanh linear seed=3
      train a (spread (fill d)) epochs=3 batch=7 quiet=true
      train b (spreads (fills s)) epochs=3 batch=7 quiet=true
      """)
    #expect(try session.numbers("a.W1") == session.numbers("b.W1"))
    #expect(
      try session.perform("print (spreads (fills s)).features")
        == "[\"w\", \"colour=blue\", \"colour=green\", \"colour=red\"]\n")
  }

  @Test func `a stopped training goes on from its checkpoint, streamed or not`() throws {
    let session = try Self.session()
    try session.perform(
      """
      d = csv "numbers.csv" target="y" quiet=true; s = stream "numbers.csv" target="y" quiet=true
      whole = mlp [3,7,1] tanh linear seed=3
      rw = train whole d epochs=7 batch=16 valid=0.2 optimizer=adam lr=0.01
      half = mlp [3,7,1] tanh linear seed=3
      train half s epochs=3 batch=16 valid=0.2 optimizer=adam lr=0.01 checkpoint="c.ckpt" quiet=true
      rest = mlp [3,7,1] tanh linear seed=3
      rr = train rest s epochs=7 batch=16 valid=0.2 optimizer=adam lr=0.01 resume="c.ckpt"
      held = mlp [3,7,1] tanh linear seed=3
      rh = train held d epochs=7 batch=16 valid=0.2 optimizer=adam lr=0.01 resume="c.ckpt"
      """)
    for run in ["rr", "rh"] {
      for part in [".net.parameters", ".losses", ".valid_losses"] {
        #expect(try session.numbers(run + part) == session.numbers("rw" + part), "\(run)\(part)")
      }
    }
    // Other rows are another training.
    #expect(
      session.run(
        "train rest (stream \"m.npy\" target=4) epochs=9 batch=16 valid=0.2 optimizer=adam lr=0.01 resume=\"c.ckpt\""
      ) == .runtimeError)
  }

  @Test func `rows and classes count in a stream as they are told to`() throws {
    let session = try Self.session()
    try session.perform(
      """
      d = \(Source.classes.table); s = \(Source.classes.stream)
      w = zeros(d.n); for i in 1..d.n { w[i] = i/d.n }
      a = mlp [2,7,3] tanh softmax seed=3; b = mlp [2,7,3] tanh softmax seed=3
      ra = train a d epochs=3 batch=16 class_weights=[1, 2, 5]; rb = train b s epochs=3 batch=16 class_weights=[1, 2, 5]
      rc = train a d epochs=3 batch=16 sample_weights=w; rd = train b s epochs=3 batch=16 sample_weights=w
      """)
    #expect(try session.numbers("ra.losses") == session.numbers("rb.losses"))
    #expect(try session.numbers("rc.losses") == session.numbers("rd.losses"))
    #expect(try session.numbers("a.parameters") == session.numbers("b.parameters"))
    #expect(
      try session.numbers("loss a d class_weights=[1, 2, 5]")
        == session.numbers("loss b s class_weights=[1, 2, 5]"))
    #expect(
      try session.numbers("loss a d sample_weights=w")
        == session.numbers("loss b s sample_weights=w"))
  }

  @Test func `a perceptron and held-out streams go through the rows in the order of the table`()
    throws
  {
    let session = try Self.session()
    try session.perform(
      """
      d = \(Source.columns.table); s = \(Source.columns.stream)
      a = perceptron [3]; b = perceptron [3]
      ra = train a d epochs=4; rb = train b s epochs=4
      e = mlp [3,4,1] tanh sigmoid seed=1; f = mlp [3,4,1] tanh sigmoid seed=1
      re = train e d epochs=4 batch=10 valid=d; rf = train f d epochs=4 batch=10 valid=s
      """)
    #expect(try session.numbers("a.W1") == session.numbers("b.W1"))
    #expect(try session.numbers("ra.losses") == session.numbers("rb.losses"))
    #expect(try session.numbers("re.valid_losses") == session.numbers("rf.valid_losses"))
  }
}
