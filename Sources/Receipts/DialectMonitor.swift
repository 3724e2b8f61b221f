/// Watches the share of commands that a dialect does not have. It is 0 for the right dialect and from 0.34 for another one
/// (measured on public captures of both families); noise on the line lies between.
package struct DialectMonitor: Sendable, Hashable {
    /// Commands before anything is said.
    static let minimum = 40
    /// The alarm begins above this share of unknown commands and ends below the other: in between it stays as it is.
    static let begins = 0.15
    static let ends = 0.05
    /// Older commands count half after so many, so that a till that was set right is soon well again.
    static let window = 400

    private var known = 0.0
    private var unknown = 0.0
    /// "Wrong dialect?" is raised.
    package private(set) var isAlarmed = false
    /// How often it was.
    package private(set) var alarms = 0

    package init() {}

    /// The share of unknown commands lately, 0 to 1.
    package var unknownShare: Double { known + unknown > 0 ? unknown / (known + unknown) : 0 }

    /// Whether the dialect is wrong; nil before enough commands came to say.
    package var verdict: Bool? {
        isAlarmed || known + unknown >= Double(DialectMonitor.minimum) ? isAlarmed : nil
    }

    mutating func count(_ token: PrintToken) {
        if case .unknown = token { unknown += 1 } else if token.isKnownCommand { known += 1 } else { return }
        let total = known + unknown
        guard total >= Double(DialectMonitor.minimum) else { return }
        if !isAlarmed, unknown > total * DialectMonitor.begins {
            isAlarmed = true
            alarms += 1
        } else if isAlarmed, unknown < total * DialectMonitor.ends {
            isAlarmed = false
        }
        if total >= Double(DialectMonitor.window) {
            known /= 2
            unknown /= 2
        }
    }
}
