/// What applying an entry of the feed did to one subject.
package enum SubjectChange: Hashable, Sendable {
    case added(SubjectID)
    /// Keys, hashes or consent differ from before.
    case updated(SubjectID)
    /// The entry said what was known already.
    case unchanged(SubjectID)
    /// The person took back the consent; the subject may have been unknown here.
    case withdrawn(SubjectID, request: String?)
    /// The person asked to be forgotten; the subject may have been unknown here.
    case erased(SubjectID, request: String?)
    /// A full resync ended without this subject: no longer of this store.
    case dropped(SubjectID)
    /// The registry is full; the subject was not taken.
    case refused(SubjectID)

    package var subject: SubjectID {
        switch self {
        case .added(let id), .updated(let id), .unchanged(let id), .withdrawn(let id, _), .erased(let id, _),
            .dropped(let id), .refused(let id):
            id
        }
    }
}
