import Advertising
import Subjects

extension RadioReader {
    /// How often the counters of a capture that is played fast become visible, in packets.
    private static let publishEvery: UInt64 = 1024

    /// Plays a capture to its end, or until the reader is stopped.
    /// - Returns: what the operator should know about the capture, or nil.
    func play(_ path: String, speed: Double, _ frames: inout FrameResolver) throws(RadioError) -> String? {
        let now = clock.now().moment
        guard let extent = try extent(path, from: now.wall) else {
            enter(.scanning)
            return "\(path) holds no packets"
        }
        let pacing = CapturePacing(first: extent.first, last: extent.last, now: now, speed: speed)
        var reader = try open(path)
        var packet: [UInt8] = []
        enter(.scanning)
        var remark: String?
        while !isStopping {
            do throws(BtsnoopError) {
                guard let record = try reader.next(into: &packet) else { break }
                if let missed = pacing.missedBefore, record.time < missed {
                    frames.counters.skipped += 1
                    continue
                }
                let heard = pacing.moment(of: record.time)
                guard !record.isReceived || wait(until: pacing.due(heard)) else { break }
                guard record.isReceived else { continue }
                let before = frames.counters.reports
                frames.frames(
                    in: packet.span, receiver: name, at: heard, table: resolver.load(),
                    clockState: clock.now().state, sink: sink)
                if speed > 0 || reader.records % Self.publishEvery == 0 {
                    publish(frames, heard: frames.counters.reports > before ? heard : nil)
                }
            } catch {
                // What came before is good: a capture that a power cut ended is still a capture.
                remark = error.description
                break
            }
        }
        publish(frames, heard: nil)
        return remark
    }

    private func open(_ path: String) throws(RadioError) -> BtsnoopReader {
        do throws(BtsnoopError) {
            return try BtsnoopReader(path: path)
        } catch {
            throw .capture(error)
        }
    }

    /// The times of the first and the last packet; nil when there is none. A capture that begins after `now` is not
    /// read to its end for that.
    private func extent(_ path: String, from now: UnixTime) throws(RadioError) -> (first: UnixTime, last: UnixTime)? {
        var reader = try open(path)
        var packet: [UInt8] = []
        var found: (first: UnixTime, last: UnixTime)?
        while !isStopping {
            do throws(BtsnoopError) {
                guard let record = try reader.next(into: &packet) else { break }
                let first = found?.first ?? record.time
                found = (first, max(found?.last ?? record.time, record.time))
                if let last = found?.last, last >= now { break }
            } catch {
                // The second reading meets the same fault and reports it.
                break
            }
        }
        return found
    }
}
