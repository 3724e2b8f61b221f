import Foundation
package import PlatformAPI

/// What arrived at the platform, read from the lines of `footbridge-platform events`.
package struct ReportedDay: Sendable {
    /// The identity of every event, as often as it was listed.
    package private(set) var identities: [Identity] = []
    /// By visit id, the latest revision.
    package private(set) var visits: [String: VisitRecord] = [:]
    package private(set) var receipts: [ReceiptCaptured] = []
    /// By receipt id, the latest revision that was not taken back.
    package private(set) var links: [String: ReceiptLinked] = [:]
    package private(set) var gaps: [Gap] = []
    /// Events by type.
    package private(set) var counts: [String: Int] = [:]
    /// Records that stand there twice although each may exist once: a receipt's capture, one revision of a visit or a link.
    package private(set) var repeatedRecords = 0
    /// Lines that could not be read.
    package private(set) var unreadable = 0

    private var records: Set<String> = []

    package struct Identity: Hashable, Sendable {
        package var epoch: String
        package var sequence: UInt64
    }

    package struct Gap: Hashable, Sendable {
        package var epoch: String
        package var sequences: ClosedRange<UInt64>
        package var reason: String
    }

    private struct Envelope: Decodable {
        var type: String
        var epoch: String
        var sequence: String
    }

    private struct Holder<Payload: Decodable>: Decodable {
        var data: Payload
    }

    package init() {}

    /// Takes one line of JSON: one event.
    package mutating func add(line: some Collection<UInt8>) {
        let data = Data(line)
        guard !data.isEmpty else { return }
        do {
            let envelope = try JSONDecoder().decode(Envelope.self, from: data)
            guard let sequence = UInt64(envelope.sequence) else {
                unreadable += 1
                return
            }
            identities.append(Identity(epoch: envelope.epoch, sequence: sequence))
            counts[envelope.type, default: 0] += 1
            try add(envelope, data)
        } catch {
            unreadable += 1
        }
    }

    private mutating func add(_ envelope: Envelope, _ data: Data) throws {
        switch EventType(rawValue: envelope.type) {
        case .visitOpened, .visitClosed:
            let visit = try JSONDecoder().decode(Holder<VisitRecord>.self, from: data).data
            once("\(envelope.type) \(visit.visitID) \(visit.revision)")
            if let known = visits[visit.visitID], !Self.isNewer(visit, than: known) { return }
            visits[visit.visitID] = visit
        case .visitRetracted:
            let retraction = try JSONDecoder().decode(Holder<VisitRetracted>.self, from: data).data
            visits[retraction.visitID] = nil
        case .receiptCaptured:
            let receipt = try JSONDecoder().decode(Holder<ReceiptCaptured>.self, from: data).data
            once("receipt \(receipt.receiptID)")
            receipts.append(receipt)
        case .receiptLinked:
            let link = try JSONDecoder().decode(Holder<ReceiptLinked>.self, from: data).data
            once("link \(link.linkID) \(link.revision)")
            if let known = links[link.receiptID], known.revision > link.revision { return }
            links[link.receiptID] = link
        case .linkRetracted:
            let retraction = try JSONDecoder().decode(Holder<LinkRetracted>.self, from: data).data
            links[retraction.receiptID] = nil
        case .gatewayGap:
            let gap = try JSONDecoder().decode(Holder<GatewayGap>.self, from: data).data
            guard gap.first <= gap.last else { return }
            gaps.append(Gap(epoch: envelope.epoch, sequences: gap.first...gap.last, reason: gap.reason))
        default: break
        }
    }

    private mutating func once(_ record: String) {
        if !records.insert(record).inserted { repeatedRecords += 1 }
    }

    private static func isNewer(_ visit: VisitRecord, than known: VisitRecord) -> Bool {
        visit.revision == known.revision ? visit.exitedAt != nil : visit.revision > known.revision
    }
}
