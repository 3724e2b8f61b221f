/// How many things of each sort were taken out of a document: counts only, never the things.
package struct Redactions: Hashable, Sendable, Codable {
    /// Card numbers; a till that prints any puts the box in the scope of PCI DSS.
    package var pan = 0
    /// Magnetic stripe data.
    package var track = 0
    /// Card verification codes.
    package var cvv = 0
    /// Card expiry dates.
    package var expiry = 0
    package var email = 0
    package var phone = 0
    /// Names of cashiers and customers behind their label.
    package var name = 0
    /// Loyalty, coupon and order codes that were replaced by keyed hashes.
    package var key = 0

    package init() {}

    package static func + (left: Redactions, right: Redactions) -> Redactions {
        var sum = left
        sum.pan += right.pan
        sum.track += right.track
        sum.cvv += right.cvv
        sum.expiry += right.expiry
        sum.email += right.email
        sum.phone += right.phone
        sum.name += right.name
        sum.key += right.key
        return sum
    }

    /// Everything that was taken out.
    package var total: Int { pan + track + cvv + expiry + email + phone + name + key }
}
