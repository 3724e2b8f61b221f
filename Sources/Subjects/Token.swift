/// Computes what a phone advertises, for people who write the app or look for a fault.
package enum Token {
    package enum Scheme: String, CaseIterable, Sendable {
        case eid, rolling, ibeacon
    }

    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case exponentMissing
        case exponentOutOfRange(Int)
        case timeOutOfRange(Int64)

        package var description: String {
            switch self {
            case .exponentMissing: "scheme eid: the exponent is missing; give --exponent 0 to 15"
            case .exponentOutOfRange(let exponent): "scheme eid: exponent \(exponent) is not allowed; give 0 to 15"
            case .timeOutOfRange(let time): "time \(time) is not a number of seconds from 0 to 4294967295"
            }
        }
    }

    /// The token's bytes: 8 for `eid`, 16 for `rolling`, 4 (major, minor) for `ibeacon`.
    ///
    /// - `key`: the identity key for `eid`, the day key for the others.
    /// - `exponent`: K of `eid`; not looked at for the others.
    /// - `time`: unix seconds; for `eid` the beacon's counter (the two are equal when the counter's zero is the epoch).
    package static func generate(
        scheme: Scheme, key: TokenKey, exponent: Int?, time: Int64
    ) throws(Failure) -> [UInt8] {
        guard let seconds = UInt32(exactly: time) else { throw .timeOutOfRange(time) }
        let interval = seconds / UInt32(RollingIdentifier.intervalSeconds)
        switch scheme {
        case .eid:
            guard let exponent else { throw .exponentMissing }
            guard EddystoneEID.exponents.contains(exponent) else { throw .exponentOutOfRange(exponent) }
            return EddystoneEID.identifier(identityKey: key, exponent: UInt8(exponent), time: seconds)
        case .rolling: return RollingIdentifier.identifier(dayKey: key, interval: interval)
        case .ibeacon: return RotatingIBeacon.identifier(dayKey: key, interval: interval)
        }
    }
}
