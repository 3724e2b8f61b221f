import Advertising
import CBlueZ
import CLinux
import Glibc
package import Threads

/// The running kernel's Bluetooth.
package struct KernelBluetooth: BluetoothHost {
    let folders: SystemFolders

    package init() { folders = SystemFolders() }

    package func adapters() throws(AdapterError) -> [Adapter] {
        let socket = try controlSocket()
        // More adapters than a box has ports.
        var indexes = [UInt16](repeating: 0, count: 64)
        let count = fb_hci_device_list(socket.descriptor, &indexes, UInt16(indexes.count))
        guard count >= 0 else { throw AdapterError(.list, code: errno) }
        let management = try ManagementSocket()
        var adapters: [Adapter] = []
        for index in indexes[..<Int(count)].sorted() {
            // One that has just gone is left out.
            guard let info = Self.information(socket.descriptor, index) else { continue }
            adapters.append(adapter(info, management))
        }
        return adapters
    }

    private func adapter(_ info: hci_dev_info, _ management: ManagementSocket) -> Adapter {
        let name = "hci\(info.dev_id)"
        var bytes = info.bdaddr
        let address = withUnsafeBytes(of: &bytes) { $0.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
        let bus: Adapter.Bus =
            switch info.type & 0x0f {
            case 0: .virtual
            case 1: .usb
            case 3: .uart
            case let other: .other(other)
            }
        let answer = try? management.perform(.readController(info.dev_id), adapter: name)
        return Adapter(
            index: info.dev_id, address: address == 0 ? nil : BluetoothAddress(rawValue: address), bus: bus,
            usb: bus == .usb ? folders.usbAttachment(of: name) : nil, isUp: info.flags & 1 << 0 != 0,
            isRunning: info.flags & 1 << 2 != 0, isInitialising: info.flags & 1 << 1 != 0,
            controller: answer.flatMap(ManagedController.init(answer:)), switches: folders.radioSwitches(of: name),
            statistics: AdapterStatistics(info.stat))
    }

    package func statistics(index: UInt16) throws(AdapterError) -> AdapterStatistics {
        let socket = try controlSocket()
        guard let info = Self.information(socket.descriptor, index) else {
            throw AdapterError(.list, code: errno, adapter: "hci\(index)")
        }
        return AdapterStatistics(info.stat)
    }

    package func open(
        _ channel: HCIChannel, index: UInt16, bell: Doorbell
    ) throws(AdapterError) -> any HCITransport {
        let name = "hci\(index)"
        let call: AdapterCall = channel == .user ? .bindUser : .bindRaw
        let socket = try controlSocket()
        do throws(HCISocket.Failure) {
            socket.enlargeReceiveBuffer()
            if channel == .raw, try !socket.set(.scanner) {
                throw HCISocket.Failure(code: EPERM)
            }
            try socket.bind(index: index, channel: Int32(channel == .user ? HCI_CHANNEL_USER : HCI_CHANNEL_RAW))
        } catch { throw self.error(call, error.code, index) }
        return KernelTransport(socket, adapter: name, bell: bell)
    }

    package func openKernelScan(index: UInt16, bell: Doorbell) throws(AdapterError) -> any HCITransport {
        let name = "hci\(index)"
        let socket = try controlSocket()
        do throws(HCISocket.Failure) {
            socket.enlargeReceiveBuffer()
            try socket.attach(.monitor(index: index))
            try socket.bind(index: HCISocket.noAdapter, channel: Int32(HCI_CHANNEL_MONITOR))
        } catch { throw self.error(.bindMonitor, error.code, index) }
        let management = try ManagementSocket()
        let answer = try management.perform(.readController(index), adapter: name, bell: bell)
        guard let controller = ManagedController(answer: answer), controller.current.contains(.powered) else {
            throw .down(adapter: name)
        }
        if controller.supported.contains(.lowEnergy), !controller.current.contains(.lowEnergy) {
            // Without bluetoothd nobody has done it: a dual-mode controller begins with BR/EDR alone.
            try management.perform(.setLowEnergy(true, index), adapter: name, bell: bell)
        }
        try management.perform(.listenAllOfTheTime(index), adapter: name, bell: bell)
        let handle = try addMonitor(management, index)
        guard handle.count >= 2 else {
            throw .refused(adapter: name, doing: "scan for us", status: .failed)
        }
        return MonitorTransport(
            socket, management: management, index: index, monitor: UInt16(handle[0]) | UInt16(handle[1]) << 8,
            bell: bell)
    }

    /// Monitors outlive the process that added them, and the kernel holds 32 at most: killed processes fill the table in
    /// time, and nobody can tell whose monitor is whose. A full table is emptied; a program that needs its monitor is told
    /// of the removal.
    private func addMonitor(_ management: ManagementSocket, _ index: UInt16) throws(AdapterError) -> [UInt8] {
        let add = ManagementCommand.addMonitor(AdvertisementPattern.ours, index)
        do throws(AdapterError) { return try management.perform(add, adapter: "hci\(index)") } catch {
            // Linux 6.1 says no more than "failed".
            guard case .refused = error else { throw error }
            let features = try management.perform(.readMonitorFeatures(index), adapter: "hci\(index)")
            guard ManagementCommand.isMonitorTableFull(features) else { throw error }
        }
        try management.perform(.removeMonitor(AdapterEvent.allMonitors, index), adapter: "hci\(index)")
        // That removal is no news to the transport.
        while try management.next(bell: nil, timeout: .zero) != nil {}
        return try management.perform(add, adapter: "hci\(index)")
    }

    package func watch(bell: Doorbell) throws(AdapterError) -> any AdapterWatch {
        KernelAdapterWatch(try ManagementSocket(), bell: bell)
    }

    package func programs() -> [String] { folders.programsWithBluetooth() }

    func controlSocket() throws(AdapterError) -> HCISocket {
        do throws(HCISocket.Failure) { return try HCISocket() } catch { throw AdapterError(.socket, code: error.code) }
    }

    func error(_ call: AdapterCall, _ code: Int32, _ index: UInt16) -> AdapterError {
        let name = "hci\(index)"
        return AdapterError(
            call, code: code, adapter: name, programs: programs,
            isHardBlocked: { folders.radioSwitches(of: name).contains(where: \.isHardBlocked) })
    }

    /// Nil and errno when there is no such adapter.
    private static func information(_ descriptor: Int32, _ index: UInt16) -> hci_dev_info? {
        var info = hci_dev_info()
        info.dev_id = index
        return fb_hci_device_info(descriptor, &info) == 0 ? info : nil
    }
}

extension AdapterStatistics {
    fileprivate init(_ kernel: hci_dev_stats) {
        self.init()
        receiveErrors = kernel.err_rx
        sendErrors = kernel.err_tx
        commands = kernel.cmd_tx
        events = kernel.evt_rx
        receivedBytes = kernel.byte_rx
        sentBytes = kernel.byte_tx
    }
}
