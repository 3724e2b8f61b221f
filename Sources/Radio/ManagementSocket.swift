import CBlueZ
import CLinux
import Glibc
import Threads

/// The kernel's Bluetooth management interface (HCI_CHANNEL_CONTROL).
final class ManagementSocket {
    /// A whole answer of Read Controller Index List with 64 adapters, or of any other command here, and more.
    private static let packetBytes = 4096
    /// How many changes are kept while an answer is awaited; bluetoothd itself causes a handful.
    private static let keptEvents = 64
    /// How long a command that talks to no controller may take.
    static let standardTimeOut: Duration = .seconds(2)
    /// How long a command may still take when somebody wants to stop: the kernel is let finish what takes no longer.
    static let hurriedTimeOut: Duration = .milliseconds(500)

    private let socket: HCISocket
    private var buffer = [UInt8](repeating: 0, count: packetBytes)
    private var events: [AdapterEvent] = []

    /// Opens the channel; nothing but answers and changes of adapters ever comes in.
    init() throws(AdapterError) {
        do throws(HCISocket.Failure) { socket = try HCISocket() } catch {
            throw AdapterError(.socket, code: error.code)
        }
        do throws(HCISocket.Failure) {
            try socket.attach(.management)
            try socket.bind(index: HCISocket.noAdapter, channel: Int32(HCI_CHANNEL_CONTROL))
        } catch { throw AdapterError(.bindManagement, code: error.code) }
    }

    /// Takes over a socket that speaks the protocol, for tests.
    init(adopting descriptor: Int32) { socket = HCISocket(adopting: descriptor) }

    var descriptor: Int32 { socket.descriptor }
    /// Whether `next` has a change without reading.
    var hasChanges: Bool { !events.isEmpty }

    /// Sends a command and waits for its end.
    ///
    /// - `bell`: when it rings, the wait ends within `hurriedTimeOut`; the bell is left ringing for the next who waits.
    /// - Returns: the answer's parameters.
    @discardableResult
    func perform(
        _ command: ManagementCommand, adapter: String, timeout: Duration = standardTimeOut, bell: Doorbell? = nil
    ) throws(AdapterError) -> [UInt8] {
        var deadline = Self.now + timeout
        var patient = bell
        defer { if patient == nil { bell?.ring() } }
        post(command)
        while true {
            if patient?.answer() == true {
                patient = nil
                deadline = min(deadline, Self.now + Self.hurriedTimeOut)
            }
            let left = deadline - Self.now
            guard left > .zero else { throw .mute(adapter: adapter, doing: command.doing) }
            guard let event = try receive(bell: patient, timeout: left) else { continue }
            switch event {
            case .changed(let change): keep(change)
            case .answered(command.opcode, command.index, let status, let parameters):
                if status == .success { return parameters }
                throw Self.error(status, command, adapter)
            case .answered: break
            }
        }
    }

    /// Sends a command whose end nobody waits for.
    ///
    /// What send(2) says is not looked at: some kernels answer 0 or an error for a command that they carry out; an answer
    /// that does not come shows it.
    func post(_ command: ManagementCommand) {
        let bytes = command.bytes
        _ = send(socket.descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// The next change of an adapter; nil when the bell rang or the time is over.
    func next(bell: Doorbell?, timeout: Duration?) throws(AdapterError) -> AdapterEvent? {
        if !events.isEmpty { return events.removeFirst() }
        guard case .changed(let change) = try receive(bell: bell, timeout: timeout) else {
            bell?.answer()
            return nil
        }
        return change
    }

    private func keep(_ change: AdapterEvent) {
        if events.count == Self.keptEvents { events.removeFirst() }
        events.append(change)
    }

    /// Leaves the answer of the bell to the caller.
    private func receive(bell: Doorbell?, timeout: Duration?) throws(AdapterError) -> ManagementEvent? {
        do throws(HCISocket.Failure) {
            let bell = bell?.descriptor ?? SocketWait.nobody
            guard let ready = try SocketWait.ready(socket.descriptor, or: bell, bell: nil, timeout: timeout),
                ready.first
            else { return nil }
            let count = try socket.receive(into: &buffer)
            let packet = Array(buffer[..<count])
            return ManagementEvent(packet.span)
        } catch { throw AdapterError(.read, code: error.code) }
    }

    private static func error(
        _ status: ManagementStatus, _ command: ManagementCommand, _ adapter: String
    ) -> AdapterError {
        switch status {
        case .permissionDenied: .missingCapability(.netAdmin, purpose: "to \(command.doing)")
        case .invalidIndex: .gone(adapter: adapter)
        case .timedOut, .authenticationFailed: .mute(adapter: adapter, doing: command.doing)
        case .notPowered: .down(adapter: adapter)
        case .radioBlocked: .blocked(adapter: adapter, hard: false)
        default: .refused(adapter: adapter, doing: command.doing, status: status)
        }
    }

    private static var now: Duration { .nanoseconds(fb_boottime_nanoseconds()) }
}
