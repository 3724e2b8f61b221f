import Foundation
import Glibc

/// The files that say who this gateway is and whom it trusts. They are looked at before each request and read again when one of
/// them has changed; until the new ones are whole and fit together, the old ones stay in use.
struct IdentityFiles: Sendable {
    struct Paths: Hashable, Sendable {
        var certificate: String?
        var key: String?
        var authorities: String?
        /// One line `name:password` for the proxy.
        var proxyCredentials: String?
    }

    /// What they hold. The key stays in memory, as it does in any TLS library.
    struct Contents: Hashable, Sendable {
        var certificate: [UInt8]?
        var key: [UInt8]?
        var authorities: [UInt8]?
        var facts: CertificateFacts?
        var proxyUser: String?
        var proxyPassword: String?
    }

    /// stat(2): whoever replaces a file changes at least one of these.
    private struct Mark: Hashable {
        var inode: UInt64 = 0
        var size: Int64 = 0
        var seconds: Int = 0
        var nanoseconds: Int = 0
    }

    /// Certificates and keys are some kB; chains and bundles of authorities some hundred.
    private static let largest = 4_000_000

    let paths: Paths
    private var marks: [Mark]?
    private var contents: Contents?
    /// Why the files as they are now are not in use, although others were before; nil when all is well.
    private(set) var refusal: UplinkError?

    init(_ paths: Paths) { self.paths = paths }

    /// What is in use.
    var current: Contents? { contents }

    /// Looks at the files.
    /// - Throws: when they cannot be used and no others were in use before.
    mutating func refresh() throws(UplinkError) -> Contents {
        let now = [paths.certificate, paths.key, paths.authorities, paths.proxyCredentials].map(Self.mark)
        if now != marks {
            marks = now
            do throws(UplinkError) {
                contents = try read()
                refusal = nil
            } catch {
                refusal = error
            }
        }
        if let contents { return contents }
        throw refusal ?? .fileUnusable(what: "gateway's certificate", path: paths.certificate ?? "", detail: "unread")
    }

    private func read() throws(UplinkError) -> Contents {
        var contents = Contents()
        contents.certificate = try bytes(paths.certificate, "gateway's certificate")
        contents.key = try bytes(paths.key, "gateway's key")
        contents.authorities = try bytes(paths.authorities, "authority file")
        if let certificate = contents.certificate {
            contents.facts = try checked("gateway's certificate", paths.certificate) {
                () throws(CertificateFacts.Unreadable) in
                try CertificateFacts(pem: certificate)
            }
        }
        if let facts = contents.facts, let key = contents.key {
            let matches = try checked("gateway's key", paths.key) { () throws(CertificateFacts.Unreadable) in
                try facts.matches(key: key)
            }
            if matches == false {
                throw .fileUnusable(
                    what: "gateway's key", path: paths.key ?? "", detail: "it does not belong to the certificate")
            }
        }
        if let path = paths.proxyCredentials {
            (contents.proxyUser, contents.proxyPassword) = try credentials(path)
        }
        return contents
    }

    private func checked<Value>(
        _ what: String, _ path: String?, _ body: () throws(CertificateFacts.Unreadable) -> Value
    ) throws(UplinkError) -> Value {
        do throws(CertificateFacts.Unreadable) {
            return try body()
        } catch {
            throw .fileUnusable(what: what, path: path ?? "", detail: error.description)
        }
    }

    private func credentials(_ path: String) throws(UplinkError) -> (String, String) {
        let what = "proxy's credentials file"
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & 0o077 != 0 {
            throw .fileUnusable(what: what, path: path, detail: "other users may read or change it; run chmod 600")
        }
        let text = String(decoding: try bytes(path, what) ?? [], as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
        // RFC 7617 section 2: the name holds no colon, the password may.
        guard lines.count == 1, let colon = lines[0].firstIndex(of: ":"), colon > lines[0].startIndex else {
            throw .fileUnusable(what: what, path: path, detail: "it must hold one line, name:password")
        }
        return (String(lines[0][..<colon]), String(lines[0][lines[0].index(after: colon)...]))
    }

    private func bytes(_ path: String?, _ what: String) throws(UplinkError) -> [UInt8]? {
        guard let path else { return nil }
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            let bytes = [UInt8](try handle.read(upToCount: Self.largest) ?? Data())
            guard !bytes.isEmpty else { throw UplinkError.fileUnusable(what: what, path: path, detail: "it is empty") }
            return bytes
        } catch let error as UplinkError {
            throw error
        } catch {
            let reason = access(path, R_OK) == 0 ? "it cannot be read" : String(cString: strerror(errno))
            throw .fileUnusable(what: what, path: path, detail: reason)
        }
    }

    private static func mark(_ path: String?) -> Mark {
        var status = stat()
        guard let path, stat(path, &status) == 0 else { return Mark() }
        return Mark(
            inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec)
    }
}
