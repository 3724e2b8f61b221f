/// Whose identifier it is, as far as this box may know at that time.
package enum Resolution: Hashable, Sendable {
    case subject(SubjectID, SubjectKind)
    /// Nobody of this store, or a person who did not agree to be seen: counted, never kept.
    case stranger
    /// Two subjects have this identifier now: it is nobody's.
    case ambiguous
    /// One of ours that resolved here in the last 24 hours, outside its window now: recorded and played back.
    case replay
    /// A subject whose consent has run out.
    case expired
}
