import Glibc

extension Configuration {
    /// Reads and checks a configuration file. Every mistake is found in one pass: unknown keys, missing keys, wrong
    /// values, and values that contradict each other. Only text that is not YAML hides what comes after it.
    ///
    /// - Parameter path: the file; relative paths in it count from its folder.
    /// - Parameter checkingFiles: whether the certificate, the keys and the captures must be there and readable too, as
    ///   before a start. Without it no other file is touched.
    package static func load(path: String, checkingFiles: Bool = false) throws(ConfigurationErrors) -> Configuration {
        let source = try ConfigurationSource.read(path: path)
        return try decode(source, base: folder(of: path), checkingFiles: checkingFiles)
    }

    /// Checks a configuration that is already in memory. `file` names it in messages.
    package static func decode(_ bytes: [UInt8], file: String, checkingFiles: Bool = false)
        throws(ConfigurationErrors) -> Configuration
    {
        let source = try ConfigurationSource(file: file, bytes: bytes)
        return try decode(source, base: folder(of: file), checkingFiles: checkingFiles)
    }

    static func decode(_ source: ConfigurationSource, base: String, checkingFiles: Bool)
        throws(ConfigurationErrors) -> Configuration
    {
        let collector = ConfigurationCollector(source: source)
        let tree = try ConfigurationTree.compose(source)
        if tree.root == nil {
            collector.wrong("(file)", "the file is empty", "begin with a copy of config/footbridge.example.yaml")
        }
        var configuration = ConfigurationDecoder(collector: collector, base: base).decode(tree)
        ConfigurationChecks(configuration: configuration, collector: collector).run()
        if checkingFiles { FileChecks(configuration: configuration, collector: collector).run() }
        let mistakes = collector.finish()
        guard mistakes.isEmpty else { throw ConfigurationErrors(mistakes: mistakes) }
        configuration.origin = Origin(
            file: source.file, positions: collector.positions,
            warnings: collector.warnings.sorted { $0.position < $1.position })
        return configuration
    }

    /// The folder of a file, absolute.
    private static func folder(of path: String) -> String {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ""
        if folder.hasPrefix("/") { return folder }
        guard let current = getcwd(nil, 0) else { return folder.isEmpty ? "." : folder }
        defer { free(current) }
        let here = String(cString: current)
        return folder.isEmpty || folder == "." ? here : ConfigurationValue.absolute(folder, base: here)
    }
}
