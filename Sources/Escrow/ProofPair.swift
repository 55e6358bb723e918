// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// The challenge and the response of one proof of knowledge: 64 bytes.
///
/// The verifier recomputes the first messages from them and hashes again.
///
/// Spec: `docs/spec/escrow.md`, section 4.
package struct ProofPair: Equatable, Sendable {
    /// Bytes in an encoding.
    package static let byteCount = 2 * Scalar.byteCount

    /// c, the hash of the statement and the first messages.
    package let challenge: Scalar
    /// z = r + c · x.
    package let response: Scalar

    init(challenge: Scalar, response: Scalar) {
        self.challenge = challenge
        self.response = response
    }

    /// Reads c ‖ z, both canonical.
    init(_ bytes: [UInt8], at place: EscrowPlace) throws(EscrowError) {
        try requireCount(bytes, Self.byteCount, at: place)
        challenge = try readScalar(Array(bytes[..<Scalar.byteCount]), at: place)
        response = try readScalar(Array(bytes[Scalar.byteCount...]), at: place)
    }

    /// c ‖ z.
    package var bytes: [UInt8] { challenge.bytes + response.bytes }

    /// z·base − c·image, the first message that the pair claims for `image = x·base`.
    func firstMessage(base: Element, image: Element) -> Element {
        response * base - challenge * image
    }
}

func requireCount(
    _ bytes: [UInt8],
    _ expected: Int,
    at place: EscrowPlace
) throws(EscrowError) {
    guard bytes.count == expected else {
        throw .wrongLength(place, expected: expected, actual: bytes.count)
    }
}

func readScalar(_ bytes: [UInt8], at place: EscrowPlace) throws(EscrowError) -> Scalar {
    try requireCount(bytes, Scalar.byteCount, at: place)
    do {
        return try Scalar(canonical: bytes)
    } catch {
        throw .nonCanonicalScalar(place)
    }
}

/// Reads an element that is not the identity; the protocol has no place where it may stand.
func readElement(_ bytes: [UInt8], at place: EscrowPlace) throws(EscrowError) -> Element {
    try requireCount(bytes, Element.byteCount, at: place)
    do {
        return try Element(nonIdentity: bytes)
    } catch .identityElement {
        throw .identityElement(place)
    } catch {
        throw .invalidElement(place)
    }
}
