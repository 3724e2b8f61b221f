import Glibc

extension AdapterError: CustomStringConvertible {
    /// One line: what, where, why, and what to do next.
    package var description: String {
        switch self {
        case .noBluetooth:
            "this system gives no Bluetooth sockets: load the kernel module `bluetooth`; in a container use the host's "
                + "network (`--network host`)"
        case .missingCapability(let capability, let purpose):
            "\(capability.name) is missing \(purpose): start as the installed service, or give the service "
                + "AmbientCapabilities=\(capability.name) (a container: --cap-add \(capability.name.dropFirst(4)))"
        case .busy(let adapter, let programs):
            "\(adapter): another program uses the adapter\(Self.list(programs)): stop it (for bluetoothd: "
                + "`systemctl disable --now bluetooth`), or set `mode: shared`"
        case .claimed(let adapter, let radio):
            "\(adapter): radio \(radio) has this adapter already: name another one here (`footbridge radio list` shows "
                + "them), or remove one of the two radios"
        case .noSuchAdapter(let wanted, let present):
            "\(wanted): no such adapter: "
                + (present.isEmpty
                    ? "none is plugged in; plug one in"
                    : "there are \(present.joined(separator: ", ")); use one of them")
        case .blocked(let adapter, let hard):
            "\(adapter): switched off by "
                + (hard
                    ? "a hardware radio switch: turn on the key or slide on the box, or Bluetooth in its firmware"
                    : "a radio switch: run `rfkill unblock bluetooth`")
        case .gone(let adapter):
            "\(adapter): the adapter is gone: plug it in again if it does not come back"
        case .down(let adapter):
            "\(adapter): the adapter was switched off: it is switched on again"
        case .mute(let adapter, let doing):
            "\(adapter): the controller does not answer (\(doing)): replug the adapter if that persists"
        case .refused(let adapter, let doing, let status):
            "\(adapter): the kernel refused to \(doing): \(status)\(Self.remedy(status))"
        case .scanTaken(let adapter):
            "\(adapter): another program ended the scan (bluetoothd does when it starts): it is begun again"
        case .notUSB(let adapter):
            "\(adapter): not a USB adapter, so it cannot be reset that way: restart the box"
        case .system(let adapter, let doing, let code):
            "\(adapter.map { "\($0): " } ?? "")cannot \(doing): \(String(cString: strerror(code))): it is tried again; "
                + "if that persists, send this line to support"
        }
    }

    private static func list(_ programs: [String]) -> String {
        programs.isEmpty ? "" : " (with Bluetooth open: \(programs.joined(separator: ", ")))"
    }

    private static func remedy(_ status: ManagementStatus) -> String {
        switch status {
        case .unknownCommand, .notSupported: "; this kernel or controller cannot do that: use `mode: exclusive`"
        case .permissionDenied: "; start as the installed service (CAP_NET_ADMIN)"
        default: "; it is tried again"
        }
    }
}
