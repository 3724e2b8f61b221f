import Foundation
import Receipts

/// Where the law asks for a signed QR code on each receipt.
enum FiscalScheme: Sendable {
    /// Registrierkassensicherheitsverordnung: machine-readable code of annex, section 10.
    case austria
    /// Kassensicherungsverordnung: QR code of DSFinV-K 2.3, annex I.
    case germany
    /// Portaria 195/2020: QR code of the tax authority's specification.
    case portugal
}

extension TillLocale {
    var fiscalScheme: FiscalScheme? {
        switch self {
        case .austria: .austria
        case .germany: .germany
        case .portugal: .portugal
        default: nil
        }
    }
}

/// The text of a receipt's fiscal QR code. Fields and their order are real; signatures have the right form and length but
/// are derived from the number: nobody signed them.
enum FiscalPayload {
    static func text(_ sale: TillSale, truth: PrintTruth, locale: TillLocale) -> String? {
        guard let scheme = locale.fiscalScheme, let number = truth.number, let total = truth.total else { return nil }
        switch scheme {
        case .austria: return austria(sale, number: number, total: total)
        case .germany: return germany(sale, truth: truth, total: total)
        case .portugal: return portugal(sale, truth: truth, number: number, total: total)
        }
    }

    /// `_R1-AT1_TILL_NUMBER_TIME_..._`: five gross amounts (20, 10, 13, 0, 19 %), the encrypted turnover (`TRA` and `STO`
    /// for training and void, in base64), the certificate's serial number, the chain value and the signature.
    private static func austria(_ sale: TillSale, number: String, total: Int64) -> String {
        let gross = sale.taxes(.austria).reduce(into: [Int64: Int64]()) { $0[$1.rate, default: 0] += $1.net + $1.tax }
        let rest = total - gross.values.reduce(0, +)
        let amounts = [gross[200] ?? 0, gross[100] ?? 0, 0, rest, 0].map { decimal($0, mark: ",") }
        let turnover =
            switch sale.kind {
            case .training: "VFJB"
            case .postVoid: "U1RP"
            default: base64(sale.serial, 1, bytes: 8)
            }
        // The receipt number of the QR code must not hold the field separator.
        return
            "_R1-AT1_KASSE-\(sale.till)_\(number)_\(sale.time.iso(toTheMinute: false))_\(amounts.joined(separator: "_"))"
            + "_\(turnover)_1A2B3C\(sale.till)_\(base64(sale.serial, 2, bytes: 8))_\(base64(sale.serial, 3, bytes: 64))"
    }

    /// `V0;SERIAL;Kassenbeleg-V1;DATA;TRANSACTION;COUNTER;START;END;ALGORITHM;TIME FORMAT;SIGNATURE;KEY`; times are UTC.
    private static func germany(_ sale: TillSale, truth: PrintTruth, total: Int64) -> String {
        let gross = sale.taxes(.germany).reduce(into: [Int64: Int64]()) { $0[$1.rate, default: 0] += $1.net + $1.tax }
        let rest = total - gross.values.reduce(0, +)
        let amounts = [gross[190] ?? 0, gross[70] ?? 0, 0, 0, rest].map { decimal($0, mark: ".") }
        let type =
            switch sale.kind {
            case .training: "AVTraining"
            case .postVoid: "AVBelegstorno"
            default: "Beleg"
            }
        let payment = "\(decimal(total, mark: ".")):\(sale.card == nil ? "Bar" : "Unbar")"
        // Winter time: one hour ahead of UTC; the simulated days lie in November.
        var utc = sale.time
        utc.hour = max(0, utc.hour - 1)
        let end = utc.iso(toTheMinute: false) + ".000Z"
        utc.second = max(0, utc.second - 20)
        let start = utc.iso(toTheMinute: false) + ".000Z"
        return
            "V0;FB-KASSE-\(sale.till);Kassenbeleg-V1;\(type)^\(amounts.joined(separator: "_"))^\(payment);"
            + "\(sale.serial);\(sale.serial * 2);\(start);\(end);ecdsa-plain-SHA256;unixTime;"
            + "\(base64(sale.serial, 4, bytes: 64));\(base64(sale.till, 5, bytes: 65))"
    }

    /// Simplified invoice or credit note.
    static func portugueseType(credit: Bool) -> String { credit ? "NC" : "FS" }

    /// `A:SELLER*B:BUYER*C:COUNTRY*D:TYPE*E:STATUS*F:DATE*G:NUMBER*H:ATCUD*I...*N:TAX*O:TOTAL*Q:HASH*R:CERTIFICATE`
    private static func portugal(_ sale: TillSale, truth: PrintTruth, number: String, total: Int64) -> String {
        let type = portugueseType(credit: total < 0)
        let taxes = sale.taxes(.portugal)
        var fields = [
            "A:999999990", "B:999999990", "C:PT", "D:\(type)", "E:\(sale.kind == .postVoid ? "A" : "N")",
            "F:\(sale.time.isoDate.filter { $0 != "-" })", "G:\(type) \(number)",
            "H:CSDF7T5H-\(sale.serial)", "I1:PT",
        ]
        // I3/I4: reduced rate, I7/I8: normal rate (base and tax); a credit note states amounts without a sign.
        for tax in taxes.sorted(by: { $0.rate < $1.rate }) {
            let names = tax.rate == 230 ? ("I7", "I8") : ("I3", "I4")
            fields.append("\(names.0):\(decimal(abs(tax.net), mark: "."))")
            fields.append("\(names.1):\(decimal(abs(tax.tax), mark: "."))")
        }
        let tax = taxes.reduce(0) { $0 + $1.tax }
        let hash = base64(sale.serial, 6, bytes: 6).filter { $0.isLetter || $0.isNumber }.prefix(4)
        fields += ["N:\(decimal(abs(tax), mark: "."))", "O:\(decimal(abs(total), mark: "."))", "Q:\(hash)", "R:9999"]
        return fields.joined(separator: "*")
    }

    private static func decimal(_ minor: Int64, mark: String) -> String {
        "\(minor < 0 ? "-" : "")\(minor.magnitude / 100)\(mark)\(CivilTime.two(Int(minor.magnitude % 100)))"
    }

    /// Bytes that look like a signature, from a number.
    private static func base64(_ number: Int, _ stream: UInt64, bytes: Int) -> String {
        var generator = SeededGenerator(seed: UInt64(truncatingIfNeeded: number), stream: stream)
        return Data(generator.bytes(bytes)).base64EncodedString()
    }
}
