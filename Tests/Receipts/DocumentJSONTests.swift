import Foundation
import Testing

@testable import Receipts

@Suite("the object of a document")
struct DocumentJSONTests {
    func object(_ text: String) throws -> [String: Any] {
        let document = try #require(try Print.documents(text).first)
        return try #require(
            try JSONSerialization.jsonObject(with: Data(try document.jsonLine().utf8)) as? [String: Any])
    }

    @Test("it has just the agreed keys, and null for what is unknown")
    func keys() throws {
        let object = try object("Hello")
        #expect(
            object.keys.sorted() == [
                "commands", "complete", "coupons", "issued_at", "items", "kind", "lines", "loyalty", "number",
                "redactions",
                "tenders", "till", "total", "warnings",
            ])
        for key in ["issued_at", "loyalty", "number", "till", "total"] { #expect(object[key] is NSNull) }
    }

    @Test("it carries total, items, tenders and loyalty as agreed")
    func values() throws {
        let object = try object("2 x Milk  2.00\nTOTAL 2.00\nCASH 2.00\nLoyalty: 9900123456")
        #expect(object["loyalty"] as? String == "9900123456")
        let total = try #require(object["total"] as? [String: Any])
        #expect(total["minor"] as? Int == 200)
        #expect(total["currency"] as? String == "EUR")
        let item = try #require((object["items"] as? [[String: Any]])?.first)
        #expect(item["text"] as? String == "Milk")
        #expect(item["quantity"] as? Int == 2)
        #expect((object["tenders"] as? [[String: Any]])?.first?["type"] as? String == "cash")
        #expect((object["commands"] as? [String: Int])?["unknown"] == 0)
    }
}
