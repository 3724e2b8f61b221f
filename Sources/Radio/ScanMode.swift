/// How a radio shares its adapter with the rest of the box.
package enum ScanMode: String, Hashable, Sendable, CaseIterable {
    /// The adapter is ours alone (HCI_CHANNEL_USER): deterministic, and hidden from bluetoothd while we run.
    case exclusive
    /// Bluetooth peripherals and bluetoothd keep working: the kernel scans, we read along and send no command.
    case shared
    /// Beside the kernel's host (HCI_CHANNEL_RAW), for boxes where bluetoothd is masked.
    case raw
}
