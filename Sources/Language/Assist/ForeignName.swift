/// Names from other languages and courses, and how the same is said here.
enum ForeignName {
  /// The help for an unknown name; nil where it is not known from elsewhere.
  static func help(for name: String) -> String? {
    if let known = ForeignWord.named(name) { return known.help }
    if let field = fields[name] { return field }
    for ending in ["_derivative", "_prime", "_grad", "_deriv", "Gradient", "Derivative"]
    where name.hasSuffix(ending) && name.count > ending.count {
      let function = name.dropLast(ending.count)
      return "the derivative of a function f is f', so \(function)' of \(function)"
    }
    return nil
  }

  /// What a second argument is for elsewhere, by the function that takes none here.
  static let calls: [String: String] = [
    "round": "round(100*x)/100 keeps two decimals, \"{x:.2}\" writes them",
    "log": "the logarithm to base b is log(x)/log(b)",
  ]

  /// What is an option elsewhere, by the option that it is here.
  static let options: [String: (own: String, help: String)] = [
    "dtype": (
      "categories", "categories=[\"zip\"] takes numbers for names; other kinds are found out"
    ),
    "validation": ("valid", "valid=0.2 sets rows apart, valid=d takes a data set"),
    "validation_split": ("valid", "valid=0.2 sets rows apart, valid=d takes a data set"),
    "validation_data": ("valid", "valid=0.2 sets rows apart, valid=d takes a data set"),
    "validation_fraction": ("valid", "valid=0.2 sets rows apart, valid=d takes a data set"),
    "val": ("valid", "valid=0.2 sets rows apart, valid=d takes a data set"),
    "val_split": ("valid", "valid=0.2 sets rows apart, valid=d takes a data set"),
    "test": ("valid", "valid=0.2 sets rows apart, valid=d takes a data set"),
    "early_stopping": ("patience", "valid=0.2 patience=20 stops early"),
    "n_iter_no_change": ("patience", "valid=0.2 patience=20 stops early"),
    "verbose": ("quiet", "quiet=true keeps it silent, every=10 writes every tenth epoch"),
    "silent": ("quiet", "quiet=true keeps it silent, every=10 writes every tenth epoch"),
    "iterations": ("epochs", "epochs=100 passes over all rows so often"),
    "iter": ("epochs", "epochs=100 passes over all rows so often"),
    "max_iter": ("epochs", "epochs=100 passes over all rows so often"),
    "n_iter": ("epochs", "epochs=100 passes over all rows so often"),
    "steps": ("epochs", "epochs=100 passes over all rows so often"),
    "n_epochs": ("epochs", "epochs=100 passes over all rows so often"),
    "num_epochs": ("epochs", "epochs=100 passes over all rows so often"),
    "dropout": ("patience", "dropout belongs to the net: mlp [2,20,1] relu sigmoid dropout=0.2"),
    "metrics": ("patience", "accuracy net data, r2 net data and report net data measure a net"),
    "callbacks": ("patience", "until=, every=, log= and checkpoint= act after epochs"),
    "solver": ("optimizer", "optimizer=adam"),
    "criterion": ("loss", "loss=mse"),
    "loss_fn": ("loss", "loss=mse"),
    "random_state": ("seed", "seed=7"),
    "decay": ("schedule", "schedule=exponential lowers the rate, weight_decay= shrinks weights"),
    "activation": ("init", "activations stand behind the sizes: mlp [2,20,1] relu sigmoid"),
    "activations": ("init", "activations stand behind the sizes: mlp [2,20,1] relu sigmoid"),
    "hidden": ("init", "sizes and activations stand alone: mlp [2,20,1] relu sigmoid"),
    "output": ("init", "sizes and activations stand alone: mlp [2,20,1] relu sigmoid"),
    "input": ("init", "sizes and activations stand alone: mlp [2,20,1] relu sigmoid"),
    "input_shape": ("init", "sizes and activations stand alone: mlp [2,20,1] relu sigmoid"),
    "input_dim": ("init", "sizes and activations stand alone: mlp [2,20,1] relu sigmoid"),
    "units": ("init", "sizes and activations stand alone: mlp [2,20,1] relu sigmoid"),
    "layers": ("init", "sizes and activations stand alone: mlp [2,20,1] relu sigmoid"),
    "neurons": ("init", "sizes and activations stand alone: mlp [2,20,1] relu sigmoid"),
    "hidden_layer_sizes": ("init", "sizes and activations stand alone: mlp [2,20,1] relu sigmoid"),
    "initializer": ("init", "init=he"),
    "kernel_initializer": ("init", "init=he"),
    "use_bias": ("bias", "bias=false"),
    "index_col": (
      "row_names", "row_names=\"id\" says which column names the rows, row_names=true the first"
    ),
    "na_values": ("missing", "missing=[\"-999\"] names spellings of a gap"),
    "parse_dates": ("dates", "dates are found out; dates=dmy says what comes first"),
    "dayfirst": ("dates", "dates are found out; dates=dmy says what comes first"),
    "sep": ("delimiter", "delimiter=\";\" says what separates values"),
    "comment": ("skip", "lines that begin with # are left out; skip=2 leaves out the first 2"),
    "engine": ("delimiter", "delimiter=\" \" takes any number of blanks; one reader reads all"),
    "nrows": ("skip", "d[1..100] are the first 100 rows of d"),
    "na_filter": ("missing", "missing=[\"-999\"] names spellings of a gap"),
    "prefix": ("names", "names=[\"a\", \"b\"] gives names to columns"),
    "skipinitialspace": ("delimiter", "blanks beside values are left out by themselves"),
    "skiprows": ("skip", "skip=2 leaves the first 2 lines out"),
    "usecols": ("columns", "columns=[\"a\", \"b\"] says which columns are features"),
  ]

  /// What an option is given elsewhere, by its name.
  static let values: [String: String] = [
    "header":
      "header=true: the first line holds names (pandas' header=0), header=false: it is a row (None)"
  ]

  /// What is a field elsewhere: `x.T`.
  static let fields: [String: String] = [
    "add": "x = append x 3 adds an element",
    "append": "x = append x 3 adds an element",
    "astype": "numbers are binary64; mlp takes dtype=float32",
    "backward": "a derivative is written grad E w",
    "bias": "the biases of the first layer are net.b1",
    "biases": "the biases of the first layer are net.b1",
    "coef_": "the weights of the first layer are net.W1",
    "coefs_": "the weights of the first layer are net.W1",
    "compile": "a net needs no compiling: train net data optimizer=adam",
    "copy": "copy net copies a net; other values are copied by =",
    "dot": "the product is written a @ b",
    "eval": "a net answers without dropout by itself",
    "evaluate": "accuracy net data, loss net data and report net data measure a net",
    "extend": "x = concat x y joins vectors or lists",
    "fit": "train net data trains a net",
    "forward": "forward net x shows the forward pass",
    "get_weights": "net.parameters has all weights",
    "grad": "a derivative is written grad E w",
    "history": "the losses of a training are run.losses",
    "intercepts_": "the biases of the first layer are net.b1",
    "item": "a vector of one number counts as a number",
    "len": "length x counts elements",
    "length": "length x counts elements",
    "log": "print x writes a value",
    "ndim": "shape x gives the sizes",
    "numpy": "a value needs no conversion",
    "pop": "the last element is x[-1], those before it x[1..-2]",
    "push": "x = append x 3 adds an element",
    "score": "accuracy net data measures a net",
    "set_weights": "net.W1 = [[1, 2], [3, 4]] sets the weights of a layer",
    "size": "length x and shape x give the sizes",
    "state_dict": "net.parameters has all weights",
    "step": "descend net data lr=0.1 makes one step",
    "T": "the transpose is written x'",
    "tolist": "a vector needs no conversion",
    "train": "train net data trains a net",
    "transpose": "the transpose is written x'",
    "weight": "the weights of the first layer are net.W1",
    "weights": "the weights of the first layer are net.W1",
    "zero_grad": "grad E w begins from 0 each time",
  ]
}
