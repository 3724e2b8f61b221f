import Foundation
import POSFeed

extension ConfigurationValue where Value == String {
    /// The numbers of a USB device, as lsusb prints them.
    static var usbNumbers: Self {
        ConfigurationValue { text throws(WrongValue) in
            guard let adapter = USBAdapter(text) else {
                throw WrongValue("is no pair of USB numbers", "give them as lsusb prints them, such as \"0403:6001\"")
            }
            return adapter.numbers
        }
    }

    /// An address in digits with a port.
    static var endpoint: Self {
        ConfigurationValue { text throws(WrongValue) in
            guard let address = NetworkAddress(text) else {
                throw WrongValue(
                    "is no address with a port", "give it in digits, such as 192.168.1.50:9100 or \"[fd00::5]:9100\"")
            }
            return address.description
        }
    }

    /// An address of the box itself: one, and not all.
    static var ownEndpoint: Self {
        ConfigurationValue { text throws(WrongValue) in
            let address = try endpoint.parse(text)
            if NetworkAddress(address)?.isWildcard == true {
                throw WrongValue(
                    "listens on every network of the box", "give the one address that the tills reach it by")
            }
            return address
        }
    }

    /// A range of addresses in CIDR notation. The whole world is none.
    static var addressRange: Self {
        ConfigurationValue { text throws(WrongValue) in
            guard let range = AddressRange(text) else {
                throw WrongValue(
                    "is no range of addresses",
                    "give an address, or a network with its length and zeros behind it, such as 192.168.1.0/24")
            }
            if range.length == 0 { throw WrongValue("lets everybody print", "give the tills' own addresses") }
            return range.description
        }
    }

    /// A regular expression for the start of a line; groups are as good as none.
    static var prefix: Self {
        let pattern = pattern(groups: 0...32)
        return ConfigurationValue { text throws(WrongValue) in
            let text = try pattern.parse(text)
            let empty = try? NSRegularExpression(pattern: text)
                .firstMatch(in: "", options: .anchored, range: NSRange(location: 0, length: 0))
            if empty != nil { throw WrongValue("fits every line", "write what only this till's lines begin with") }
            return text
        }
    }
}
