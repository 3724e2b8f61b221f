import Testing

/// What the simulation is worth: each of these wrongs has been done by some shipped product, and each must be seen.
@Suite("Delivery, simulated: negative controls")
struct NegativeControlTests {
    /// The violations that the first seeds show.
    private func violations(_ sabotage: DeliverySimulation.Sabotage, of invariant: String) throws -> Int {
        var seen = 0
        for seed: UInt64 in 0..<30 {
            let report = try DeliverySimulation(seed: seed, sabotage: sabotage).run()
            seen += report.violations.filter { $0.hasPrefix(invariant) }.count
        }
        return seen
    }

    @Test("commits with synchronous=NORMAL are caught losing accepted events")
    func relaxedCommits() throws { #expect(try violations(.relaxedCommits, of: "I1") > 0) }

    @Test("a disk that confirms what it has not written is caught")
    func lyingDisk() throws { #expect(try violations(.lyingDisk, of: "I1") > 0) }

    @Test("accepting before the commit is caught")
    func acceptedInMemory() throws { #expect(try violations(.acceptedInMemory, of: "I1") > 0) }

    @Test("deleting what the platform never got is caught")
    func settledUnsent() throws { #expect(try violations(.settledUnsent, of: "I7") > 0) }
}
