/// A term of the field or of the language that is no name of the catalog, for `help`.
struct Concept: Sendable {
  /// The term first, then other words for it, in lower case with blanks.
  let words: [String]
  let text: String
  /// Lines that run as they stand, one after the other.
  let example: String

  private init(_ words: String..., text: String, example: String) {
    self.words = words
    self.text = text
    self.example = example
  }

  /// The concept that a word or several mean, in any case, with blanks, hyphens or underscores.
  static func named(_ name: String) -> Concept? {
    let term = normalized(name)
    return all.first { $0.words.contains(term) }
  }

  static func normalized(_ name: String) -> String {
    name.lowercased().split { $0 == " " || $0 == "-" || $0 == "_" }.joined(separator: " ")
  }

  static let all: [Concept] = field + language

  private static let field: [Concept] = [
    Concept(
      "backpropagation", "backprop", "back propagation", "chain rule", "backward pass",
      text: """
        The chain rule from the loss back to the weights: δ of a unit is its slope times the sum of \
        what the units behind it are blamed for; the derivative by a weight is the δ behind it times \
        the activation before it. explain shows it with names and numbers, grad gives the results, \
        deltas the δ of all units.
        """,
      example: "net = mlp [2,2,1] tanh sigmoid; explain net xor \"W1[1,2]\""),
    Concept(
      "forward pass", "forward propagation", "net input", "weighted sum", "inference",
      text: """
        From the inputs to the output: the net input of a unit is the weighted sum of what comes in \
        plus its bias, its activation is a function of that. forward shows both for every layer.
        """,
      example: "net = mlp [2,2,1] tanh sigmoid; forward net [1, 0]"),
    Concept(
      "gradient", "derivative", "derivatives", "gradients", "partial derivative", "jacobian",
      text: """
        How much a result changes with each parameter. param declares what is derived by, grad E w \
        gives the derivative, f' the derivative of a function of one number, gradcheck compares with \
        differences, explain says why.
        """,
      example: "param w = 3; E = (2*w - 1)^2; print grad E w"),
    Concept(
      "gradient descent", "steepest descent", "sgd", "stochastic gradient descent", "step",
      text: """
        A step against the gradient: w becomes w - lr·∂E/∂w. train makes many, descend one that it \
        explains; optimizer= chooses how weights follow the gradient.
        """,
      example: "net = mlp [2,2,1] tanh sigmoid; descend net xor lr=0.5"),
    Concept(
      "learning rate", "eta", "η", "step size", "alpha", "α", "lr",
      text: """
        The factor of every step, lr= of train and descend, η or α in books. Too large, the loss \
        grows or swings; too small, nothing moves. lrfind tries many, schedule= changes it during a \
        training.
        """,
      example: "net = mlp [2,4,1] tanh sigmoid; train net xor lr=0.5 epochs=100"),
    Concept(
      "epoch", "epochs", "iteration", "pass over the data",
      text:
        "One pass over all rows of the data. train takes epochs=, one step for each batch of rows.",
      example: "net = mlp [2,4,1] tanh sigmoid; train net xor epochs=20"),
    Concept(
      "batch", "batch size", "mini batch", "minibatch", "online learning",
      text: """
        The rows of one step. batch=full takes all rows, batch=1 each alone (online), batch=32 so many \
        in an order that is drawn anew each epoch.
        """,
      example: "net = mlp [2,8,1] tanh sigmoid; train net circles batch=10 epochs=20"),
    Concept(
      "delta", "δ", "error signal", "node delta",
      text: """
        ∂E/∂z of a unit, the derivative of the loss by its net input: what is passed back. deltas \
        gives those of all layers, contrib what one hidden unit is blamed for.
        """,
      example: "net = mlp [2,2,1] tanh sigmoid; deltas net xor"),
    Concept(
      "weights", "weight", "bias", "biases", "parameters", "parameter",
      text: """
        What is learned. net.W1 has one row a unit and one column an input, net.b1 one bias a unit; \
        the last layer's are W2 and b2 in a net of two layers. They can be set, undo takes it back.
        """,
      example: "net = mlp [2,3,1] tanh sigmoid; net.W1[1,2] = 0.5; print net.b1"),
    Concept(
      "layer", "layers", "hidden layer", "neuron", "neurons", "unit", "units", "architecture",
      text: """
        mlp [2,20,1] has 2 inputs, a hidden layer of 20 units and one output; the words behind are \
        the activations of the hidden layers and of the output.
        """,
      example: "net = mlp [2,20,20,1] relu sigmoid; show net"),
    Concept(
      "overfitting", "generalisation", "generalization", "memorizing", "underfitting",
      text: """
        The loss on the rows trained on falls while that on other rows grows. valid= sets rows apart, \
        patience= stops and takes the best weights back, l2= and dropout= keep weights small, crossval \
        measures it.
        """,
      example:
        "net = mlp [2,20,1] relu sigmoid; train net moons valid=0.3 patience=20 epochs=200"),
    Concept(
      "regularisation", "regularization", "weight decay", "penalty", "ridge", "lasso",
      text: """
        l2= adds l2/2*sum(w^2) to the loss, l1= adds l1*sum(abs(w)), both over the weights and not the \
        biases; dropout= of mlp leaves units out; weight_decay= shrinks weights in the step of an \
        optimizer.
        """,
      example: "net = mlp [2,20,1] relu sigmoid; train net moons l2=0.01 epochs=50"),
    Concept(
      "early stopping", "patience",
      text: """
        valid= sets rows apart, patience=20 stops 20 epochs after their loss was lowest and puts the \
        weights of that epoch back.
        """,
      example:
        "net = mlp [2,20,1] relu sigmoid; train net moons valid=0.3 patience=20 epochs=200"),
    Concept(
      "validation", "validation set", "test set", "training set", "hold out", "train test split",
      text: """
        Rows that the training does not see. split makes two data sets of one, valid= of train takes \
        a share or a data set, crossval and kfold use every row once.
        """,
      example: "sets = split moons 0.7; print sets[1].n, sets[2].n"),
    Concept(
      "standardization", "standardisation", "normalization", "normalisation", "scaling",
      "preprocessing", "feature scaling",
      text: """
        Features of one size, so that no large one drowns the others. standardize gives mean 0 and \
        deviation 1, normalize 0 to 1; what they learned from the training rows goes with the net, \
        which then takes raw rows.
        """,
      example: "d = standardize (data [[3,5],[1,6],[0,8]] [0.7,0.8,0.9]); print d.data.x"),
    Concept(
      "initialization", "initialisation", "initial weights", "random weights", "xavier", "glorot",
      text: """
        Weights are drawn small and different, or all units of a layer would stay alike. init= of mlp \
        chooses how, seed= which numbers; biases begin with 0.
        """,
      example: "net = mlp [2,3,1] tanh sigmoid init=zeros seed=7; print net.W1"),
    Concept(
      "vanishing gradient", "vanishing gradients", "exploding gradient", "exploding gradients",
      "dead units", "dying relu", "saturation",
      text: """
        Each sigmoid layer multiplies δ by at most 1/4, so that little is left of it in deep nets; a \
        relu that answers 0 to every row passes nothing. show net view=gradients shows them by layer, \
        train notes dead units.
        """,
      example: "net = mlp [2,4,4,4,1] sigmoid; print map (d -> norm d) [grad(net, xor).W1]"),
    Concept(
      "cross entropy", "crossentropy", "log loss", "negative log likelihood", "nll",
      text: """
        The loss of classes: bce for one output with sigmoid, ce for softmax over several. With them δ \
        of the output is y - t, without a slope.
        """,
      example: "print ce [0.7, 0.2, 0.1] [1, 0, 0], bce 0.7 1"),
    Concept(
      "one hot", "one hot encoding", "dummy variables", "categorical",
      text: """
        A category as a row of zeros with a single 1. onehot does it for the columns of a data set; \
        targets that are texts or classes become one by themselves.
        """,
      example: "print (data [[0],[1],[2]] [\"low\",\"high\",\"low\"]).classes"),
    Concept(
      "perceptron", "rosenblatt", "threshold unit", "linear separability",
      text: """
        One layer of threshold units that learns by w += lr·(t - y)·x. It finds a line where there is \
        one (and, or), and none for xor.
        """,
      example: "net = perceptron [2,1]; train net gate(\"and\") epochs=20"),
  ]

  private static let language: [Concept] = [
    Concept(
      "start", "tutorial", "intro", "introduction", "begin", "getting started", "example",
      "examples", "first steps",
      text: """
        Build a net, train it, look at it, and ask why: explain net circles "W1[1,1]". help lists \
        topics, ?word explains a word, TAB completes; \\eta and TAB give η.
        """,
      example: "net = mlp [2,8,1] tanh sigmoid; train net circles; show net circles"
    ),
    Concept(
      "syntax", "language", "grammar", "blanks", "calls", "call", "arguments", "options",
      text: """
        A function takes its arguments behind blanks, train net xor, or in parentheses, train(net, \
        xor); a call as an argument stands in parentheses: train (mlp [2,3,1] tanh sigmoid) xor. Options have a = \
        without blanks. A negative argument has parentheses: max 2 (-3).
        """,
      example: "print max 2 (-3), max(2, -3), sqrt 16 + 9"),
    Concept(
      "indexing", "index", "element", "elements", "slice", "slicing",
      text: """
        Elements are counted from 1: x[1] is the first, x[-1] the last, x[2..4] some of them, W[1,:] a \
        row, x[x > 0] those for which it holds.
        """,
      example: "x = [5, 7, 9]; print x[1], x[-1], x[2..3], x[x > 6]"),
    Concept(
      "range", "ranges",
      text:
        "1..5 counts from 1 to 5, both included; 0..1 by 0.25 has a step; 5..1 by -1 counts down.",
      example: "print sum (1..10), [0..1 by 0.25]"),
    Concept(
      "shapes", "shape errors", "broadcasting", "dimensions",
      text: """
        A number goes with anything, a vector with each row of a matrix, a column with each column. \
        W @ x is the product of matrix and vector, * works element by element.
        """,
      example: "W = [[1,2],[3,4]]; print W @ [1,1], W * [1,10]"),
    Concept(
      "matrix", "matrices", "vector", "vectors", "list", "lists",
      text: """
        [1, 2, 3] is a vector, [[1, 2], [3, 4]] or [1, 2; 3, 4] a matrix; x' is the transpose, @ the \
        matrix product. A list may hold anything.
        """,
      example: "W = [1, 2; 3, 4]; print W', W @ W"),
    Concept(
      "function", "functions", "lambda", "definition", "define",
      text: """
        f(x) = x^2 defines a function, x -> x^2 is one without a name, a block in { } has several \
        lines and the value of its last. A comment of ## above it is its help.
        """,
      example: "f(x, a=2) = a*x^2; print f 3, f 3 a=1, f'(3)"),
    Concept(
      "record", "records", "dictionary", "struct",
      text: "[lr: 0.1, epochs: 3] has named fields: r.lr, r[\"lr\"]; fields r lists the names.",
      example: "r = [lr: 0.1, epochs: 3]; r.lr = 0.2; print r.lr, fields r"),
    Concept(
      "string", "text", "formatting", "interpolation",
      text: "\"loss {x:.4}\" puts a value into a string, with four decimals here.",
      example: "x = 2/3; print \"loss {x:.4}\""),
    Concept(
      "comment", "comments", "comment sign",
      text:
        "A comment begins with # and goes to the end of the line; ## above a function is its help.",
      example: "print 1 + 1  # two"),
    Concept(
      "greek letters", "greek", "symbols", "special characters",
      text: """
        Names may be Greek: η = 0.1. At the prompt \\eta and TAB give η, \\delta δ; ~~ stands for ≈.
        """,
      example: "η = 0.1; print η"),
    Concept(
      "keys", "shortcuts", "keyboard",
      text: """
        TAB completes, up and down bring earlier lines, Ctrl-R searches them, Ctrl-C clears the line \
        or stops a computation, Ctrl-L clears the screen, Ctrl-D leaves.
        """,
      example: "print 1"),
  ]
}
