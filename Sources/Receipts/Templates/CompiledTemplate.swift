/// A template, ready for use.
struct CompiledTemplate: Sendable {
    struct Field: Sendable {
        let template: ReceiptTemplate.Field
        let expression: BoundedExpression
        let formats: [PrintedTimeFormat]
    }

    struct Items: Sendable {
        let after: BoundedExpression?
        let until: BoundedExpression
        let line: [BoundedExpression]
        let skip: [BoundedExpression]
        let continuation: [BoundedExpression]
        let lead: [BoundedExpression]
    }

    struct Tender: Sendable {
        let type: String
        let expression: BoundedExpression
    }

    let template: ReceiptTemplate
    let fields: [Field]
    let items: Items?
    let tenders: [Tender]
    let kinds: [(kind: DocumentKind, expression: BoundedExpression)]
    private let keywords: [BoundedExpression]
    private let exclude: [BoundedExpression]

    init(_ template: ReceiptTemplate) throws(PatternError) {
        func compile(_ pattern: String, _ field: String, _ position: Int = 1) throws(PatternError) -> BoundedExpression
        {
            guard let expression = BoundedExpression(pattern) else {
                throw PatternError(field: "template \(template.name), \(field)", position: position, pattern: pattern)
            }
            return expression
        }
        func compile(_ patterns: [String], _ field: String) throws(PatternError) -> [BoundedExpression] {
            var expressions: [BoundedExpression] = []
            for (index, pattern) in patterns.enumerated() {
                expressions.append(try compile(pattern, field, index + 1))
            }
            return expressions
        }
        self.template = template
        keywords = try compile(template.keywords, "keywords")
        exclude = try compile(template.exclude, "exclude")
        var fields: [Field] = []
        for field in template.fields {
            var formats: [PrintedTimeFormat] = []
            for (index, format) in field.formats.enumerated() {
                guard let compiled = PrintedTimeFormat(format) else {
                    throw PatternError(field: "\(field.name).formats", position: index + 1, pattern: format)
                }
                formats.append(compiled)
            }
            fields.append(
                Field(template: field, expression: try compile(field.pattern, field.name), formats: formats))
        }
        self.fields = fields
        if let block = template.items {
            items = Items(
                after: try block.after.map { pattern throws(PatternError) in try compile(pattern, "items.after") },
                until: try compile(block.until, "items.until"), line: try compile(block.line, "items.line"),
                skip: try compile(block.skip, "items.skip"),
                continuation: try compile(block.continuation, "items.continuation"),
                lead: try compile(block.lead, "items.lead"))
        } else {
            items = nil
        }
        var tenders: [Tender] = []
        for (index, tender) in template.tenders.enumerated() {
            tenders.append(
                Tender(type: tender.type, expression: try compile(tender.pattern, "tenders", index + 1)))
        }
        self.tenders = tenders
        var kinds: [(DocumentKind, BoundedExpression)] = []
        for kind in DocumentKind.allCases {
            for expression in try compile(template.kinds[kind] ?? [], "kinds.\(kind.rawValue)") {
                kinds.append((kind, expression))
            }
        }
        self.kinds = kinds
    }

    /// Whether the document is printed in this layout.
    func fits(_ lines: [ReadLine]) -> Bool {
        keywords.allSatisfy { keyword in lines.contains { keyword.matches($0) } }
            && !exclude.contains { word in lines.contains { word.matches($0) } }
    }

    /// What the template's own words say the document is.
    func kind(of lines: [ReadLine]) -> DocumentKind? {
        kinds.first { rule in lines.contains { rule.expression.matches($0) } }?.kind
    }
}
