package import Subjects

extension StoreSimulation {
    /// What the feed says of every subject, in its order.
    package var entries: [SubjectEntry] {
        let hasher = KeyedHasher(key: hashKey)
        return subjects.map { $0.entry(hasher: hasher, around: options.start) }
    }

    /// The ids of the persons among the subjects whom the box may not see, because they did not agree to it or the consent has
    /// run out. A visit of one of them would be a breach.
    package var unseeable: Set<SubjectID> {
        Set(subjects.lazy.filter { !$0.mayBeSeen }.map(\.id))
    }
}

extension StoreSimulation {
    /// Numbers that stand on receipts in clear text and must leave the decoder only masked or hashed: whole card numbers, customer
    /// cards and single-use codes.
    package var printedSecrets: LeakNeedles {
        var needles = LeakNeedles()
        for document in documents {
            if let card = document.card {
                needles.add(text: card.number)
                needles.add(text: ReceiptPrinter.grouped(card.number))
            }
            if let loyalty = document.loyalty { needles.add(text: loyalty) }
            if let coupon = document.coupon { needles.add(text: coupon) }
        }
        return needles
    }
}
