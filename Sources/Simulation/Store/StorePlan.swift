package import Subjects

/// The floor plan of the simulated store: one door in the middle of the front, shelves behind it, tills along the east wall.
package struct StorePlan: Sendable {
    /// One radio and where it hangs.
    package struct Receiver: Sendable {
        package let id: ReceiverID
        package let zone: ZoneID
        package let place: FloorPoint
        /// dB that the mounting takes away (a till's receiver is screened so that it hears its own customer best).
        package let loss: Double
        /// An old dongle that knows only the legacy scan commands: it hears no extended advertisement.
        package let legacyOnly: Bool
    }

    package struct Zone: Sendable {
        package let id: ZoneID
        /// `outside`, `entrance`, `floor` or `till`, as the configuration spells them.
        package let kind: String
        package let till: TillID?
    }

    package let receivers: [Receiver]
    package let zones: [Zone]
    package let tills: [TillID]

    /// Where a shopper crosses the shop front.
    package static let door = FloorPoint(x: 12, y: 0)
    /// The shop is this wide and deep, in metres.
    package static let width = 24.0
    package static let depth = 16.0

    package init(tills count: Int) {
        let count = max(1, min(count, StorePlan.maximumTills))
        var receivers = [
            Receiver(id: "window", zone: "street", place: FloorPoint(x: 12, y: -0.5), loss: 0, legacyOnly: false),
            Receiver(id: "door", zone: "entrance", place: FloorPoint(x: 12, y: 2.5), loss: 0, legacyOnly: false),
            Receiver(id: "west", zone: "floor", place: FloorPoint(x: 6, y: 9), loss: 0, legacyOnly: false),
            Receiver(id: "east", zone: "floor", place: FloorPoint(x: 16, y: 10), loss: 0, legacyOnly: false),
        ]
        var zones = [
            Zone(id: "street", kind: "outside", till: nil),
            Zone(id: "entrance", kind: "entrance", till: nil),
            Zone(id: "floor", kind: "floor", till: nil),
        ]
        var tills: [TillID] = []
        for number in 1...count {
            let till = TillID("till-\(number)")
            tills.append(till)
            zones.append(Zone(id: ZoneID("checkout-\(number)"), kind: "till", till: till))
            receivers.append(
                Receiver(
                    id: ReceiverID("counter-\(number)"), zone: ZoneID("checkout-\(number)"),
                    place: StorePlan.counter(number - 1), loss: 6, legacyOnly: number == 3))
        }
        self.receivers = receivers
        self.zones = zones
        self.tills = tills
    }

    package static let maximumTills = 5

    /// The counter of a till: under it hangs its receiver.
    package static func counter(_ till: Int) -> FloorPoint {
        FloorPoint(x: 22.5, y: 2.5 + 3 * Double(till))
    }

    /// Where the `position`th shopper of a till's queue stands; 0 is served.
    package static func queue(_ till: Int, position: Int) -> FloorPoint {
        let counter = counter(till)
        return FloorPoint(x: counter.x - 1 - 1.2 * Double(min(position, 4)), y: counter.y)
    }
}

extension StorePlan {
    /// The name of the till at `index`, as in the configuration.
    static func tillName(_ index: Int) -> String { "till-\(index + 1)" }
}
