import Advertising
import Foundation
import Simulation
import Subjects
import Synchronization
import Testing

@testable import Radio

private final class Counter: ReportObserver {
    private let counts = Mutex((reports: 0, packets: 0, ours: 0))
    var seen: (reports: Int, packets: Int, ours: Int) { counts.withLock { $0 } }

    func observe(
        _ report: AdvertisingReport, _ data: Span<UInt8>, isJoined: Bool, whose: Resolution, by receiver: ReceiverID,
        at: Moment
    ) {
        counts.withLock { counts in
            counts.reports += 1
            if case .subject = whose { counts.ours += 1 }
        }
    }

    func observe(packet: Span<UInt8>, outcome: AdvertisingReportParser.Outcome, by receiver: ReceiverID, at: Moment) {
        counts.withLock { $0.packets += 1 }
    }
}

@Suite(.timeLimit(.minutes(2))) struct RadioSurveyTests {
    @Test("a survey sees every advertisement of a controller, strangers too, and switches the scan off at the end")
    func controller() async throws {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        let server = ControllerServer(path: folder + "/hci")
        let counter = Counter()
        let (states, changed) = AsyncStream.makeStream(of: RadioState.self)
        let survey = RadioSurvey(
            name: "door", source: .h4Socket(path: server.path), resolver: ResolverSlot(try Shop.table()),
            clock: FastClock(), observer: counter, report: { changed.yield($0.state) })
        survey.start()
        for await state in states where state == .scanning { break }
        for minor in [1, 99, 4] { server.report(Shop.iBeacon(minor: UInt16(minor))) }
        while counter.seen.reports < 3 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(survey.stop(deadline: .seconds(20)))
        #expect(counter.seen == (3, 3, 2))
        server.stop()
        #expect(!server.controller.isScanning)
    }

    @Test("the daemon's room names neither surveys nor observers: it cannot watch strangers")
    func daemonCannot() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/Gateway")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var read = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            read += 1
            for name in ["RadioSurvey", "ReportObserver", "CaptureFilter", "ScanTable"] {
                #expect(!text.contains(name), "\(file.lastPathComponent) names \(name)")
            }
        }
        #expect(read > 30)
    }
}
