package import Subjects

/// The configuration of the simulated store: the file that a technician would write for it.
package struct ConfigurationText: Sendable {
    package enum Radio: Sendable {
        case h4(socket: String)
        case btsnoop(path: String)
    }

    package enum Port: Sendable {
        case tty(path: String)
        case capture(path: String)
    }

    package struct Platform: Sendable {
        package var url: String
        package var certificate: String
        package var key: String
        package var authority: String
        /// `kid` and base64url public key of the feed's signer.
        package var feedKeys: [(kid: String, publicKey: String)]

        package init(
            url: String, certificate: String, key: String, authority: String,
            feedKeys: [(kid: String, publicKey: String)]
        ) {
            self.url = url
            self.certificate = certificate
            self.key = key
            self.authority = authority
            self.feedKeys = feedKeys
        }
    }

    package var stateDirectory: String
    package var hashKeyFile: String
    package var platform: Platform

    package init(stateDirectory: String, hashKeyFile: String, platform: Platform) {
        self.stateDirectory = stateDirectory
        self.hashKeyFile = hashKeyFile
        self.platform = platform
    }

    /// The YAML. `radio` and `port` say where a receiver's packets and a till's bytes come from.
    package func yaml(
        _ simulation: StoreSimulation, radio: (ReceiverID) -> Radio, port: (TillID) -> Port
    ) -> String {
        let plan = simulation.plan
        var text = """
            # The simulated store of seed \(simulation.options.seed).
            gateway:
              id: \(SimulationOptions.gateway)
              state_directory: \(quoted(stateDirectory))
            store:
              code: \(SimulationOptions.storeCode)
              name: Northgate Home
              time_zone: \(SimulationOptions.timeZone)
              currency: \(SimulationOptions.currency)
            platform:
              url: \(quoted(platform.url))
              certificate: \(quoted(platform.certificate))
              key: \(quoted(platform.key))
              ca: \(quoted(platform.authority))
              # Long, because this clock may run many times faster than the network.
              timeout: 10min
              connect_timeout: 5min
              poll_interval: 60s

            """
        if !platform.feedKeys.isEmpty { text += "  feed_keys:\n" }
        for key in platform.feedKeys {
            text += "    - kid: \(quoted(key.kid))\n      public_key: \(quoted(key.publicKey))\n"
        }
        text += """
            subjects:
              hash_key_file: \(quoted(hashKeyFile))
              overflow_bits: [\(StoreSimulation.overflowBit)]
            radios:

            """
        for receiver in plan.receivers {
            text += "  - name: \(receiver.id.rawValue)\n    source:\n"
            switch radio(receiver.id) {
            case .h4(let socket): text += "      h4: \(quoted(socket))\n"
            case .btsnoop(let path): text += "      btsnoop: \(quoted(path))\n"
            }
        }
        text += "zones:\n"
        for zone in plan.zones {
            let radios = plan.receivers.filter { $0.zone == zone.id }.map(\.id.rawValue).joined(separator: ", ")
            text += "  - name: \(zone.id.rawValue)\n    kind: \(zone.kind)\n    radios: [\(radios)]\n"
            if let till = zone.till { text += "    tills: [\(till.rawValue)]\n" }
        }
        text += "tills:\n"
        for till in plan.tills {
            text += "  - name: \(till.rawValue)\n    port:\n"
            switch port(till) {
            case .tty(let path): text += "      tty: \(quoted(path))\n"
            case .capture(let path): text += "      capture: \(quoted(path))\n"
            }
            text += Self.tillLayout
        }
        text += """
            matching:
              # The share of this store's shoppers who opted in, allow links, and whose phone is awake.
              opt_in_share: \(Self.share(simulation.options.optInShare * 0.77))

            """
        return text
    }

    /// How this retailer's tills print; the patterns have one group each.
    private static let tillLayout = #"""
            dialect: escpos
            code_pages: epson
            day_first: true
            patterns:
              number: ['^Receipt No: (\d+)']
              loyalty: ['^Loyalty: (\d{10})$']
              coupon: ['^Coupon: ([A-Z]{3}-[A-Z0-9]{8})$']

        """#

    private static func share(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        return "0." + String(1000 + min(999, max(1, thousandths))).dropFirst()
    }

    /// A YAML double-quoted scalar.
    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
