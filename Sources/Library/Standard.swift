import Language

extension Catalog {
  /// The functions and constants of the language, by topic.
  package static let standard = Catalog(
    functions: elementwiseFunctions + mathematicsFunctions + quantileFunctions + arrayFunctions
      + linearAlgebraFunctions + listFunctions + stringFunctions + randomFunctions
      + differentiationFunctions + activationFunctions + lossFunctions + networkFunctions
      + trainingFunctions + metricFunctions + dataFunctions + generatorFunctions
      + preprocessingFunctions + crossValidationFunctions + dataTableFunctions + fileFunctions
      + streamFunctions
      + savingFunctions + dataShapingFunctions + sessionFunctions + attemptFunctions
      + promptFunctions + pictureFunctions + explainingFunctions + notationFunctions
      + passFunctions + dropoutFunctions + changeFunctions + diagnosingFunctions
      + misconceptionFunctions
      + gradientCheckFunctions
      + auditFunctions
      + predictingFunctions + slideFunctions + formulaFunctions + summaryFunctions,
    constants: [
      Constant("pi", aliases: ["π"], .pi, "Half the turn of a unit circle."),
      Constant("e", 2.718281828459045, "The base of the natural logarithm."),
      Constant("inf", aliases: ["∞"], .infinity, "More than any number."),
      Constant("nan", .nan, "Not a number."),
    ])
}
