package import Threads

/// The kernel's Bluetooth as radios need it: which adapters there are, ways to their controllers, and the means to bring
/// a stuck one back. It does what it is told and decides nothing.
///
/// Calls may block for as long as the kernel does (switching a mute controller on: 2.1 s); they are made on a radio's own
/// thread.
package protocol BluetoothHost: Sendable {
    /// All adapters, by index.
    func adapters() throws(AdapterError) -> [Adapter]

    /// Opens a channel to one adapter's controller: one packet a read. For `.user` the adapter must be down.
    func open(_ channel: HCIChannel, index: UInt16, bell: Doorbell) throws(AdapterError) -> any HCITransport

    /// Lets the kernel scan (passively, all of the time, no duplicate filter) and reads along: for an adapter that
    /// others use too. No command of ours reaches the controller. The adapter must be powered.
    ///
    /// A read throws `RadioError.adapter` with `.gone`, `.down` or `.scanTaken` when the scan cannot go on: open again.
    /// Letting go ends our part of the scan.
    func openKernelScan(index: UInt16, bell: Doorbell) throws(AdapterError) -> any HCITransport

    /// HCIDEVUP or HCIDEVDOWN. An adapter that is so already is no error.
    func setUp(_ isUp: Bool, index: UInt16) throws(AdapterError)

    /// Switches through the management interface, as bluetoothd does; `.mute` when the kernel has not answered within
    /// `timeout` (real time), or within half a second after the bell has rung. The bell is left ringing.
    func setPowered(_ isPowered: Bool, index: UInt16, timeout: Duration, bell: Doorbell) throws(AdapterError)

    /// USBDEVFS_RESET of the device behind the adapter: as if it were unplugged and plugged in again. The adapter may
    /// come back under another index some seconds later.
    func resetUSB(_ adapter: Adapter) throws(AdapterError)

    /// The kernel's counters of one adapter.
    func statistics(index: UInt16) throws(AdapterError) -> AdapterStatistics

    /// Follows what happens to all adapters from now on.
    func watch(bell: Doorbell) throws(AdapterError) -> any AdapterWatch

    /// The programs, other than this one, that have Bluetooth HCI sockets open, as `bluetoothd (412)`; those that may be
    /// told (all for root).
    func programs() -> [String]
}

/// The kernel's socket channels to one controller (hci_sock.c).
package enum HCIChannel: Hashable, Sendable {
    /// Beside the kernel's own host; needs CAP_NET_RAW.
    case raw
    /// Instead of the kernel's own host; needs CAP_NET_ADMIN.
    case user
}

extension BluetoothHost {
    /// The adapter that the selector means now.
    package func adapter(_ selector: AdapterSelector) throws(AdapterError) -> Adapter {
        try selector.choose(from: adapters())
    }
}

/// Tells of adapters that come, go and change; used by one thread.
package protocol AdapterWatch: AnyObject {
    /// Waits for the next change, the doorbell, or the end of `timeout` (real time; nil = for ever): nil for these two.
    func next(timeout: Duration?) throws(AdapterError) -> AdapterEvent?
}

/// What happened to an adapter.
package enum AdapterEvent: Hashable, Sendable {
    case added(UInt16)
    /// Pulled out, or its user channel was opened.
    case removed(UInt16)
    case settings(UInt16, AdapterSettings)
    /// Another program's discovery began or ended.
    case discovering(UInt16, Bool)
    /// An advertisement monitor was removed, or all of them (`allMonitors`).
    case monitorRemoved(UInt16, handle: UInt16)

    /// The handle that stands for all. Older kernels tell of each monitor by its own handle instead.
    package static let allMonitors: UInt16 = 0
}
