import ArgumentParser
import Radio
import Subjects

extension Survey {
    /// The adapter of `--adapter` and `--mode`.
    static func source(_ text: String, mode: String) throws -> (name: ReceiverID, source: RadioSource) {
        guard let scanMode = ScanMode(rawValue: mode) else {
            complain("--mode \(mode): there is no such mode; it is exclusive, shared or raw")
            throw ExitCode.validationFailure
        }
        do throws(AdapterSelectorError) {
            return (ReceiverID(text), .adapter(try AdapterSelector(text), mode: scanMode, active: false))
        } catch {
            complain("--adapter: \(error)")
            throw ExitCode.validationFailure
        }
    }
}
