// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A trustee's place in the context, from one; the point at which their share is a value.
package struct TrusteeIndex: Hashable, Comparable, Sendable {
    /// 1...255.
    package let value: UInt8

    /// Checks the range.
    ///
    /// - Throws: `.indexOutOfRange` for zero, whose share would be the secret itself, and for
    ///   what is above 255.
    package init(_ value: Int) throws(EscrowError) {
        guard let small = UInt8(exactly: value), small > 0 else { throw .indexOutOfRange(value) }
        self.value = small
    }

    /// The index of the trustee at a zero-based position.
    init(position: Int) {
        precondition((0..<EscrowContext.trusteeCountMax).contains(position))
        value = UInt8(position + 1)
    }

    /// The zero-based position.
    var position: Int { Int(value) - 1 }

    /// Order of the numbers.
    package static func < (left: TrusteeIndex, right: TrusteeIndex) -> Bool {
        left.value < right.value
    }
}
