import Glibc

/// One till's connection to the printer that is played here and, when it forwards, the connection on to the real one.
/// Both directions have a bounded buffer; whoever does not fetch makes the other side wait, as a wire would.
struct PrinterConnection {
    /// Bytes that may wait for one side.
    static let bufferLimit = 64 << 10

    enum Upstream: Equatable {
        /// Not configured.
        case none
        case connecting(descriptor: Int32, until: ContinuousClock.Instant)
        case open(descriptor: Int32)

        var descriptor: Int32 {
            switch self {
            case .none: -1
            case .connecting(let descriptor, _), .open(let descriptor): descriptor
            }
        }
    }

    let id: Int
    let client: Int32
    var upstream: Upstream
    /// Read from the till, not yet taken by the printer.
    var toPrinter: [UInt8] = []
    /// For the till.
    var toTill: [UInt8] = []
    var status = PrinterStatus()
    var lastByte: ContinuousClock.Instant
    /// The till has closed its side: what waits is still delivered.
    var tillIsDone = false
    /// The end of the till's bytes was passed on to the printer.
    var printerWasTold = false

    /// What to wait for on the till's socket. Nothing is read before the printer answers: until then the bytes stay with
    /// the till, who sees a printer that is slow, and prints again when it turns out to be away.
    var clientInterest: Int16 {
        var interest: Int32 = 0
        if case .connecting = upstream {
        } else if !tillIsDone, toPrinter.count < PrinterConnection.bufferLimit {
            interest |= Int32(POLLIN)
        }
        if !toTill.isEmpty { interest |= Int32(POLLOUT) }
        return Int16(interest)
    }

    var upstreamInterest: Int16 {
        switch upstream {
        case .none: return 0
        case .connecting: return Int16(POLLOUT)
        case .open:
            var interest: Int32 = 0
            if toTill.count < PrinterConnection.bufferLimit { interest |= Int32(POLLIN) }
            if !toPrinter.isEmpty { interest |= Int32(POLLOUT) }
            return Int16(interest)
        }
    }

    /// The till is gone and the printer has everything; only the printer's end of the connection is missing.
    var isDelivered: Bool { tillIsDone && toPrinter.isEmpty && printerWasTold }

    /// All is delivered and nobody will say more.
    var isFinished: Bool {
        guard tillIsDone, toPrinter.isEmpty else { return false }
        // With a printer behind: until it closes, for its last answers.
        return upstream == .none && toTill.isEmpty
    }

    /// Writes what fits; false when the other side is gone.
    static func write(_ bytes: inout [UInt8], to descriptor: Int32) -> Bool {
        guard !bytes.isEmpty else { return true }
        let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count > 0 { bytes.removeFirst(count) }
        return count >= 0 || errno == EAGAIN || errno == EINTR
    }
}
