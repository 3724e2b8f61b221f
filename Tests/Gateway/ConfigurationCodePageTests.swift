import Receipts
import Testing

@testable import Gateway

@Suite("The printer profiles of a configuration")
struct ConfigurationCodePageTests {
    @Test("are those that Receipts has tables for")
    func names() {
        #expect(Set(CodePageNames.all) == Set(CodePageProfile.names))
    }
}
