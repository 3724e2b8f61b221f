import ArgumentParser
import Foundation
import Glibc
import Outbox
import PlatformAPI
import Subjects

struct QueueListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what waits, in order; no contents.")

    @OptionGroup var listing: QueueListing

    @Option(name: .long, help: "The first sequence.")
    var from: UInt64 = 1

    @Option(name: .long, help: "Only events of this type, such as receipt.captured.")
    var type: String?

    func validate() throws {
        guard let type, EventType(rawValue: type) == nil else { return }
        throw ValidationError(
            "--type \(type): there is no such type; one of \(EventType.allCases.map(\.rawValue).joined(separator: ", "))"
        )
    }

    func run() throws {
        try listing.print { (inspector, limit) throws(OutboxError) in
            try inspector.entries(from: from, type: type, limit: limit)
        }
    }
}

extension QueueInspector.Entry: ListedItem {
    var line: String {
        let what = gapFirst.map { "for \($0) to \(sequence)" } ?? "\(bytes) bytes"
        return "\(sequence)  \(UnixTime(nanoseconds: enqueuedAt).rfc3339())  \(type)  \(what)"
    }
}

struct QueueShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print one event that waits.", discussion: EventPrinting.discussion)

    @OptionGroup var options: QueueOptions
    @OptionGroup var printing: EventPrinting

    @Argument(help: "The sequence.")
    var sequence: UInt64

    func run() throws {
        let inspector = try options.inspector()
        var event: [UInt8]?
        let damaged = try QueueOptions.reading { try inspector.events(from: sequence, to: sequence) { event = $0 } }
        if damaged > 0 {
            complain(
                "event \(sequence) is not what was stored: the disk changed it, so it is not sent;"
                    + " the gateway tells the platform when its turn comes")
            throw ExitStatus.inputOutput
        }
        guard let event else {
            complain("event \(sequence) does not wait: it was delivered, evicted or never accepted (queue list)")
            throw ExitStatus.noInput
        }
        printing.print(event)
    }
}

struct QueueExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write all events that wait, one CloudEvent a line.",
        discussion: "The file is made with mode 0600: it holds records of persons. It changes nothing in the queue.")

    @OptionGroup var options: QueueOptions

    @Option(name: .long, help: "The file to write; it must not exist. Standard output when it is missing.")
    var out: String?

    func run() throws {
        let inspector = try options.inspector()
        let damaged: Int
        if let out {
            damaged = try write(inspector, to: out)
        } else {
            var output = LineOutput()
            damaged = try QueueOptions.reading { try inspector.events { output.write(line: $0) } }
            output.flush()
        }
        guard damaged > 0 else { return }
        complain(
            "\(damaged) rows are left out: they are not what was stored, the disk changed them;"
                + " the gateway tells the platform when their turn comes")
        throw ExitStatus.inputOutput
    }

    /// A file that was not written to its end is removed: the next try is a new one.
    private func write(_ inspector: QueueInspector, to out: String) throws -> Int {
        var count = 0
        var damaged = 0
        do {
            var file = try OutputFile(newFile: out, mode: 0o600)
            do {
                damaged = try QueueOptions.reading {
                    try inspector.events { event in
                        try file.append { $0 += event + [0x0A] }
                        count += 1
                    }
                }
                try file.finish()
            } catch {
                unlink(out)
                throw error
            }
        } catch let failure as OutputFile.Failure {
            complain(failure)
            throw ExitStatus.inputOutput
        }
        print("\(count) events written to \(out)")
        return damaged
    }
}
