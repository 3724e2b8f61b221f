import Foundation
import PlatformAPI
import Simulation
import Testing

@testable import footbridge

/// The line to the platform, with the real programs at both ends.
@Suite struct LineTests {
    @Test("a proxy in the environment is not used, and the log says so")
    func environment() throws {
        let box = try StoreBox(tills: 1)
        // Nobody listens on port 1.
        try box.startDaemon(environment: ["https_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"])
        box.tills[0].print(StoreBox.receipt(1))
        try box.wait("the receipt at the platform") { try box.receiptNumbers().contains("1") }
        #expect(box.log.contains("https_proxy in the environment is not used"))
        #expect(try box.stopDaemon() == 0)
    }

    @Test("the platform knows the true time of an event whose gateway's clock is years ahead, exactly")
    func clockAhead() throws {
        let box = try StoreBox(tills: 1)
        let now = Date()
        try box.startDaemon(clock: [
            "--clock-origin", "\(Int(now.timeIntervalSince1970) + 90_000_000)@\(Int(now.timeIntervalSince1970))",
            "--clock-rate", "1",
        ])
        box.tills[0].print(StoreBox.receipt(1))
        try box.wait("the receipt at the platform") { try box.receiptNumbers().contains("1") }
        #expect(try box.stopDaemon() == 0)
        let events = try box.eventLines(["--corrected"]).map { try WireJSON.decode(JSONValue.self, from: $0) }
        let receipt = try #require(events.first { $0["type"]?.string == "receipt.captured" })
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let said = try style.parse(try #require(receipt["time"]?.string))
        let known = try style.parse(try #require(receipt["correctedtime"]?.string))
        #expect(said > now + 80_000_000)
        #expect(known > now - 60 && known < Date() + 60)
        // From the header, not from an estimate by the wall clocks.
        let script =
            "import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute('select min(exact) from boot').fetchone()[0])"
        let exact = try ChildProcess.output(
            "/usr/bin/env", ["python3", "-c", script, String(box.folder.platformStore.dropFirst("sqlite:".count))])
        #expect(String(decoding: exact, as: UTF8.self).hasPrefix("1"))
    }
}
