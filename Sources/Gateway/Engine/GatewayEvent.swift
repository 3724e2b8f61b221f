import Foundation
package import Outbox
package import PlatformAPI
package import Subjects

/// Something that the platform is to hear of, before it has its place in the queue.
package struct GatewayEvent: Sendable {
    package let type: EventType
    package let at: Moment
    private let payload: any Encodable & Sendable

    package init(_ type: EventType, at moment: Moment, _ payload: any Encodable & Sendable) {
        self.type = type
        at = moment
        self.payload = payload
    }

    /// The CloudEvent for the sequence that the queue gives it.
    package func encoded(as identity: EventIdentity, by box: BoxIdentity) throws -> [UInt8] {
        try Self.encode(payload, type: type, at: at, identity: identity, box: box)
    }

    /// What the queue stores: encoded once, inside the transaction that gives it its sequence.
    package func draft(by box: BoxIdentity) -> EventDraft {
        EventDraft(type: type) { identity in try encoded(as: identity, by: box) }
    }

    private static func encode(
        _ payload: some Encodable & Sendable, type: EventType, at moment: Moment, identity: EventIdentity,
        box: BoxIdentity
    ) throws -> [UInt8] {
        try CloudEvent(
            epoch: identity.epoch, sequence: identity.sequence, gateway: box.gateway, type: type,
            time: moment.wall.rfc3339(),
            bootID: box.bootID, monotonicNanoseconds: Int64((moment.monotonic / .nanoseconds(1)).rounded()),
            data: payload
        ).encoded()
    }
}

/// Which box it is, and which boot of it.
package struct BoxIdentity: Sendable, Hashable {
    /// The gateway's id, without the URN prefix.
    package let gateway: String
    /// The kernel's boot id, lower-case UUID; all zeros in a replay.
    package let bootID: String

    package init(gateway: String, bootID: String) {
        self.gateway = gateway
        self.bootID = bootID
    }

    /// The id that the running kernel made at boot.
    package static func kernelBootID() -> String {
        let text = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
        return UUID(uuidString: text.trimmingCharacters(in: .whitespacesAndNewlines))?.uuidString.lowercased()
            ?? Self.noBoot
    }

    /// The boot id of a replay: no boot at all.
    package static let noBoot = "00000000-0000-0000-0000-000000000000"
}
