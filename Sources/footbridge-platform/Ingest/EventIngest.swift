import Crypto
import PlatformAPI

/// When and how a batch came, by both ends' clocks.
struct Arrival: Hashable, Sendable {
    /// The header, as it came.
    var sentAt: String
    var sent: SentMonotonic?
    /// Milliseconds since 1970, by the platform's clock.
    var receivedAt: Int64
}

extension PlatformStore {
    /// Takes a batch in one transaction: all of it is durable when this returns, or nothing of it is.
    ///
    /// - Throws: ``PlatformProblem`` 409 when the batch begins after what is settled, or when an event differs from the
    ///   one that is held under the same identity.
    func ingest(_ batch: ReceivedBatch, gateway: String, arrival: Arrival) async throws -> BatchAnswer {
        try await database.write { transaction in
            // Two instances may have batches of one gateway at once: the later one sees what the earlier one has settled.
            try transaction.lock("gateway \(gateway)")
            return try EventIngest(
                transaction: transaction, gateway: gateway, epoch: batch.epoch, arrival: arrival
            ).take(batch)
        }
    }
}

/// The rules of the contract for one batch inside its transaction. Identity is the primary key (gateway, epoch,
/// sequence); `progress.settled` says up to where nothing is missing.
private struct EventIngest {
    let transaction: any StoreTransaction
    let gateway: String
    let epoch: String
    let arrival: Arrival

    func take(_ batch: ReceivedBatch) throws -> BatchAnswer {
        let settled =
            try transaction.rows(
                "SELECT settled FROM progress WHERE gateway = $1 AND epoch = $2", [.text(gateway), .text(epoch)]
            ).first.map { UInt64(try $0.integer(0)) } ?? 0
        guard batch.first <= settled + 1 else {
            throw PlatformProblem(
                .expectedSequence, 409, "Sequences are missing before this batch",
                detail: "the batch begins at \(batch.first)", expectedSequence: settled + 1)
        }
        let known = batch.events.filter { $0.sequence <= settled }
        let held = try held(known)
        let unstored = try unstored(known)
        let gaps = try gaps(over: known.filter { held[$0.sequence]?.isEvent != true })
        var repetitions = try Repetitions(batch, gateway: gateway, transaction)
        var rejected: [BatchAnswer.Rejection] = []
        var kept: [ReceivedEvent] = []
        var leftOut: [Unstored.Reason: [ReceivedEvent]] = [:]
        for event in batch.events {
            if try held[event.sequence].map({ try isSame(event, as: $0) }) == true { continue }
            if let gap = event.gap {
                // A gap over events that are held deletes them when their subject withdrew, else it changes nothing.
                let withdrawn = gap.reason == GapReason.withdrawn.rawValue
                if withdrawn { try delete(gap) }
                if event.sequence > settled || withdrawn { kept.append(event) }
                continue
            }
            let before = unstored[event.sequence]
            if let before, before.digest != event.digest { throw conflict(event) }
            // What a repetition repeats may have been withdrawn meanwhile.
            if before?.reason == .repeated { continue }
            let covering = gaps.filter { ($0.first...$0.last).contains(event.sequence) }
            if covering.contains(where: { $0.reason == GapReason.withdrawn.rawValue }) { continue }
            guard covering.isEmpty || before != nil else { throw conflict(event) }
            if let problem = event.problem {
                rejected.append(.init(sequence: event.sequence, id: event.id, problem: problem))
                leftOut[.rejected, default: []].append(event)
            } else if repetitions.isHeld(event) {
                leftOut[.repeated, default: []].append(event)
            } else {
                // Also one that was rejected by a platform that has been mended since: the gateway takes it for stored.
                kept.append(event)
            }
        }
        try forget(kept.filter { unstored[$0.sequence] != nil })
        for (reason, events) in leftOut { try leaveOut(events, reason) }
        try store(kept)
        if batch.last > settled {
            try transaction.execute(
                """
                INSERT INTO progress (gateway, epoch, settled) VALUES ($1, $2, $3)
                ON CONFLICT (gateway, epoch) DO UPDATE SET settled = excluded.settled
                """, [.text(gateway), .text(epoch), .integer(Int64(batch.last))])
        }
        // Not `settled`: a restored gateway may be behind the platform and must not drop events it has not offered.
        return BatchAnswer(acceptedThrough: batch.last, rejected: rejected)
    }

    private struct Held {
        let type: String
        let body: [UInt8]

        var isEvent: Bool { type != EventType.gatewayGap.rawValue }
    }

    /// What the platform holds already under the identities of these events. No gap of the batch can delete one of them, because
    /// its range ends where the event before it ended.
    private func held(_ events: [ReceivedEvent]) throws -> [UInt64: Held] {
        var held: [UInt64: Held] = [:]
        for row in try rows("type, body", of: "event", events) {
            held[UInt64(try row.integer(0))] = Held(type: try row.text(1), body: try row.blob(2))
        }
        return held
    }

    private struct Unstored {
        /// Why it was settled all the same; as it stands in the table.
        enum Reason: String {
            /// It was named to the gateway as rejected, in an answer that may have been lost.
            case rejected
            /// It was held under another identity.
            case repeated
        }

        let digest: [UInt8]
        let reason: Reason
    }

    /// What was settled under these identities without being stored.
    private func unstored(_ events: [ReceivedEvent]) throws -> [UInt64: Unstored] {
        var unstored: [UInt64: Unstored] = [:]
        for row in try rows("digest, reason", of: "unstored", events) {
            unstored[UInt64(try row.integer(0))] = Unstored(
                digest: try row.blob(1), reason: Unstored.Reason(rawValue: try row.text(2)) ?? .rejected)
        }
        return unstored
    }

    private func rows(_ columns: String, of table: String, _ events: [ReceivedEvent]) throws -> [StoreRow] {
        try stride(from: 0, to: events.count, by: 100).flatMap { start in
            let part = events[start..<min(start + 100, events.count)]
            return try transaction.rows(
                """
                SELECT sequence, \(columns) FROM \(table) WHERE gateway = $1 AND epoch = $2
                AND sequence IN \(type(of: transaction).parameters(part.count, after: 2))
                """, [.text(gateway), .text(epoch)] + part.map { .integer(Int64($0.sequence)) })
        }
    }

    /// The gaps that are held and may reach back over one of these events.
    private func gaps(over events: [ReceivedEvent]) throws -> [GatewayGap] {
        guard let first = events.first else { return [] }
        return try transaction.rows(
            "SELECT body FROM event WHERE gateway = $1 AND epoch = $2 AND sequence >= $3 AND type = $4",
            [
                .text(gateway), .text(epoch), .integer(Int64(first.sequence)),
                .text(EventType.gatewayGap.rawValue),
            ]
        ).map { try WireJSON.decode(CloudEvent<GatewayGap>.self, from: $0.blob(0)).data }
    }

    /// Whether the event is held byte for byte; not so for a gap, which may stand over another event.
    private func isSame(_ event: ReceivedEvent, as held: Held) throws -> Bool {
        if held.body == event.body { return true }
        guard !held.isEvent || event.gap != nil else { throw conflict(event) }
        return false
    }

    /// The identity is taken: by other bytes, stored or refused, or by a gap. Settling the event would lose it.
    private func conflict(_ event: ReceivedEvent) -> PlatformProblem {
        PlatformProblem(
            .identityConflict, 409, "This identity is taken",
            detail: "\(event.id) was settled as something else; the gateway's queue was restored from a copy")
    }

    /// Remembers the bytes that were settled without being stored, so that others under the same identity are not taken for them.
    private func leaveOut(_ events: [ReceivedEvent], _ reason: Unstored.Reason) throws {
        try forget(events)
        try transaction.insert(
            into: "unstored", ["gateway", "epoch", "sequence", "digest", "reason"],
            events.map {
                [
                    .text(gateway), .text(epoch), .integer(Int64($0.sequence)), .blob($0.digest),
                    .text(reason.rawValue),
                ]
            })
    }

    private func forget(_ events: [ReceivedEvent]) throws {
        for start in stride(from: 0, to: events.count, by: 100) {
            let part = events[start..<min(start + 100, events.count)]
            try transaction.execute(
                """
                DELETE FROM unstored WHERE gateway = $1 AND epoch = $2
                AND sequence IN \(type(of: transaction).parameters(part.count, after: 2))
                """, [.text(gateway), .text(epoch)] + part.map { .integer(Int64($0.sequence)) })
        }
    }

    private func delete(_ gap: GatewayGap) throws {
        try transaction.execute(
            """
            DELETE FROM event WHERE gateway = $1 AND epoch = $2 AND sequence BETWEEN $3 AND $4 AND type <> $5
            """,
            [
                .text(gateway), .text(epoch), .integer(Int64(gap.first)), .integer(Int64(gap.last)),
                .text(EventType.gatewayGap.rawValue),
            ])
    }

    private func store(_ events: [ReceivedEvent]) throws {
        let stamps = events.map(\.stamp)
        let repair = ClockRepair(
            receivedAt: arrival.receivedAt, sentAt: Timestamp.milliseconds(arrival.sentAt) ?? arrival.receivedAt,
            sent: arrival.sent)
        let origins = try BootOrigins(transaction: transaction, gateway: gateway)
            .update(repair, stamps.compactMap(\.self))
        let receivedAt = Timestamp.text(milliseconds: arrival.receivedAt)
        try transaction.insert(
            into: "event",
            [
                "gateway", "epoch", "sequence", "type", "time", "received_at", "sent_at", "boot", "monotonic",
                "corrected_ms", "body", "retryof",
            ],
            zip(events, stamps).map { event, stamp in
                [
                    .text(gateway), .text(epoch), .integer(Int64(event.sequence)), .text(event.type),
                    .text(event.time), .text(receivedAt), .text(arrival.sentAt), .text(event.boot),
                    StoreValue(event.monotonic),
                    StoreValue(stamp.flatMap { repair.corrected($0, origins: origins) }), .blob(event.body),
                    StoreValue(event.retryof),
                ]
            })
    }
}

extension ReceivedEvent {
    /// SHA-256 of the bytes.
    fileprivate var digest: [UInt8] { Array(SHA256.hash(data: body)) }

    fileprivate var stamp: ClockRepair.Stamp? {
        guard let time = Timestamp.milliseconds(time), let monotonic else { return nil }
        return ClockRepair.Stamp(time: time, boot: boot, monotonic: monotonic)
    }
}
