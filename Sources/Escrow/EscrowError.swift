// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why an escrow object was refused.
///
/// Cases say where, never what: no key, share or secret is ever part of an error.
package enum EscrowError: Error, Equatable, Sendable {
    /// Bytes or text are not an object of the expected form at this place.
    case malformed(EscrowPlace)
    /// An object has a member that its version does not know.
    case unknownMember
    /// The object is of another type, or of a version we do not know.
    case wrongType
    /// A field has the wrong number of bytes.
    case wrongLength(EscrowPlace, expected: Int, actual: Int)
    /// Bytes are not the canonical encoding of a group element.
    case invalidElement(EscrowPlace)
    /// A group element is the identity where it would void the protocol.
    case identityElement(EscrowPlace)
    /// A scalar is not below the group order.
    case nonCanonicalScalar(EscrowPlace)
    /// A secret key is zero.
    case zeroSecret

    /// There are no log origins, too many, an empty or an over-long one.
    case originOutOfRange(EscrowPlace)
    /// Log origins are not in strictly ascending order of their bytes.
    case originsNotSorted(EscrowPlace)
    /// The number of trustees is not in 2...255.
    case trusteeCountOutOfRange(Int)
    /// The threshold is not in 2...n.
    case thresholdOutOfRange(Int)
    /// Two trustees have the same key.
    case duplicateTrusteeKey(first: Int, second: Int)
    /// The trustee at this index did not prove that the key is theirs for this switch and epoch.
    case possessionNotProven(index: Int)

    /// The dealing belongs to another switch, epoch, threshold or set of trustees.
    case otherContext
    /// There are not exactly k commitments: the polynomial has another degree.
    case wrongDegree(expected: Int, actual: Int)
    /// There are not exactly n encrypted shares.
    case wrongShareCount(expected: Int, actual: Int)
    /// There are not exactly n responses.
    case wrongResponseCount(expected: Int, actual: Int)
    /// The encrypted shares are not proven to hold the values of the committed polynomial.
    case dealingNotProven

    /// A trustee's index is not in 1...n.
    case indexOutOfRange(Int)
    /// The key is none of the context's trustees.
    case notATrustee
    /// The opened share belongs to another dealing.
    case otherDealing
    /// The opened share is not proven to be what this trustee's encrypted share holds.
    case shareNotProven(index: Int)
    /// Two opened shares are of the same trustee.
    case duplicateIndex(Int)
    /// Fewer than k shares were given.
    case tooFewShares(needed: Int, actual: Int)
}

extension EscrowError {
    /// The class of the refusal, one word: what programs match on.
    ///
    /// Spec: `docs/spec/escrow.md`, section 8.
    package var failureClass: String {
        switch self {
        case .malformed, .unknownMember, .wrongType, .wrongLength: "form"
        case .invalidElement: "element"
        case .identityElement: "identity"
        case .nonCanonicalScalar, .zeroSecret: "scalar"
        case .originOutOfRange, .originsNotSorted: "origin"
        case .trusteeCountOutOfRange, .thresholdOutOfRange, .wrongShareCount,
            .wrongResponseCount:
            "count"
        case .duplicateTrusteeKey, .duplicateIndex: "duplicate"
        case .possessionNotProven: "possession"
        case .otherContext: "context"
        case .wrongDegree: "degree"
        case .dealingNotProven: "dealing"
        case .indexOutOfRange: "index"
        case .notATrustee: "trustee"
        case .otherDealing: "other-dealing"
        case .shareNotProven: "share"
        case .tooFewShares: "too-few"
        }
    }
}

/// A field of an escrow object, by its name in JSON.
package enum EscrowField: String, Sendable {
    case challenge, commitments, context, dealing, element, epoch, index, key, object, origins
    case owner, possession, proof, responses, secret, shares, `switch`, threshold, trustees
}

/// Where in an object something was refused.
package struct EscrowPlace: Equatable, Sendable {
    /// The field.
    package let field: EscrowField
    /// The zero-based element of a list, or `nil`.
    package let element: Int?

    /// A field, or one element of a list.
    package init(_ field: EscrowField, _ element: Int? = nil) {
        self.field = field
        self.element = element
    }
}
