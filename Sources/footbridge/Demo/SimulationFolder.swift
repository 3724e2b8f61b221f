import Foundation
import Glibc
import Radio
import Simulation
import Subjects

/// The files of a simulation: its input as a trace and as captures, its feed, its configuration, and the truth.
struct SimulationFolder {
    struct Counts {
        var packets = 0
        var documents = 0
        var visits = 0
    }

    let path: String

    /// Reads the simulation once and writes everything in passing.
    func write(_ simulation: StoreSimulation, captures: Bool) throws -> Counts {
        try FileManager.default.createDirectory(
            atPath: captures ? "\(path)/captures" : path, withIntermediateDirectories: true)
        try writeSurroundings(simulation, captures: captures)

        let encoder = TraceEncoder(simulation)
        var trace = try OutputFile(path: "\(path)/trace.ndjson")
        for entry in simulation.entries { try trace.append { try encoder.append(entry, to: &$0) } }
        var counts = Counts(documents: simulation.truth.receipts.count, visits: simulation.truth.visits.count)
        var recorder = try captures ? CaptureRecorder(folder: "\(path)/captures", plan: simulation.plan) : nil
        let start = simulation.options.start
        for event in simulation.events() {
            try trace.append { encoder.append(event, to: &$0) }
            try recorder?.record(event, at: start + .microseconds(event.microseconds))
            if case .packet = event.content { counts.packets += 1 }
        }
        try trace.flush()
        try recorder?.finish()
        return counts
    }

    private func writeSurroundings(_ simulation: StoreSimulation, captures: Bool) throws {
        let json = JSONEncoder()
        json.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try OutputFile.write(json.encode(simulation.truth), to: "\(path)/truth.json")
        try OutputFile.write(SubjectLines.encode(simulation.entries), to: "\(path)/subjects.ndjson")
        try OutputFile.write((HexText.text(simulation.hashKey) + "\n").utf8, to: "\(path)/hash.key", mode: 0o600)
        let configuration = ConfigurationText(
            stateDirectory: "state", hashKeyFile: "hash.key",
            platform: ConfigurationText.Platform(
                url: "https://localhost:8443", certificate: "gateway.pem", key: "gateway.key", authority: "ca.pem",
                feedKeys: []))
        try OutputFile.write(
            configuration.yaml(simulation) {
                .btsnoop(path: "captures/\($0.rawValue).btsnoop")
            } port: {
                .capture(path: "captures/\($0.rawValue).bin")
            }.utf8, to: "\(path)/config.yaml")
    }
}

/// Writes the packets of each radio to a btsnoop file and the bytes of each till to a file of their own.
private struct CaptureRecorder {
    private let radios: [String]
    private let tills: [String]
    private var packets: [[UInt8]]
    private var bytes: [[UInt8]]

    private static let flushBytes = 1 << 18

    init(folder: String, plan: StorePlan) throws {
        radios = plan.receivers.map { "\(folder)/\($0.id.rawValue).btsnoop" }
        tills = plan.tills.map { "\(folder)/\($0.rawValue).bin" }
        packets = radios.map { _ in [] }
        bytes = tills.map { _ in [] }
        for path in radios { try OutputFile.write(BtsnoopWriter.header, to: path, mode: 0o600) }
        for path in tills { try OutputFile.write([], to: path, mode: 0o600) }
    }

    mutating func record(_ event: SimulatedEvent, at time: UnixTime) throws {
        switch event.content {
        case .packet(let receiver, let packet):
            packets[receiver] += BtsnoopWriter.recordHeader(packet, at: time, isReceived: true)
            packets[receiver] += packet
            if packets[receiver].count >= Self.flushBytes { try flush(&packets[receiver], to: radios[receiver]) }
        case .printed(let till, let piece):
            bytes[till] += piece
        }
    }

    mutating func finish() throws {
        for index in radios.indices { try flush(&packets[index], to: radios[index]) }
        for index in tills.indices { try flush(&bytes[index], to: tills[index]) }
    }

    private func flush(_ bytes: inout [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw OutputFile.Failure(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        try handle.write(contentsOf: Data(bytes))
        bytes.removeAll(keepingCapacity: true)
    }
}
