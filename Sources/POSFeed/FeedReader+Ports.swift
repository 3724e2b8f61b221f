import Glibc
import Receipts
import Subjects
import Synchronization
import Threads

extension FeedReader {
    /// Opens the port, reads it until it is lost, and waits for it to come back; until the feed is stopped.
    func follow<Port: StreamPort & ~Copyable>(
        _ decoder: inout FeedDecoder, _ open: (_ bell: Int32) throws(PortError) -> Port
    ) {
        let watch = DeviceWatch()
        var delay = FeedReader.firstRetry
        var opened = false
        var lost: PortError?
        var said: PortError?
        while !isStopping {
            do throws(PortError) {
                if let lost { throw lost }
                let port = try open(bell.descriptor)
                shared.withLock { shared in
                    shared.state = .listening
                    if opened { shared.counters.reopened += 1 }
                }
                opened = true
                said = nil
                report(.opened(till: till, path: port.path))
                let before = counters.bytes
                lost = read(port, &decoder)
                if counters.bytes > before { delay = FeedReader.firstRetry }
            } catch {
                let fresh = lost == nil
                lost = nil
                shared.withLock { shared in
                    shared.state = .waiting(error)
                    if fresh { shared.counters.openFailures += 1 }
                }
                // Once, not with every attempt: a port may stay away for a night.
                if said != error { report(.waiting(till: till, error: error)) }
                said = error
                watch.watch(above: source.watchedPath)
                watch.drain()
                if wait(until: clock.now().monotonic + delay, watching: watch.descriptor, &decoder) {
                    // udev makes the device first, then its names and its owner.
                    wait(until: clock.now().monotonic + .milliseconds(100), &decoder)
                    delay = FeedReader.firstRetry
                } else {
                    delay = min(delay * 2, FeedReader.longestRetry)
                }
            }
        }
    }

    /// Reads until the port is lost (returns why) or the feed is stopped (nil).
    private func read<Port: StreamPort & ~Copyable>(_ port: borrowing Port, _ decoder: inout FeedDecoder) -> PortError?
    {
        let baseline = port.lineErrors()
        let earlier = counters.lineErrors
        var breaks = 0
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !isStopping {
            let events = poll(port.descriptor, until: decoder.nextDeadline)
            let now = clock.now()
            guard events != 0 else {
                publish(decoder.advance(to: now), decoder)
                continue
            }
            let count = Glibc.read(port.descriptor, &buffer, buffer.count)
            if count > 0 {
                self.count(buffer[..<count], at: now)
                publish(decoder.consume(buffer[..<count], at: now), decoder)
                guard let baseline, let present = port.lineErrors() else { continue }
                let since = present - baseline
                shared.withLock { $0.counters.lineErrors = earlier + since }
                if since.breaks > breaks {
                    breaks = since.breaks
                    publish(decoder.lineBreak(at: now), decoder)
                }
                continue
            }
            let code = errno
            if count < 0, code == EAGAIN || code == EINTR, events & Int32(POLLHUP | POLLERR | POLLNVAL) == 0 {
                continue
            }
            if count == 0, port.endsRegularly {
                publish(decoder.finish(at: now), decoder)
                return .unreachable(address: port.path, reason: "the other end has closed the connection")
            }
            publish(decoder.interrupt(at: now), decoder)
            if port.endsRegularly {
                return .unreachable(address: port.path, reason: StreamSocket.reason(code))
            }
            return count == 0 || code == EAGAIN ? .gone(path: port.path) : TTYPort.error(port.path, "read", code)
        }
        return nil
    }

    func replay(_ path: String, _ bytesPerSecond: Int?, _ decoder: inout FeedDecoder) {
        do throws(PortError) {
            let capture = try CapturePort(path: path)
            setState(.listening)
            report(.opened(till: till, path: path))
            let rate = max(1, bytesPerSecond ?? 0)
            // Paced in pieces of a tenth of a second, so that timing is like a line's.
            var buffer = [UInt8](repeating: 0, count: bytesPerSecond == nil ? 4096 : min(4096, max(1, rate / 10)))
            let start = clock.now().monotonic
            var sent = 0
            while !isStopping {
                let count = try capture.read(into: &buffer)
                guard count > 0 else { break }
                if bytesPerSecond != nil {
                    let seconds = sent / rate
                    let rest = Duration.nanoseconds(Int64(sent % rate) * 1_000_000_000 / Int64(rate))
                    wait(until: start + .seconds(seconds) + rest, &decoder)
                    if isStopping { break }
                }
                let now = clock.now()
                sent += count
                self.count(buffer[..<count], at: now)
                publish(decoder.consume(buffer[..<count], at: now), decoder)
            }
            guard !isStopping else { return }
            setState(.finished)
            report(.finished(till: till, path: path))
        } catch {
            shared.withLock { shared in
                shared.state = .waiting(error)
                shared.counters.openFailures += 1
            }
            report(.waiting(till: till, error: error))
        }
    }

    /// Waits for bytes, a wake-up or the simulated time `deadline`; returns the port's events, 0 for the others.
    func poll(_ descriptor: Int32, until deadline: Duration?) -> Int32 {
        var milliseconds: Int32 = -1
        if let deadline {
            let real = clock.realDelay(max(.zero, deadline - clock.now().monotonic))
            // Rounded up, so that the deadline has passed when the wait is over.
            let (seconds, attoseconds) = min(real, .seconds(3600)).components
            milliseconds = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
        }
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard Glibc.poll(&descriptors, 2, milliseconds) > 0 else { return 0 }
        if descriptors[1].revents != 0 { bell.answer() }
        return Int32(descriptors[0].revents)
    }
}

extension PortSource {
    /// The path whose appearance ends the wait for the port.
    fileprivate var watchedPath: String {
        switch self {
        case .tty(let path, _), .file(let path, _), .capture(let path, _): path
        case .usb: "/dev/serial/by-path/any"
        case .listen, .connect: ""
        }
    }
}
