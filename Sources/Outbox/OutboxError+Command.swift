extension OutboxError {
    /// The same to a person who looks into a queue, or changes one, by a command: what the daemon does by itself (it sets a
    /// damaged file aside and salvages it), nobody does then.
    package var forCommand: String {
        switch self {
        case .damaged(let path, let reason):
            "\(path): this is a damaged queue, or none: \(reason); nothing was changed."
                + " A gateway that starts on its queue salvages what that still holds (systemctl start footbridge)"
        default: description
        }
    }
}
