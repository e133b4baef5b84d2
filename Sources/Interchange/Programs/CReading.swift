import Learning

/// What an exported C program does when it is run: it reads rows of a table and prints answers.
enum CReading {
  static func text(_ network: Network) -> String {
    let inputs = network.pipeline?.featureNames.count ?? network.inputCount
    let features = network.pipeline?.featureNames ?? (1...inputs).map { "x\($0)" }
    let fillsGaps = (network.pipeline?.steps ?? []).contains {
      if case .impute = $0 { true } else { false }
    }
    var text = "/* Names, and how the cells of a table become numbers. */\n"
    text += names("FEATURES", features)
    let categories = (network.pipeline?.categories ?? [:]).sorted { $0.key < $1.key }
    for (feature, names) in categories { text += self.names("CATEGORIES\(feature)", names) }
    text += names("CLASSES", network.classes ?? [])
    text += """

      static const char *const *categories_of(int feature) {
        switch (feature) {
      \(categories.map { "    case \($0.key): return CATEGORIES\($0.key);\n" }.joined())\
          default: return NULL;
        }
      }

      \(classOf(network))
      #define FILLS_GAPS \(fillsGaps ? 1 : 0)


      """
    return text + reading
  }

  /// A list of names with NULL at its end.
  private static func names(_ name: String, _ list: [String]) -> String {
    let items = list.map(ProgramText.cString) + ["NULL"]
    return "static const char *const \(name)[] = {\n  \(items.joined(separator: ",\n  ")),\n};\n"
  }

  /// `class_of`: the place of the class that outputs stand for, -1 where they stand for none.
  private static func classOf(_ network: Network) -> String {
    let choice: String
    if network.outputCount > 1 {
      if case .labels = network.outputCode {
        choice = "return -1;"
      } else {
        choice = """
          int best = 0;
            for (int i = 1; i < OUTPUTS; i++) if (outputs[i] > outputs[best]) best = i;
            return best;
          """
      }
    } else {
      choice = "return outputs[0] >= \(ProgramText.literal(border(network)));"
    }
    return """
      static int class_of(const double *outputs) {
        \(choice)
      }

      """
  }

  /// From where on one output stands for the second class.
  static func border(_ network: Network) -> Double {
    if case .two(let low, let high) = network.outputCode { (low + high) / 2 } else { 0.5 }
  }

  private static let reading = #"""
    static void *room(void *memory, size_t size) {
      void *larger = realloc(memory, size);
      if (!larger) {
        fputs("there is no memory left\n", stderr);
        exit(1);
      }
      return larger;
    }

    /* A line without its end; NULL where the input ends. */
    static char *read_line(void) {
      static char *line = NULL;
      static size_t size = 0;
      size_t length = 0;
      int c;
      while ((c = getchar()) != EOF && c != '\n') {
        if (length + 2 > size) line = room(line, size = 2 * size + 256);
        line[length++] = (char)c;
      }
      if (c == EOF && length == 0) return NULL;
      if (!line) line = room(line, size = 256);
      if (length && line[length - 1] == '\r') length--;
      line[length] = 0;
      return line;
    }

    static char separator_in(const char *line) {
      const char *kinds = ",;\t";
      for (int kind = 0; kinds[kind]; kind++) {
        int quoted = 0;
        for (const char *c = line; *c; c++) {
          if (*c == '"') quoted = !quoted;
          if (*c == kinds[kind] && !quoted) return *c;
        }
      }
      return ' ';
    }

    static char **cells = NULL;

    /* Cuts a line into cells, which may stand in quotes; their number. */
    static int split(char *line) {
      static int size = 0;
      char separator = separator_in(line);
      int count = 0;
      for (;;) {
        while (*line == ' ' || (separator == ' ' && *line == '\t')) line++;
        if (!*line && (separator == ' ' || count == 0)) return count;
        if (count + 1 > size) cells = room(cells, sizeof(char *) * (size_t)(size = 2 * size + 64));
        char *end = line;
        cells[count++] = line;
        if (*line == '"') {
          for (line++; *line && (*line != '"' || line[1] == '"'); line++) {
            if (*line == '"') line++;
            *end++ = *line;
          }
          if (*line) line++;
          while (*line && *line != separator) line++;
        } else {
          while (*line && *line != separator) *end++ = *line++;
          while (end > cells[count - 1] && (end[-1] == ' ' || end[-1] == '\t')) end--;
        }
        char last = *line;
        if (last) line++;
        *end = 0;
        if (!last) return count;
      }
    }

    static int find(const char *const *names, const char *text) {
      for (int i = 0; names[i]; i++) if (strcmp(names[i], text) == 0) return i;
      return -1;
    }

    /* Digits become a number; 0 where there are fewer than needed. */
    static int digits(const char **text, int least, int most, double *number) {
      int count = 0;
      *number = 0;
      while (count < most && **text >= '0' && **text <= '9') {
        *number = 10 * *number + (*(*text)++ - '0');
        count++;
      }
      return count >= least ? count : 0;
    }

    /* A time of day, 12:30, 8:05:15.5 or 1:30 pm, as seconds since midnight; 0 where it is none. */
    static int time_in(const char *text, double *number) {
      double hour, minute, second = 0, part;
      if (!digits(&text, 1, 2, &hour) || *text++ != ':' || !digits(&text, 2, 2, &minute)) return 0;
      if (*text == ':') {
        text++;
        if (!digits(&text, 2, 2, &second) || second > 60) return 0;
        if (*text == '.') {
          text++;
          int count = digits(&text, 1, 9, &part);
          if (!count) return 0;
          second += part / pow(10, count);
          while (*text >= '0' && *text <= '9') text++;
        }
      }
      while (*text == ' ') text++;
      if (*text && strchr("aApP", *text) && (text[1] == 'm' || text[1] == 'M')) {
        if (hour < 1 || hour > 12) return 0;
        hour = fmod(hour, 12) + (*text == 'p' || *text == 'P' ? 12 : 0);
        text += 2;
      }
      if (*text || minute > 59 || hour > 24 || (hour == 24 && minute + second > 0)) return 0;
      *number = 3600 * hour + 60 * minute + second;
      return 1;
    }

    /* 1 for a number, 0 for a gap, -1 for anything else. */
    static int number_in(int feature, const char *text, double *number) {
      static const char *const gaps[] = {"", "NA", "NaN", "nan", "NULL", "null", "None", "?", NULL};
      const char *const *categories = categories_of(feature);
      char *end;
      if (find(gaps, text) >= 0) {
        *number = NAN;
        return 0;
      }
      if (categories) {
        int place = find(categories, text);
        *number = place + 1;
        return place >= 0 ? 1 : -1;
      }
      *number = strtod(text, &end);
      if (end != text && !*end && isfinite(*number)) return 1;
      return time_in(text, number) ? 1 : -1;
    }

    /* Reads the cells of a line; 0 with a message where they cannot be used. */
    static int read_row(long line, const int *places, int count, int expected, double *row) {
      if (expected ? count != expected : count < INPUTS) {
        fprintf(stderr, "line %ld: %d values where %d are needed\n", line, count,
                expected ? expected : INPUTS);
        return 0;
      }
      for (int i = 0; i < INPUTS; i++) {
        int kind = number_in(i, cells[places[i]], &row[i]);
        if (kind > 0 || (kind == 0 && FILLS_GAPS)) continue;
        fprintf(stderr, kind == 0 ? "line %ld: there is no value for " : "line %ld: \"", line);
        if (kind < 0) {
          fputs(cells[places[i]], stderr);
          fputs(categories_of(i) ? "\" is no category of " : "\" is no number, for ", stderr);
        }
        fputs(FEATURES[i], stderr);
        fputc('\n', stderr);
        return 0;
      }
      return 1;
    }

    /* Whether a line holds names: where the features stand then. */
    static int read_header(int count, int *places) {
      double number;
      int is_header = 0;
      for (int i = 0; i < count; i++) {
        int feature = i < INPUTS ? i : INPUTS - 1;
        is_header |= find(FEATURES, cells[i]) >= 0 && number_in(feature, cells[i], &number) < 0;
      }
      if (!is_header && count == INPUTS) {
        is_header = 1;
        for (int i = 0; i < count; i++) is_header &= number_in(i, cells[i], &number) < 0;
        return is_header;
      }
      for (int i = 0; is_header && i < INPUTS; i++) {
        int place = -1;
        for (int j = 0; j < count && place < 0; j++)
          if (strcmp(FEATURES[i], cells[j]) == 0) place = j;
        if (place < 0) {
          fputs("line 1: there is no column ", stderr);
          fputs(FEATURES[i], stderr);
          fputc('\n', stderr);
          exit(1);
        }
        places[i] = place;
      }
      return is_header;
    }

    int main(int count_of_words, char **words) {
      int shows_classes = count_of_words > 1 && strcmp(words[1], "classes") == 0;
      double row[INPUTS], outputs[OUTPUTS];
      int places[INPUTS], expected = INPUTS, status = 0, is_first = 1;
      char *text;
      for (int i = 0; i < INPUTS; i++) places[i] = i;
      for (long line = 1; (text = read_line()); line++) {
        /* Some editors put a mark in front of a text. */
        if (line == 1 && strncmp(text, "\xEF\xBB\xBF", 3) == 0) text += 3;
        int count = split(text);
        if (count == 0) continue;
        if (is_first) {
          is_first = 0;
          if (read_header(count, places)) {
            expected = count;
            continue;
          }
        }
        if (!read_row(line, places, count, expected, row)) {
          puts("");
          status = 1;
          continue;
        }
        predict(row, outputs);
        int place = shows_classes ? class_of(outputs) : -1;
        if (place >= 0 && CLASSES[0]) {
          puts(CLASSES[place]);
          continue;
        }
        for (int i = 0; i < OUTPUTS; i++) printf(i ? " %.17g" : "%.17g", outputs[i]);
        printf("\n");
      }
      return status;
    }

    """#
}
