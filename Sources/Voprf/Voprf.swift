// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium

/// Verifiable oblivious pseudorandom function: a server evaluates a keyed function on inputs that
/// it does not see, and proves that it used the key that it published.
///
/// Spec: RFC 9497, VOPRF(ristretto255, SHA-512). Invitations are made of it: who redeems an output
/// cannot be linked to the evaluation that it came from.
package enum Voprf {
    /// Bytes in an output.
    package static let outputCount = SHA512.digestCount
    /// Longest input, in bytes, because its length is written in 16 bits.
    package static let inputCountMax = 65_535
    /// Most elements in one evaluation.
    package static let batchCountMax = 256

    // contextString = "OPRFV1-" || I2OSP(mode, 1) || "-" || identifier; the mode is 1.
    private static let context = Array("OPRFV1-".utf8) + [1] + Array("-ristretto255-SHA512".utf8)

    /// Why an input, an element or a proof was refused.
    package enum Refusal: Error, Equatable, Sendable {
        /// The input is longer than the limit.
        case inputTooLong
        /// The input hashes to the identity; nobody finds such an input.
        case inputInvalid
        /// A key, scalar or element is not canonical, is zero or is the identity.
        case malformed
        /// No elements, too many, or not as many as were blinded.
        case wrongCount
        /// The proof does not show that the published key was used.
        case notProven
    }

    static func group(_ input: [UInt8]) throws(Refusal) -> Element {
        guard input.count <= inputCountMax else { throw .inputTooLong }
        let element = Element(hashing: input, domain: Array("HashToGroup-".utf8) + context)
        guard !element.isIdentity else { throw .inputInvalid }
        return element
    }

    static func scalar(_ message: [UInt8]) -> Scalar {
        Scalar(hashing: message, domain: Array("HashToScalar-".utf8) + context)
    }

    static func keyScalar(_ message: [UInt8]) -> Scalar {
        Scalar(hashing: message, domain: Array("DeriveKeyPair".utf8) + context)
    }

    /// Output of an input and its evaluated element (RFC 9497, section 3.3.1, Finalize).
    static func output(_ input: [UInt8], _ element: Element) -> [UInt8] {
        SHA512.hash(framed(input) + framed(element.bytes) + Array("Finalize".utf8))
    }

    static func seed(_ key: Element) -> [UInt8] {
        SHA512.hash(framed(key.bytes) + framed(Array("Seed-".utf8) + context))
    }

    /// I2OSP(len(bytes), 2) || bytes.
    static func framed(_ bytes: [UInt8]) -> [UInt8] {
        precondition(bytes.count <= inputCountMax, "a length of 16 bits")
        return [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xff)] + bytes
    }
}
