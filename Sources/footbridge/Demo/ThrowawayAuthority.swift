import Foundation
import Glibc

/// An authority for one demonstration: certificates of two days, made by the `openssl` command.
struct ThrowawayAuthority {
    let folder: String

    var certificate: String { "\(folder)/ca.pem" }

    private static let openssl = "/usr/bin/env"

    init(folder: String) throws {
        self.folder = folder
        try openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "ca.key",
            "-out", "ca.pem", "-days", "2", "-subj", "/CN=Footbridge demo authority", "-addext",
            "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        ])
    }

    /// Makes NAME.key and NAME.pem.
    /// - `alternativeName`: such as `DNS:localhost` or `URI:urn:footbridge:gateway:ID`.
    /// - `usage`: `serverAuth` or `clientAuth`.
    func issue(_ name: String, alternativeName: String, usage: String) throws {
        try openssl([
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            "\(name).key",
            "-out", "\(name).csr", "-subj", "/CN=\(name)",
        ])
        try OutputFile.write(
            "basicConstraints=CA:FALSE\nsubjectAltName=\(alternativeName)\nextendedKeyUsage=\(usage)\n".utf8,
            to: "\(folder)/\(name).ext")
        try openssl([
            "x509", "-req", "-in", "\(name).csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out",
            "\(name).pem", "-days", "2", "-extfile", "\(name).ext",
        ])
        chmod("\(folder)/\(name).key", 0o600)
    }

    private func openssl(_ arguments: [String]) throws {
        do {
            _ = try ChildProcess.output(Self.openssl, ["openssl"] + arguments, workingDirectory: folder)
        } catch let failure as DemoFailure {
            throw DemoFailure("the certificates could not be made (is openssl installed?): \(failure)")
        }
    }
}
