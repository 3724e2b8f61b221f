import Foundation
import Testing

@testable import Gateway

@Suite("The files that a configuration names")
struct ConfigurationFileTests {
    /// A folder of its own for each test, removed at the end.
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "footbridge-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private func write(_ text: String, _ name: String, _ folder: URL, mode: Int = 0o600) throws {
        let file = folder.appending(path: name)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    private let text = """
        gateway: {id: box-1}
        store: {code: "0042", time_zone: UTC, currency: EUR}
        platform: {url: "https://x", certificate: c.pem, key: k.pem, feed_keys: []}
        subjects: {hash_key_file: hash.key}
        radios:
          - {name: r, source: {btsnoop: r.btsnoop}}
        tills:
          - {name: t, port: {tty: /dev/no-such-port}}
          - {name: u, port: {capture: .}}
        """

    @Test("are only looked at when asked, and each that is missing is named")
    func missing() throws {
        try withFolder { folder in
            try write(text, "f.yaml", folder)
            let path = folder.appending(path: "f.yaml").path
            _ = try Configuration.load(path: path)
            let error = #expect(throws: ConfigurationErrors.self) {
                try Configuration.load(path: path, checkingFiles: true)
            }
            #expect(
                error?.mistakes.map { "\($0.position.line) \($0.path): \($0.problem)" } == [
                    "3 platform.certificate: \(ConfigurationCollector.shown(folder.path + "/c.pem")) does not exist",
                    "3 platform.key: the file does not exist",
                    "4 subjects.hash_key_file: the file does not exist",
                    "6 radios[0].source.btsnoop: \(ConfigurationCollector.shown(folder.path + "/r.btsnoop")) does not exist",
                    "9 tills[1].port.capture: \(ConfigurationCollector.shown(folder.path + "/.")) is a directory",
                ])
        }
    }

    @Test("that are there pass, with a warning for an open secret and an unplugged port")
    func present() throws {
        try withFolder { folder in
            try write(text.replacing("capture: .", with: "capture: t.bin"), "f.yaml", folder)
            for name in ["c.pem", "r.btsnoop", "t.bin"] { try write("", name, folder) }
            try write("", "k.pem", folder, mode: 0o644)
            try write("0011223344556677 8899aabbCCDDEEFF\n", "hash.key", folder)
            let configuration = try Configuration.load(path: folder.appending(path: "f.yaml").path, checkingFiles: true)
            let warnings = configuration.origin.warnings.map(\.path)
            #expect(warnings.contains("platform.key") && warnings.contains("tills[0].port.tty"))
            #expect(!warnings.contains("subjects.hash_key_file"))
            #expect(try configuration.hashKey()?.count == 16)
            #expect(try configuration.hashKey()?.last == 0xFF)
        }
    }

    @Test("a proxy's credentials that other users may read are a mistake: the line would not use them")
    func openCredentials() throws {
        try withFolder { folder in
            let proxied = text.replacing(
                "platform: {", with: "platform: {proxy: {url: \"http://p:3128\", credentials_file: p.txt}, ")
            try write(proxied.replacing("capture: .", with: "capture: t.bin"), "f.yaml", folder)
            for name in ["c.pem", "r.btsnoop", "t.bin", "k.pem"] { try write("", name, folder) }
            try write("00112233445566778899aabbccddeeff\n", "hash.key", folder)
            try write("shop:secret77\n", "p.txt", folder, mode: 0o644)
            let path = folder.appending(path: "f.yaml").path
            let error = #expect(throws: ConfigurationErrors.self) {
                try Configuration.load(path: path, checkingFiles: true)
            }
            #expect(error?.mistakes.map(\.path) == ["platform.proxy.credentials_file"])
            #expect(error?.mistakes.first?.remedy == "run chmod 600 on the file")
            try write("shop:secret77\n", "p.txt", folder)
            #expect(throws: Never.self) { try Configuration.load(path: path, checkingFiles: true) }
        }
    }

    @Test(
        "that hold no key are refused without showing what they hold",
        arguments: [
            ("hunter2", "the file holds more than hexadecimal digits"),
            ("abc", "the file holds an odd number of digits"),
            ("00ff", "the key has 2 bytes"), (String(repeating: "00", count: 65), "the key has 65 bytes"),
            ("", "the key has 0 bytes"),
        ])
    func hashKeys(content: String, problem: String) throws {
        try withFolder { folder in
            try write(text.replacing("capture: .", with: "capture: t.bin"), "f.yaml", folder)
            for name in ["c.pem", "r.btsnoop", "t.bin", "k.pem"] { try write("", name, folder) }
            try write(content, "hash.key", folder)
            let path = folder.appending(path: "f.yaml").path
            let error = #expect(throws: ConfigurationErrors.self) {
                try Configuration.load(path: path, checkingFiles: true)
            }
            #expect(error?.mistakes.map(\.problem) == [problem])
            #expect(error?.mistakes.first?.position.line == 4)
            #expect(error?.mistakes.first?.file == path)
        }
    }
}
