import Advertising
import Foundation
import Testing

@testable import Subjects

@Suite struct VocabularyTests {
    @Test("a subject's id never shows in a description, a dump or a containing value")
    func redaction() throws {
        let subject: SubjectID = "marker-7781"
        let hash = try #require(KeyedHash(hex: "0123456789abcdef0123456789abcdef"))
        let secret = try key("fedcba98765432100123456789abcdef")
        let sighting = Sighting(
            subject: subject, kind: .person, receiver: "door", rssi: -60,
            at: Moment(monotonic: .zero, wall: Store.morning))
        let entry = SubjectEntry(
            subject: subject, kind: .person,
            keys: [
                .rolling(Store.days(secret, Store.uuid)),
                .fixed(StaticIdentifier(iBeacon: Store.uuid, major: 7781, minor: 1)),
            ],
            hashes: SubjectHashes(loyalty: [hash]), consent: Store.consent())
        var registry = SubjectRegistry()
        let change = registry.apply(entry)
        var texts: [String] = []
        for value in [subject, sighting, entry, hash, secret, registry, change, entry.keys] as [Any] {
            texts += ["\(value)", String(reflecting: value)]
            var dumped = ""
            dump(value, to: &dumped)
            texts.append(dumped)
        }
        for text in texts {
            #expect(!text.contains("marker-7781"))
            #expect(!text.contains("0123456789abcdef"))
            #expect(!text.contains("fedcba98"))
            #expect(!text.contains(secret.hex) && !text.contains("\(secret.high)"))
        }
        #expect(subject.description == "subject(redacted)")
    }

    @Test("names of places are plain strings in JSON, and print themselves")
    func names() throws {
        let data = try JSONEncoder().encode([ReceiverID("door"), "back"])
        #expect(String(decoding: data, as: UTF8.self) == #"["door","back"]"#)
        #expect(try JSONDecoder().decode([ZoneID].self, from: data) == ["door", "back"])
        #expect(try JSONDecoder().decode([TillID].self, from: data).map(\.description) == ["door", "back"])
        #expect(try JSONDecoder().decode([SubjectID].self, from: data).map(\.rawValue) == ["door", "back"])
        #expect(try JSONDecoder().decode([Purpose].self, from: data).map(\.rawValue) == ["door", "back"])
        #expect(ZoneID("a") < "b" && TillID("a") < "b" && ReceiverID("a") < "b" && SubjectID("a") < "b")
    }
}
