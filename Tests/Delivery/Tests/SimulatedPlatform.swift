import Foundation
import Outbox
import PlatformAPI

@testable import Uplink

/// What the contract says that a platform does, as small as possible, and what it holds afterwards: the judge.
struct SimulatedPlatform {
    struct Epoch {
        var rows: [UInt64: [UInt8]] = [:]
        var rejected: Set<UInt64> = []
        var gaps: [GatewayGap] = []
        var next: UInt64 = 1

        /// - Returns: why the whole batch is refused because of this event.
        mutating func take(_ body: [UInt8]) -> ProblemDetails.Kind? {
            guard let sequence = StoreEvent.sequence(of: body) else { return .unprocessable }
            if let event = StoreEvent(body: body) {
                if let stored = rows[sequence] {
                    if stored != body { return .identityConflict }
                } else if !rejected.contains(sequence) {
                    switch event.fate {
                    case .event: rows[sequence] = body
                    case .reject: rejected.insert(sequence)
                    case .poison: return .unprocessable
                    }
                }
            } else if let gap = try? WireJSON.decode(CloudEvent<GatewayGap>.self, from: body).data {
                gaps.append(gap)
            } else {
                return .unprocessable
            }
            next = max(next, sequence + 1)
            return nil
        }
    }

    private(set) var epochs: [UUID: Epoch] = [:]
    /// In the order in which they appeared.
    private(set) var order: [UUID] = []
    /// More in one batch is 413, with the limit in the answer.
    var maximumEvents = Int.max
    /// The last answer that settled something, for a proxy that gives it again.
    private(set) var lastAnswer: (through: UInt64, response: HTTPResponse)?

    /// What it holds, in order; an event that stands twice stands here twice.
    var stored: [Int] {
        order.flatMap { id -> [Int] in
            guard let epoch = epochs[id] else { return [] }
            return epoch.rows.sorted { $0.key < $1.key }.compactMap { StoreEvent(body: $0.value)?.number }
        }
    }

    /// Sequences of which it knows nothing although it confirmed later ones.
    var untoldHoles: [UInt64] {
        epochs.values.flatMap { epoch in
            (1..<epoch.next).filter { sequence in
                epoch.rows[sequence] == nil && !epoch.rejected.contains(sequence)
                    && !epoch.gaps.contains { ($0.first...$0.last).contains(sequence) }
            }
        }
    }

    /// - Parameter prefix: it settles only so many of them.
    mutating func receive(_ batch: StoredBatch, prefix: Int = .max) -> HTTPResponse {
        if batch.bodies.count > maximumEvents {
            return Self.problem(413, .tooLarge) { $0.maxEvents = maximumEvents }
        }
        var epoch = epochs[batch.epoch] ?? Epoch()
        if batch.covers > epoch.next {
            return Self.problem(409, .expectedSequence) { $0.expectedSequence = epoch.next }
        }
        for body in batch.bodies.prefix(max(1, prefix)) {
            if let problem = epoch.take(body) { return Self.problem(problem == .identityConflict ? 409 : 422, problem) }
        }
        if epochs.updateValue(epoch, forKey: batch.epoch) == nil { order.append(batch.epoch) }
        // All that it has ever refused of what it confirms, whether in this batch or in one whose answer was lost.
        let rejections = batch.bodies.compactMap { StoreEvent.sequence(of: $0) }
            .filter { $0 < epoch.next && epoch.rejected.contains($0) }
            .map { BatchAnswer.Rejection(sequence: $0, id: "", problem: ProblemDetails(status: 422, detail: "no")) }
        let answer = BatchAnswer(acceptedThrough: epoch.next - 1, rejected: rejections)
        let response = HTTPResponse(
            status: 200, headers: ["content-type": "application/json"], body: (try? WireJSON.encode(answer)) ?? [])
        lastAnswer = (epoch.next - 1, response)
        return response
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
}
