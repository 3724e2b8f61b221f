package import Receipts

/// A template as it stands in a file, and the captures beside it that it is tested with.
///
/// `DIR/NAME.yaml` is the template, `DIR/captures/NAME.CASE.bin` are printer bytes and `DIR/captures/NAME.CASE.json` what
/// they say.
package struct TemplateFile: Sendable {
    package let path: String
    package let template: ReceiptTemplate
    /// Where the template's parts stand, by path.
    let positions: [String: SourcePosition]

    /// - Throws: ``ConfigurationErrors`` with every mistake as `file:line:column`.
    package static func load(_ path: String) throws(ConfigurationErrors) -> TemplateFile {
        try decode(ConfigurationSource.read(path: path), path: path)
    }

    /// A template that is already in memory; `path` names it in messages.
    package static func decode(_ bytes: [UInt8], path: String) throws(ConfigurationErrors) -> TemplateFile {
        try decode(ConfigurationSource(file: path, bytes: bytes), path: path)
    }

    private static func decode(_ source: ConfigurationSource, path: String) throws(ConfigurationErrors) -> TemplateFile
    {
        let collector = ConfigurationCollector(source: source)
        let tree = try ConfigurationTree.compose(source)
        if tree.root == nil {
            collector.wrong("(file)", "the file is empty", "begin with a template of config/templates")
        }
        let template = TemplateDecoder(collector: collector).decode(tree)
        let stem = TemplateFile.stem(of: path)
        if !template.name.isEmpty, stem != template.name {
            collector.wrong(
                "name", "the file is called \(ConfigurationCollector.shown(stem))",
                "give the template and its file one name: captures are found by it")
        }
        let mistakes = collector.finish()
        guard mistakes.isEmpty else { throw ConfigurationErrors(mistakes: mistakes) }
        return TemplateFile(path: path, template: template, positions: collector.positions)
    }

    /// The folder that the template stands in; empty for the current one.
    var folder: String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }

    /// `a/b/name.yaml` -> `name`
    static func stem(of path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        return file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    }
}
