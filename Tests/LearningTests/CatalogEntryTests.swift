import GoldenNumbers
import Testing

@testable import Learning

@Suite("Every list of records")
struct CatalogEntryTests {
  func checkList<R: CatalogEntry>(_ type: R.Type) {
    let names = R.all.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count, "\(R.kind): a name stands twice")
    for record in R.all {
      #expect(record.summary.hasSuffix("."), "\(record.name): \(record.summary)")
      let sentences = record.summary.split(separator: ".", omittingEmptySubsequences: true)
        .filter { $0.hasPrefix(" ") || $0 == record.summary.dropLast() }
      #expect(sentences.count <= 1, "\(record.name) has more than one sentence")
      let settings = record.settings.flatMap { [$0.name] + $0.aliases }
      #expect(Set(settings).count == settings.count, "\(record.name): a setting stands twice")
      for setting in record.settings {
        #expect(setting.kind.accepts(setting.standardValue), "\(record.name).\(setting.name)")
        #expect(setting.summary.hasSuffix("."), "\(record.name).\(setting.name)")
        #expect(record.values.values[setting.name] == setting.standardValue)
      }
      #expect(R.named(record.name)?.name == record.name)
      for alias in record.aliases { #expect(R.named(alias)?.name == record.name) }
      #expect(record.title == record.name)
    }
  }

  @Test func `names are unique, summaries are sentences and standard settings are valid`() {
    checkList(Activation.self)
    checkList(Loss.self)
    checkList(Initializer.self)
    checkList(Optimizer.self)
    checkList(Schedule.self)
    checkList(DataGenerator.self)
  }

  @Test func `a setting is bound by position or by name and shows in the title`() throws {
    let leaky = try #require(Activation.named("leaky"))
    let steep = try leaky.configured([.number(0.3)])
    #expect(steep.values.number("slope") == 0.3)
    #expect(steep.title == "leaky(slope=0.3)")
    let named = try leaky.configured(named: [("alpha", .number(0.2))])
    #expect(named.values.number("slope") == 0.2)
    #expect(leaky.signature == "leaky(slope=0.1)")
  }

  @Test(arguments: [
    ("n", 0.0), ("n", 2.5), ("n", 1e30), ("noise", -1), ("noise", .nan), ("factor", 2),
    ("seed", 1e19),
  ])
  func `a value out of its range is refused`(_ name: String, _ value: Double) throws {
    let circles = try #require(DataGenerator.named("circles"))
    let error = #expect(throws: LearningError.self) {
      try circles.configured(named: [(name, .number(value))])
    }
    #expect(error?.notes.first?.target == .option(name))
    #expect(error?.message.hasPrefix("\(name) of circles must be") == true)
  }

  @Test func `an unknown, repeated or surplus setting is refused with the signature`() throws {
    let leaky = try #require(Activation.named("leaky"))
    let unknown = #expect(throws: LearningError.self) {
      try leaky.configured(named: [("slop", .number(1))])
    }
    #expect(unknown?.help == ["leaky(slope=0.1)"])
    #expect(throws: LearningError.self) {
      try leaky.configured([.number(0.1)], named: [("slope", .number(1))])
    }
    #expect(throws: LearningError.self) { try leaky.configured([.number(0.1), .number(1)]) }
    #expect(throws: LearningError.self) { try leaky.configured([.word("steep")]) }
    let relu = try #require(Activation.named("relu"))
    let surplus = #expect(throws: LearningError.self) { try relu.configured([.number(1)]) }
    #expect(surplus?.message == "relu takes no settings")
  }

  @Test func `an unknown record lists the choices`() {
    let error = #expect(throws: LearningError.self) {
      try Optimizer.required("adm", as: .option("optimizer"))
    }
    #expect(error?.help.first?.contains("rmsprop") == true)
  }

  @Test func `schedules start and end where their formulas say`() throws {
    let factors: [(String, Int, Double)] = [
      ("constant", 7, 1), ("exponential", 0, 1), ("exponential", 2, 0.9025), ("step", 29, 1),
      ("step", 30, 0.1), ("cosine", 0, 1), ("cosine", 50, 0.5), ("warmup", 0, 0.2),
      ("warmup", 4, 1), ("warmup", 60, 1),
    ]
    for (name, epoch, expected) in factors {
      let schedule = try #require(Schedule.named(name))
      expectClose([schedule.factor(epoch: epoch, of: 100)], [expected], name)
    }
  }
}
