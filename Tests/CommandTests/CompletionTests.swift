import Foundation
import Library
import Testing

@testable import bp

@Suite struct CompletionTests {
  private func completion(_ words: String...) throws -> ShellCompletion {
    ShellCompletion(words, of: try CommandRecord.all())
  }

  private func texts(_ completion: ShellCompletion) -> [String] {
    completion.candidates.map { $0.text }
  }

  @Test func commandsAndScriptsBeginALine() throws {
    let first = try completion("")
    #expect(texts(first).contains("check") && texts(first).contains("help"))
    #expect(!texts(first).contains("man"))
    #expect(Set(texts(first)).count == texts(first).count)
    #expect(first.kind == .files(["bp"]))
    #expect(first.candidates.allSatisfy { !$0.summary.isEmpty })
  }

  @Test func optionsAreThoseOfTheCommandThatAreNotGivenYet() throws {
    #expect(texts(try completion("-")).contains("--sandbox"))
    #expect(texts(try completion("fmt", "--")) == ["--check", "--help"])
    #expect(texts(try completion("fmt", "--check", "--")) == ["--help"])
    #expect(texts(try completion("--write", "a", "-")).contains("--write"))
  }

  @Test(arguments: [["--as", ""], ["--as="], ["--as", "=", "mo"]])
  func valuesOfAnOption(_ words: [String]) throws {
    let offered = ShellCompletion(["quiz", "k.bp"] + words, of: try CommandRecord.all())
    #expect(texts(offered) == ["moodle", "cloze", "stack", "text2qti"])
    #expect(offered.kind == .none)
  }

  @Test func argumentsByTheirPlace() throws {
    #expect(try completion("check", "").kind == .files(["bp"]))
    #expect(try completion("grade", "key.bp", "a.bp", "").kind == .files(["bp"]))
    #expect(try completion("predict", "m.onnx", "").kind == .files([]))
    #expect(try completion("predict", "m.onnx", "t.csv", "").kind == .none)
    #expect(try completion("grade", "--feedback", "").kind == .folders)
    #expect(try completion("lesson.bp", "").kind == .files([]))
    #expect(texts(try completion("lesson.bp", "c")).isEmpty)
    #expect(texts(try completion("-e", "")).isEmpty)
    #expect(texts(try completion("exercises", "")).contains("forward_pass"))
  }

  @Test func helpOffersWhatItExplains() throws {
    let offered = texts(try completion("help", ""))
    #expect(offered.contains("train") && offered.contains("operators"))
    for name in ["train", "while", "softmax"] where offered.contains(name) {
      #expect(try Program.run("help", name).status == 0)
    }
  }

  // MARK: The shells

  private static let bash = """
    t() {
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _bplang "$1" 2>/dev/null
      printf '%s\\n' "${COMPREPLY[*]}"
    }
    source <(bp completions bash)
    t bp ch; t bp les; t bp check ''; t bp grade --as = ju; t bp help gradche; t bp --feedb
    """

  @Test func bash() throws {
    let folder = try folderOfScripts()
    try folder.write(Self.bash, to: "t.sh")
    let result = try Program.shell("bash t.sh", in: folder)
    #expect(result.errors == "")
    #expect(
      result.output == "check\nlesson.bp\nsub lesson.bp two words.bp\njunit\ngradcheck\n\n")
  }

  @Test func zsh() throws {
    guard try isInstalled("zsh") else { return print("skipped: no zsh is installed") }
    let folder = try folderOfScripts()
    // A terminal of its own, in which the keys are typed; the line is then printed in place of run.
    let script = """
      zmodload zsh/zpty
      zpty z "PATH=$PATH TERM=dumb zsh -f -i"
      await() { local all="" part; while zpty -r z part; do all+=$part; [[ $all == *"$1"* ]] && break; done; print -r -- "$all"; }
      zpty -w z 'PS1=; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D'
      zpty -w z 'source <(bp completions zsh); echo-line() { print -r -- "<$BUFFER>"; BUFFER=; zle accept-line }'
      zpty -w z 'zle -N echo-line; bindkey "^O" echo-line; print re""ady'
      await ready >/dev/null
      for line in "bp che" "bp les" "bp grade --as ju" "bp grade --as=ju" "bp help gradche"; do
        zpty -w -n z "$line"$'\\t\\x0f'
        await ">" | grep -o '<.*>'
      done
      zpty -d z
      """
    try folder.write(script, to: "t.zsh")
    let result = try Program.shell("timeout 60 zsh -f t.zsh", in: folder)
    #expect(
      result.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        == [
          "<bp check >", "<bp lesson.bp >", "<bp grade --as junit >", "<bp grade --as=junit >",
          "<bp help gradcheck >",
        ])
  }

  @Test func fish() throws {
    guard try isInstalled("fish") else { return print("skipped: no fish is installed") }
    let folder = try folderOfScripts()
    let script = """
      bp completions fish | source
      for line in "bp ch" "bp les" "bp grade --as ju" "bp grade --as=ju" "bp help gradche" "bp fmt --c"
        complete -C $line
      end
      """
    try folder.write(script, to: "t.fish")
    let result = try Program.shell("HOME=$PWD fish --no-config t.fish", in: folder)
    #expect(
      result.output.split(separator: "\n").map { $0.split(separator: "\t")[0] } == [
        "check", "lesson.bp", "junit", "--as=junit", "gradcheck", "--check",
      ])
  }

  /// The word that programs with this parser know for it.
  @Test func theParsersOwnOptionWritesTheSame() throws {
    for shell in CompletionScript.allCases {
      let option = try Program.run("--generate-completion-script", shell.rawValue)
      #expect(option.status == 0)
      #expect(option.output == shell.text + "\n")
    }
    #expect(try Program.run("completions", "tcsh").status == 2)
  }

  private func isInstalled(_ shell: String) throws -> Bool {
    try Program.shell("command -v \(shell)", in: Folder()).status == 0
  }

  private func folderOfScripts() throws -> Folder {
    let folder = try Folder()
    for name in ["lesson.bp", "two words.bp", "other.txt"] { try folder.write("", to: name) }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "sub"), withIntermediateDirectories: true)
    return folder
  }
}
