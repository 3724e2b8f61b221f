import ArgumentParser
import PlatformAPI

/// How `show` prints an event: what points to a person stays covered on a screen that others see, unless it is asked for.
struct EventPrinting: ParsableArguments {
    static let discussion = """
        What points to a person (subject_id, consent_record, and the hashes of loyalty, coupons and orders) is printed as \
        "(masked)". With --unmasked the bytes are those that are sent.
        """

    /// Members of `data`, at any depth, that say who it was.
    private static let personal: Set<String> = ["subject_id", "consent_record", "loyalty", "coupons", "orders"]

    @Flag(name: .long, help: "Print every byte as it is sent.")
    var unmasked = false

    func print(_ event: [UInt8]) {
        var output = LineOutput()
        output.write(line: unmasked ? event : Self.masked(event))
    }

    /// Bytes that are no event are replaced whole.
    static func masked(_ event: [UInt8]) -> [UInt8] {
        guard let value = try? WireJSON.decode(JSONValue.self, from: event),
            let bytes = try? WireJSON.encode(masked(value, isPersonal: false))
        else { return Array("(these bytes are no event; --unmasked prints them)".utf8) }
        return bytes
    }

    private static func masked(_ value: JSONValue, isPersonal: Bool) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        (name, masked(value, isPersonal: isPersonal || personal.contains(name)))
                    }))
        case .array(let values): .array(values.map { masked($0, isPersonal: isPersonal) })
        case .null: .null
        default: isPersonal ? .string("(masked)") : value
        }
    }
}
