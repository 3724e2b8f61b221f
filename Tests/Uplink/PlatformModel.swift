import Foundation
import Outbox
import PlatformAPI

@testable import Uplink

/// What the contract says a platform does, as small as possible: the judge of the property tests.
struct PlatformModel {
    struct Epoch {
        var rows: [UInt64: [UInt8]] = [:]
        var rejected: Set<UInt64> = []
        var gaps: [GatewayGap] = []
        var next: UInt64 = 1
    }

    struct Payload: Codable, Hashable {
        var text: String
    }

    var epochs: [UUID: Epoch] = [:]
    /// The most events in one batch; more is 413.
    var maximumEvents = Int.max

    /// The texts of all stored events, over all epochs.
    var texts: [String: Int] {
        var counts: [String: Int] = [:]
        for body in epochs.values.flatMap(\.rows.values) {
            if let event = try? WireJSON.decode(CloudEvent<Payload>.self, from: body) {
                counts[event.data.text, default: 0] += 1
            }
        }
        return counts
    }

    /// Takes a batch: `poison` events make the whole batch 422, `reject` ones are refused one by one.
    /// - Parameter prefix: settle only that many events of it.
    mutating func receive(_ batch: StoredBatch, prefix: Int = .max) throws -> HTTPResponse {
        if batch.bodies.count > maximumEvents {
            return Self.problem(413, .tooLarge) { $0.maxEvents = maximumEvents }
        }
        var epoch = epochs[batch.epoch] ?? Epoch()
        if batch.covers > epoch.next {
            return Self.problem(409, .expectedSequence) { $0.expectedSequence = epoch.next }
        }
        var through = epoch.next - 1
        for body in batch.bodies.prefix(max(1, prefix)) {
            let head = try WireJSON.decode(CloudEvent<JSONValue>.self, from: body)
            let sequence = try require(number: head.sequence)
            if head.type == EventType.gatewayGap.rawValue {
                let gap = try WireJSON.decode(CloudEvent<GatewayGap>.self, from: body).data
                epoch.gaps.append(gap)
            } else if let stored = epoch.rows[sequence] {
                if stored != body { return Self.problem(409, .identityConflict) }
            } else if !epoch.rejected.contains(sequence) {
                let text = head.data["text"]?.string ?? ""
                if text.hasPrefix("poison") { return Self.problem(422, .unprocessable) }
                if text.hasPrefix("reject") {
                    epoch.rejected.insert(sequence)
                } else {
                    epoch.rows[sequence] = body
                }
            }
            through = sequence
            epoch.next = max(epoch.next, sequence + 1)
        }
        epochs[batch.epoch] = epoch
        let settled = max(through, epoch.next - 1)
        return Self.answer(
            BatchAnswer(acceptedThrough: settled, rejected: try rejections(in: batch, through: settled, epoch)))
    }

    /// Every refused event that the answer settles, also when it was refused before and that answer was lost.
    private func rejections(
        in batch: StoredBatch, through: UInt64, _ epoch: Epoch
    ) throws -> [BatchAnswer.Rejection] {
        try batch.bodies.compactMap { body in
            let head = try WireJSON.decode(CloudEvent<JSONValue>.self, from: body)
            let sequence = try require(number: head.sequence)
            guard sequence <= through, epoch.rejected.contains(sequence) else { return nil }
            return .init(sequence: sequence, id: head.id, problem: ProblemDetails(status: 422, detail: "no"))
        }
    }

    static func answer(_ answer: BatchAnswer) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: ["content-type": "application/json"], body: (try? WireJSON.encode(answer)) ?? [])
    }

    static func problem(
        _ status: Int, _ kind: ProblemDetails.Kind, headers: [String: String] = [:],
        _ fill: (inout ProblemDetails) -> Void = { _ in }
    ) -> HTTPResponse {
        var problem = ProblemDetails(type: kind.rawValue, title: "\(kind)", status: status)
        fill(&problem)
        return HTTPResponse(
            status: status, headers: headers.merging(["content-type": "application/problem+json"]) { $1 },
            body: (try? WireJSON.encode(problem)) ?? [])
    }

    struct NotASequence: Error {}

    private func require(number text: String) throws -> UInt64 {
        guard let number = SequenceText.number(text) else { throw NotASequence() }
        return number
    }
}
