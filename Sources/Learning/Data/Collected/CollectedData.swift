extension DataGenerator {
  /// Data that others have measured, as scikit-learn's package distributes them under the BSD licence.
  static var collected: [DataGenerator] {
    [
      DataGenerator(
        "iris",
        "Lengths and widths of 150 iris flowers of three species, in cm (Fisher, 1936; from scikit-learn).",
        settings: []
      ) { _, _ in
        PackedColumns.iris.data(
          features: ["sepal length", "sepal width", "petal length", "petal width"],
          classes: ["setosa", "versicolor", "virginica"], target: "species")
      },
      DataGenerator(
        "cancer", aliases: ["breast_cancer"],
        "Shapes of cell nuclei in 569 breast tumours, malignant or benign (Street, Wolberg and Mangasarian, 1993; Wisconsin, from scikit-learn).",
        settings: []
      ) { _, _ in
        let measures = [
          "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity",
          "concave points", "symmetry", "fractal dimension",
        ]
        return PackedColumns.cancer.data(
          features: measures.map { "mean \($0)" } + measures.map { "\($0) error" }
            + measures.map { "worst \($0)" },
          classes: ["malignant", "benign"], target: "diagnosis")
      },
      DataGenerator(
        "optdigits",
        "Pictures of 1797 handwritten digits, 8×8 grey values from 0 to 16 (Alpaydin and Kaynak, 1998; from scikit-learn).",
        settings: []
      ) { _, _ in
        PackedColumns.optdigits.data(
          features: (0..<64).map { "pixel_\($0 / 8)_\($0 % 8)" }, classes: (0..<10).map { "\($0)" },
          target: "digit")
      },
      DataGenerator(
        "diabetes",
        "Ten measures of 442 patients and how far their disease went in a year, for regression (Efron and others, 2004; from scikit-learn).",
        settings: []
      ) { _, _ in
        PackedColumns.diabetes.data(
          features: ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"],
          target: "progression")
      },
    ]
  }
}
