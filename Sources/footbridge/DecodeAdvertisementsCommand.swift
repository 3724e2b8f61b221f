import Advertising
import ArgumentParser
import Radio
import Subjects

struct DecodeAdvertisementsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advertisements", abstract: "Decode advertising reports: one JSON object a report.",
        discussion: """
            The file is a btsnoop capture, or text with one HCI event packet a line in hex, H4 type byte first. A line that is no report gives \
            an object with "malformed"; packets of a capture that are no advertising events are passed over. - reads standard input.
            """)

    @Argument(help: "The capture or hex lines, or -.")
    var file: String

    func run() throws {
        var output = LineOutput()
        do {
            let input = try InputFile(file)
            let start = try input.read(atMost: Btsnoop.magic.count)
            if Btsnoop.isCapture(start) {
                var reader = try BtsnoopReader(descriptor: input.descriptor, name: file, already: start)
                try decode(&reader, to: &output)
            } else {
                try decode(text: start + input.read(), to: &output)
            }
        } catch let error as InputFile.Failure {
            complain(error)
            throw ExitStatus.noInput
        } catch let error as BtsnoopError {
            output.flush()
            complain(error)
            throw ExitStatus.badInput
        }
    }

    private func decode(text: [UInt8], to output: inout LineOutput) throws {
        var decoder = AdvertisementDecoder()
        for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            for report in decoder.decode(hexLine: String(decoding: line, as: UTF8.self)) {
                try output.write(json: report)
            }
        }
    }

    private func decode(_ reader: inout BtsnoopReader, to output: inout LineOutput) throws {
        var decoder = AdvertisementDecoder()
        var packet: [UInt8] = []
        var first: UnixTime?
        while let record = try reader.next(into: &packet) {
            let start = first ?? record.time
            first = start
            for report in decoder.decode(captured: packet, at: record.time - start) { try output.write(json: report) }
        }
    }
}
