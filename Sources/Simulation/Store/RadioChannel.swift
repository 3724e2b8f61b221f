import Foundation

/// How strong one phone is at each receiver: log-distance path loss, the wall of the shop front, a constant offset of phone and
/// place, shadowing that changes over seconds as people turn and move, and fading that changes with every packet.
///
/// The numbers are those of a phone in a hand or bag: -53 dBm at 1 m, exponent 2.3 between shelves, 12 dB for the shop front
/// (a one-metre beacon is calibrated near -59 dBm; ITU-R P.1238 gives 2.0 to 2.8 for shops).
struct RadioChannel {
    private static let levelAtOneMetre = -53.0
    private static let exponent = 2.3
    private static let frontWall = 12.0
    private static let shadowing = 2.5
    private static let shadowingSeconds = 8.0
    private static let fading = 2.0
    /// Below this a cheap dongle decodes nothing; within 6 dB above it packets are lost more and more often.
    private static let sensitivity = -92.0

    private let offset: Double
    private var places: [Double]
    private var shadows: [Double]
    private var heardAt: Double

    init(receivers: Int, generator: inout SeededGenerator) {
        offset = 2 * generator.normal()
        places = (0..<receivers).map { _ in 1.5 * generator.normal() }
        shadows = (0..<receivers).map { _ in Self.shadowing * generator.normal() }
        heardAt = -.infinity
    }

    /// The level in dBm at which each receiver hears a packet sent from `place` at `time` (seconds); `nil` where it is lost.
    mutating func send(
        from place: FloorPoint, at time: Double, plan: StorePlan, generator: inout SeededGenerator,
        heard: (Int, Int8, inout SeededGenerator) -> Void
    ) {
        let memory = heardAt == -.infinity ? 0 : exp(-(time - heardAt) / Self.shadowingSeconds)
        let innovation = Self.shadowing * (1 - memory * memory).squareRoot()
        heardAt = time
        for index in places.indices {
            let receiver = plan.receivers[index]
            shadows[index] = memory * shadows[index] + innovation * generator.quickNormal()
            let distance = max(0.5, place.distance(to: receiver.place))
            var level = Self.levelAtOneMetre + offset - 10 * Self.exponent * log10(distance) - receiver.loss
            if (place.y < 0) != (receiver.place.y < 0) { level -= Self.frontWall }
            level += places[index] + shadows[index] + Self.fading * generator.quickNormal()
            let margin = (level - Self.sensitivity) / 6
            guard margin > 0, generator.unit() < 0.93 * min(1, margin) else { continue }
            heard(index, Int8(max(-127, min(20, level.rounded()))), &generator)
        }
    }
}
