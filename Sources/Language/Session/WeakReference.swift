/// An object that is not kept alive by being known here.
struct WeakReference<Object: AnyObject> {
  #if hasFeature(Embedded)
    // Embedded Swift has no weak references: there the object lives as long as it is known.
    private(set) var object: Object?
  #else
    private(set) weak var object: Object?
  #endif

  init(_ object: Object?) {
    self.object = object
  }
}
