package import Foundation
import Glibc
package import Outbox
package import PlatformAPI
package import Uplink

/// What the contract says that a platform does (docs/api/README.md), as small as possible, and what it holds afterwards: the judge of
/// the property tests and of the simulation.
package struct PlatformModel {
    /// What a batch's event says, as the test that made it reads it.
    package enum Reading {
        case gap(GatewayGap)
        /// - Parameter content: what the event says apart from its identity; equal for an event and its repetition.
        case event(content: String, fate: Fate)
    }

    package enum Fate: String {
        case event
        /// Refused by name in the answer.
        case reject
        /// Every batch that it is in is refused.
        case poison
    }

    package struct Epoch {
        package fileprivate(set) var rows: [UInt64: [UInt8]] = [:]
        package fileprivate(set) var refused: [UInt64: [UInt8]] = [:]
        /// Settled without being stored, because what they repeat is held.
        package fileprivate(set) var repeated: [UInt64: [UInt8]] = [:]
        package fileprivate(set) var gaps: [GatewayGap] = []
        package fileprivate(set) var next: UInt64 = 1

        /// Whether a gap says that this sequence carries no event, and why.
        package func gap(over sequence: UInt64) -> GatewayGap? {
            gaps.last { ($0.first...$0.last).contains(sequence) }
        }
    }

    package private(set) var epochs: [UUID: Epoch] = [:]
    /// In the order in which they appeared.
    package private(set) var order: [UUID] = []
    /// More in one batch is 413, with the limit in the answer.
    package var maximumEvents = Int.max
    /// The last answer that settled something, for a proxy that gives it again.
    package private(set) var lastAnswer: (through: UInt64, response: HTTPResponse)?
    /// What is held, by the id under which it was first offered.
    private var contents: [String: Set<String>] = [:]
    private let read: @Sendable ([UInt8]) -> Reading?

    package init(read: @escaping @Sendable ([UInt8]) -> Reading?) { self.read = read }

    /// The stored events, epoch by epoch and in order.
    package var stored: [[UInt8]] {
        order.flatMap { id in (epochs[id]?.rows ?? [:]).sorted { $0.key < $1.key }.map(\.value) }
    }

    /// Sequences of which it knows nothing although it confirmed later ones.
    package var untoldHoles: [UInt64] {
        epochs.values.flatMap { epoch in
            (1..<epoch.next).filter { sequence in
                epoch.rows[sequence] == nil && epoch.refused[sequence] == nil && epoch.repeated[sequence] == nil
                    && epoch.gap(over: sequence) == nil
            }
        }
    }

    // MARK: Batches

    /// - Parameter prefix: it settles only so many of them.
    package mutating func receive(_ batch: StoredBatch, prefix: Int = .max) -> HTTPResponse {
        if batch.bodies.count > maximumEvents {
            return Self.problem(413, .tooLarge) { $0.maxEvents = maximumEvents }
        }
        var epoch = epochs[batch.epoch] ?? Epoch()
        if batch.covers > epoch.next {
            return Self.problem(409, .expectedSequence) { $0.expectedSequence = epoch.next }
        }
        var new: [String: Set<String>] = [:]
        var through: UInt64 = 0
        var rejected: [BatchAnswer.Rejection] = []
        for body in batch.bodies.prefix(max(1, prefix)) {
            guard let sequence = Self.sequence(of: body) else { return Self.problem(422, .unprocessable) }
            if let problem = take(body, EventIdentity(epoch: batch.epoch, sequence: sequence), into: &epoch, &new) {
                return Self.problem(problem == .identityConflict ? 409 : 422, problem)
            }
            // Every refused event that the answer settles, also when it was refused before and that answer was lost.
            if epoch.refused[sequence] != nil {
                rejected.append(
                    .init(sequence: sequence, id: "", problem: ProblemDetails(status: 422, detail: "no")))
            }
            through = sequence
            epoch.next = max(epoch.next, sequence + 1)
        }
        contents.merge(new) { $0.union($1) }
        if epochs.updateValue(epoch, forKey: batch.epoch) == nil { order.append(batch.epoch) }
        let response = Self.answer(BatchAnswer(acceptedThrough: through, rejected: rejected))
        lastAnswer = (through, response)
        return response
    }

    /// - Returns: why the whole batch is refused because of this event.
    private func take(
        _ body: [UInt8], _ identity: EventIdentity, into epoch: inout Epoch, _ new: inout [String: Set<String>]
    ) -> ProblemDetails.Kind? {
        let sequence = identity.sequence
        guard let reading = read(body) else { return .unprocessable }
        guard case .event(let content, let fate) = reading else {
            if case .gap(let gap) = reading, !epoch.gaps.contains(gap) { epoch.gaps.append(gap) }
            return nil
        }
        if let known = epoch.rows[sequence] ?? epoch.refused[sequence] ?? epoch.repeated[sequence] {
            return known == body ? nil : .identityConflict
        }
        if epoch.gap(over: sequence) != nil { return .identityConflict }
        switch fate {
        case .poison: return .unprocessable
        case .reject: epoch.refused[sequence] = body
        case .event:
            let origin =
                Self.member("retryof", of: body)
                ?? CloudEvent<JSONValue>.identifier(epoch: identity.epoch, sequence: sequence)
            if contents[origin]?.contains(content) == true || new[origin]?.contains(content) == true {
                epoch.repeated[sequence] = body
            } else {
                epoch.rows[sequence] = body
                new[origin, default: []].insert(content)
            }
        }
        return nil
    }

    // MARK: Answers

    package static func answer(_ answer: BatchAnswer) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: ["content-type": "application/json"], body: (try? WireJSON.encode(answer)) ?? [])
    }

    package static func problem(
        _ status: Int, _ kind: ProblemDetails.Kind, headers: [String: String] = [:],
        _ fill: (inout ProblemDetails) -> Void = { _ in }
    ) -> HTTPResponse {
        var problem = ProblemDetails(type: kind.rawValue, title: "\(kind)", status: status)
        fill(&problem)
        return HTTPResponse(
            status: status, headers: headers.merging(["content-type": "application/problem+json"]) { $1 },
            body: (try? WireJSON.encode(problem)) ?? [])
    }

    // MARK: Bytes

    package static func sequence(of body: [UInt8]) -> UInt64? {
        member("sequence", of: body).flatMap { SequenceText.number($0) }
    }

    /// The first member of that name whose value is a plain string. A search instead of a decoder: thousands of runs read millions of
    /// events.
    package static func member(_ name: String, of body: [UInt8]) -> String? {
        let quote = Int32(UInt8(ascii: "\""))
        let key = Array("\"\(name)\":\"".utf8)
        return body.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return nil }
            let end = start + bytes.count
            var at = start
            while let found = memchr(at, quote, end - at).map({ UnsafeRawPointer($0) }), end - found >= key.count {
                guard memcmp(found, key, key.count) == 0 else {
                    at = found + 1
                    continue
                }
                let value = found + key.count
                guard let close = memchr(value, quote, end - value) else { return nil }
                return String(
                    decoding: UnsafeRawBufferPointer(start: value, count: UnsafeRawPointer(close) - value),
                    as: UTF8.self)
            }
            return nil
        }
    }
}
