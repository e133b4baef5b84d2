import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  /// Pictures of plain numbers.
  static let plotFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "plot", .pictures, "Lines: plot y, plot x y, plot x y1 y2, or plot f over domain=[-5, 5].",
      parameters: [
        ViewOption.domain.parameter, ViewOption.scale.parameter, xLabel.parameter, yLabel.parameter,
        path.parameter,
      ]
        + PictureOption.parameters,
      rest: Parameter("x", .any, "Vectors of one length, the first across; or functions."),
      examples: [
        .init("plot [0, 1, 2] [0, 1, 4] to=\"picture.svg\"", prints: "picture.svg is written")
      ]
    ) { arguments throws(Failure) in try lines(arguments) },
    BuiltinFunction(
      "scatter", .pictures, "Points: scatter x y, scatter X with two columns, or scatter data.",
      parameters: [group.parameter, xLabel.parameter, yLabel.parameter] + PictureOption.parameters,
      rest: Parameter("x", .any, "Two vectors, a matrix of two columns, or a data set."),
      examples: [.init("scatter circles to=\"picture.svg\"", prints: "picture.svg is written")]
    ) { arguments throws(Failure) in try points(arguments) },
    BuiltinFunction(
      "histogram", aliases: ["hist"], .pictures, "How often values fall where.",
      parameters: [numbers.parameter, bins.parameter] + PictureOption.parameters,
      examples: [
        .init("histogram [1, 1, 2, 3] to=\"picture.svg\"", prints: "picture.svg is written")
      ]
    ) { arguments throws(Failure) in
      try arguments.drawn(
        Histogram.picture(
          try arguments(numbers).elements, bins: try arguments.optional(bins),
          label: arguments.given(numbers)?.name ?? "value"))
    },
    BuiltinFunction(
      "bar", .pictures, "A bar for every number of a vector or record.",
      parameters: [barred.parameter, barNames.parameter] + PictureOption.parameters,
      examples: [.init("bar [a: 1, b: 3] to=\"picture.svg\"", prints: "picture.svg is written")]
    ) { arguments throws(Failure) in
      let value = try arguments(barred)
      if case .record(let record) = value { return try bars(of: record, arguments) }
      let elements = value.tensor?.elements ?? []
      let given = try arguments.texts(barNames)
      guard given.isEmpty || given.count == elements.count else {
        throw Failure(
          "there is one name for each bar", at: arguments.range(of: barNames),
          label: "\(given.count) names for \(elements.count) bars")
      }
      return try arguments.drawn(
        BarChart.picture(
          elements.enumerated().map {
            NamedNumber(given.isEmpty ? "\($0 + 1)" : given[$0], $1)
          }))
    },
    BuiltinFunction(
      "heatmap", .pictures, "A matrix as coloured cells, signs told apart.",
      parameters: [matrix.parameter] + PictureOption.parameters,
      examples: [
        .init("heatmap [[1, -2], [3, 4]] to=\"picture.svg\"", prints: "picture.svg is written")
      ]
    ) { arguments throws(Failure) in
      let tensor = try arguments(matrix)
      return try arguments.drawn(
        HeatMap.picture(
          title: arguments.given(matrix)?.name ?? "", elements: tensor.elements,
          rows: tensor.shape.rows, columns: tensor.shape.columns))
    },
  ]

  private static let xLabel = Key.string("xlabel", .absent, "What stands below the axis.")
  private static let yLabel = Key.string("ylabel", .absent, "What stands at the upright axis.")
  private static let path = Key.matrix(
    "path", .absent, "Points to draw over the lines, one a row, in their order.")
  private static let group = Key.any(
    "group", .either([.vector, .list]), .absent, "The group of each point: a number or a name.")
  private static let numbers = Key.numeric("x", "A vector or matrix.")
  private static let bins = Key.wholeNumber("bins", .absent, in: 1...1000, "How many bars.")
  private static let barred = Key.any("x", .either([.vector, .record]), "A vector or a record.")
  private static let barNames = Key.any("names", .list, .absent, "What the bars are called.")
  private static let matrix = Key.matrix("x", "A matrix.")

  private static func vector(_ argument: BoundArgument) throws(Failure) -> [Double] {
    guard let tensor = argument.value.tensor, tensor.shape.rank < 2 else {
      throw Failure("this is no vector", at: argument.range, label: argument.value.kind)
    }
    return tensor.elements
  }

  private static func lines(_ arguments: Arguments) throws(Failure) -> Value {
    guard let first = arguments.rest.first else {
      throw Failure(
        "plot needs something to draw", at: arguments.range,
        help: ["plot y", "plot x y", "plot f domain=[-5, 5]"])
    }
    var curves: [Curves.Curve] = []
    var across = "x"
    if case .function = first.value {
      for argument in arguments.rest {
        guard case .function(let function) = argument.value else {
          throw Failure(
            "functions are plotted beside functions only", at: argument.range,
            label: argument.value.kind)
        }
        let ends = try arguments.optional(ViewOption.domain)?.elements ?? [-5, 5]
        guard ends.count == 2, ends[0] < ends[1], (ends[1] - ends[0]).isFinite else {
          throw Failure(
            "a domain is two numbers, the lower first", at: arguments.range(of: ViewOption.domain),
            help: ["domain=[-5, 5]"])
        }
        let places = (0...200).map { ends[0] + (ends[1] - ends[0]) * Double($0) / 200 }
        var points: [Point] = []
        for place in places {
          if arguments.runtime.isStopped() { throw .interrupted }
          let value = try arguments.runtime.call(function, [.number(place)], at: argument.range)
          guard let number = value.number else {
            throw Failure(
              "\(function.name) must give one number", at: argument.range,
              label: "gives \(value.kind)")
          }
          points.append(Point(place, number))
        }
        // A loop over functions calls each of them by the loop's variable.
        let isNamed = !function.name.contains(" ")
        curves.append(.init(isNamed ? function.name : argument.name ?? function.name, points))
      }
    } else if arguments.rest.count == 1 {
      across = "index"
      if case .matrix(let rows, let columns)? = first.value.shape, let tensor = first.value.tensor {
        for column in 0..<min(columns, 12) {
          curves.append(
            .init(
              "column \(column + 1)",
              (0..<rows).map { Point(Double($0 + 1), tensor[$0, column]) }))
        }
      } else {
        curves = [
          .init(
            first.name ?? "",
            try vector(first).enumerated().map { Point(Double($0 + 1), $1) })
        ]
      }
    } else {
      let x = try vector(first)
      across = first.name ?? "x"
      for argument in arguments.rest.dropFirst() {
        let y = try vector(argument)
        try requireLength(y.count, x.count, argument, first, arguments)
        curves.append(
          .init(argument.name ?? "\(curves.count + 1)", zip(x, y).map { Point($0, $1) }))
      }
    }
    return try arguments.drawn(
      Curves.picture(
        curves, way: try way(arguments), xLabel: try arguments.optional(xLabel) ?? across,
        yLabel: try arguments.optional(yLabel) ?? (curves.count == 1 ? curves[0].name : ""),
        scale: try arguments.optional(ViewOption.scale) == true ? .logarithmic : .linear))
  }

  /// The points of the option `path`.
  private static func way(_ arguments: Arguments) throws(Failure) -> [Point] {
    guard let tensor = try arguments.optional(path) else { return [] }
    guard tensor.shape.columns == 2 else {
      throw Failure(
        "a path has two columns, across and up", at: arguments.range(of: path),
        label: "\(tensor.shape)", help: ["path=[[1, 2], [3, 4]]"])
    }
    return (0..<tensor.shape.rows).map { Point(tensor[$0, 0], tensor[$0, 1]) }
  }

  private static func requireLength(
    _ count: Int, _ wanted: Int, _ argument: BoundArgument, _ first: BoundArgument,
    _ arguments: Arguments
  ) throws(Failure) {
    guard count != wanted else { return }
    throw arguments.failure(
      "the vectors of a plot have one length",
      [(argument.range, "\(count) numbers"), (first.range, "\(wanted) numbers")])
  }

  private static func points(_ arguments: Arguments) throws(Failure) -> Value {
    guard let first = arguments.rest.first else {
      throw Failure(
        "scatter needs points", at: arguments.range,
        help: ["scatter x y", "scatter X", "scatter circles"])
    }
    var (x, y): ([Double], [Double]) = ([], [])
    var (across, up) = (first.name ?? "x", "y")
    var groups: [String]?
    if case .data(let data) = first.value {
      guard data.featureCount >= 2 else {
        throw Failure("the plane needs two features", at: first.range, label: "has one")
      }
      x = (0..<data.count).map { data.x.elements[$0 * data.featureCount] }
      y = (0..<data.count).map { data.x.elements[$0 * data.featureCount + 1] }
      (across, up) = (data.featureNames[0], data.featureNames[1])
      if case .classes(let numbers, let names) = data.target {
        groups = numbers.map {
          Double(names[$0 - 1]) == nil ? names[$0 - 1] : "class \(names[$0 - 1])"
        }
      }
    } else if arguments.rest.count == 1, case .matrix(let rows, let columns)? = first.value.shape,
      columns == 2, let tensor = first.value.tensor
    {
      x = (0..<rows).map { tensor[$0, 0] }
      y = (0..<rows).map { tensor[$0, 1] }
      across = "x"
    } else if arguments.rest.count == 2 {
      x = try vector(first)
      y = try vector(arguments.rest[1])
      try requireLength(y.count, x.count, arguments.rest[1], first, arguments)
      up = arguments.rest[1].name ?? "y"
    } else {
      throw Failure(
        "scatter takes two vectors, a matrix of two columns or a data set", at: first.range,
        label: first.value.kind)
    }
    if let value = try arguments.optional(group) {
      let names: [String] =
        if case .list(let list) = value {
          list.map { arguments.session.text(of: $0) }
        } else {
          (value.tensor?.elements ?? []).map { arguments.session.text(of: .number($0)) }
        }
      guard names.count == x.count else {
        throw Failure(
          "there is one group for each point", at: arguments.range(of: group),
          label: "\(names.count) groups for \(x.count) points")
      }
      groups = names
    }
    var order: [String] = []
    var members: [String: [Point]] = [:]
    for (place, point) in zip(x, y).map({ Point($0, $1) }).enumerated() {
      let name = groups?[place] ?? ""
      if members[name] == nil { order.append(name) }
      members[name, default: []].append(point)
    }
    return try arguments.drawn(
      Scatter.picture(
        order.sorted().map { Scatter.Group($0, members[$0] ?? []) },
        xLabel: try arguments.optional(xLabel) ?? across,
        yLabel: try arguments.optional(yLabel) ?? up))
  }
}
