import PlatformAPI
import Subjects

/// When the subject feed is asked, and what its answers mean. Pure, like ``SyncEngine``.
struct SubjectPoller: Sendable {
    enum Finding: Sendable {
        /// A verified page that follows the last one.
        case page(SubjectPage)
        case nothingNew
        case refused(reason: String, detail: String)
    }

    private(set) var position: FeedPosition?
    private(set) var due: Duration = .zero
    private let verifier: FeedVerifier
    private let interval: Duration
    private let backOff: BackOff
    private var failures = 0
    /// The platform does not know our cursor: ask from the beginning.
    private var withoutCursor = false
    private var random: SplitMix64

    init(verifier: FeedVerifier, interval: Duration, backOff: BackOff, position: FeedPosition?, seed: UInt64) {
        self.verifier = verifier
        self.interval = interval
        self.backOff = backOff
        self.position = position
        random = SplitMix64(seed: seed)
    }

    /// `GET /v1/subjects`, from the last page's cursor.
    var request: HTTPRequest {
        var target = Wire.subjectsPath
        if let cursor = position?.cursor, !cursor.isEmpty, !withoutCursor {
            target += "?cursor=" + Self.escaped(cursor)
        }
        return HTTPRequest(.get, target, headers: [("Accept", Wire.signedPageMediaType)])
    }

    mutating func answered(_ response: HTTPResponse, at now: Duration, wallSeconds: Int64) -> Finding {
        switch response.status {
        case 200:
            do throws(FeedRefusal) {
                let page = try verifier.verify(response.body, after: position)
                withoutCursor = false
                return .page(page)
            } catch {
                if error.isAlreadyApplied || isEmptyRepeat(error) {
                    later(at: now)
                    return .nothingNew
                }
                failed(at: now, retryAfter: nil)
                return .refused(reason: error.reason, detail: error.description)
            }
        case 204, 304:
            later(at: now)
            return .nothingNew
        default:
            if response.problem?.kind == .unknownCursor { withoutCursor = true }
            failed(at: now, retryAfter: RetryAfter.delay(headers: response.headers, wallSeconds: wallSeconds))
            let detail = response.problem?.description ?? "the platform answers \(response.status)"
            let isHopeless = (300..<429).contains(response.status) && response.problem?.kind != .unknownCursor
            let remedy = isHopeless ? SyncEngine.remedy(response) : "it will be asked again"
            return .refused(reason: "http", detail: "subject feed: \(detail); \(remedy)")
        }
    }

    /// The page is in force; the next one is asked for at once when the platform has it ready.
    mutating func applied(_ page: SubjectPage, at now: Duration) {
        position = page.position
        failures = 0
        due = page.more ? now : now + interval
    }

    mutating func failed(at now: Duration, retryAfter: Duration?) {
        failures += 1
        due = now + interval / 4 + backOff.delay(failures: failures, retryAfter: retryAfter, using: &random)
    }

    /// What made it wait has gone.
    mutating func hurry(at now: Duration) { due = min(due, now) }

    private mutating func later(at now: Duration) {
        failures = 0
        due = now + interval
    }

    private func isEmptyRepeat(_ refusal: FeedRefusal) -> Bool {
        if case .serialGap(let feed, _, let found) = refusal {
            return feed == position?.feed && found == position?.serial
        }
        return false
    }

    /// RFC 3986 section 2.3: everything that is not unreserved.
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}
