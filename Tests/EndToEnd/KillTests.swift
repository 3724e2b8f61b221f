import Foundation
import Gateway
import Outbox
import PlatformAPI
import Simulation
import Testing

@testable import footbridge

/// The promise: what the box has accepted, the platform gets, once, whatever dies in between.
@Suite struct KillTests {
    @Test("20 times SIGKILL under load, answers lost and refused: nothing accepted is lost, nothing stands twice")
    func killed() throws {
        let box = try StoreBox(tills: 4)
        box.stopPlatform()
        try box.startPlatform(["--fault-503", "0.1", "--fault-drop-answer", "0.1", "--fault-retry-after", "0"])
        var generator = SeededGenerator(seed: 20, stream: 0)
        var number = 0
        for _ in 0..<20 {
            try box.startDaemon()
            let before = box.acceptedLog.utf8.count
            // First until it works, then for a random while more.
            var left: Int?
            try box.wait("something to be accepted") {
                for till in box.tills {
                    number += 1
                    till.print(StoreBox.receipt(number))
                }
                if left == nil, box.acceptedLog.utf8.count > before { left = Int(generator.next() % 40) }
                if let rest = left { left = rest - 1 }
                return left.map { $0 < 0 } ?? false
            }
            box.killDaemon()
        }
        // The last run only drains; the platform behaves again.
        box.stopPlatform()
        try box.startPlatform()
        try box.startDaemon()
        try box.wait("the queue to drain") {
            box.status().map { $0.queue.depth == 0 } ?? false
        }
        #expect(try box.stopDaemon() == 0)

        let events = try box.events()
        let audit = DeliveryAudit(acceptedLog: box.acceptedLog, platform: events)
        #expect(audit.accepted > 500)
        #expect(audit.unreadable == 0)
        #expect(audit.missing == 0)
        #expect(audit.duplicates == 0)
        // What the stop itself accepted may wait for the next run; nothing else may.
        #expect(try audit.tail <= box.waiting)
    }

    @Test("an event is at the platform within seconds, and an outage only delays it")
    func outage() throws {
        let box = try StoreBox(tills: 1)
        try box.startDaemon()
        box.tills[0].print(StoreBox.receipt(1))
        try box.wait("the first receipt at the platform") { try box.receiptNumbers().contains("1") }
        box.stopPlatform()
        box.tills[0].print(StoreBox.receipt(2))
        try box.wait("the second receipt in the queue") { box.status().map { $0.queue.depth > 0 } ?? false }
        try box.startPlatform()
        try box.wait("the second receipt at the platform") { try box.receiptNumbers().contains("2") }
        #expect(try box.stopDaemon() == 0)
        #expect(try box.receiptNumbers() == ["1", "2"])
    }
}

extension StoreBox {
    /// Rows that the stopped daemon left in its queue.
    var waiting: Int {
        get throws {
            let queue = try Outbox(
                OutboxConfiguration(path: folder.queue, gateway: Self.gateway) {
                    EventStamp(wallNanoseconds: 0, time: "", bootID: "", monotonicNanoseconds: 0, wallIsTrusted: false)
                })
            defer { queue.close() }
            return queue.backlog.rows
        }
    }

    func receiptNumbers() throws -> [String] {
        try eventLines().compactMap { line in
            let event = try WireJSON.decode(JSONValue.self, from: line)
            return event["type"]?.string == "receipt.captured" ? event["data"]?["number"]?.string : nil
        }
    }
}
