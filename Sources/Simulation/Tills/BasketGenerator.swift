/// What people buy and how they pay, from one stream of numbers.
struct BasketGenerator {
    private var generator: SeededGenerator

    private static let goods: [(text: String, price: Int64)] = [
        ("Ceramic mug", 850), ("Linen cushion", 2400), ("Beeswax candle", 1275), ("Oak chopping board", 3200),
        ("Tea towel", 695), ("Glass carafe", 1850), ("Wool throw", 5900), ("Desk lamp", 4450), ("Storage basket", 2195),
        ("Hand soap", 599), ("Photo frame", 1399), ("Cafe flat white", 340), ("Seed packet", 249),
        ("Garden twine", 375),
    ]

    /// Numbers that card schemes publish for testing; none is anybody's.
    private static let testCards: [(scheme: String, number: String)] = [
        ("VISA DEBIT", "4111111111111111"), ("MASTERCARD", "5555555555554444"), ("VISA CREDIT", "4012888888881881"),
        ("AMERICAN EXPRESS", "378282246310005"),
    ]

    init(generator: SeededGenerator) {
        self.generator = generator
    }

    mutating func items() -> [TillDocument.Item] {
        (0..<(1 + generator.below(5))).map { _ in
            let good = Self.goods[generator.below(Self.goods.count)]
            return TillDocument.Item(text: good.text, quantity: generator.chance(0.2) ? 2 : 1, price: good.price)
        }
    }

    mutating func card() -> TillDocument.Card {
        let card = Self.testCards[generator.below(Self.testCards.count)]
        return TillDocument.Card(scheme: card.scheme, number: card.number, unmasked: generator.chance(0.15))
    }

    /// A customer card whose owner did not opt in.
    mutating func loyaltyOfNobody() -> String {
        "70\(10_000_000 + generator.below(89_999_999))"
    }
}
