// Vectors, matrices and numbers in NumPy, MATLAB, R and calculators.

extension ForeignWord {
  static let arrays: [ForeignWord] = [
    ForeignWord(
      "array ndarray asarray c vec numeric Array tensor Tensor as_tensor from_numpy constant_tensor",
      "a vector is written [1, 2, 3], a matrix [[1, 2], [3, 4]]", see: "vector matrix"),
    ForeignWord(
      "matrix mat asmatrix Matrix as_matrix",
      "a matrix is written [[1, 2], [3, 4]]; reshape (1..6) 2 3 makes one of a vector",
      see: "matrix reshape"),
    ForeignWord(
      "list List vector_list ArrayList cell",
      "a list is written [1, \"two\", [3]], a record [lr: 0.1]",
      see: "list"),
    ForeignWord("tuple Tuple namedtuple", "a list is written [1, \"two\"]", see: "list"),
    ForeignWord(
      "dict Dict dictionary hashmap HashMap containers_Map OrderedDict named_list",
      "a record is written [lr: 0.1, epochs: 3]", see: "record"),
    ForeignWord(
      "arange seq seq_len seq_along colon logspace", "0..1 by 0.1 counts in steps", see: "range"),
    ForeignWord("range xrange", "1..10 counts from 1 to 10", see: "range"),
    ForeignWord(
      "ones_like full full_like repmat tile rep",
      "fill 7 2 3 makes a matrix of one number, ones n a vector of ones",
      see: "fill ones"),
    ForeignWord("zeros_like empty empty_like", "zeros n makes a vector of zeros", see: "zeros"),
    ForeignWord("identity_matrix unit_matrix", "eye n is the unit matrix", see: "eye"),
    ForeignWord(
      "concatenate horzcat c_ hcat", "concat xs ys joins vectors, hstack and vstack matrices",
      see: "concat hstack"),
    ForeignWord("cbind column_stack", "hstack puts columns side by side", see: "hstack"),
    ForeignWord(
      "rbind vertcat vcat row_stack r_", "vstack puts rows below each other", see: "vstack"),
    ForeignWord(
      "push push_back add_element extend insert_element appendleft",
      "x = append x 3 adds an element",
      see: "append"),
    ForeignWord(
      "pop shift unshift", "the last element is x[-1], those before it x[1..-2]", see: "indexing"),
    ForeignWord(
      "squeeze expand_dims newaxis unsqueeze permute swapaxes moveaxis ravel",
      "reshape x 2 3 gives a matrix other sizes, flatten x makes a vector, x' turns it",
      see: "reshape flatten"),
    ForeignWord("ctranspose transposed", "the transpose is written x'", see: "transpose"),
    ForeignWord("len numel count_elements nelem", "length x counts elements", see: "length"),
    ForeignWord(
      "size nrow ncol dim ndim ndims rows_of columns_of dims height width",
      "shape x gives the sizes",
      see: "shape"),
    ForeignWord(
      "matmul mm bmm mtimes mul_mat matrix_multiply mmult", "the matrix product is written A @ b",
      see: "@"),
    ForeignWord(
      "inner dot_product dotproduct vdot tensordot einsum crossprod",
      "the product of two vectors is a @ b", see: "@ dot"),
    ForeignWord(
      "kron kronecker cross cross_product", "outer a b is the product of each with each",
      see: "outer"),
    ForeignWord(
      "eig eigen eigs svd qr chol lu pinv ginv linalg rank mldivide lsolve LinearAlgebra",
      "there are solve, inv and det for matrices", see: "solve inv det"),
    ForeignWord("diagonal diag_of", "diag A is the diagonal of a matrix", see: "diag"),
    ForeignWord(
      "roll circshift rotate", "concat x[2..-1] x[1..1] turns a vector by one",
      see: "concat indexing"),
    ForeignWord("trace tr", "sum (diag A) is the trace", see: "diag"),
    ForeignWord(
      "find nonzero which argwhere", "x[x > 1] takes the elements for which it holds",
      see: "indexing"),
    ForeignWord(
      "ifelse iff np_where choose_by",
      "where(x > 0, a, b) chooses by element, if c { a } else { b } as a whole", see: "where"),
    ForeignWord(
      "isempty is_empty", "length x == 0 asks whether it is empty", see: "length"),
    ForeignWord("isnan isna is_na isnull is_nan", "x != x holds for nan alone", see: "nan"),
    ForeignWord(
      "isclose allclose array_equal isequal all_equal approx_equal almost_equal",
      "a ≈ b compares to the digits written, all (a == b) element by element", see: "≈ all"),
    ForeignWord(
      "ismember isin in1d has includes member elem", "contains xs x asks whether it is there",
      see: "contains"),
    ForeignWord("bincount accumarray Counter tally", "sum (x == 3) counts", see: "sum"),
    ForeignWord("sorted order_by sortrows", "sort xs puts elements in order", see: "sort argsort"),
    ForeignWord(
      "reversed rev flip fliplr flipud flipdim", "reverse xs turns the order around", see: "reverse"
    ),
    ForeignWord("which_max maxindex idxmax", "argmax x is the place of the largest", see: "argmax"),
    ForeignWord("which_min idxmin", "argmin x is the place of the smallest", see: "argmin"),
    ForeignWord(
      "meshgrid ndgrid mgrid expand_grid", "grid makes the points of a plane", see: "grid"),
    ForeignWord(
      "apply sapply lapply vapply mapply tapply cellfun arrayfun foreach forEach each applymap vectorize vmap broadcast",
      "map f xs gives the results for all elements", see: "map"),
    ForeignWord(
      "reduce Reduce accumulate foldl foldr inject", "fold f start xs combines all elements",
      see: "fold"),
    ForeignWord(
      "random rand_num rnd runif uniform_random unifrnd random_uniform",
      "rand() is a random number, randn 3 normal ones, randint 1 6 a whole one",
      see: "rand randn randint"),
    ForeignWord(
      "rnorm normrnd gauss_random random_normal standard_normal",
      "randn 3 gives normal random numbers",
      see: "randn"),
    ForeignWord(
      "randi random_int dice sample_int", "randint 1 6 is a random whole number", see: "randint"),
    ForeignWord(
      "sample randperm choice choices datasample shuffled",
      "permutation n gives 1..n in random order",
      see: "permutation shuffle"),
    ForeignWord(
      "np numpy NumPy scipy math Math cmath", "functions stand alone here: sum x, zeros 3",
      see: "mathematics arrays"),
  ]

  static let numbers: [ForeignWord] = [
    ForeignWord("average avg Mean mittelwert moyenne", "mean x is the average", see: "mean"),
    ForeignWord(
      "sd stdev stddev standard_deviation", "std x is the standard deviation", see: "std"),
    ForeignWord("variance Var", "var x is the variance", see: "var"),
    ForeignWord(
      "percentile prctile quartile iqr", "quantile x 0.25 is a quantile", see: "quantile"),
    ForeignWord(
      "corr corrcoef cor cov correlation covariance",
      "std gives the spread of each; the correlation is mean ((x - mean x)*(y - mean y))/(std x*std y)",
      see: "mean std"),
    ForeignWord(
      "maximum pmax amax nanmax fmax cummax larger", "max a b takes the larger", see: "max"),
    ForeignWord("minimum pmin amin nanmin fmin smaller", "min a b takes the smaller", see: "min"),
    ForeignWord("total add_up summe somme nansum addup rowSums colSums", "sum x adds", see: "sum"),
    ForeignWord("cumprod product prod_of", "prod x multiplies", see: "prod"),
    ForeignWord("pow power Pow raise_to", "a power is written a^b", see: "^"),
    ForeignWord("sq sqr square squared", "a square is written x^2", see: "^"),
    ForeignWord("sum_of_squares sumsq sumsqr", "sum (x^2) adds squares", see: "sum"),
    ForeignWord(
      "sqroot square_root root Sqrt squareroot cbrt nthroot wurzel",
      "sqrt x is the square root, x^(1/3) the cube root", see: "sqrt"),
    ForeignWord("Log Ln", "the natural logarithm is log x", see: "log"),
    ForeignWord(
      "lg logarithm log1p", "log x is the natural logarithm, log2 and log10 the others", see: "log"),
    ForeignWord("expm1 Exp exponential_function", "exp x is e to the power of x", see: "exp"),
    ForeignWord(
      "fabs absolute Abs absolute_value magnitude betrag", "abs x drops the sign", see: "abs"),
    ForeignWord("sgn signum Sign", "sign x is -1, 0 or 1", see: "sign"),
    ForeignWord("mod rem fmod modulo remainder Mod", "the remainder is written a % b", see: "%"),
    ForeignWord(
      "floor_divide idivide intdiv quotient floordiv",
      "the integer part of a quotient is floor(a / b)",
      see: "floor"),
    ForeignWord("div divide true_divide", "a quotient is written a / b", see: "/"),
    ForeignWord("multiply times mul", "a product is written a*b", see: "* @"),
    ForeignWord("add plus_sign addition_of", "a sum is written a + b", see: "+"),
    ForeignWord("subtract sub negative", "a difference is written a - b", see: "-"),
    ForeignWord("ceiling Ceil round_up", "ceil x is the next whole number above", see: "ceil"),
    ForeignWord(
      "trunc fix round_down truncate", "floor x drops decimals of a positive number", see: "floor"),
    ForeignWord("rint around nint round_half", "round x is the nearest whole number", see: "round"),
    ForeignWord(
      "factorial nchoosek comb binom choose gamma_function", "prod (1..n) is the factorial",
      see: "prod"),
    ForeignWord(
      "deg2rad radians degrees rad2deg deg", "angles are in radians: 30*pi/180", see: "pi sin"),
    ForeignWord(
      "arcsin arccos arctan atan2 tg arctg",
      "asin, acos and atan are the inverses of sin, cos and tan", see: "asin atan"),
    ForeignWord("Pi PI", "the number is written pi", see: "pi"),
    ForeignWord("Inf Infinity infinity", "infinity is written inf", see: "inf"),
    ForeignWord("NaN nan_value", "not a number is written nan", see: "nan"),
    ForeignWord("NA missing", "a missing number is nan", see: "nan impute"),
    ForeignWord("i j", "a loop gives it a value: for i in 1..3 { }", see: "for"),
    ForeignWord(
      "trapz cumtrapz integrate integral quad", "sum (f x)*dx adds strips: there is no integral",
      see: "sum"),
    ForeignWord(
      "interp1 interpolate spline",
      "there is no interpolation; a net can learn a function: train net data", see: "train"),
    ForeignWord(
      "fft ifft convolve filter2", "there are no Fourier transforms or filters", see: "mathematics"),
    ForeignWord(
      "hypot euclidean distance euclid l2norm magnitude_of",
      "norm x is the length of a vector, norm (a - b) a distance", see: "norm"),
  ]
}
