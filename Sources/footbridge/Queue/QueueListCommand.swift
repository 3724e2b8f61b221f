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
        let event = try QueueOptions.reading { () throws(OutboxError) in try inspector.event(sequence) }
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
        guard let out else {
            var output = LineOutput()
            try QueueOptions.reading { () throws(OutboxError) in
                try inspector.events { output.write(line: $0) }
            }
            return
        }
        let descriptor = open(out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            complain("\(out): cannot be written: \(String(cString: strerror(errno)))")
            throw ExitStatus.inputOutput
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var count = 0
        try QueueOptions.reading { () throws(OutboxError) in
            try inspector.events { event in
                try file.write(contentsOf: event + [0x0A])
                count += 1
            }
        }
        print("\(count) events written to \(out)")
    }
}
