import Differentiation
import Learning

/// A value as files hold it.
package enum FileContent {
  case network(Network)
  case data(DataSet)
  /// A number, vector or matrix.
  case numbers(Tensor)
  case arrays([(name: String, tensor: Tensor)])
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
    case .arrays: .arrays
    case .table: .table
    case .document: .document
    case .training: .training
    }
  }
}
