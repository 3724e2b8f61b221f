/// How a stay in a till's zone lies around a receipt, in the coarse bins that evidence is counted in.
struct TillTiming: Hashable, Sendable {
    /// Seconds from the last byte to the end of the stay: the payer leaves soon after, the queue stays.
    static let endBounds: [Double] = [-15, 0, 10, 20, 40]
    /// Seconds from the start of the stay to the first byte: the payer was served before it was printed.
    static let startBounds: [Double] = [0, 25, 180]

    static let endBins = endBounds.count + 1
    static let startBins = startBounds.count + 1

    /// A stay that ended longer before the receipt, or began longer after it, has nothing to do with it.
    static let before: Duration = .seconds(60)
    static let after: Duration = .seconds(5)

    var end: Int
    var start: Int

    /// - Parameters in seconds; infinite for a stay that goes on.
    init(endAfterLastByte: Double, startBeforeFirstByte: Double) {
        end = Self.endBounds.filter { endAfterLastByte >= $0 }.count
        start = Self.startBounds.filter { startBeforeFirstByte >= $0 }.count
    }
}
