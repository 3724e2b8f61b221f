import Outbox
import PlatformAPI
import PlatformModel

@testable import Uplink

/// The way to the platform and back, and whatever stands in it.
struct FaultyLine {
    /// Nothing is done wrong.
    var isHealthy = false
    /// The platform or a proxy refuses the certificate, or the platform shows a wrong one.
    var isSwapped = false
    /// Negative control: requests that got lost are answered by nobody with 200.
    var lies = false
    /// Requests that their sender has given up and that have not arrived yet.
    private var late: [StoredBatch] = []
    /// What was done to the last batch, for the trace.
    private(set) var deed = ""

    /// What comes back; nil when the process is to be killed before it reads the answer.
    mutating func carry(
        _ batch: StoredBatch, to platform: inout PlatformModel, using random: inout SplitMix64
    ) -> SyncEngine.Outcome? {
        deed = ""
        if isHealthy { return .response(platform.receive(batch)) }
        if isSwapped {
            deed = "certificate refused"
            return .failure(
                Bool.random(using: &random)
                    ? .clientCertificateRefused(host: "platform", detail: "unknown ca") : .wrongHost(host: "platform"))
        }
        switch Int.random(in: 0..<40, using: &random) {
        case 0..<16: return .response(platform.receive(batch))
        case 16: return lies ? forged(batch) : .failure(.refused(host: "platform"))
        case 17..<20:
            deed = "answer lost"
            _ = platform.receive(batch)
            return .failure(.reset(host: "platform"))
        case 20..<22:
            deed = "delayed"
            late.append(batch)
            return .failure(.timedOut(host: "platform"))
        case 22..<24:
            deed = "sent twice"
            _ = platform.receive(batch)
            return .response(platform.receive(batch))
        case 24..<26:
            deed = "settled in part"
            let count = Int.random(in: 1...max(1, batch.bodies.count), using: &random)
            return .response(platform.receive(batch, prefix: count))
        case 26..<29:
            deed = "killed before the answer"
            _ = platform.receive(batch)
            return nil
        case 29:
            // A proxy gives an answer of before again.
            if let said = platform.lastAnswer, said.through < batch.first {
                deed = "an older answer again"
                return .response(said.response)
            }
            return .response(platform.receive(batch))
        default:
            deed = "refused"
            return .response(refusal(using: &random))
        }
    }

    /// A late request arrives after all; nobody reads the answer.
    mutating func arriveLate(at platform: inout PlatformModel, using random: inout SplitMix64) -> Bool {
        guard let index = late.indices.randomElement(using: &random) else { return false }
        _ = platform.receive(late.remove(at: index))
        return true
    }

    mutating func forgetLate() { late = [] }

    private func forged(_ batch: StoredBatch) -> SyncEngine.Outcome {
        .response(
            HTTPResponse(
                status: 200, headers: ["content-type": "application/json"],
                body: (try? WireJSON.encode(BatchAnswer(acceptedThrough: batch.last, rejected: []))) ?? []))
    }

    /// An answer that settles nothing.
    private func refusal(using random: inout SplitMix64) -> HTTPResponse {
        switch Int.random(in: 0..<12, using: &random) {
        case 0:
            PlatformModel.problem(
                429, .unavailable, headers: ["retry-after": "\(Int.random(in: 0...120, using: &random))"])
        case 1: PlatformModel.problem(503, .unavailable)
        case 2:
            HTTPResponse(
                status: 503,
                headers: ["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT", "date": "Sun, 06 Nov 1994 08:49:07 GMT"])
        case 3: HTTPResponse(status: 502, body: Array("<html>Bad Gateway</html>".utf8))
        case 4: PlatformModel.problem(401, .noIdentity)
        case 5: PlatformModel.problem(403, .foreignSource)
        case 6: HTTPResponse(status: 404)
        case 7: HTTPResponse(status: 400, body: Array("<html>Bad Request</html>".utf8))
        case 8: HTTPResponse(status: 200, headers: ["content-type": "text/html"], body: Array("<html>".utf8))
        case 9: HTTPResponse(status: 302, headers: ["location": "https://portal.example/login"])
        case 10: HTTPResponse(status: 413, body: Array("<html>413 Request Entity Too Large</html>".utf8))
        default: HTTPResponse(status: 500)
        }
    }
}
