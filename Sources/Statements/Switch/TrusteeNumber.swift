// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A trustee's place in a dealing, from 1.
package struct TrusteeNumber: Hashable, Comparable, Sendable {
    /// The most trustees that a switch may have.
    package static let countMax = 32

    /// The place, 1...32.
    package let value: Int

    /// Names a place.
    package init(_ value: Int) {
        precondition((1...Self.countMax).contains(value), "trustees are counted from 1")
        self.value = value
    }

    init(fields: inout StatementFields) throws(StatementError) {
        value = Int(try fields.integer("trustee", in: 1...Int64(Self.countMax)))
    }

    /// Orders by place.
    package static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
