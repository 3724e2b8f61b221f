/// How often each rung of the recovery ladder was tried; a value of fixed size that never allocates.
package struct RecoveryCounts: Hashable, Sendable {
    private var restartScan: UInt64 = 0
    private var reopen: UInt64 = 0
    private var powerCycle: UInt64 = 0
    private var downUp: UInt64 = 0
    private var resetUSB: UInt64 = 0

    package init() {}

    package subscript(rung: RecoveryLadder.Rung) -> UInt64 {
        get {
            switch rung {
            case .restartScan: restartScan
            case .reopen: reopen
            case .powerCycle: powerCycle
            case .downUp: downUp
            case .resetUSB: resetUSB
            }
        }
        set {
            switch rung {
            case .restartScan: restartScan = newValue
            case .reopen: reopen = newValue
            case .powerCycle: powerCycle = newValue
            case .downUp: downUp = newValue
            case .resetUSB: resetUSB = newValue
            }
        }
    }
}
