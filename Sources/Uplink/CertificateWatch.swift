import Subjects

/// When this gateway's own certificate ends, and how often that is said: pure, like ``SyncEngine``.
struct CertificateWatch: Sendable {
    enum Remark: Hashable, Sendable {
        case warning(String)
        case error(String)
    }

    /// Time enough to have a new one issued and carried to the store.
    static let warnFrom = Duration.seconds(30 * 86_400)
    private static let sayAgain = Duration.seconds(86_400)

    private var said: (moment: Duration, notAfter: UnixTime, isError: Bool)?

    /// What there is to say now, one line; nil while all is well, or while the box does not know the time.
    static func remark(on facts: CertificateFacts, path: String, wall: UnixTime, isClockSet: Bool) -> Remark? {
        guard isClockSet else { return nil }
        if facts.notAfter <= wall {
            return .error(UplinkError.ownCertificateExpired(path: path, on: facts.notAfter.rfc3339()).description)
        }
        if facts.notBefore > wall {
            return .warning(
                "\(path): this gateway's certificate is valid only from \(facts.notBefore.rfc3339()) on; check this box's "
                    + "clock (timedatectl)")
        }
        let left = facts.notAfter - wall
        guard left <= warnFrom else { return nil }
        let days = left.components.seconds / 86_400
        return .warning(
            "\(path): this gateway's certificate expires in \(days) days, at \(facts.notAfter.rfc3339()); "
                + "put a new one and its key in place, no restart is needed")
    }

    /// - Returns: the remark when it is due in the log: at once when it is new or has become worse, else once a day.
    mutating func due(_ remark: Remark?, notAfter: UnixTime, at now: Duration) -> Remark? {
        guard let remark else {
            said = nil
            return nil
        }
        let isError = if case .error = remark { true } else { false }
        if let said, said.notAfter == notAfter, said.isError == isError, now - said.moment < Self.sayAgain {
            return nil
        }
        said = (now, notAfter, isError)
        return remark
    }
}
