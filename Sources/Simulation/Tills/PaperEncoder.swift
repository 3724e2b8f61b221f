/// The printer languages that the simulated tills write.
package enum PaperDialect: String, Sendable, Hashable, Codable, CaseIterable {
    case escpos
    case starLine = "star-line"
    case starPRNT = "star-prnt"
}

/// Paper as the bytes of a printer language (ESC/POS: Epson's command reference; Star: Line Mode and StarPRNT command
/// specifications).
struct PaperEncoder: Sendable {
    let dialect: PaperDialect
    let codePage: PaperCodePage

    func bytes(_ paper: [PaperElement]) -> [UInt8] {
        var bytes: [UInt8] = [0x1B, 0x40]  // ESC @
        selectCharacters(&bytes)
        var style = PaperElement.Style.plain
        for element in paper {
            if case .line(let text, let wanted) = element {
                change(from: style, to: wanted, &bytes)
                style = wanted
                bytes += codePage.encode(text)
                bytes.append(0x0A)
            } else {
                change(from: style, to: .plain, &bytes)
                style = .plain
                append(element, &bytes)
            }
        }
        return bytes
    }

    private func selectCharacters(_ bytes: inout [UInt8]) {
        if dialect == .escpos {
            if let number = codePage.epsonNumber {
                bytes += [0x1B, 0x74, number]  // ESC t
            } else {
                bytes += [0x1C, 0x26, 0x1C, 0x43, 1]  // FS &, FS C 1: kanji mode, Shift JIS
            }
        } else if let number = codePage.starNumber {
            bytes += [0x1B, 0x1D, 0x74, number]  // ESC GS t
        }
    }

    private func change(from old: PaperElement.Style, to new: PaperElement.Style, _ bytes: inout [UInt8]) {
        guard old != new else { return }
        switch dialect {
        case .escpos:
            if old.centred != new.centred { bytes += [0x1B, 0x61, new.centred ? 1 : 0] }  // ESC a
            if old.wide != new.wide || old.high != new.high {
                bytes += [0x1D, 0x21, (new.wide ? 0x10 : 0) | (new.high ? 0x01 : 0)]  // GS !
            }
            if old.emphasised != new.emphasised { bytes += [0x1B, 0x45, new.emphasised ? 1 : 0] }  // ESC E
        case .starLine, .starPRNT:
            if old.centred != new.centred { bytes += [0x1B, 0x1D, 0x61, new.centred ? 1 : 0] }  // ESC GS a
            if old.wide != new.wide || old.high != new.high {
                bytes += [0x1B, 0x69, new.high ? 1 : 0, new.wide ? 1 : 0]  // ESC i
            }
            if old.emphasised != new.emphasised { bytes += [0x1B, new.emphasised ? 0x45 : 0x46] }  // ESC E, ESC F
        }
    }

    private func append(_ element: PaperElement, _ bytes: inout [UInt8]) {
        let isEpson = dialect == .escpos
        switch element {
        case .line: break
        case .barcode(let text):
            let data = Array(text.utf8)
            if isEpson {
                bytes += [0x1D, 0x6B, 73, UInt8(data.count + 2)] + Array("{B".utf8) + data + [0x0A]  // GS k 73
            } else {
                bytes += [0x1B, 0x62, 0x36, 0x31, 0x31, 0x40] + data + [0x1E, 0x0A]  // ESC b ... RS: CODE128
            }
        case .qr(let text):
            let data = Array(text.utf8)
            let count = data.count + 3
            if isEpson {
                bytes += [0x1D, 0x28, 0x6B, 4, 0, 49, 65, 50, 0]  // GS ( k: model 2
                bytes += [0x1D, 0x28, 0x6B, 3, 0, 49, 67, 4]  // size
                bytes += [0x1D, 0x28, 0x6B, UInt8(count & 0xFF), UInt8(count >> 8), 49, 80, 48] + data  // store
                bytes += [0x1D, 0x28, 0x6B, 3, 0, 49, 81, 48, 0x0A]  // print
            } else {
                bytes += [
                    0x1B, 0x1D, 0x79, 0x53, 0x30, 2, 0x1B, 0x1D, 0x79, 0x53, 0x31, 0, 0x1B, 0x1D, 0x79, 0x53, 0x32, 4,
                ]
                bytes += [0x1B, 0x1D, 0x79, 0x44, 0x31, 0, UInt8(data.count & 0xFF), UInt8(data.count >> 8)] + data
                bytes += [0x1B, 0x1D, 0x79, 0x50, 0x0A]
            }
        case .image(let width, let height):
            let dots = (0..<(width * height)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / width &* 11) }
            if isEpson {
                bytes += [
                    0x1D, 0x76, 0x30, 0, UInt8(width & 0xFF), UInt8(width >> 8), UInt8(height & 0xFF),
                    UInt8(height >> 8),
                ]
                bytes += dots  // GS v 0
            } else {
                bytes += [0x1B, 0x2A, 0x72, 0x41]  // ESC * r A: raster mode
                for row in 0..<height {
                    bytes += [0x62, UInt8(width & 0xFF), UInt8(width >> 8)] + dots[(row * width)..<((row + 1) * width)]
                }
                bytes += [0x1B, 0x2A, 0x72, 0x42]  // ESC * r B
            }
        case .drawer: bytes += isEpson ? [0x1B, 0x70, 0, 25, 250] : [0x07]  // ESC p, BEL
        case .cut: bytes += isEpson ? [0x1B, 0x64, 3, 0x1D, 0x56, 66, 0] : [0x1B, 0x64, 3]  // ESC d + GS V, ESC d
        }
    }
}
