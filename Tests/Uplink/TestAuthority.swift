import Foundation

@testable import Uplink

/// A certificate authority made with the openssl command, and what it issues, in a directory of its own.
final class TestAuthority: Sendable {
    let directory: String
    /// The directory goes when this closes: with this object, or with the test process however it ends.
    private let life = Pipe()

    /// For tests that change none of its files.
    static let shared = Result { try TestAuthority() }

    static let isAvailable =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl") && TestServer.python != nil

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private static let script = """
        set -e
        key() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }
        authority() { key $1; openssl req -x509 -new -key $1.key -subj "/CN=$1" -days 2 -out $1.pem; }
        issue() {
            key $1; openssl req -new -key $1.key -subj "/CN=$1" -out $1.csr; printf "subjectAltName=$2" > $1.ext
            openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile $1.ext -out $1.pem
        }
        authority ca; authority stranger
        issue server IP:127.0.0.1,DNS:localhost
        issue elsewhere DNS:elsewhere.example
        issue client URI:urn:footbridge:gateway:shop-1
        issue renewed URI:urn:footbridge:gateway:shop-1
        touch index; echo 77 > number
        printf "[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\nserial=number\\nnew_certs_dir=.\\ndefault_md=sha256\\n" > ca.conf
        printf "policy=p\\n[p]\\ncommonName=supplied\\n[e]\\nsubjectAltName=IP:127.0.0.1\\n" >> ca.conf
        dated() {
            key $1; openssl req -new -key $1.key -subj /CN=$1 -out $1.csr
            openssl ca -batch -config ca.conf -cert ca.pem -keyfile ca.key -in $1.csr -out $1.pem -notext \
                -extensions e -startdate $2 -enddate $3
        }
        dated expired 20200101000000Z 20210101000000Z
        dated unborn 20800101000000Z 20810101000000Z
        openssl ca -config ca.conf -cert ca.pem -keyfile ca.key -gencrl -crldays 2 -out crl.pem
        """

    init() throws {
        directory = NSTemporaryDirectory() + "footbridge-tls-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let janitor = Process()
        janitor.executableURL = URL(fileURLWithPath: "/bin/sh")
        janitor.arguments = ["-c", #"cat >/dev/null; rm -rf "$1""#, "sh", directory]
        janitor.standardInput = life
        try janitor.run()
        try run(Self.script)
    }

    deinit { try? life.fileHandleForWriting.close() }

    func file(_ name: String) -> String { directory + "/" + name }

    /// Puts a certificate on the authority's list, `crl.pem`.
    func revoke(_ name: String) throws {
        let common = "openssl ca -config ca.conf -cert ca.pem -keyfile ca.key"
        try run("\(common) -revoke \(name).pem && \(common) -gencrl -crldays 2 -out crl.new && mv crl.new crl.pem")
    }

    private func run(_ script: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: String(decoding: text.suffix(400), as: UTF8.self))
        }
    }
}
