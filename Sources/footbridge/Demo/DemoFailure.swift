/// Why the demonstration could not go on: one line that says what, where and what to do.
struct DemoFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
