import ArgumentParser

/// The function of a shell that completes command lines of bp: it asks the program what may stand there,
/// so that all shells offer the same.
enum CompletionScript: String, CaseIterable, ExpressibleByArgument {
  case bash, zsh, fish

  /// The parser's own functions know no scripts on the first place; its option for them gives ours.
  static func spelledOut(_ words: [String]) -> [String] {
    words.first == "--generate-completion-script" ? ["completions"] + words.dropFirst() : words
  }

  /// Another program may be called bp; ours is then called bplang.
  var text: String {
    switch self {
    case .bash:
      #"""
      # Completes the command lines of bp in bash.
      _bplang() {
        local program=$1 current=${COMP_WORDS[COMP_CWORD]} line kind="" suffix
        [[ $program == bp ]] && type -P bplang >/dev/null && program=bplang
        [[ $current == "=" ]] && current=""
        COMPREPLY=()
        while IFS= read -r line; do
          line=${line%%$'\t'*}
          if [[ -z $kind ]]; then
            kind=$line
          elif [[ $line == "$current"* ]]; then
            COMPREPLY+=("$line")
          fi
        done < <("$program" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        [[ $kind == values ]] && return
        compopt -o filenames
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
          compgen -d -- "$current"
          [[ $kind == files ]] && compgen -f -- "$current"
          for suffix in ${kind#* }; do
            [[ $kind == "files "* ]] && compgen -f -X "!*.$suffix" -- "$current"
          done | sort -u
        )
      }
      complete -F _bplang bp bplang
      """#
    case .zsh:
      #"""
      #compdef bp bplang
      # Completes the command lines of bp in zsh.
      _bplang() {
        local program=${words[1]} line kind
        local -a lines values
        [[ $program == bp ]] && (( $+commands[bplang] )) && program=bplang
        lines=("${(@f)$("$program" complete -- "${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
        kind=$lines[1]
        for line in "${(@)lines[2,-1]}"; do
          line=${line//:/\\:}
          values+=("${line/$'\t'/:}")
        done
        compset -P '--*='
        (( $#values )) && _describe -V bp values
        case $kind in
          files) _files ;;
          files\ *) _files -g "*.(${${kind#files }// /|})(-.)" ;;
          folders) _files -/ ;;
        esac
      }
      if [[ $funcstack[1] == _bplang ]]; then
        _bplang "$@"
      else
        compdef _bplang bp bplang
      fi
      """#
    case .fish:
      #"""
      # Completes the command lines of bp in fish.
      function __bplang_complete
        set -l words (commandline -opc)
        set -l current (commandline -ct)
        set -l program $words[1]
        test "$program" = bp; and command -q bplang; and set program bplang
        set -l lines ($program complete -- $words[2..] "$current" 2>/dev/null)
        set -l kind (string split ' ' -- $lines[1])
        set -l option (string match -r -- '^--[^=]*=' "$current")
        for line in $lines[2..]
          echo "$option$line"
        end
        switch "$kind[1]"
          case files
            set -q kind[2]; and __fish_complete_suffix .$kind[2]; or __fish_complete_path "$current"
          case folders
            __fish_complete_directories "$current"
        end
      end
      complete -c bp -k -f -a '(__bplang_complete)'
      complete -c bplang -k -f -a '(__bplang_complete)'
      """#
    }
  }
}

/// `bp completions bash`
struct WriteCompletions: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Write the completion of command lines for a shell.",
    discussion: """
      Packages and scripts/install put it where the shell looks. For this session: \
      source <(bp completions bash).
      """, shouldDisplay: false)

  @Argument(help: "bash, zsh or fish.")
  var shell: CompletionScript

  func run() throws {
    throw ExitCode(
      Worker.run {
        _ = $0.write(shell.text + "\n")
        return ExitStatus.done
      })
  }
}
