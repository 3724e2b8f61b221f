import Foundation

/// The public captures that lie beside the repository; tests that need them are skipped where they are absent.
enum Fixtures {
    static let directory: URL? = {
        let named = ProcessInfo.processInfo.environment["FOOTBRIDGE_FIXTURES"].map { URL(fileURLWithPath: $0) }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let directory = named ?? root.appendingPathComponent("../shared/fixtures").standardizedFileURL
        return FileManager.default.fileExists(atPath: directory.appendingPathComponent("pos").path) ? directory : nil
    }()

    static var areAbsent: Bool { directory == nil }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let directory else { throw CocoaError(.fileNoSuchFile) }
        return [UInt8](try Data(contentsOf: directory.appendingPathComponent("pos/" + path)))
    }

    static let escposPHP = [
        "barcode", "bit-image", "character-encodings", "character-tables", "demo", "graphics", "margins-and-spacing",
        "pdf417-code", "qr-code", "receipt-with-logo", "text-size", "unifont-print-buffer",
    ].map { "escpos-php/\($0).bin" }

    static let receiptline = ["citizen", "epson", "escpos", "fit", "generic", "impact", "impactb", "sii"].flatMap {
        ["receiptline/\($0)-en-receipt.bin", "receiptline/\($0)-en-credit2.bin"]
    }
}
