import Matching
import PlatformAPI
import Subjects
import Visits

/// The matcher's answers in the words of the contract.
extension ReceiptLinked {
    init(_ link: Link, engine: Engine, at moment: Moment) {
        self.init(
            linkID: engine.linkID(link.receipt), receiptID: engine.receiptID(link.receipt), outcome: "linked",
            visitID: engine.visitID(link.visit), subjectID: link.visit.subject.rawValue, method: link.method.rawValue,
            confidence: link.confidence.toFourDigits, runnerUp: link.runnerUp?.toFourDigits,
            nullProbability: link.nullProbability.toFourDigits, candidates: link.candidates,
            keys: link.keys.map(\.rawValue),
            revision: link.revision, decidedAt: moment.wall.rfc3339(), final: true, storeCode: engine.settings.storeCode
        )
    }

    /// "Can't tell" is an answer too: the platform must know that nothing more is coming.
    init(
        undecided receipt: ReceiptKey, reason: CantTellReason, best: Double?, null: Double, candidates: Int,
        engine: Engine,
        at moment: Moment
    ) {
        self.init(
            linkID: engine.linkID(receipt), receiptID: engine.receiptID(receipt),
            outcome: reason == .noCandidate ? "no_candidate" : "cannot_tell", visitID: nil, subjectID: nil, method: nil,
            confidence: best?.toFourDigits, runnerUp: nil, nullProbability: null.toFourDigits, candidates: candidates,
            reason: reason.rawValue, revision: 1, decidedAt: moment.wall.rfc3339(), final: true,
            storeCode: engine.settings.storeCode)
    }
}

extension Double {
    /// Nobody can say more than that about a probability.
    fileprivate var toFourDigits: Double { (self * 10_000).rounded() / 10_000 }
}
