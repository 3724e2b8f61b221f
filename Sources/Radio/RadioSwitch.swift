/// A kernel radio switch (rfkill) that can silence Bluetooth.
package struct RadioSwitch: Hashable, Sendable {
    /// The N of `/sys/class/rfkill/rfkillN`.
    package var number: UInt32
    /// `hci0` for an adapter's own switch, else the name that the box's driver gave.
    package var name: String
    /// Blocked by a program; can be lifted.
    package var isSoftBlocked: Bool
    /// Blocked by a key, a slide or the firmware: only a person at the box can lift it.
    package var isHardBlocked: Bool

    package init(number: UInt32, name: String, isSoftBlocked: Bool, isHardBlocked: Bool) {
        self.number = number
        self.name = name
        self.isSoftBlocked = isSoftBlocked
        self.isHardBlocked = isHardBlocked
    }
}
