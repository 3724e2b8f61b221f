import Foundation
import Outbox
import PlatformAPI
import PlatformModel
import Receipts
import Subjects

@testable import Gateway

/// The gateway's pure core as the daemon's engine thread drives it (EngineThread): what it says goes into the queue together with what
/// it then knows, and a new process goes on from what the queue holds.
struct GatewayCore {
    private static let settings = Result {
        EngineSettings(
            try Configuration.decode(
                Array(
                    """
                    gateway: {id: shop-1}
                    store: {code: "0042", time_zone: Europe/Berlin, currency: EUR}
                    platform: {url: "https://platform.example", certificate: c.pem, key: k.pem}
                    radios:
                      - {name: door, source: {h4: /run/1.sock}}
                      - {name: counter, source: {h4: /run/2.sock}}
                    zones:
                      - {name: entrance, kind: entrance, radios: [door]}
                      - {name: checkout, kind: till, radios: [counter], tills: ["1"]}
                    tills:
                      - {name: "1", port: {capture: /dev/null}}

                    """.utf8), file: "simulated.yaml", checkingFiles: false))
    }

    private var engine: Engine
    private var store: EngineStateStore
    private let box: BoxIdentity

    /// As the last run left it.
    init(_ outbox: Outbox, bootID: String, at now: Moment) throws {
        box = BoxIdentity(gateway: "shop-1", bootID: bootID)
        (engine, store, _) = try EngineStateStore.restore(
            try Self.settings.get(), from: outbox, bootID: bootID, now: now)
    }

    /// The last page of the subject feed: one that did not reach the disk, with what it caused, is fetched again.
    var serial: UInt64 { engine.registry.position?.serial ?? 0 }

    mutating func take(_ inputs: [StoreWorld.Input], clock: ClockState, trustsWall: Bool) {
        engine.clockState = clock
        store.trustsWall = trustsWall
        for input in inputs {
            switch input {
            case .sighting(let sighting): engine.observe(sighting)
            case .document(let document, let moment): engine.receive(document, at: moment)
            }
        }
    }

    /// What the queue is to commit together.
    struct Group {
        var events: [GatewayEvent]
        var state: [String: [UInt8]?]
    }

    mutating func apply(_ page: SubjectPage, at now: Moment) throws -> Group {
        let changes = engine.apply(page, at: now)
        return try group(at: now, with: store.changes(of: engine.registry, after: changes))
    }

    /// Lets time pass, and gives what came of it.
    mutating func advance(to now: Moment, withCheckpoint: Bool) throws -> Group {
        engine.advance(to: now)
        var group = try group(at: now)
        if withCheckpoint { group.state.merge(try store.checkpoint(of: engine, at: now)) { $1 } }
        return group
    }

    private mutating func group(at now: Moment, with page: [String: [UInt8]?] = [:]) throws -> Group {
        let outputs = engine.takeOutputs()
        let state = try store.changes(of: engine, with: outputs, at: now)
        return Group(events: outputs.events, state: page.merging(state) { $1 })
    }

    /// The event with its number in the simulation as one more attribute.
    func draft(_ event: GatewayEvent, _ number: Int, told: @escaping @Sendable (EventIdentity, Int) -> Void)
        -> EventDraft
    {
        let box = box
        return EventDraft(type: event.type) { identity in
            told(identity, number)
            let bytes = try event.encoded(as: identity, by: box)
            return bytes.dropLast() + Array(",\"text\":\"\(StoreEvent(number: number).fate.rawValue)-\(number)\"}".utf8)
        }
    }
}
