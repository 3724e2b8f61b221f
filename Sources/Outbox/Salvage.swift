import Foundation
import GRDB
import PlatformAPI

/// Copies what a damaged file still holds into a new one, under the old identities. Nothing is believed that cannot be
/// checked: an event must be the bytes that were stored (``RowChecksum``) and carry its own identity.
struct Salvage {
    /// Rows in one transaction: bounds the memory.
    private static let chunk = 500
    /// No counter comes near; one that has it is damaged, and sums of such must not overflow.
    private static let highestCount: Int64 = 1 << 52

    let gateway: String
    let mark: HighWaterMark?
    private(set) var epoch: UUID?
    private(set) var counters: [String: Int64] = [:]
    private(set) var last: UInt64 = 0
    /// Set when the file says that it is another gateway's.
    private(set) var otherGateway: String?

    init(gateway: String, mark: HighWaterMark?) {
        self.gateway = gateway
        self.mark = mark
    }

    /// The small tables first: whose file it is decides what is taken.
    mutating func readFacts(_ file: PageFile, progress: (OpeningProgress) -> Void) {
        func tell(_ page: UInt32) { progress(Self.reading(page, of: file)) }
        var told: UUID?
        file.forEachRecord(progress: tell) { isTable, _, values in
            if !isTable, values.count == 2, let name = values[0].text {
                if let text = values[1].text {
                    if name == "epoch" { epoch = UUID(uuidString: text) }
                    if name == "gateway", text != gateway { otherGateway = text }
                } else if let value = values[1].integer, (0..<Self.highestCount).contains(value), Self.isCounter(name) {
                    counters[name] = value
                }
            } else if isTable, values.count == 2, values[0].text == "event", let value = values[1].integer,
                value >= 0, value < 1 << 62
            {
                last = max(last, UInt64(value))
            } else if told == nil, isTable, values.count == 8, let body = values[6].blob {
                told = Self.epoch(of: body, crc: values[7].integer)
            }
        }
        // The events' own word has a checksum, the table's has none.
        if let told { epoch = told }
        if epoch == nil { epoch = mark?.epoch }
        if let mark, mark.epoch == epoch { last = max(last, mark.last) }
    }

    /// What a stored event says; nil when its bytes are not the ones that were stored.
    static func epoch(of body: [UInt8], crc: Int64?) -> UUID? {
        guard crc == Int64(RowChecksum.of(body)), let envelope = try? WireJSON.decode(Envelope.self, from: body) else {
            return nil
        }
        return UUID(uuidString: envelope.epoch)
    }

    /// - Parameter wrote: called after each transaction.
    mutating func copyRows(
        _ file: PageFile, to queue: DatabaseQueue, progress: (OpeningProgress) -> Void,
        wrote: (DatabaseQueue) throws -> Void
    ) throws {
        var rows: [Row] = []
        func tell(_ page: UInt32) { progress(Self.reading(file.pages &+ page, of: file)) }
        try file.forEachRecord(progress: tell) { isTable, rowid, values in
            guard isTable, let row = row(rowid, values) else { return }
            if case .event(let event) = row {
                last = max(last, event.sequence)
                if epoch == nil { epoch = event.epoch }
            }
            rows.append(row)
            if rows.count == Self.chunk {
                try Self.write(rows, to: queue)
                try wrote(queue)
                rows.removeAll(keepingCapacity: true)
            }
        }
        try Self.write(rows, to: queue)
        try wrote(queue)
    }

    /// The file is read twice.
    private static func reading(_ page: UInt32, of file: PageFile) -> OpeningProgress {
        OpeningProgress(step: .salvaging, done: Int64(page), total: 2 * Int64(file.pages))
    }

    // MARK: - Rows

    private struct Event {
        var sequence: UInt64
        var epoch: UUID?
        var values: [DatabaseValue]
    }

    private enum Row {
        case event(Event)
        case quarantined([DatabaseValue])
        case state(key: String, value: [UInt8])
        case audit([DatabaseValue])
    }

    private func row(_ rowid: Int64, _ values: [RecordValue]) -> Row? {
        switch values.count {
        case 2:
            guard let key = values[0].text, let value = values[1].blob else { return nil }
            return .state(key: key, value: value)
        case 7, 8:
            if let event = event(rowid, values) { return .event(event) }
            return audit(values)
        case 9: return quarantined(values)
        default: return nil
        }
    }

    private func event(_ rowid: Int64, _ values: [RecordValue]) -> Event? {
        guard rowid >= 1, rowid < 1 << 62, values[0].isNull, let name = values[1].text,
            let type = EventType(rawValue: name), let enqueuedAt = values[3].integer
        else { return nil }
        let sequence = UInt64(rowid)
        // What had left the queue and is here again had its removal lost with the damage.
        if let mark, mark.epoch == epoch, sequence <= mark.settled { return nil }
        let priority = EventPriority(type).rawValue
        var event = Event(sequence: sequence, epoch: nil, values: [])
        if let gapFirst = values[4].integer {
            guard gapFirst >= 1, gapFirst <= rowid, let text = values[5].text,
                let record = try? GapRecord(text: text), (try? record.text()) != nil,
                values.count == 7 || values[7].isNull || values[7].integer == Int64(RowChecksum.of(Array(text.utf8)))
            else { return nil }
            event.values = Self.values(rowid, name, priority, enqueuedAt, gapFirst, text, [UInt8]())
            return event
        }
        guard values[4].isNull, let body = values[6].blob ?? (values[6].text.map { Array($0.utf8) }) else { return nil }
        guard values.count == 8, values[7].integer == Int64(RowChecksum.of(body)) else { return nil }
        guard let envelope = try? WireJSON.decode(Envelope.self, from: body),
            let own = UUID(uuidString: envelope.epoch),
            epoch == nil || own == epoch,
            envelope.id == CloudEvent<Int>.identifier(epoch: own, sequence: sequence)
        else { return nil }
        event.epoch = own
        event.values = Self.values(rowid, name, priority, enqueuedAt, nil, nil, body)
        return event
    }

    private func quarantined(_ values: [RecordValue]) -> Row? {
        guard values[0].isNull, let epoch = values[1].text, let sequence = values[2].integer,
            let type = values[3].text, let priority = values[4].integer, let enqueuedAt = values[5].integer,
            let quarantinedAt = values[6].integer, let problem = values[7].text, let body = values[8].blob,
            (try? WireJSON.decode(Envelope.self, from: body)) != nil
        else { return nil }
        return .quarantined([
            epoch.databaseValue, sequence.databaseValue, type.databaseValue, priority.databaseValue,
            enqueuedAt.databaseValue, quarantinedAt.databaseValue, problem.databaseValue, Data(body).databaseValue,
        ])
    }

    private func audit(_ values: [RecordValue]) -> Row? {
        guard values.count == 8, values[0].isNull, let at = values[1].integer, let action = values[2].text,
            let who = values[3].text, let reason = values[4].text, let epoch = values[5].text,
            let sequence = values[6].integer, let type = values[7].text
        else { return nil }
        return .audit([
            at.databaseValue, action.databaseValue, who.databaseValue, reason.databaseValue, epoch.databaseValue,
            sequence.databaseValue, type.databaseValue,
        ])
    }

    private static func values(
        _ sequence: Int64, _ type: String, _ priority: Int, _ enqueuedAt: Int64, _ gapFirst: Int64?, _ gap: String?,
        _ body: [UInt8]
    ) -> [DatabaseValue] {
        [
            sequence.databaseValue, type.databaseValue, priority.databaseValue, enqueuedAt.databaseValue,
            gapFirst?.databaseValue ?? .null, gap?.databaseValue ?? .null, Data(body).databaseValue,
            Int64(RowChecksum.of(gap.map { Array($0.utf8) } ?? body)).databaseValue,
        ]
    }

    /// What every event must have; the rest of it was checked before it was accepted.
    private struct Envelope: Decodable {
        var id: String
        var epoch: String
        var sequence: String
    }

    private static func write(_ rows: [Row], to queue: DatabaseQueue) throws {
        try queue.write { db in
            for row in rows {
                switch row {
                case .event(let event):
                    try db.cachedStatement(
                        sql: """
                            INSERT OR IGNORE INTO event
                                (sequence, type, priority, enqueued_at, gap_first, gap, body, crc)
                            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                            """
                    ).execute(arguments: StatementArguments(event.values))
                case .quarantined(let values):
                    try db.cachedStatement(
                        sql: """
                            INSERT OR IGNORE INTO quarantine
                                (epoch, sequence, type, priority, enqueued_at, quarantined_at, problem, body)
                            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                            """
                    ).execute(arguments: StatementArguments(values))
                case .state(let key, let value):
                    try CommitWriter.store(value, for: key, in: db)
                case .audit(let values):
                    try db.cachedStatement(
                        sql: """
                            INSERT INTO audit (at, action, who, reason, epoch, sequence, type)
                            VALUES (?, ?, ?, ?, ?, ?, ?)
                            """
                    ).execute(arguments: StatementArguments(values))
                }
            }
        }
    }

    private static func isCounter(_ name: String) -> Bool {
        let names = [
            Counter.delivered, Counter.quarantined, Counter.enqueuedBefore, Counter.retried, Counter.dropped,
            Counter.forgotten, Counter.rescues, Counter.salvaged,
        ]
        return names.contains(name) || name.hasPrefix(Counter.evictedPrefix)
    }
}
