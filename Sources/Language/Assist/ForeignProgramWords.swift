// Words of programming languages, and of the places that people come from: shells and consoles.

extension ForeignWord {
  static let program: [ForeignWord] = [
    ForeignWord(
      """
      echo disp display printf fprintf_stdout println cout puts console Print PRINT writeln say log_to \
      cat message output put_line putStrLn printLn writeLine out pprint
      """, "print x writes a value", see: "print"),
    ForeignWord(
      "fprintf format sprintf strfmt str_format num_format",
      "print \"loss {x:.4}\" writes numbers with a format",
      see: "string"),
    ForeignWord(
      "paste paste0 strcat str_c stringify", "\"{a} {b}\" is a string with values in it",
      see: "string"),
    ForeignWord(
      "num2str str int2str mat2str repr toString as_character tostring to_string",
      "string x gives the text of a value, \"{x}\" too", see: "string"),
    ForeignWord(
      "str2num float double parseFloat as_numeric str2double tonumber to_number Number",
      "number \"3.5\" reads a number from a string", see: "number"),
    ForeignWord(
      "int parseInt as_integer Int integer int32 long",
      "number \"3\" reads a number from a string; floor x drops the decimals", see: "number floor"),
    ForeignWord(
      "strsplit explode tokenize", "cut text \",\" takes a text apart", see: "cut strings"),
    ForeignWord("strjoin implode", "join texts \", \" puts texts together", see: "join"),
    ForeignWord("toupper uppercase", "upper text", see: "upper"),
    ForeignWord("tolower lowercase", "lower text", see: "lower"),
    ForeignWord("strip strtrim trimws chomp", "trim text drops blanks at both ends", see: "trim"),
    ForeignWord(
      "gsub sub_text regexprep regexp regex strrep str_replace", "replace text old new",
      see: "replace"),
    ForeignWord(
      "def define fn func function Function lambda_function procedure sub_program defun fun proc",
      "a function is written f(x) = x^2", see: "function"),
    ForeignWord(
      "lambda Lambda anonymous arrow_function", "a function is written x -> x^2", see: "function"),
    ForeignWord(
      "const val static final local auto number_type dim_as mut",
      "a name is given a value by =: x = 3", see: "="),
    ForeignWord("let set_value assign", "a name is given a value by =: x = 3", see: "="),
    ForeignWord(
      "set Set", "unique xs keeps each element once; a value is given by x = 3", see: "unique ="),
    ForeignWord("global nonlocal", "a function returns what it computes: x = f x", see: "function"),
    ForeignWord("elif elseif elsif", "if a { … } else if b { … }", see: "if"),
    ForeignWord("then when unless", "if a { … } else { … }", see: "if"),
    ForeignWord(
      "switch match case otherwise", "if x == 1 { … } else if x == 2 { … } chooses among cases",
      see: "if"),
    ForeignWord(
      "do loop until until_loop forever times_loop",
      "repeat 10 { … } and while c { … } run a block again", see: "repeat while for"),
    ForeignWord("next skip", "continue goes to the next round of a loop", see: "continue"),
    ForeignWord("goto", "repeat 10 { … } and while c { … } run a block again", see: "repeat while"),
    ForeignWord("begin", "a block stands between { and }", see: "syntax"),
    ForeignWord("end", "the last element is x[-1]; a block ends with }", see: "indexing"),
    ForeignWord(
      "endif endfor endwhile endfunction fi done esac endfor_loop", "a block ends with }",
      see: "syntax"),
    ForeignWord("pass noop", "an empty block is written { }", see: "syntax"),
    ForeignWord("await async yield spawn", "a call is written f x", see: "syntax"),
    ForeignWord(
      "try tryCatch except rescue pcall", "attempt (() -> f 3) goes on behind an error",
      see: "attempt"),
    ForeignWord(
      "raise throw error stopifnot assert_that panic die",
      "check c, \"why\" says what does not hold", see: "check"),
    ForeignWord(
      "assert assertEqual expect_equal require_that expect", "check e says when e does not hold",
      see: "check"),
    ForeignWord(
      "isinstance typeof type class class_of is_numeric isnumeric kind typeinfo",
      "what x tells the kind of a value", see: "what"),
    ForeignWord(
      "struct object Struct data_class dataclass interface",
      "a record is written [lr: 0.1, epochs: 3]", see: "record"),
    ForeignWord(
      "self this new", "there are no classes: functions take values, records hold them",
      see: "record function"),
    ForeignWord(
      "keys names fieldnames colnames getattr hasattr attributes",
      "fields r names the fields of a record", see: "fields"),
    ForeignWord(
      "TRUE FALSE True False yes no boolean bool", "truth values are written true and false",
      see: "logic"),
    ForeignWord(
      "nil None NULL Null null undefined NOTHING void", "it is written nothing", see: "what"),
    ForeignWord(
      "input raw_input readline scanf gets args_of argv readLine scan getenv",
      "a script takes its values from the command line: args[1]", see: "start"),
    ForeignWord(
      "tic toc timeit system_time stopwatch microbenchmark",
      "time f 3 says how long a statement takes", see: "time"),
    ForeignWord("sleep pause wait", "there is no waiting", see: "time"),
    ForeignWord(
      "now date datetime today strftime", "clock() counts seconds from some moment on", see: "clock"
    ),
    ForeignWord(
      "include source require exec execfile", "import \"file.bp\" runs another script",
      see: "import run"),
    ForeignWord(
      "library using load_library packages package pkg Pkg use",
      "nothing is to be loaded: help lists what there is", see: "help"),
    ForeignWord(
      "os sys subprocess re pathlib itertools functools",
      "nothing is to be imported: help lists what there is", see: "help"),
    ForeignWord(
      "plt pyplot matplotlib seaborn sns ggplot ggplot2 plotly bokeh fig ax gca gcf qplot Plots",
      "plot x y, scatter, histogram and show draw", see: "plot pictures"),
    ForeignWord(
      "figure par subplots subplot tight_layout axes",
      "a picture is drawn where show or plot stands",
      see: "pictures"),
    ForeignWord("close closefig", "pictures need no closing", see: "pictures"),
    ForeignWord("hold hold_on", "plot x y1 y2 draws several curves at once", see: "plot"),
    ForeignWord(
      "xlabel ylabel title legend xlim ylim axis colorbar annotate set_title suptitle xticks",
      "title= is an option of pictures; axes are named by themselves", see: "plot"),
    ForeignWord(
      "imshow matshow imagesc image_plot pcolor pcolormesh", "heatmap W draws a matrix",
      see: "heatmap"),
    ForeignWord(
      "contour contourf surf surface mesh plot3 wireframe plot_surface",
      "landscape f draws a function of two numbers, show net data a net's", see: "landscape"),
    ForeignWord(
      "barplot barh bar_chart barchart pie piechart", "bar [a: 3, b: 5] draws bars", see: "bar"),
    ForeignWord(
      "boxplot violinplot distplot displot histplot density",
      "histogram x draws how often values come", see: "histogram"),
    ForeignWord(
      "curve ezplot fplot abline lines line lineplot points stem semilogy loglog fun_plot graph_of",
      "plot f and plot x y draw curves", see: "plot"),
    ForeignWord(
      "pairplot pairs scatterplot scatter_matrix gscatter",
      "scatter x y draws points, show d a data set", see: "scatter show"),
  ]

  static let places: [ForeignWord] = [
    ForeignWord(
      """
      hello hi hey hallo bonjour moin salut greetings good_morning hola ok okay thanks thank please \
      welcome test_me begin_here where_to_begin what_now how why_not huh
      """, "start begins a tutorial, help lists what there is", see: "start"),
    ForeignWord(
      "man doc docs info lookfor apropos documentation manual helpme commands usage menu describe_function F1 wtf hilfe aide",
      "help NAME explains a name, help alone lists what there is", see: "help"),
    ForeignWord(
      "tutorial examples intro introduction example demo vignette tour tutorials lesson lessons learnbp walkthrough quickstart guide learn_bp course",
      "start begins a tutorial", see: "start"),
    ForeignWord(
      "exercises exercise_list",
      "bp exercises at the shell lists exercises, check in a file marks them", see: "exercise"),
    ForeignWord(
      "who whos ls dir globals locals objects workspace env environment variables list_variables dir_of",
      "vars lists the variables", see: "vars"),
    ForeignWord(
      "rm del unset clearvars clear_all clearall remove delete forget reset",
      "clear x forgets a variable, clear all forgets all", see: "clear"),
    ForeignWord(
      "cls clear_screen clearscreen cleanscreen home", "clc and Ctrl-L clear the screen",
      see: "clc keys"),
    ForeignWord(
      "cd pwd rename getwd setwd chdir mkdir cp mv touch chmod getcwd listdir",
      "names of files are relative to the folder that bp was started in", see: "keys"),
    ForeignWord(
      """
      pip pip3 conda install apt brew npm cargo sudo git mamba install_packages update_packages upgrade
      """, "nothing is to be installed: help lists what there is", see: "help"),
    ForeignWord(
      """
      python python3 ipython jupyter node bash sh zsh vim vi nano emacs less more grep awk sed shell \
      system bp octave matlab julia ghci irb whoami top kill ps curl wget ssh ping make
      """, "this is the prompt of bp: exit leaves it, Ctrl-Z stops it until fg", see: "keys exit"),
    ForeignWord(
      "bye q logout stop halt abort leave close_bp end_session off", "exit leaves", see: "exit"),
    ForeignWord(
      "search find_line hist_lines recent previous last_lines fc",
      "history lists the lines typed before",
      see: "history"),
    ForeignWord(
      "version ver about license licence copyright credits author __version__ sessionInfo",
      "bp --version at the shell says the version", see: "start"),
    ForeignWord(
      "why because reason", "explain says why a number is as it is", see: "explain"),
    ForeignWord(
      "debug debugger pdb trace_back traceback browser breakpoint",
      "print x writes a value where it stands; graph E and explain E show how it came about",
      see: "explain print"),
    ForeignWord(
      "undo_training back revert rollback", "undo takes the last change of a net back", see: "undo"),
    ForeignWord(
      "settings config options_of preferences set_printoptions format_long",
      "digits 4 and decimals 2 say how numbers are written", see: "digits decimals"),
    ForeignWord(
      "gpu cpu cuda CUDA device to_device mps",
      "the processor computes: a training needs no device",
      see: "train"),
  ]
}
