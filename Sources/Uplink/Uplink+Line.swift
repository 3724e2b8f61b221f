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
        switch (current.withLock(\.identityTrouble), refused) {
        case (let told, let refused?) where told != refused.description:
            logger.error("\(refused); the ones from before stay in use")
        case (_?, nil): logger.notice("the certificate, key and authorities in the files are in use")
        default: break
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

    // MARK: What the log hears

    /// Where the platform is.
    var place: String { configuration.https.url }

    /// The same trouble is logged once, not with every attempt.
    /// - Parameter answer: the HTTP status, when it is the platform that said so; 0 when one trouble has many statuses.
    func note(_ errand: LineJournal.Errand, _ text: String, answer: Int? = nil, _ session: inout UplinkSession) {
        let wall = clock.now().wall
        current.withLock { status in
            status.lastError = text
            status.lastErrorAt = wall
        }
        let isOfAll = answer.map(HTTPResponse.gatewayRefusals.contains) ?? true
        let isHeld = (isOfAll || errand == .events) && session.stateName == "holding"
        // A platform may find new words for the same answer each time.
        let trouble = answer.map { isOfAll ? "turned away with \($0)" : "\(errand) \($0) \(isHeld)" }
        guard session.journal.failed(errand, trouble ?? text) else { return }
        // The errors of the line name the place themselves.
        let line = (answer == nil ? "" : "\(place): ") + text
        if isHeld {
            logger.error("\(line); events wait on disk, none is dropped, and it is tried again by itself")
        } else {
            logger.warning("\(line)")
        }
    }

    /// A request of this kind got through.
    func noteWorks(_ errand: LineJournal.Errand, _ session: inout UplinkSession) {
        if errand == .events || session.turnedAway?.errand == errand { session.turnedAway = nil }
        guard session.journal.worked(errand) else { return }
        let news =
            switch errand {
            case .events: "the platform takes events again"
            case .state: "the platform takes the state again"
            case .subjects: "the subject feed is heard again"
            }
        logger.notice("\(place): \(news)")
    }
}

extension HTTPResponse {
    /// The platform refuses this gateway, or its version, whatever it asks for.
    static let gatewayRefusals: Set<Int> = [401, 403, 410, 426]

    var refusesGateway: Bool { Self.gatewayRefusals.contains(status) }
}

extension SyncEngine.Outcome {
    /// Of the answer; nil when there was none.
    var status: Int? {
        if case .response(let response) = self { return response.status }
        return nil
    }
}
