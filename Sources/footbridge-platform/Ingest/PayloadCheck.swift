import Foundation
import PlatformAPI

/// Holds the `data` of an event against the shape of its type (`serve --strict`). A platform in the field should not do
/// this to a newer gateway; an integrator's test should.
enum PayloadCheck {
    /// What is wrong, or nil. A type that is not known here is not judged.
    static func fault(_ type: String, _ event: ArraySlice<UInt8>) -> String? {
        switch EventType(rawValue: type) {
        case nil: nil
        case .visitOpened, .visitClosed: fault(VisitRecord.self, event)
        case .visitRetracted: fault(VisitRetracted.self, event)
        case .receiptCaptured: fault(ReceiptCaptured.self, event)
        case .receiptLinked: fault(ReceiptLinked.self, event)
        case .linkRetracted: fault(LinkRetracted.self, event)
        case .footfallHour: fault(FootfallHour.self, event)
        case .consentApplied: fault(ConsentApplied.self, event)
        case .erasureCompleted: fault(ErasureCompleted.self, event)
        case .gatewayGap: fault(GatewayGap.self, event)
        case .tillGap: fault(TillGap.self, event)
        case .gatewayHealth: fault(GatewayHealth.self, event)
        }
    }

    private struct Carrier<Payload: Decodable>: Decodable { let data: Payload }

    private static func fault<Payload: Decodable>(_ type: Payload.Type, _ event: ArraySlice<UInt8>) -> String? {
        do {
            _ = try JSONDecoder().decode(Carrier<Payload>.self, from: Data(event))
            return nil
        } catch {
            return DecodingReason.text(error)
        }
    }
}
