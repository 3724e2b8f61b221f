import ArgumentParser
import Foundation
import Subjects

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Print the rotating token that a phone advertises at a time, in hex.",
        discussion: """
            The key file holds 32 hex digits: the identity key for eid, the day key for rolling and ibeacon. The time is in Unix \
            seconds; for eid it is the beacon's counter.
            """)

    @Option(name: .long, help: "eid, rolling or ibeacon.")
    var scheme: Token.Scheme

    @Option(name: .long, help: "File with the key in hex, or - for standard input.")
    var keyFile: String

    @Option(name: .long, help: "The rotation exponent K of eid, 0 to 15.")
    var exponent: Int?

    @Option(name: .long, help: "Unix seconds.")
    var time: Int64

    func run() throws {
        let text: String
        do {
            text = String(decoding: try InputFile.read(keyFile), as: UTF8.self)
        } catch {
            complain(error)
            throw ExitStatus.noInput
        }
        guard let key = TokenKey(hex: text.filter { !$0.isWhitespace }) else {
            complain("\(keyFile): not a key; it must hold 32 hex digits (16 bytes)")
            throw ExitStatus.badInput
        }
        do {
            let token = try Token.generate(scheme: scheme, key: key, exponent: exponent, time: time)
            print(token.map { String(format: "%02x", $0) }.joined())
        } catch {
            complain(error)
            throw ExitCode.validationFailure
        }
    }
}

extension Token.Scheme: ExpressibleByArgument {}
