/// An object that is not kept alive by being known here.
package struct WeakReference<Object: AnyObject> {
  #if hasFeature(Embedded)
    // Embedded Swift has no weak references: there the object lives as long as it is known.
    package private(set) var object: Object?
  #else
    package private(set) weak var object: Object?
  #endif

  package init(_ object: Object?) {
    self.object = object
  }
}
