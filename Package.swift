// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

// That no variable is read while it is written, the compiler proves in most places; the rest is looked at
// while the tests run, and costs an epoch of a small net an eighth of its instructions.
let unchecked = SwiftSetting.unsafeFlags(
  ["-enforce-exclusivity=unchecked"], .when(configuration: .release))

/// A room of the house: what it may import is said here and held by `scripts/check`.
func room(
  _ name: String, imports: [Target.Dependency] = [], pages: [String] = []
) -> Target {
  // A file imports what it uses: Embedded Swift, for WebAssembly, asks for it.
  .target(
    name: name, dependencies: imports, exclude: pages,
    swiftSettings: strict + [.enableUpcomingFeature("MemberImportVisibility"), unchecked])
}

func tests(
  of name: String, with extra: [Target.Dependency] = [], fixtures: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + extra,
    exclude: fixtures, swiftSettings: strict)
}

let package = Package(
  name: "bp",
  products: [.executable(name: "bp", targets: ["bp"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(
      name: "CLibedit", pkgConfig: "libedit",
      providers: [.apt(["libedit-dev"]), .brew(["libedit"])]),
    .target(name: "CKernels", cSettings: [.define("_GNU_SOURCE")]),
    .target(name: "CSandbox", cSettings: [.define("_GNU_SOURCE")]),
    room("Syntax", pages: ["Grammar.md"]),
    room("Rendering"),
    room("Differentiation", imports: ["CKernels"]),
    room("Learning", imports: ["Differentiation"]),
    room("Explanation", imports: ["Differentiation", "Learning"]),
    room("Interchange", imports: ["Differentiation", "Learning"]),
    room(
      "Language",
      imports: ["Syntax", "Rendering", "Differentiation", "Learning", "Explanation"]),
    room(
      "Library",
      imports: [
        "Language", "Syntax", "Rendering", "Differentiation", "Learning", "Explanation",
        "Interchange",
      ]),
    room("Cluster", imports: ["Differentiation", "Learning", "Language", "Interchange"]),
    room("Exercises", imports: ["Language", "Syntax", "Rendering"]),
    room("Tutorial", imports: ["Language", "Learning", "Syntax", "Rendering"]),
    room(
      "Grading",
      imports: ["Language", "Explanation", "Differentiation", "Syntax", "Rendering"]),
    room("Presentation", imports: ["Language", "Explanation", "Syntax", "Rendering"]),
    room("Notes", imports: ["Language", "Syntax", "Rendering"]),
    room(
      "Assistance", imports: ["Language", "Learning", "Differentiation", "Syntax", "Rendering"]),
    room(
      "Kernel",
      imports: [
        "Assistance", "Language", "Explanation", "Differentiation", "Interchange", "Syntax",
        "Rendering",
      ]),
    room(
      "LanguageServer",
      imports: ["Assistance", "Language", "Interchange", "Syntax"]),
    room("Highlighting", imports: ["Language", "Learning", "Interchange", "Syntax"]),
    room("REPL", imports: ["CLibedit", "Rendering"]),
    room("Sandbox", imports: ["CSandbox"]),
    room(
      "Page",
      imports: [
        "Assistance", "Differentiation", "Exercises", "Explanation", "Interchange", "Language",
        "Learning", "Library", "Rendering", "Syntax",
      ]),
    .target(
      name: "PageFile", dependencies: ["Interchange", "Rendering"],
      resources: [
        "page.html", "page.css", "engine.mjs", "worker.js", "words.js", "client.js", "state.js",
        "views.js", "why.js", "prompt.js", "task.js", "pen.js", "settings.js", "page.js",
      ].map { .embedInCode("Files/\($0)") }, swiftSettings: strict),
    .executableTarget(
      name: "bp",
      dependencies: [
        "REPL", "Cluster", "Exercises", "Tutorial", "Grading", "Highlighting", "Kernel",
        "LanguageServer", "Notes", "PageFile", "Presentation", "Sandbox", "Library", "Language",
        "Syntax", "Rendering",
        "Interchange", "Learning", "Differentiation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(name: "PlainLoops"),
    .executableTarget(
      name: "bench", dependencies: ["Differentiation", "PlainLoops"],
      exclude: ["Benchmarks.md", "Limits.md"], swiftSettings: strict),
    // What tests of several rooms need.
    .target(
      name: "TestSupport",
      dependencies: ["Library", "Language", "Learning", "Rendering", "Differentiation"],
      path: "Tests/TestSupport", swiftSettings: strict),
    tests(of: "Syntax", with: ["TestSupport"], fixtures: ["Fixtures"]),
    tests(of: "Rendering", with: ["TestSupport"], fixtures: ["Fixtures"]),
    .target(name: "AllocationCount", path: "Tests/AllocationCount"),
    .target(name: "FileCalls", path: "Tests/FileCalls"),
    .target(
      name: "GoldenNumbers", dependencies: ["Differentiation"], path: "Tests/GoldenNumbers",
      exclude: ["Numbers"], swiftSettings: strict),
    tests(
      of: "Differentiation", with: ["CKernels", "AllocationCount", "GoldenNumbers", "TestSupport"]),
    tests(of: "Learning", with: ["Differentiation", "GoldenNumbers", "TestSupport"]),
    tests(
      of: "Explanation",
      with: ["Differentiation", "Learning", "GoldenNumbers", "Rendering", "TestSupport"],
      fixtures: ["Snapshots"]),
    .target(
      name: "FileFormats", dependencies: ["Differentiation", "Interchange", "Learning"],
      path: "Tests/FileFormats", swiftSettings: strict),
    tests(
      of: "Interchange", with: ["Differentiation", "FileFormats", "Learning"],
      fixtures: [
        "Corpus", "catalog.py", "frameworks.py", "interoperability.py", "models.py", "speed.py",
        "tables.py",
      ]),
    tests(
      of: "Exercises", with: ["Language", "Library", "Rendering", "Syntax", "TestSupport"],
      fixtures: ["Fixtures"]),
    tests(
      of: "Grading",
      with: ["Differentiation", "Language", "Library", "Rendering", "Syntax", "TestSupport"],
      fixtures: ["formats.py", "quizzes.py", "stack.php"]),
    .testTarget(
      name: "LectureTests",
      dependencies: ["Language", "GoldenNumbers", "TestSupport"],
      exclude: ["Fixtures", "Snapshots"], swiftSettings: strict),
    .testTarget(
      name: "RecipeTests",
      dependencies: [
        "Library", "Language", "Learning", "Differentiation", "Interchange", "Rendering",
        "FileFormats", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "bp", "Cluster", "Exercises", "FileCalls", "Language", "Sandbox", "SandboxAttempts",
        "Syntax",
        "TestSupport",
      ],
      swiftSettings: strict),
    tests(
      of: "Presentation",
      with: ["Explanation", "Language", "Library", "Rendering", "TestSupport"]),
    .target(
      name: "SandboxAttempts", dependencies: ["CSandbox"], path: "Tests/SandboxAttempts",
      cSettings: [.define("_GNU_SOURCE")]),
    tests(of: "Tutorial", with: ["Language", "Library", "Rendering", "TestSupport"]),
    tests(of: "Sandbox", with: ["CSandbox", "SandboxAttempts"]),
    tests(of: "Notes", with: ["Language", "Library", "TestSupport"], fixtures: ["Fixtures"]),
    tests(
      of: "Kernel", with: ["Interchange"],
      fixtures: ["acceptance.py", "lab.py", "myst.py", "notebooks.py", "server.py"]),
    tests(of: "Assistance", with: ["Language", "Library", "Syntax", "TestSupport"]),
    tests(
      of: "Highlighting", with: ["Library", "TestSupport"],
      fixtures: ["grammars.mjs", "grammars.py", "grammars.lua"]),
    tests(
      of: "LanguageServer",
      with: ["Assistance", "Interchange", "Language", "Library", "TestSupport"],
      fixtures: ["client.mjs", "neovim.lua", "requests.py"]),
    tests(of: "REPL", with: ["CLibedit", "FileCalls", "Rendering"]),
    tests(
      of: "Page", with: ["Exercises", "Interchange", "Language", "PageFile"],
      fixtures: ["browse.py", "tsconfig.json", "try"]),
    tests(
      of: "Language",
      with: [
        "Library", "Syntax", "Rendering", "Differentiation", "Learning", "Interchange",
        "AllocationCount", "GoldenNumbers", "TestSupport",
      ],
      fixtures: ["Scripts", "Errors", "Fixtures"]),
  ]
)

// libFuzzer brings the main function, so these targets build under `scripts/fuzz` only.
if Context.environment["BP_FUZZING"] != nil {
  package.targets += [
    .executableTarget(
      name: "fuzz-evaluator", dependencies: ["Language", "Library", "Rendering", "Syntax"],
      path: "Tests/Fuzzing/Evaluator"),
    .executableTarget(
      name: "fuzz-files", dependencies: ["FileFormats", "Interchange"], path: "Tests/Fuzzing/Files"),
  ]
}
