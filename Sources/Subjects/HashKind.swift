/// What a hashed value was on the receipt; part of the hashed message, so that a loyalty number and an order number of
/// the same digits differ.
package enum HashKind: String, Hashable, Sendable, Codable, CaseIterable {
    case loyalty, coupon, order, cashier, survey
}
