import Glibc
import Logging
import Subjects
import Synchronization

// One request over the line, and what the box knows of its own certificate.

extension Uplink {
    func warnOfEnvironment() {
        guard configuration.https.proxy == nil else { return }
        for name in ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] where getenv(name) != nil {
            logger.notice("\(name) in the environment is not used; a proxy is named in platform.proxy.url")
        }
    }

    /// One request, and what its failure means to this box.
    func perform(_ request: HTTPRequest, _ session: inout UplinkSession) throws(UplinkError) -> HTTPResponse {
        defer { watchCertificate(&session) }
        do throws(UplinkError) {
            let response = try client.perform(request)
            session.lineTrouble = nil
            return response
        } catch {
            let time = clock.systemTime()
            let seen = error.seen(
                isClockSet: time.isSet, wall: time.wall, certificate: client.certificate,
                path: configuration.https.certificate)
            session.lineTrouble = seen
            throw seen
        }
    }

    /// Dates of the certificate in use, and why a new one is not.
    func watchCertificate(_ session: inout UplinkSession) {
        let refused = client.refusedIdentity
        if let refused, current.withLock(\.identityTrouble) != refused.description {
            logger.error("\(refused); the ones from before stay in use")
        }
        let facts = client.certificate
        let path = configuration.https.certificate ?? "platform.certificate"
        let time = clock.systemTime()
        let remark = facts.flatMap {
            CertificateWatch.remark(on: $0, path: path, wall: time.wall, isClockSet: time.isSet)
        }
        current.withLock { status in
            status.identityTrouble = refused?.description
            status.certificateNotAfter = facts?.notAfter
            status.certificateTrouble =
                switch remark {
                case .warning(let text), .error(let text): text
                case nil: nil
                }
        }
        guard let facts else { return }
        switch session.watch.due(remark, notAfter: facts.notAfter, at: clock.now().monotonic) {
        case .warning(let text): logger.warning("\(text)")
        case .error(let text): logger.error("\(text)")
        case nil: break
        }
    }
}
