/// The version of the program, as `--version`, health events and the platform see it.
package enum GatewayVersion {
    package static let text = "0.1.0"
}
