import Advertising
import Subjects

extension RadioReader {
    private static let chunkBytes = 16 * 1024

    /// Connects to the controller behind a unix socket and listens until the reader is stopped or the controller is
    /// lost.
    func listen(_ path: String, _ frames: inout FrameResolver, _ backoff: inout RadioBackoff) throws(RadioError) {
        let transport = try UnixStreamTransport(path: path, bell: bell)
        try drive(transport, path, &frames, &backoff)
    }

    private func drive(
        _ transport: any HCITransport, _ path: String, _ frames: inout FrameResolver,
        _ backoff: inout RadioBackoff
    ) throws(RadioError) {
        var session = ControllerSession(timeOut: commandTimeOut)
        var buffer = [UInt8](repeating: 0, count: Self.chunkBytes)
        let garbageBefore = frames.counters.garbageBytes
        try transport.write(session.start(at: Self.realNow))
        while true {
            let readiness = try transport.wait(timeout: session.deadline.map { $0 - Self.realNow })
            if isStopping {
                // The connection is given up in any case: a controller that can't be told is not waited for.
                if let stop = session.stopPacket { try? transport.write(stop) }
                return
            }
            if readiness == .readable {
                let count = try transport.read(into: &buffer)
                let reaction = take(buffer.span.extracting(0..<count), &session, &frames)
                frames.counters.garbageBytes = garbageBefore + session.garbageBytes
                for command in reaction.commands { try transport.write(command) }
                if let controller = reaction.controller {
                    backoff.reset()
                    enter(.scanning, controller: controller)
                }
                if let fault = reaction.fault { throw Self.error(fault, path) }
            }
            if let fault = session.advance(to: Self.realNow) { throw Self.error(fault, path) }
        }
    }

    private func take(
        _ chunk: Span<UInt8>, _ session: inout ControllerSession, _ frames: inout FrameResolver
    ) -> ControllerSession.Reaction {
        let table = resolver.load()
        let before = frames.counters.reports
        var heard: Moment?
        let reaction = session.consume(chunk, at: Self.realNow) { packet in
            let (moment, state) = clock.now()
            heard = moment
            frames.frames(in: packet, receiver: name, at: moment, table: table, clockState: state, sink: sink)
        }
        publish(frames, heard: frames.counters.reports > before ? heard : nil)
        return reaction
    }

    private static func error(_ fault: ControllerSession.Fault, _ path: String) -> RadioError {
        switch fault {
        case .controller(let error): .controller(path: path, error)
        case .outOfStep(let bytes): .outOfStep(path: path, bytes: bytes)
        }
    }
}
