/// An open port that bytes are read from with `read(2)`: a serial line or a connection.
protocol StreamPort: ~Copyable {
    /// What messages name.
    var path: String { get }
    var descriptor: Int32 { get }
    /// Whether the end of the stream is the regular end of a document (a connection that is closed) and no loss.
    var endsRegularly: Bool { get }
    /// Errors on the line since the driver was loaded, nil where nobody counts.
    func lineErrors() -> LineErrors?
}
