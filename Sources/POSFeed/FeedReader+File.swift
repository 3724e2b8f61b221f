import Receipts
import Subjects
import Synchronization

extension FeedReader {
    /// How often a growing file is looked at when nothing says that it has grown (a network file system).
    private static let look = Duration.seconds(2)

    /// Follows a journal file.
    func tail(_ path: String, _ settings: TailSettings, _ decoder: inout FeedDecoder) {
        let watch = DeviceWatch()
        var delay = FeedReader.firstRetry
        var said: PortError?
        var opened = false
        var position = settings.positionPath.flatMap(TailPosition.load)
        while !isStopping {
            do throws(PortError) {
                // A journal that was missing and appears is new: all of it.
                var tail = try FileTail(
                    path: path, from: position, fromStart: settings.fromStart || opened || said != nil)
                shared.withLock { shared in
                    shared.state = .listening
                    if opened { shared.counters.reopened += 1 }
                }
                opened = true
                said = nil
                delay = FeedReader.firstRetry
                report(.opened(till: till, path: path))
                do throws(PortError) {
                    try read(&tail, settings, watch, &decoder)
                } catch {
                    // It is read on from here, in the renamed file first, not from where this run began.
                    position = tail.position
                    throw error
                }
                position = nil
            } catch {
                shared.withLock { shared in
                    shared.state = .waiting(error)
                    shared.counters.openFailures += 1
                }
                if said != error { report(.waiting(till: till, error: error)) }
                said = error
                watch.watch(above: path)
                watch.drain()
                wait(until: clock.now().monotonic + delay, watching: watch.descriptor, &decoder)
                delay = min(delay * 2, FeedReader.longestRetry)
            }
        }
    }

    private func read(
        _ tail: inout FileTail, _ settings: TailSettings, _ watch: DeviceWatch, _ decoder: inout FeedDecoder
    ) throws(PortError) {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        var saved: TailPosition?
        // A position between two documents, and when it was reached.
        var candidate: (position: TailPosition, at: Duration)? = (
            tail.position, clock.now().monotonic - settings.settled
        )
        func save(_ position: TailPosition) {
            guard let path = settings.positionPath, position != saved else { return }
            if position.save(path) { saved = position }
        }
        while !isStopping {
            watch.watch(file: tail.path)
            watch.drain()
            let step = try tail.read(into: &buffer)
            let now = clock.now()
            switch step {
            case .bytes(let count):
                self.count(buffer[..<count], at: now)
                publish(decoder.consume(buffer[..<count], at: now), decoder)
            case .restarted:
                if !decoder.isIdle { shared.withLock { $0.counters.lost[.journalRestarted, default: 0] += 1 } }
                publish(decoder.finish(at: now), decoder)
            case .end:
                publish(decoder.advance(to: now), decoder)
                let next = now.monotonic + FeedReader.look
                _ = poll(watch.descriptor, until: min(next, decoder.nextDeadline ?? next))
            }
            if let settled = candidate, now.monotonic - settled.at >= settings.settled {
                save(settled.position)
                candidate = nil
            }
            if candidate == nil, decoder.isIdle { candidate = (tail.position, now.monotonic) }
        }
        // A clean stop: the queue takes what was given out, and the last unfinished receipt is given out as it is.
        publish(decoder.finish(at: clock.now()), decoder)
        save(tail.position)
    }
}
