import Synchronization
import Testing
import Threads

@Suite struct WorkerThreadTests {
    @Test("a thread runs its body once, and can be joined any number of times")
    func runsOnce() {
        let runs = Atomic<Int>(0)
        let thread = WorkerThread(name: "test") { runs.add(1, ordering: .relaxed) }
        thread.start()
        thread.start()
        #expect(thread.join(deadline: .seconds(10)))
        #expect(thread.join(deadline: .seconds(10)))
        #expect(runs.load(ordering: .relaxed) == 1)
    }

    @Test("joining a thread that still works gives up at the deadline")
    func deadline() {
        let bell = Doorbell()
        let thread = WorkerThread(name: "test") { bell.wait(timeout: .seconds(60)) }
        thread.start()
        #expect(!thread.join(deadline: .milliseconds(1)))
        bell.ring()
        #expect(thread.join(deadline: .seconds(10)))
    }

    @Test("a ring before the wait is not lost, and many rings count as one")
    func ringsAreKept() {
        let bell = Doorbell()
        bell.ring()
        bell.ring()
        #expect(bell.wait(timeout: .seconds(10)))
        #expect(!bell.answer())
    }
}
