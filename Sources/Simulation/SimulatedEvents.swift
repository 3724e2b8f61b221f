import Subjects

/// Merges the phones on the air and the tills that print, in the order of time.
package struct SimulatedEvents: Sequence, IteratorProtocol {
    /// Whether `secrets` are collected while the events are read.
    package var collectsSecrets = false
    /// What was on the air so far and must not be found on the box: the address of every phone, and whatever tells apart the
    /// phones of strangers and of people who did not allow it.
    package private(set) var secrets = LeakNeedles()

    private let simulation: StoreSimulation
    private let start: Double
    private var nextPerson = 0
    private var nextDocument = 0
    private var onAir: [Transmitter] = []
    private var printer: ReceiptPrinter
    private var chunks: SeededGenerator
    /// Pieces of documents that are being printed, latest first.
    private var printing: [SimulatedEvent] = []
    /// What the last advertisement made the receivers hear, last first.
    private var heard: [SimulatedEvent] = []

    /// 9600 baud, 8N1.
    private static let bytesPerSecond = 960.0

    init(_ simulation: StoreSimulation) {
        self.simulation = simulation
        start = simulation.options.start.seconds
        printer = ReceiptPrinter(clock: simulation.clock)
        chunks = SeededGenerator(seed: simulation.options.seed, stream: 3)
    }

    package mutating func next() -> SimulatedEvent? {
        while true {
            if let event = heard.popLast() { return event }
            admitPeople()
            admitDocuments()
            let phone = onAir.first.map { Self.microseconds($0.next) }
            let print = printing.last?.microseconds
            switch (phone, print) {
            case (nil, nil): return nil
            case (let phone?, let print?) where print <= phone: return printing.popLast()
            case (nil, _?): return printing.popLast()
            case (let phone?, _): send(at: phone)
            }
        }
    }

    private var nextTime: Double {
        let phone = onAir.first?.next ?? .infinity
        let print = printing.last.map(\.seconds) ?? .infinity
        return Swift.min(phone, print)
    }

    /// Phones of people whose way begins before anything else happens.
    private mutating func admitPeople() {
        while nextPerson < simulation.people.count, simulation.people[nextPerson].route.start <= nextTime {
            let transmitter = Transmitter(
                person: simulation.people[nextPerson], index: nextPerson, seed: simulation.options.seed,
                receivers: simulation.plan.receivers.count)
            nextPerson += 1
            if !transmitter.isOver { insert(transmitter) }
        }
    }

    private mutating func admitDocuments() {
        while nextDocument < simulation.documents.count, simulation.documents[nextDocument].time <= nextTime {
            let document = simulation.documents[nextDocument]
            nextDocument += 1
            let bytes = printer.print(document)
            var offset = 0
            while offset < bytes.count {
                let length = Swift.min(bytes.count - offset, 16 + chunks.below(49))
                let piece = SimulatedEvent(
                    microseconds: Self.microseconds(document.time + Double(offset) / Self.bytesPerSecond),
                    content: .printed(till: document.till, bytes: Array(bytes[offset..<(offset + length)])))
                // Few pieces wait at a time; later ones stand earlier in the array.
                var index = printing.count
                while index > 0, printing[index - 1].microseconds <= piece.microseconds { index -= 1 }
                printing.insert(piece, at: index)
                offset += length
            }
        }
    }

    private mutating func send(at microseconds: Int64) {
        guard var transmitter = takeFirst() else { return }
        transmitter.send(plan: simulation.plan, subjects: simulation.subjects, start: start) { receiver, bytes in
            heard.append(SimulatedEvent(microseconds: microseconds, content: .packet(receiver: receiver, bytes: bytes)))
        }
        if let appearance = transmitter.takeAppearance(), collectsSecrets {
            secrets.add(address: appearance.address)
            secrets.add(payload: appearance.secret)
        }
        if !transmitter.isOver { insert(transmitter) }
    }

    // MARK: a binary heap of phones, the next to send first

    private mutating func insert(_ transmitter: Transmitter) {
        onAir.append(transmitter)
        var child = onAir.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard onAir[child].next < onAir[parent].next else { return }
            onAir.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the phone out of the array, so that it is changed in place and not copied.
    private mutating func takeFirst() -> Transmitter? {
        guard !onAir.isEmpty else { return nil }
        onAir.swapAt(0, onAir.count - 1)
        let first = onAir.removeLast()
        settleFirst()
        return first
    }

    private mutating func settleFirst() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < onAir.count && onAir[child].next < onAir[least].next {
                least = child
            }
            guard least != parent else { return }
            onAir.swapAt(parent, least)
            parent = least
        }
    }

    private static func microseconds(_ seconds: Double) -> Int64 { Int64((seconds * 1_000_000).rounded()) }
}
