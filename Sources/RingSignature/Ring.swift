// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Sodium

/// The public keys of one constituency in one epoch: whoever signs is one of these.
///
/// Spec: `docs/spec/ring-vouch.md`, section 3.
package struct Ring: Equatable, Sendable {
    /// The most members.
    package static let memberCountMax = 65_535

    /// Keys in strictly ascending order of their bytes; none is the identity.
    package let members: [Element]
    /// rd: SHA-256 over label, number and keys, 32 bytes.
    package let digest: [UInt8]

    /// Checks a ring as it was published.
    ///
    /// - Parameter keys: 32 bytes each.
    /// - Throws: `.wrongMemberCount`, `.unsortedRing`, `.invalidElement`.
    /// - Complexity: O(n), with a decoding of each key.
    package init(_ keys: [[UInt8]]) throws(RingRefusal) {
        guard (1...Self.memberCountMax).contains(keys.count) else { throw .wrongMemberCount }
        for (left, right) in zip(keys, keys.dropFirst()) {
            guard left.lexicographicallyPrecedes(right) else { throw .unsortedRing }
        }
        var members: [Element] = []
        members.reserveCapacity(keys.count)
        for key in keys {
            guard let member = try? Element(nonIdentity: key) else { throw .invalidElement }
            members.append(member)
        }
        self.members = members
        // rd = SHA-256(S ‖ "ring" ‖ u16be(n) ‖ keys)
        let head = RingSuite.domain("ring") + RingSuite.bigEndian(UInt16(keys.count))
        digest = SHA256.hash(head + keys.flatMap { $0 })
    }

    /// The place of a key, found in the same time wherever it is.
    ///
    /// - Returns: nil if it is not here.
    func place(of key: Element) -> Int? {
        var place = 0
        var isFound = 0
        for (index, member) in members.enumerated() {
            let mask = ConstantTime.mask(member.bytes, equals: key.bytes)
            place |= index & mask
            isFound |= mask
        }
        return isFound == 0 ? nil : place
    }
}
