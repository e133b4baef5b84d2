import Differentiation
import Learning

/// A value as files hold it.
package indirect enum FileContent {
  case network(Network)
  case data(DataSet)
  /// A number, vector or matrix.
  case numbers(Tensor)
  case arrays([(name: String, tensor: Tensor)])
  /// Arrays of numbers and of texts by name, as they are read.
  case record([(name: String, content: FileContent)])
  case table(TextTable)
  case document(JSON)
  case training(TrainingState)

  package enum Kind: Hashable, Sendable, CaseIterable {
    case network, data, numbers, arrays, table, document, training
  }

  package var kind: Kind {
    switch self {
    case .network: .network
    case .data: .data
    case .numbers: .numbers
    case .arrays, .record: .arrays
    case .table: .table
    case .document: .document
    case .training: .training
    }
  }
}
