import Receipts
import Subjects
import Synchronization
import Testing
import Threads

@testable import Gateway

@Suite struct InputQueueTests {
    private static func sighting(_ number: Int) -> Sighting {
        let at = Moment(monotonic: .seconds(number), wall: UnixTime(seconds: Int64(number)))
        return Sighting(subject: SubjectID("s"), kind: .person, receiver: "door", rssi: -50, at: at)
    }

    private static func document(_ number: String) -> Document {
        Document(
            kind: .sale, till: "1", number: number, total: nil, loyalty: [], coupons: [], orders: [],
            at: Moment(monotonic: .zero, wall: UnixTime(seconds: Int64(0))))
    }

    @Test("a flood pushes out the oldest sightings, counts them, and keeps every document in its place")
    func flood() {
        let queue = InputQueue(sightingCapacity: 64, keptCapacity: 8)
        queue.push(Self.document("first"))
        for number in 0..<1_000 {
            queue.push(Self.sighting(number))
            if number == 990 { queue.push(Self.document("late")) }
        }
        let inputs = queue.take(timeout: .zero)
        let times = inputs.compactMap { if case .sighting(let sighting) = $0 { sighting.at.monotonic } else { nil } }
        #expect(times.count <= 64)
        #expect(UInt64(times.count) + queue.droppedSightings == 1_000)
        #expect(times == times.sorted() && times.last == .seconds(999))
        let documents = inputs.compactMap { if case .document(let document) = $0 { document.number } else { nil } }
        #expect(documents == ["first", "late"])
    }

    @Test("a document waits for room, and none is lost")
    func backPressure() {
        let queue = InputQueue(sightingCapacity: 4, keptCapacity: 4)
        let producer = WorkerThread(name: "till") { for number in 0..<100 { queue.push(Self.document("\(number)")) } }
        producer.start()
        var taken: [String] = []
        while taken.count < 100 {
            let inputs = queue.take(timeout: .seconds(10))
            #expect(inputs.count <= 4)
            taken += inputs.compactMap { if case .document(let document) = $0 { document.number } else { nil } }
        }
        #expect(taken == (0..<100).map(String.init))
        #expect(producer.join(deadline: .seconds(10)))
    }

    @Test("many producers wait for room for one, and each gets its turn")
    func manyProducers() {
        let queue = InputQueue(sightingCapacity: 4, keptCapacity: 1)
        let producers = (0..<6).map { producer in
            WorkerThread(name: "till") { for number in 0..<20 { queue.push(Self.document("\(producer)-\(number)")) } }
        }
        for producer in producers { producer.start() }
        var taken: [String] = []
        while taken.count < 120 {
            let inputs = queue.take(timeout: .seconds(10))
            #expect(inputs.count <= 1)
            taken += inputs.compactMap { if case .document(let document) = $0 { document.number } else { nil } }
        }
        #expect(Set(taken).count == 120)
        #expect(producers.allSatisfy { $0.join(deadline: .seconds(10)) })
    }

    @Test("the close lets everyone go who waits for room")
    func closeWhileWaiting() {
        let queue = InputQueue(sightingCapacity: 4, keptCapacity: 1)
        let producers = (0..<4).map { producer in
            WorkerThread(name: "till") { for number in 0..<3 { queue.push(Self.document("\(producer)-\(number)")) } }
        }
        for producer in producers { producer.start() }
        queue.close()
        #expect(producers.allSatisfy { $0.join(deadline: .seconds(60)) })
        #expect(queue.take(timeout: .zero).count == 12)
    }

    @Test("after the close nobody waits for room, and what comes is still taken")
    func close() {
        let queue = InputQueue(sightingCapacity: 4, keptCapacity: 1)
        queue.close()
        for number in 0..<10 { queue.push(Self.document("\(number)")) }
        #expect(queue.take(timeout: .zero).count == 10)
    }
}
