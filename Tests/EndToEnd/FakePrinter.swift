import NetworkPeer

/// A network printer: takes everything and answers each DLE EOT. Its work is done by `serve()`, which never waits.
final class FakePrinter {
    private let listener: Listener
    private var connections: [Peer] = []
    private(set) var printed: [UInt8] = []

    init() throws { listener = try Listener() }

    var port: UInt16 { listener.port }

    func serve() {
        if let fresh = listener.acceptWaiting() { connections.append(fresh) }
        connections.removeAll { connection in
            guard let bytes = connection.receiveWaiting() else { return true }
            printed += bytes
            let asked = zip(bytes, bytes.dropFirst()).count { $0 == 0x10 && $1 == 0x04 }
            connection.send([UInt8](repeating: 0x12, count: asked))
            return false
        }
    }
}
