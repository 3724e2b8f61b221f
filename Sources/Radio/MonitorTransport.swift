import CBlueZ
import Glibc
import Threads

/// The kernel's own scan, read along on HCI_CHANNEL_MONITOR: advertising events of one adapter as H4 packets.
///
/// It holds the advertisement monitor that keeps the kernel scanning and takes it back when it is let go of.
final class MonitorTransport: HCITransport {
    private let socket: HCISocket
    private let management: ManagementSocket
    private let index: UInt16
    private let monitor: UInt16
    private let bell: Doorbell
    private let droppedBefore: UInt32
    private let removalTimeOut: Duration
    private var end: AdapterError?

    /// H4's packet type of an event.
    private static let eventPacket: UInt8 = 0x04

    /// - `socket`: bound to the monitor channel, with the filter attached before.
    /// - `monitor`: the handle of the advertisement monitor that was added through `management`.
    /// - `removalTimeOut`: how long the kernel may take to remove it in the end.
    init(
        _ socket: consuming HCISocket, management: ManagementSocket, index: UInt16, monitor: UInt16, bell: Doorbell,
        removalTimeOut: Duration = .seconds(1)
    ) {
        droppedBefore = socket.dropped
        self.socket = socket
        self.management = management
        self.index = index
        self.monitor = monitor
        self.bell = bell
        self.removalTimeOut = removalTimeOut
    }

    deinit {
        // The kernel refuses to add a monitor while it removes one, so the removal is waited for. It fails only when the
        // monitor or the adapter is gone already.
        _ = try? management.perform(.removeMonitor(monitor, index), adapter: name, timeout: removalTimeOut)
    }

    var dropped: UInt64 { UInt64(socket.dropped &- droppedBefore) }

    func wait(timeout: Duration?) throws(RadioError) -> TransportReadiness {
        do throws(AdapterError) {
            // Changes that came while a command was awaited.
            if management.hasChanges { try takeChanges() }
            if end != nil { return .readable }
            let ready: SocketWait.Ready?
            do throws(HCISocket.Failure) {
                ready = try SocketWait.ready(
                    socket.descriptor, or: management.descriptor, bell: bell, timeout: timeout)
            } catch { throw AdapterError(.read, code: error.code, adapter: name) }
            guard let ready else { return .woken }
            if ready.second { try takeChanges() }
            if end != nil || ready.first { return .readable }
            return ready.isTimeOut ? .timedOut : .woken
        } catch { throw .adapter(error) }
    }

    func read(into buffer: inout [UInt8]) throws(RadioError) -> Int {
        if let end { throw .adapter(end) }
        let count: Int
        do throws(HCISocket.Failure) { count = try socket.receive(into: &buffer) } catch {
            throw .adapter(AdapterError(.read, code: error.code, adapter: name))
        }
        guard count > 0, let packet = MonitorPacket(buffer.span.extracting(0..<count)), packet.index == index else {
            return 0
        }
        switch packet.kind {
        case .event:
            buffer.withUnsafeMutableBytes { bytes in
                bytes[0] = Self.eventPacket
                guard let base = bytes.baseAddress else { return }
                memmove(base + 1, base + MonitorPacket.headerBytes, packet.count)
            }
            return packet.count + 1
        case .deletedIndex: throw .adapter(.gone(adapter: name))
        case .closeIndex: throw .adapter(.down(adapter: name))
        case .newIndex, .openIndex, .indexInfo: return 0
        }
    }

    func write(_ packet: [UInt8]) throws(RadioError) {
        throw .adapter(AdapterError(.write, code: EOPNOTSUPP, adapter: name))
    }

    private func takeChanges() throws(AdapterError) {
        while let change = try management.next(bell: nil, timeout: .zero) {
            switch change {
            case .monitorRemoved(index, let handle) where handle == monitor || handle == AdapterEvent.allMonitors:
                end = end ?? .scanTaken(adapter: name)
            case .removed(index): end = end ?? .gone(adapter: name)
            case .settings(index, let settings) where !settings.contains(.powered):
                end = end ?? .down(adapter: name)
            case .added, .removed, .settings, .discovering, .monitorRemoved: break
            }
        }
    }

    private var name: String { "hci\(index)" }
}
