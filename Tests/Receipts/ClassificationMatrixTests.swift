import Foundation
import Simulation
import Testing

@testable import Receipts

@Suite("classification of simulated tills")
struct ClassificationMatrixTests {
    /// What a place's documents were taken for.
    private func matrix(_ locale: TillLocale) throws -> [DocumentKind: [DocumentKind: Int]] {
        var matrix: [DocumentKind: [DocumentKind: Int]] = [:]
        for layout in TillLayout.allCases {
            var till = TillGenerator(layout: layout, locale: locale, seed: 21)
            var configuration = try ReceiptDecoderConfiguration(
                dialectName: "escpos", codePagesName: locale.codePagesName, currency: locale.currency,
                dayFirst: locale.dayFirst)
            configuration.decimals = locale.decimals
            for kind in layout.kinds {
                for _ in 0..<3 {
                    let documents = try ReceiptDecoder.documents(
                        inCapture: till.print(kind).bytes, configuration: configuration)
                    for document in documents { matrix[kind, default: [:]][document.kind, default: 0] += 1 }
                }
            }
        }
        return matrix
    }

    @Test("every kind of document is told from the others in every language", arguments: TillLocale.allCases)
    func confusion(locale: TillLocale) throws {
        let matrix = try matrix(locale)
        var right = 0
        var total = 0
        for (kind, answers) in matrix.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let wrong = answers.filter { $0.key != kind }
            right += answers[kind] ?? 0
            total += answers.values.reduce(0, +)
            if !wrong.isEmpty {
                print("FIGURE \(locale.rawValue) \(kind.rawValue): \(answers[kind] ?? 0) right, taken for \(wrong)")
            }
            // What is no sale must not become one: it would count as turnover.
            if ![.sale, .unknown].contains(kind) { #expect(answers[.sale] == nil, "\(locale) \(kind)") }
        }
        print("FIGURE \(locale.rawValue): \(right) of \(total) documents classified right")
        #expect(right * 100 >= total * 97, "\(right) of \(total)")
    }
}
