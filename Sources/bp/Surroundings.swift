/// What the program finds around it: variables of the environment and files, for the manual.
struct Surroundings {
  let name: String
  /// Sentences.
  let meaning: String

  private init(_ name: String, _ meaning: String) {
    self.name = name
    self.meaning = meaning
  }

  static let variables = [
    Surroundings(
      "BP_BLAS", "A BLAS library to use for large products in place of OpenBLAS; off uses none."),
    Surroundings(
      "BP_EXERCISES", "The folder of the exercises that bp exercises lists."),
    Surroundings(
      "BP_KERNELS",
      "The instructions to compute with, avx512, avx2 or base, in place of the fastest."),
    Surroundings(
      "BP_MPI", "The library of MPI to use with mpirun, in place of the one that it belongs to."),
    Surroundings("BP_THREADS", "How many threads a large product may take."),
    Surroundings("BP_ZLIB", "A zlib library to read compressed files with; off uses none."),
    Surroundings(
      "NO_COLOR, CLICOLOR, FORCE_COLOR, COLORTERM",
      "Whether output is coloured, and with how many colours."),
    Surroundings("TERM", "The kind of the terminal; dumb is written to without any escapes."),
    Surroundings("VISUAL, EDITOR", "The editor that edit opens; vi where neither is set."),
    Surroundings(
      "XDG_CONFIG_HOME, XDG_STATE_HOME",
      "Where the files of a user lie, in place of .config and .local/state of the home folder."),
  ]

  static let files = [
    Surroundings("~/.local/state/bp/history", "The entries of the prompt."),
    Surroundings(
      "~/.config/bp/start.bp",
      "What a prompt runs first. The user is asked before it runs for the first time and after each change."
    ),
    Surroundings("~/.editrc", "Keys of the prompt, as editrc describes them."),
  ]

  static let examples = [
    Surroundings("bp -e 'print 1+1'", "A line:"),
    Surroundings(
      "bp -e 'net = mlp [2,8,1] tanh sigmoid; train net circles epochs=200; show net circles'",
      "A net that tells two circles apart, trained and drawn:"),
    Surroundings("bp help train", "All about a function:"),
    Surroundings("bp check --watch forward_pass.bp", "An exercise, judged whenever it is saved:"),
  ]
}
