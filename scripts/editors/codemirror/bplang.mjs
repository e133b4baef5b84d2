// Made by `bp colours --as codemirror`.
// CodeMirror 6: StreamLanguage.define(bplang); CodeMirror 5: defineMode("bplang", () => bplang).
const rules = [
  [/#.*/uy, "comment"],
  [/(?:[0-9][0-9_]*(?:\.(?:[0-9][0-9_]*|(?![.*\/^'A-Za-z0-9_]|[^\x00-\x7F])))?|(?<![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])(?<![.)\]}"'])\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?/uy, "number"],
  [/(?<=[^.]\.)(?:and|break|by|check|continue|else|exercise|false|for|if|import|in|not|nothing|or|param|print|repeat|return|true|while|within)(?![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])|(?<![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])(?:and|break|by|check|continue|else|exercise|false|for|if|import|in|not|nothing|or|param|print|repeat|return|true|while|within)(?=:|=(?!=))/uy, "variable"],
  [/(?<=^[ \t]*|[;{][ \t]*)(?:(?:answer|help|hint|mistake|public|task|time|variant)(?![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])(?=[ \t]+(?!(?:and|or|by|else|in|within)(?![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_]))(?:[\p{L}\p{Nl}_]|["0-9(\[]|\.[0-9]))|tests(?=[ \t]*\{))/uy, "keyword"],
  [/(?<![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])_{3,}(?![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])/uy, "invalid"],
  [/(?<![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])(?:break|by|check|continue|else|exercise|for|if|import|in|param|print|repeat|return|while|within)(?![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])/uy, "keyword"],
  [/(?<![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])(?:and|not|or)(?![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])/uy, "operator"],
  [/(?<![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])(?:false|nothing|true)(?![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])/uy, "atom"],
  [/(?<![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])(?:abs|accuracy|acos|all|any|append|argmax|argmin|argsort|asin|atan|attempt|auc|audit|augmented|bar|bce|bce_sum|binary_cross_entropy|binary_crossentropy|blobs|boundary|breast_cancer|bumps|cancer|categorical_crossentropy|cce|ce|ceil|celu|circles|classify|clc|clear|clip|clipped|clock|collapse|compare|concat|confusion|contains|contrib|copy|cos|cosh|cosine|cosine_distance|cross_entropy|crossval|csv|cumsum|cut|data|decimals|deltas|derive|descend|describe|det|diabetes|diag|diagnose|digits|dot|drop_outliers|dropout_mask|edit|elu|enumerate|eq|erf|exit|exp|explain|export|eye|f1|features|fields|fill|filter|fit|flatten|floor|fold|formula|forward|gate|gauss|gaussian|gaussians|gelu|gelu_tanh|grad|gradcheck|grid|half_sse|hard_sigmoid|hard_swish|hardsigmoid|hardswish|head|heatmap|heaviside|help|hinge|hist|histogram|history|hstack|huber|identity|idx|impute|inv|iris|join|json|kfold|l1_loss|landscape|latex|leaky|leaky_relu|length|linear|linspace|ln|load|log|log10|log2|log_softmax|logistic|logsoftmax|logsumexp|loss|lower|lr_find|lrfind|mae|make_blobs|make_circles|make_moons|map|markdown|mathml|max|mazur|mean|mean_absolute_error|mean_squared_error|median|min|misconceptions|mish|mlp|moons|mse|multiply_adds|none|norm|normalize|notation|number|onehot|ones|optdigits|outer|pad|perceptron|permutation|pictures|piecewise|plane|plot|precision|predict|predict_file|prelu|prod|quadrants|quantile|quit|r2|rain|rand|randint|randn|recall|rectifier|redo|relu|replace|report|reshape|reverse|round|rounding|run|save|scatter|seed|selu|sequential|shape|show|shuffle|sigmoid|sign|silu|sin|sine|sinh|slide|softmax|softplus|softsign|solve|sort|spiral|spirals|split|sqrt|sse|stack|standardize|start|std|step|stream|string|sum|summary|sweep|swish|symbols|tan|tanh|tanh_half|threshold|train|transpose|trim|undo|unique|upper|value|var|vars|vc_bound|vstack|what|where|write_csv|xor|zeros|zip)(?![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])/uy, "builtin"],
  [/(?<![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])(?:adagrad|adam|adamw|auto|constant|exponential|glorot|he|inf|lion|momentum|nan|nesterov|normal|pi|rmsprop|sgd|uniform|warmup)(?![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])/uy, "variableName.standard"],
  [/[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_]*/uy, "variable"],
  [/(?<=[^\s(\[{,;:=+\-*\/%@^<>#"&|!?~])'/uy, "operator"],
  [/!=|\*=|\+=|-=|->|\.\.|\/=|<=|==|>=|~~|%|\*|\+|-|\/|<|=|>|\?|@|\^|≈/uy, "operator"],
  [/[()\[\]{},;:.]/uy, "punctuation"],
];
const escape = /\\(?:u\{[^}]*\}?|.)/uy;
const rawQuotes = /(?<![\p{L}\p{Nl}\p{M}\p{Nd}₀-₉_])r(?:"""|")/uy;
const format = /:[^}"\n]*(?=\})/uy;

// What is open: a string, a block string, a value in one, a bracket in that.
function inText(stream, state, isBlock) {
  const close = isBlock ? '"""' : '"';
  if (take(stream, escape)) return "string-2";
  if (stream.match(close)) {
    state.open.pop();
    return "string";
  }
  if (stream.match("{")) {
    state.open.push("value");
    return "meta";
  }
  stream.next();
  while (!stream.eol() && !/["\\{]/.test(stream.peek())) stream.next();
  return "string";
}

function inRawText(stream, state, kind) {
  const close = kind === "raw" ? '"' : '"""';
  const end = stream.string.indexOf(close, stream.pos);
  if (end >= 0) state.open.pop();
  stream.pos = end < 0 ? stream.string.length : end + close.length;
  return "string";
}

function take(stream, rule) {
  rule.lastIndex = stream.pos;
  const found = rule.exec(stream.string);
  if (!found || !found[0]) return null;
  stream.pos += found[0].length;
  return found[0];
}

export const bplang = {
  name: "bplang",
  startState: () => ({ open: [] }),
  copyState: (state) => ({ open: state.open.slice() }),
  token(stream, state) {
    if (stream.sol()) {
      // A string of one line ends with it.
      const line = state.open.findIndex((kind) => kind === "string" || kind === "raw");
      if (line >= 0) state.open.length = line;
    }
    const top = state.open[state.open.length - 1];
    if (top === "string" || top === "block") return inText(stream, state, top === "block");
    if (top === "raw" || top === "raw block") return inRawText(stream, state, top);
    if (stream.eatSpace()) return null;
    if (top === "value") {
      if (stream.match("}")) {
        state.open.pop();
        return "meta";
      }
      if (take(stream, format)) return "meta";
    }
    const raw = take(stream, rawQuotes);
    if (raw) {
      state.open.push(raw.length > 2 ? "raw block" : "raw");
      return "string";
    }
    if (stream.match('"""')) {
      state.open.push("block");
      return "string";
    }
    if (stream.match('"')) {
      state.open.push("string");
      return "string";
    }
    for (const [rule, style] of rules) {
      const text = take(stream, rule);
      if (!text) continue;
      if (top !== undefined) {
        if (text === "(" || text === "[" || text === "{") state.open.push("bracket");
        if (top === "bracket" && (text === ")" || text === "]" || text === "}")) {
          state.open.pop();
        }
      }
      return style;
    }
    stream.next();
    return null;
  },
  languageData: {
    commentTokens: { line: "#" },
    closeBrackets: { brackets: ["(", "[", "{", '"'] },
  },
};
