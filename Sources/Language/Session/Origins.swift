import Differentiation
import Learning
import Syntax

/// Where nets and data sets were made, for errors that speak of them later.
package struct Origins {
  package struct Place {
    package let range: SourceRange
    package let source: SourceID
  }

  private struct NetOrigin {
    let network: WeakReference<Network>
    let place: Place
  }

  private struct DataOrigin {
    let mark: [Double]
    let place: Place
  }

  /// Dead nets are forgotten where there are more.
  private static let mostNets = 256

  private var nets: [ObjectIdentifier: NetOrigin] = [:]
  private var data: [String: DataOrigin] = [:]

  mutating func remember(_ network: Network, _ place: Place) {
    let key = ObjectIdentifier(network)
    if let known = nets[key], known.network.object === network { return }
    if nets.count >= Self.mostNets { nets = nets.filter { $0.value.network.object != nil } }
    nets[key] = NetOrigin(network: WeakReference(network), place: place)
  }

  func place(of network: Network) -> Place? {
    guard let known = nets[ObjectIdentifier(network)], known.network.object === network else {
      return nil
    }
    return known.place
  }

  mutating func remember(_ set: DataSet, named name: String, _ place: Place) {
    data[name] = DataOrigin(mark: set.mark, place: place)
  }

  func place(of set: DataSet, named name: String) -> Place? {
    guard let known = data[name], known.mark == set.mark else { return nil }
    return known.place
  }
}

extension DataSet {
  /// What tells it from other data: its sizes, its first number and its last.
  fileprivate var mark: [Double] {
    [Double(count), Double(featureCount), x.elements.first ?? 0, x.elements.last ?? 0]
  }
}
