import Foundation
import PlatformAPI
import PlatformModel

@testable import Outbox

// A disk that changes what it holds. What it took is told, once; everything else arrives.

extension DeliverySimulation {
    /// Now and then the queue's file is damaged, at rest or under the running process, and now and then looked through.
    func rot() {
        if chance(1, of: 25) {
            if chance(2, of: 3) { cutPower() }
            let damage = FaultyDisk.Damage.allCases.randomElement(using: &random) ?? .bits
            guard box.disk.damage("queue.sqlite", by: damage) else { return }
            note("damage: \(damage)")
            isDamaged = true
            keepRunning()
        } else if chance(1, of: 12) {
            look()
        }
    }

    /// What the daemon's thread does after each start.
    /// - Returns: whether the whole file is sound.
    @discardableResult
    func look() -> Bool {
        guard let outcome = box.look() else { return false }
        if case .sound = outcome { return true }
        note("check: \(outcome)")
        return false
    }

    /// With a healthy disk everything comes right by itself: a start, a look through the file, and a commit that moves in.
    func recoverFromDamage() {
        for _ in 0..<6 {
            endProcess()
            keepRunning()
            for _ in 0..<4 where !look() { commit() }
            drain()
            if box.outbox?.condition == nil, box.outbox?.backlog.rows == 0, look() { return }
            commit()
        }
        let reason = box.outbox?.condition?.description ?? "rows wait"
        ledger.violate("I5: the damaged queue does not come right: \(reason)")
    }

    /// Whether an event that is nowhere is named as lost, or was refused by the platform before its copy was damaged.
    func isTold(_ number: Int) -> Bool {
        guard isDamaged, let identity = ledger.identity(of: number), let epoch = platform.epochs[identity.epoch] else {
            return false
        }
        let reason = epoch.gap(over: identity.sequence)?.reason
        if reason == GapReason.damaged.rawValue { return true }
        return StoreEvent(number: number).fate != .event
            && (reason == GapReason.refused.rawValue || epoch.refused[identity.sequence] != nil)
    }
}
