import Testing

@testable import Differentiation
