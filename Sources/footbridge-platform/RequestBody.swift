import Hummingbird
import NIOCore
import PlatformAPI

/// The body of a request after decompression, never longer than the limit, whatever it unpacks to.
struct RequestBody {
    /// Codings of `Content-Encoding`, one at a time.
    enum Coding: String, CaseIterable { case identity, gzip, zstd }

    let limits: IngestLimits

    func bytes(of request: Request) async throws -> [UInt8] {
        let name = request.headers[.contentEncoding]?.lowercased() ?? Coding.identity.rawValue
        guard let coding = Coding(rawValue: name) else {
            throw PlatformProblem.unsupportedMedia("Content-Encoding is none of \(Wire.acceptedCodings)")
        }
        var collected: [UInt8] = []
        for try await buffer in request.body {
            guard collected.count + buffer.readableBytes <= limits.maxBytes else {
                throw PlatformProblem.tooLarge("the body is longer than \(limits.maxBytes) bytes", limits)
            }
            collected.append(contentsOf: buffer.readableBytesView)
        }
        switch coding {
        case .identity: return collected
        case .gzip:
            do {
                return try Gunzip.inflate(collected, maximum: limits.maxBytes)
            } catch .tooLarge {
                throw unpacksTooLarge
            } catch .malformed {
                throw PlatformProblem.malformed("the body is not one gzip member")
            }
        case .zstd:
            do {
                return try Unzstd.decompress(collected, maximum: limits.maxBytes)
            } catch .tooLarge {
                throw unpacksTooLarge
            } catch .malformed {
                throw PlatformProblem.malformed("the body is not one zstd frame with a window of at most 8 MB")
            }
        }
    }

    private var unpacksTooLarge: PlatformProblem {
        .tooLarge("the body unpacks to more than \(limits.maxBytes) bytes", limits)
    }
}
