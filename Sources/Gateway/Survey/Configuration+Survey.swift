package import Radio

extension Configuration.Radio {
    /// The source in the words of the Radio room.
    package var radioSource: RadioSource { get throws { try RadioSource(source) } }
}
