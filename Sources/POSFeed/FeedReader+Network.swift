import Receipts
import Subjects
import Synchronization

extension FeedReader {
    /// Plays a network printer and decodes the copies of what it is sent.
    func serve(_ settings: PrinterSettings, _ decoder: inout FeedDecoder) {
        let events = PortEvents(bell: bell)
        guard let server = server(settings, events, &decoder) else { return }
        defer { server.stop(deadline: .seconds(1)) }
        guard server.start(name: "printer \(till.rawValue)") else {
            return setState(.waiting(FeedReader.noThread(source.path)))
        }
        setState(.listening)
        report(.opened(till: till, path: source.path))
        var away: PortError?
        while !isStopping {
            decode(events.take(), &decoder)
            publish(decoder.advance(to: clock.now()), decoder)
            shared.withLock { shared in
                for (loss, count) in events.counts { shared.counters.lost[loss] = count }
                if events.lostBytes > 0 { shared.counters.lost[.decoderBehind] = events.lostBytes }
            }
            let failure = events.failure
            if failure != away {
                if let failure {
                    setState(.printerAway(failure))
                    report(.printerAway(till: till, error: failure))
                } else {
                    setState(.listening)
                    report(.printerBack(till: till))
                }
                away = failure
            }
            _ = poll(-1, until: decoder.nextDeadline)
        }
        server.stop(deadline: .seconds(1))
        decode(events.take(), &decoder)
    }

    private func decode(_ events: [PortEvents.Event], _ decoder: inout FeedDecoder) {
        for event in events {
            switch event {
            case .bytes(let connection, let bytes, let moment):
                count(bytes[...], at: moment)
                publish(decoder.consume(bytes[...], of: connection, at: moment), decoder)
            case .lost(let connection, let moment):
                publish(decoder.interrupt(connection, at: moment), decoder)
            case .closed(let connection, let whole, let moment):
                publish(decoder.close(connection, whole: whole, at: moment), decoder)
            }
        }
    }

    /// Listens, as soon as the address can be had: a box often starts before its network does.
    private func server(
        _ settings: PrinterSettings, _ events: PortEvents, _ decoder: inout FeedDecoder
    ) -> PrinterServer? {
        var delay = FeedReader.firstRetry
        var said: PortError?
        while !isStopping {
            do throws(PortError) {
                return try PrinterServer(settings, events: events, clock: clock)
            } catch {
                shared.withLock { shared in
                    shared.state = .waiting(error)
                    shared.counters.openFailures += 1
                }
                if said != error { report(.waiting(till: till, error: error)) }
                said = error
                wait(until: clock.now().monotonic + delay, &decoder)
                delay = min(delay * 2, FeedReader.longestRetry)
            }
        }
        return nil
    }
}
