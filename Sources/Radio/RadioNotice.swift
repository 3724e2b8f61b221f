package import Subjects

/// A change in a radio's state, for the log.
package struct RadioNotice: Hashable, Sendable, CustomStringConvertible {
    package var receiver: ReceiverID
    package var state: RadioState
    /// What the controller said about itself, once it scans.
    package var controller: ControllerDescription?
    /// What else the operator should know, one line.
    package var remark: String?

    package init(
        receiver: ReceiverID, state: RadioState, controller: ControllerDescription? = nil, remark: String? = nil
    ) {
        self.receiver = receiver
        self.state = state
        self.controller = controller
        self.remark = remark
    }

    /// One line: `radio entrance: scanning (extended, HCI version 12)`.
    package var description: String {
        let details = controller.map {
            " (\($0.usesExtendedScan ? "extended" : "legacy"), HCI version \($0.hciVersion), maker \($0.manufacturer))"
        }
        return "radio \(receiver): \(state)\(details ?? "")\(remark.map { "; \($0)" } ?? "")"
    }
}
