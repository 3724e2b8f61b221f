import Foundation
import Subjects
import Testing

@testable import Uplink

@Suite("The gateway's own certificate", .enabled(if: TestAuthority.isAvailable))
struct IdentityTests {
    private func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: TestAuthority.shared.get().file(name))))
    }

    @Test("its dates are read, and whether a key is its own")
    func facts() throws {
        let expired = try CertificateFacts(pem: try bytes("expired.pem"))
        #expect(expired.notBefore.rfc3339().hasPrefix("2020-01-01T00:00:00"))
        #expect(expired.notAfter.rfc3339().hasPrefix("2021-01-01T00:00:00"))
        #expect(try CertificateFacts(pem: try bytes("unborn.pem")).notAfter.rfc3339().hasPrefix("2081-01-01"))
        let client = try CertificateFacts(pem: try bytes("client.pem"))
        #expect(try client.matches(key: try bytes("client.key")) == true)
        #expect(try client.matches(key: try bytes("renewed.key")) == false)
        // As `openssl rsa -traditional -aes128` writes it.
        let old =
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
            + "-----END RSA PRIVATE KEY-----\n"
        #expect(throws: CertificateFacts.Unreadable.self) { try client.matches(key: Array(old.utf8)) }
        do throws(CertificateFacts.Unreadable) {
            _ = try client.matches(key: Array(old.utf8))
        } catch {
            #expect(error.description == "it is encrypted; store it without a password")
        }
    }

    @Test("a damaged file is an error, never a crash", arguments: 0..<100)
    func damage(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var pem = try bytes("client.pem")
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            pem[Int.random(in: pem.indices, using: &random)] = UInt8.random(in: 32...126, using: &random)
        }
        if seed.isMultiple(of: 3) { pem.removeLast(Int.random(in: 1..<pem.count, using: &random)) }
        do throws(CertificateFacts.Unreadable) {
            let facts = try CertificateFacts(pem: pem)
            #expect(facts.notAfter.nanoseconds > Int64.min)
        } catch {
            #expect(!error.description.isEmpty)
        }
    }

    @Test("its end is said from 30 days before, once a day, and at once when it has come")
    func expiry() throws {
        let facts = try CertificateFacts(pem: try bytes("expired.pem"))
        func remark(_ days: Int64, isSet: Bool = true) -> CertificateWatch.Remark? {
            CertificateWatch.remark(
                on: facts, path: "/own.pem", wall: facts.notAfter - .seconds(days * 86_400), isClockSet: isSet)
        }
        #expect(remark(31) == nil)
        #expect(remark(-1, isSet: false) == nil)
        guard case .warning(let text) = remark(12) else {
            Issue.record("no warning")
            return
        }
        #expect(text.contains("expires in 12 days") && text.contains("/own.pem"))
        guard case .error = remark(0) else {
            Issue.record("no error")
            return
        }
        var watch = CertificateWatch()
        let end = facts.notAfter
        #expect(watch.due(remark(12), notAfter: end, at: .zero) != nil)
        #expect(watch.due(remark(12), notAfter: end, at: .seconds(3600)) == nil)
        #expect(watch.due(remark(11), notAfter: end, at: .seconds(86_400)) != nil)
        #expect(watch.due(remark(0), notAfter: end, at: .seconds(86_500)) != nil)
    }

    @Test("a refusal by the platform names the certificate's end when that is the reason")
    func ownExpired() throws {
        let facts = try CertificateFacts(pem: try bytes("expired.pem"))
        let refusal = UplinkError.clientCertificateRefused(host: "h", detail: "it has expired")
        let late = facts.notAfter + .seconds(86_400)
        let seen = refusal.seen(isClockSet: true, wall: late, certificate: facts, path: "/own.pem")
        #expect(seen.description.contains("/own.pem: this gateway's certificate expired at 2021-01-01T00:00:00"))
        #expect(refusal.seen(isClockSet: false, wall: late, certificate: facts, path: "/own.pem") == refusal)
    }

    @Test("a password may hold colons, and only one line is taken")
    func credentials() throws {
        let folder = try TestAuthority.shared.get().directory
        func read(_ text: String) throws -> IdentityFiles.Contents {
            let path = folder + "/" + UUID().uuidString
            #expect(
                FileManager.default.createFile(
                    atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            var files = IdentityFiles(.init(proxyCredentials: path))
            return try files.refresh()
        }
        let contents = try read("shop:a:b c\r\n")
        #expect(contents.proxyUser == "shop" && contents.proxyPassword == "a:b c")
        for text in ["shop", ":x", "a:b\nc:d", "\n"] {
            #expect(throws: UplinkError.self) { try read(text) }
        }
    }
}
