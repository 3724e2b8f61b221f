import Glibc
import Receipts

extension Configuration {
    /// The templates of a till, each tried on its own captures.
    /// - Throws: ``ConfigurationErrors``: mistakes of a template stand at their place in the template's file, a template that
    ///   fails its captures at the line that names it.
    func templates(of index: Int, at position: (String) -> SourcePosition) throws(ConfigurationErrors)
        -> [ReceiptTemplate]
    {
        var templates: [ReceiptTemplate] = []
        var mistakes: [ConfigurationMistake] = []
        for (item, path) in tills[index].templates.enumerated() {
            let key = "tills[\(index)].templates[\(item)]"
            func wrong(_ problem: String, _ remedy: String) {
                mistakes.append(
                    ConfigurationMistake(
                        file: origin.file, position: position(key), path: key, problem: problem, remedy: remedy))
            }
            guard access(path, R_OK) == 0 else {
                let reason = errno == ENOENT ? "does not exist" : "can't be read"
                wrong("\(ConfigurationCollector.shown(path)) \(reason)", "check the path")
                continue
            }
            do {
                let file = try TemplateFile.load(path)
                if let fault = TemplateTrial(file).firstFault {
                    wrong(
                        "the template \(file.template.name) fails its own captures (\(fault))",
                        "run footbridge template test on its folder and repair it")
                }
                templates.append(file.template)
            } catch {
                mistakes += error.mistakes
            }
        }
        guard mistakes.isEmpty else { throw ConfigurationErrors(mistakes: mistakes) }
        return templates
    }

    /// The templates of a till by its name, for a configuration that is in use.
    func templates(of till: Till) throws(ConfigurationErrors) -> [ReceiptTemplate] {
        guard let index = tills.firstIndex(where: { $0.name == till.name }) else { return [] }
        return try templates(of: index) { ConfigurationCollector.position(of: $0, in: origin.positions) }
    }

    /// Whether a mistake says only that a file is not here yet.
    package static func isAbsence(_ mistake: ConfigurationMistake) -> Bool {
        mistake.problem.hasSuffix("does not exist")
    }
}
