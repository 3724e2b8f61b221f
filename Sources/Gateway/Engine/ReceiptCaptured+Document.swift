import PlatformAPI
import Receipts
import Subjects

extension DocumentKind {
    /// Whether the document is a receipt: something happened at the till that the platform is to hear of. Tickets, slips, coupons,
    /// reports and images are counted, no more. What could not be classified is sent: it may be a receipt in an unknown layout.
    var isTransaction: Bool {
        switch self {
        case .sale, .return, .exchange, .void, .postVoid, .reprint, .training, .noSale, .payIn, .payOut, .unknown: true
        case .report, .cardSlip, .kitchen, .coupon, .raster: false
        }
    }
}

/// The decoder's document in the words of the contract. Its lines stay in the store.
extension ReceiptCaptured {
    init(_ document: Document, id: String, businessDate: String, first: Moment, last: Moment, settings: EngineSettings)
    {
        self.init(
            receiptID: id, storeCode: settings.storeCode, tillID: document.till?.rawValue ?? "",
            kind: document.kind.rawValue,
            number: document.number, businessDate: businessDate, issuedAt: document.issuedAt,
            capturedFirstAt: first.wall.rfc3339(), capturedLastAt: last.wall.rfc3339(),
            total: document.total.map { PlatformAPI.Money($0) },
            tenders: document.tenders.map { Tender(type: $0.type, amount: PlatformAPI.Money($0.amount)) },
            items: settings.storeItemLines
                ? document.items.map {
                    Item(text: $0.text, quantity: $0.quantity, amount: PlatformAPI.Money($0.amount))
                } : [],
            loyalty: document.loyalty.compactMap { $0.hash?.hex },
            coupons: document.coupons.compactMap { $0.hash?.hex },
            orders: document.orders.compactMap { $0.hash?.hex }, originalNumber: document.originalNumber,
            complete: document.complete, confidence: document.confidence,
            commands: Commands(known: document.commands.known, unknown: document.commands.unknown),
            redactions: document.redactions.byKind, bodyHash: document.bodyHash, warnings: document.warnings)
        if !document.evidence.isEmpty {
            fields = Dictionary(
                uniqueKeysWithValues: document.evidence.map {
                    ($0.rawValue, FieldEvidence(source: $1.source.rawValue, confidence: $1.confidence))
                })
        }
        template = document.template
        arithmetic = document.arithmetic
        fiscal = document.fiscal.map {
            FiscalSignature(
                scheme: $0.scheme.rawValue, type: $0.type, nature: $0.nature.rawValue, till: $0.till,
                number: $0.number, transaction: $0.transaction,
                total: $0.total.map { PlatformAPI.Money(minor: $0, currency: "EUR") })
        }
    }
}

extension PlatformAPI.Money {
    init(_ money: Receipts.Money) {
        self.init(minor: money.minor, currency: money.currency)
    }
}

extension Redactions {
    /// What was taken out at all, by kind.
    var byKind: [String: Int] {
        [
            "pan": pan, "track": track, "cvv": cvv, "expiry": expiry, "email": email, "phone": phone, "name": name,
            "key": key,
        ].filter { $0.value > 0 }
    }
}
