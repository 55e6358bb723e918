// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a ring, a key or a signature is refused.
package enum RingRefusal: Error, Equatable, Sendable {
    /// A file is no object of the members that are asked for, or a key was copied wrongly.
    case malformed
    /// A value has another length than the suite says.
    case wrongLength
    /// A ring of no members, or of more than ``Ring/memberCountMax``.
    case wrongMemberCount
    /// The keys of a ring do not ascend: out of order, or one of them twice.
    case unsortedRing
    /// A key or tag is no canonical encoding of an element, or is the identity.
    case invalidElement
    /// A scalar is not canonical, or a secret is zero.
    case invalidScalar
    /// The act takes a slot and none is given, or the reverse.
    case wrongSlot
    /// The signer's key is not in the ring.
    case notAMember
    /// The signature is not one of this ring for this statement.
    case notValid
    /// The ring hides its members too badly; see ``RingSafety``.
    case unsafeRing
}
