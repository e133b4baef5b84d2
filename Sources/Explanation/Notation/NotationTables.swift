// One table for each course.

extension Notation {
  package static let all = [mazur, ng, goebels, vitay, upc, rumelhart]

  /// Matt Mazur's worked example, as in Cazenave's lecture.
  package static let mazur: Notation = {
    var table = Notation(
      name: "mazur",
      summary: "net_h1 and out_h1, weights w1, w2, … counted through the net, ½Σ(target − out)².",
      templates: [
        .net: "net_<unit>", .out: "out_<unit>", .input: "i<i>", .weight: "w<n>",
        .bias: "b_<unit>", .delta: "δ_<unit>", .target: "target_<unit>", .loss: "E_total",
        .rate: "η", .momentum: "α", .weights: "W<l>", .outs: "out_<layer>", .nets: "net_<layer>",
        .deltas: "δ_<layer>", .inputs: "i", .sharedBias: "b<l>", .mask: "m_<unit>",
      ])
    table.biasTimesOne = true
    table.writesDefinitions = true
    table.namesUnits = true
    return table
  }()

  /// Andrew Ng's machine learning course, as in CENG 506: layer 1 are the inputs.
  package static let ng: Notation = {
    var table = Notation(
      name: "ng",
      summary: "z and a of layer 2, 3, …, weights w_ij to i from j, the bias as weight w_i0.",
      templates: [
        .net: "z_{<i>}^{(<l+1>)}", .out: "a_{<i>}^{(<l+1>)}", .input: "x_{<i>}",
        .weight: "w_{<i,j>}^{(<l>)}", .bias: "w_{<i>0}^{(<l>)}",
        .delta: "\\delta_{<i>}^{(<l+1>)}", .target: "y_{<i>}", .loss: "E", .rate: "\\alpha",
        .momentum: "\\beta", .weights: "w^{(<l>)}", .outs: "a^{(<l+1>)}",
        .nets: "z^{(<l+1>)}", .deltas: "\\delta^{(<l+1>)}", .inputs: "x",
        .mask: "m_{<i>}^{(<l+1>)}",
      ])
    table.biasIsWeight = true
    table.outputComesFirst = true
    table.firstLayer = 2
    return table
  }()

  /// Goebels on Rumelhart's paper in matrices: samples are rows, x W.
  package static let goebels: Notation = {
    var table = Notation(
      name: "goebels",
      summary:
        "rows times weights, x W: w_ij leads from i to j, w_i to a single output; cost C, rate ε, momentum α.",
      templates: [
        .net: "z_{<i>}^{<l>}", .out: "a_{<i>}^{<l>}", .input: "x_{<i>}",
        .weight: "w_{<j,i>}^{<l>}", .bias: "b_{<i>}^{<l>}", .delta: "\\delta_{<i>}^{<l>}",
        .target: "y_{<i>}", .loss: "C", .rate: "\\epsilon", .momentum: "\\alpha",
        .weights: "W^{<l>}", .outs: "a^{<l>}", .nets: "z^{<l>}", .deltas: "\\delta^{<l>}",
        .inputs: "X", .singleWeight: "w_{<j>}^{<l>}", .mask: "m_{<i>}^{<l>}",
      ])
    table.orientation = .rowsFirst
    table.outputComesFirst = true
    table.update = .change
    return table
  }()

  /// Julien Vitay's neurocomputing course: δ is minus the derivative, errors are (t − y).
  package static let vitay: Notation = {
    var table = Notation(
      name: "vitay",
      summary:
        "net_h and net_y, h and y; δ = −∂l/∂net, so that Δw = η δ h; the squared error without ½.",
      templates: [
        .net: "net_<unit>", .out: "h_{<i>}^{<l>}", .output: "y_{<i>}", .input: "x_{<i>}",
        .weight: "W_{<j,i>}^{<l>}", .bias: "b_{<i>}^{<l>}", .delta: "δ_<unit>",
        .target: "t_{<i>}", .loss: "l", .rate: "\\eta", .momentum: "\\alpha",
        .weights: "W^{<l>}", .outs: "h^{<l>}", .outputs: "y",
        .nets: "net_<layer>", .deltas: "δ_<layer>", .inputs: "x", .outputNet: "net_y<i>",
        .outputDelta: "δ_y<i>", .outputNets: "net_y", .outputDeltas: "δ_y",
        .mask: "m_{<i>}^{<l>}",
      ])
    table.deltaSign = -1
    table.update = .deltaRule
    table.halvesSquaredError = false
    return table
  }()

  /// Llano's course at UPC: the bias is the weight of a constant input 1.
  package static let upc: Notation = {
    var table = Notation(
      name: "upc",
      summary: "z, h and ŷ; w_ij leads from i to j, and the bias is the weight w_0j of an input 1.",
      templates: [
        .net: "z_{<i>}^{<l>}", .out: "h_{<i>}^{<l>}", .output: "\\hat{y}_{<i>}",
        .input: "x_{<i>}", .weight: "w_{<j,i>}^{<l>}", .bias: "w_{0<i>}^{<l>}",
        .delta: "\\delta_{<i>}^{<l>}", .target: "y_{<i>}", .loss: "E", .rate: "\\eta",
        .momentum: "\\alpha", .weights: "W^{<l>}", .outs: "H^{<l>}",
        .outputs: "\\hat{y}", .nets: "Z^{<l>}",
        .deltas: "\\delta^{<l>}", .inputs: "X", .mask: "m_{<i>}^{<l>}",
      ])
    table.biasIsWeight = true
    table.biasTimesOne = true
    table.outputComesFirst = true
    return table
  }()

  /// Rumelhart, Hinton and Williams, 1986: units are numbered through the net.
  package static let rumelhart: Notation = {
    var table = Notation(
      name: "rumelhart",
      summary:
        "x_j is the total input of unit j, y_j its output, w_ji leads from i to j; d is desired.",
      templates: [
        .net: "x_{<u>}", .out: "y_{<u>}", .input: "y_{<u>}", .weight: "w_{<u,v>}",
        .bias: "w_{<u>0}", .delta: "\\partial E/\\partial x_{<u>}", .target: "d_{<u>}", .loss: "E",
        .rate: "\\epsilon", .momentum: "\\alpha", .weights: "W^{<l>}", .outs: "y^{<l>}",
        .nets: "x^{<l>}", .deltas: "\\partial E/\\partial x^{<l>}", .inputs: "y^{0}",
        .mask: "m_{<u>}",
      ])
    table.outputComesFirst = true
    table.writesDefinitions = true
    table.update = .change
    return table
  }()
}
