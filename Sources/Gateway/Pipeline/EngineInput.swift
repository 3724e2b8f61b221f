package import Receipts
package import Subjects

/// Everything that reaches the engine, in the order in which it arrived.
package enum EngineInput: Sendable {
    case sighting(Sighting)
    case document(Document)
    /// A verified page of the subject feed.
    case subjects(SubjectPage)
}
