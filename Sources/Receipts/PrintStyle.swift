/// How a run of text was printed: what a template may ask for ("the large line is the total").
package struct PrintStyle: Sendable, Hashable {
    /// Character width and height in multiples of the plain character, 1 to 8.
    package var width: UInt8 = 1
    package var height: UInt8 = 1
    /// Bold or double-strike.
    package var emphasised = false
    package var underlined = false
    /// White on black.
    package var inverse = false

    package init() {}

    package init(
        width: UInt8 = 1, height: UInt8 = 1, emphasised: Bool = false, underlined: Bool = false, inverse: Bool = false
    ) {
        self.width = width
        self.height = height
        self.emphasised = emphasised
        self.underlined = underlined
        self.inverse = inverse
    }

    /// Double width or double height at least, as totals often are.
    package var isLarge: Bool { width > 1 || height > 1 }

    /// What a command changes of the style; nil leaves that part as it is.
    package struct Change: Sendable, Hashable {
        package var width: UInt8?
        package var height: UInt8?
        package var emphasised: Bool?
        package var underlined: Bool?
        package var inverse: Bool?
        package var alignment: PrintAlignment?

        package init(
            width: UInt8? = nil, height: UInt8? = nil, emphasised: Bool? = nil, underlined: Bool? = nil,
            inverse: Bool? = nil, alignment: PrintAlignment? = nil
        ) {
            self.width = width
            self.height = height
            self.emphasised = emphasised
            self.underlined = underlined
            self.inverse = inverse
            self.alignment = alignment
        }
    }

    mutating func apply(_ change: Change) {
        width = change.width ?? width
        height = change.height ?? height
        emphasised = change.emphasised ?? emphasised
        underlined = change.underlined ?? underlined
        inverse = change.inverse ?? inverse
    }
}

/// Where the printer put a line between its margins.
package enum PrintAlignment: String, Sendable, Hashable, Codable, CaseIterable {
    case left, centre, right
}
