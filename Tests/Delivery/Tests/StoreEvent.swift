import Foundation
import Outbox
import PlatformAPI
import PlatformModel

/// One numbered event of the simulated store: what becomes of it follows from its number, so that any run can be judged.
struct StoreEvent: Hashable {
    let number: Int

    var fate: PlatformModel.Fate {
        switch number % 29 {
        case 11: .reject
        case 23: .poison
        default: .event
        }
    }

    var type: EventType {
        switch number % 5 {
        case 0: .visitClosed
        case 1: .footfallHour
        case 2: .gatewayHealth
        default: .receiptCaptured
        }
    }

    /// - Parameter told: with the identity, whenever the event is encoded.
    func draft(_ told: @escaping @Sendable (EventIdentity, Int) -> Void) -> EventDraft {
        let event = self
        return EventDraft(type: type) { identity in
            told(identity, event.number)
            return event.encoded(identity)
        }
    }

    /// The members of a CloudEvent of this contract, put together by hand: thousands of runs encode millions of them.
    private func encoded(_ identity: EventIdentity) -> [UInt8] {
        let epoch = identity.epoch.uuidString.lowercased()
        let sequence = SequenceText.text(identity.sequence)
        let id = CloudEvent<Int>.identifier(epoch: identity.epoch, sequence: identity.sequence)
        let more = String(repeating: "x", count: number % 17 == 0 ? 5000 : number % 7 * 40)
        return Array(
            """
            {"specversion":"1.0","id":"\(id)","source":"urn:footbridge:gateway:shop-1",\
            "type":"\(type.rawValue)","time":"2026-11-21T09:30:00.000Z","epoch":"\(epoch)","sequence":"\(sequence)",\
            "bootid":"0","monotonic":"1","data":{"text":"\(fate.rawValue)-\(number)","more":"\(more)"}}
            """.utf8)
    }

    /// The event whose encoded form this is; nil for anything else, a `gateway.gap` among it.
    init?(body: [UInt8]) {
        guard let text = PlatformModel.member("text", of: body) else { return nil }
        self.init(text: text)
    }

    /// - Parameter text: `FATE-NUMBER`, and whatever follows a quote.
    init?(text: String) {
        let parts = text.prefix { $0 != "\"" }.split(separator: "-")
        guard parts.count == 2, let number = Int(parts[1]) else { return nil }
        self.number = number
    }

    init(number: Int) { self.number = number }
}
