import Simulation

/// Everything that the demonstration found out.
struct DemoResult {
    var seed: UInt64
    var truth: SimulationTruth
    var score: TruthScore
    var audit: DeliveryAudit
    var reported: ReportedDay
    /// Events that waited in the queue when the daemon had stopped.
    var waiting: Int
    var packets: Int
    var unheard: Int
    var heldBytes: Int
    var daemonDownSeconds: Double
    var platformDownSeconds: Double
    var backlogAtReturn: Int?
    var sweep: LeakSweep
    var secrets: Int
    var marker: (planted: Int, found: Int)
    var realSeconds: Double

    var lost: Int { audit.lost(waiting: waiting) }
    var duplicates: Int { audit.duplicates + reported.repeatedRecords }

    /// What must never be, in words; empty when all is well.
    var faults: [String] {
        var faults: [String] = []
        func must(_ holds: Bool, _ fault: @autoclosure () -> String) { if !holds { faults.append(fault()) } }
        must(audit.accepted > 0, "the box accepted no event")
        must(lost == 0, "\(lost) accepted events were lost")
        must(duplicates == 0, "\(duplicates) events stand twice at the platform")
        must(reported.unreadable == 0, "\(reported.unreadable) events at the platform cannot be read")
        must(sweep.findings.isEmpty, "\(sweep.findings.count) traces of strangers or card numbers on the box's disk")
        must(
            marker.found == marker.planted, "the search missed \(marker.planted - marker.found) of its planted markers")
        must(score.visits.breaches == 0, "\(score.visits.breaches) visits of people who had not allowed it")
        must(score.receipts.missed == 0, "\(score.receipts.missed) printed receipts were not captured")
        must(score.receipts.invented == 0, "\(score.receipts.invented) captured documents were never printed")
        must(score.receipts.wrongTotal == 0, "\(score.receipts.wrongTotal) receipts have a wrong total")
        must(score.visits.found > 0, "no visit was found")
        return faults
    }
}
