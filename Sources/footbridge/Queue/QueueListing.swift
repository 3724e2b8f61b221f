import ArgumentParser
import Outbox

/// One line of a listing.
protocol ListedItem: Encodable {
    /// For a person.
    var line: String { get }
}

/// What all listings of the queue have in common.
struct QueueListing: ParsableArguments {
    @OptionGroup var options: QueueOptions

    @Option(name: .long, help: "At most so many.")
    var limit = 100

    @Flag(name: .long, help: "Print one JSON object a line.")
    var json = false

    func validate() throws {
        guard (1...10_000_000).contains(limit) else { throw ValidationError("--limit is from 1 to 10000000") }
    }

    /// Prints what `read` gives, and says when there is more.
    func print<Item: ListedItem>(
        _ read: (_ inspector: QueueInspector, _ limit: Int) throws(OutboxError) -> [Item]
    ) throws {
        let inspector = try options.inspector()
        let items = try QueueOptions.reading { try read(inspector, limit + 1) }
        var output = LineOutput()
        for item in items.prefix(limit) {
            if json { try output.write(json: item) } else { output.write(line: item.line.utf8) }
        }
        output.flush()
        if items.count > limit { complain("there are more than \(limit); give a larger --limit") }
    }
}

extension String {
    /// In a listing each item is one line, whatever the platform or a person wrote.
    var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
