import CBlueZ
import Glibc
import Threads

/// A controller behind a kernel socket on the raw or the user channel: both carry H4 packets, one a read.
final class KernelTransport: HCITransport {
    private let socket: HCISocket
    private let adapter: String
    private let bell: Doorbell
    private let droppedBefore: UInt32

    init(_ socket: consuming HCISocket, adapter: String, bell: Doorbell) {
        droppedBefore = socket.dropped
        self.socket = socket
        self.adapter = adapter
        self.bell = bell
    }

    var dropped: UInt64 { UInt64(socket.dropped &- droppedBefore) }

    func wait(timeout: Duration?) throws(RadioError) -> TransportReadiness {
        do throws(HCISocket.Failure) {
            guard let ready = try SocketWait.ready(socket.descriptor, bell: bell, timeout: timeout) else {
                return .woken
            }
            return ready.isTimeOut ? .timedOut : .readable
        } catch { throw Self.error(.read, error, adapter) }
    }

    func read(into buffer: inout [UInt8]) throws(RadioError) -> Int {
        do throws(HCISocket.Failure) { return try socket.receive(into: &buffer) } catch {
            throw Self.error(.read, error, adapter)
        }
    }

    func write(_ packet: [UInt8]) throws(RadioError) {
        do throws(HCISocket.Failure) { try socket.send(packet) } catch { throw Self.error(.write, error, adapter) }
    }

    private static func error(_ call: AdapterCall, _ failure: HCISocket.Failure, _ adapter: String) -> RadioError {
        .adapter(AdapterError(call, code: failure.code, adapter: adapter))
    }
}
