import Advertising
import Foundation
import Testing

@testable import Subjects

@Suite struct SubjectEntryTests {
    static let whole = #"""
        {"subject_id":"s-1","kind":"person","future":{"x":[1]},
         "keys":[
          {"scheme":"eid","exponent":10,"counter_zero":1700000000,"temporary":[{"window":7,"key":"000102030405060708090a0b0c0d0e0f"}]},
          {"scheme":"rolling","uuid":"fd6f","days":[{"start":2642976,"key":"75c734c6dd1a782de7a965da5eb93125"}]},
          {"scheme":"rolling","uuid":"B10CAFE0-1234-4567-89AB-CDEF01234567","days":[]},
          {"scheme":"ibeacon","uuid":"b10cafe01234456789abcdef01234567","days":[]},
          {"scheme":"static","ibeacon":{"uuid":"b10cafe0-1234-4567-89ab-cdef01234567","major":1,"minor":65535}},
          {"scheme":"static","eddystone_uid":{"namespace":"00112233445566778899","instance":"aabbccddeeff"}},
          {"scheme":"quantum","spin":0.5}],
         "hashes":{"loyalty":["0123456789abcdef0123456789abcdef"],"order":[]},
         "consent":{"record":"r-9","version":2,"purposes":["visit_analytics","novel"],"not_after":"2026-11-23T00:00:00Z"}}
        """#

    @Test("an entry of every scheme is read; unknown members and schemes are no reason to refuse it")
    func whole() throws {
        let entry = try Store.decodeEntry(Self.whole)
        #expect(entry.subject == "s-1" && entry.kind == .person && entry.state == .active)
        #expect(entry.keys.count == 7)
        #expect(entry.keys.last == .unknown(scheme: "quantum"))
        guard case .eid(let eid) = entry.keys[0], case .rolling(let short) = entry.keys[1],
            case .rolling(let long) = entry.keys[2], case .iBeacon(let beacon) = entry.keys[3],
            case .fixed(let badge) = entry.keys[4], case .fixed(let fob) = entry.keys[5]
        else { throw EntryFault([], "the keys are not of the schemes given") }
        #expect(eid.exponent == 10 && eid.counterZero == 1_700_000_000 && eid.temporary.map(\.window) == [7])
        #expect(short.uuid == Store.shortUUID && short.days.map(\.start) == [2_642_976])
        #expect(long.uuid == Store.uuid && beacon.uuid == Store.uuid)
        #expect(badge.identifier == AdvertisedIdentifier(kind: .iBeacon, uuid: Store.uuid, value: [0, 1, 0xFF, 0xFF]))
        #expect(fob.identifier.valueHigh == 0x0011_2233_4455_6677 && fob.identifier.valueLow == 0x8899_AABB_CCDD_EEFF)
        #expect(entry.hashes.loyalty.count == 1 && entry.hashes.coupon.isEmpty)
        #expect(entry.consent?.version == "2")
        #expect(entry.consent?.purposes == [.visitAnalytics, Purpose(rawValue: "novel")])
        #expect(entry.consent?.notAfter == UnixTime(rfc3339: "2026-11-23T00:00:00Z"))
    }

    @Test("an entry that is written and read again is the same")
    func roundTrip() throws {
        let entry = try Store.decodeEntry(Self.whole)
        let again = try JSONDecoder().decode(SubjectEntry.self, from: JSONEncoder().encode(entry))
        #expect(again == entry)
        let gone = SubjectEntry(removing: "s-1", state: .erased, request: "q-5")
        #expect(try JSONDecoder().decode(SubjectEntry.self, from: JSONEncoder().encode(gone)) == gone)
    }

    @Test("the key of a bonded thing is read and written as 32 hex digits, and nothing else is one")
    func identityKey() throws {
        func json(_ member: String) -> String {
            #"{"subject_id":"t-1","kind":"staff","keys":[{"scheme":"irk"\#(member)}]}"#
        }
        let entry = try Store.decodeEntry(json(#","key":"EC0234a357c8ad05341010a60a397d9b""#))
        #expect(entry.keys == [.irk(IdentityResolvingKey(try key("ec0234a357c8ad05341010a60a397d9b")))])
        #expect(try JSONDecoder().decode(SubjectEntry.self, from: JSONEncoder().encode(entry)) == entry)
        for member in ["", #","key":"ec02""#, #","key":7"#] {
            #expect(throws: (any Error).self) { try Store.decodeEntry(json(member)) }
        }
        #expect(!"\(entry.keys)".contains("ec0234"))
    }

    @Test("a withdrawal needs neither kind nor keys")
    func withdrawal() throws {
        let entry = try Store.decodeEntry(#"{"subject_id":"s-1","state":"withdrawn","request":"q-1"}"#)
        #expect(entry == SubjectEntry(removing: "s-1", state: .withdrawn, request: "q-1"))
    }

    @Test(
        "the end of consent may be text or unix seconds",
        arguments: [
            #""2026-11-23T00:00:00Z""#, "1795392000", "1795392000.0", #""2026-11-23T01:00:00.000+01:00""#,
        ])
    func notAfter(text: String) throws {
        let consent = try JSONDecoder().decode(
            Consent.self, from: Data(#"{"record":"r","version":"1","purposes":[],"not_after":\#(text)}"#.utf8))
        #expect(consent.notAfter == UnixTime(seconds: Int64(1_795_392_000)))
    }

    @Test("consent without an end holds never", arguments: ["", #","not_after":null"#])
    func endless(member: String) throws {
        let consent = try JSONDecoder().decode(
            Consent.self, from: Data(#"{"record":"r","version":"1","purposes":["visit_analytics"]\#(member)}"#.utf8))
        #expect(!consent.holds(at: UnixTime(seconds: Int64(0))))
        #expect(!Store.person("s", [], consent: consent).permits(.visitAnalytics, at: Store.morning))
    }

    @Test(
        "what is known must have its type, and the fault is named without the value",
        arguments: [
            (#"{"kind":"person"}"#, "subject_id: missing"),
            (#"{"subject_id":"","kind":"person"}"#, "subject_id: 1 to 128 bytes"),
            (#"{"subject_id":7,"kind":"person"}"#, "subject_id: not a value of type String"),
            (#"{"subject_id":"s"}"#, "kind: missing"),
            (#"{"subject_id":"s","kind":"robot"}"#, "kind: not valid here"),
            (#"{"subject_id":"s","state":"asleep"}"#, "state: not valid here"),
            (#"{"subject_id":"s","kind":"person","keys":{}}"#, "keys: not a value"),
            (#"{"subject_id":"s","kind":"person","keys":[{}]}"#, "keys[0].scheme: missing"),
            (
                #"{"subject_id":"s","kind":"person","keys":[{"scheme":"eid","exponent":16,"counter_zero":0}]}"#,
                "keys[0].exponent: an exponent is 0 to 15"
            ),
            (
                #"{"subject_id":"s","kind":"person","keys":[{"scheme":"eid","exponent":1,"counter_zero":0,"temporary":[{"window":0,"key":"secret"}]}]}"#,
                "keys[0].temporary[0].key: a key is 32 hex digits"
            ),
            (
                #"{"subject_id":"s","kind":"person","keys":[{"scheme":"eid","exponent":1,"counter_zero":0,"temporary":[{"window":65536,"key":""}]}]}"#,
                "not JSON, or a number out of range"
            ),
            (
                #"{"subject_id":"s","kind":"person","keys":[{"scheme":"rolling","uuid":"fd6"}]}"#,
                "keys[0].uuid: not a UUID"
            ),
            (#"{"subject_id":"s","kind":"staff","keys":[{"scheme":"static"}]}"#, "keys[0]: a static key has"),
            (
                #"{"subject_id":"s","kind":"staff","keys":[{"scheme":"static","eddystone_uid":{"namespace":"00","instance":"00"}}]}"#,
                "keys[0].eddystone_uid: a namespace is"
            ),
            (
                #"{"subject_id":"s","kind":"person","hashes":{"loyalty":["12"]}}"#,
                "hashes.loyalty[0]: a hash is 32 hex digits"
            ),
            (
                #"{"subject_id":"s","kind":"person","consent":{"record":"r","version":"1","purposes":[],"not_after":"soon"}}"#,
                "consent.not_after: a time is RFC 3339"
            ),
        ])
    func strict(json: String, fault: String) {
        do {
            _ = try Store.decodeEntry(json)
            Issue.record("the entry was taken: \(fault)")
        } catch {
            let text = EntryFault(error).description
            #expect(text.hasPrefix(fault), "\(text)")
            #expect(!text.contains("secret") && !text.contains("\n"))
        }
    }

    @Test("one entry cannot bring more keys, windows, days or hashes than the bounds")
    func bounds() {
        let keys = String(repeating: #"{"scheme":"x"},"#, count: 16) + #"{"scheme":"x"}"#
        let hashes = String(repeating: #""0123456789abcdef0123456789abcdef","#, count: 512) + #""00""#
        let days = String(
            repeating: #"{"start":0,"key":"75c734c6dd1a782de7a965da5eb93125"},"#, count: 17
        ).dropLast()
        for json in [
            #"{"subject_id":"s","kind":"person","keys":[\#(keys)]}"#,
            #"{"subject_id":"s","kind":"person","hashes":{"order":[\#(hashes)]}}"#,
            #"{"subject_id":"s","kind":"person","keys":[{"scheme":"ibeacon","uuid":"fd6f","days":[\#(days)]}]}"#,
            #"{"subject_id":"\#(String(repeating: "s", count: 129))","kind":"person"}"#,
        ] {
            #expect(throws: EntryFault.self) { try Store.decodeEntry(json) }
        }
    }

    @Test("mutated entries are read or refused, never more")
    func fuzz() {
        var random = SeededGenerator(seed: 21)
        let template = Array(Self.whole.utf8)
        for _ in 0..<1500 {
            var bytes = template
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(UInt8(ascii: "9"), at: at)
                default: bytes.swapAt(at, Int.random(in: 0..<bytes.count, using: &random))
                }
            }
            guard let entry = try? JSONDecoder().decode(SubjectEntry.self, from: Data(bytes)) else { continue }
            // Whatever was read can be built into a table and looked up.
            _ = Store.table([entry]).tokenCount
        }
    }
}
