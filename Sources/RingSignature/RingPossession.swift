// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// Proof that whoever announces a ring key has its secret, so that no key can be made out of those
/// of others.
///
/// Spec: `docs/spec/ring-vouch.md`, section 3.2.
package struct RingPossession: Equatable, Sendable {
    /// Bytes in a proof.
    package static let byteCount = 2 * Scalar.byteCount

    /// Who announces the key, and for what.
    package struct Scope: Equatable, Sendable {
        let bytes: [UInt8]

        /// - Parameters:
        ///   - context: ctx, 32 bytes.
        ///   - organisation: Its id, 32 bytes.
        ///   - epoch: The only one that the key is for.
        ///   - constituency: The only one that the key is for.
        /// - Throws: `.wrongLength`.
        package init(
            context: [UInt8],
            organisation: [UInt8],
            epoch: UInt64,
            constituency: UInt16
        ) throws(RingRefusal) {
            guard context.count == RingSuite.digestCount,
                organisation.count == RingSuite.digestCount
            else { throw .wrongLength }
            bytes =
                context + organisation + RingSuite.bigEndian(epoch)
                + RingSuite.bigEndian(constituency)
        }
    }

    let challenge: Scalar
    let response: Scalar

    init(challenge: Scalar, response: Scalar) {
        self.challenge = challenge
        self.response = response
    }

    /// Reads a proof: challenge, response.
    ///
    /// - Throws: `.wrongLength`, `.invalidScalar`.
    package init(_ bytes: [UInt8]) throws(RingRefusal) {
        guard bytes.count == Self.byteCount else { throw .wrongLength }
        guard let challenge = try? Scalar(canonical: Array(bytes.prefix(Scalar.byteCount))),
            let response = try? Scalar(canonical: Array(bytes.suffix(Scalar.byteCount)))
        else { throw .invalidScalar }
        self.init(challenge: challenge, response: response)
    }

    /// The proof: challenge, response.
    package var bytes: [UInt8] { challenge.bytes + response.bytes }

    /// Verifies it.
    ///
    /// - Parameters:
    ///   - key: P, not the identity.
    ///   - scope: Who announced it, and for what.
    /// - Throws: `.invalidElement`, `.notValid`.
    package func verify(_ key: Element, for scope: Scope) throws(RingRefusal) {
        guard !key.isIdentity else { throw .invalidElement }
        // R = s·G + c·P
        let first = Element.base(times: response) + challenge * key
        guard Self.challenge(key, scope, first) == challenge else { throw .notValid }
    }

    /// c = H2S(scope ‖ P ‖ R).
    static func challenge(_ key: Element, _ scope: Scope, _ first: Element) -> Scalar {
        let message = scope.bytes + key.bytes + first.bytes
        return Scalar(hashing: message, domain: RingSuite.domain("pop"))
    }
}

extension RingSecret {
    /// Proves possession of this key.
    ///
    /// - Parameters:
    ///   - scope: Who announces it, and for what.
    ///   - entropy: 32 random bytes, or fixed ones for test vectors.
    /// - Returns: A proof that ``RingPossession/verify(_:for:)`` accepts.
    package func possession(
        for scope: RingPossession.Scope,
        entropy: borrowing SecretBytes = SecretBytes(random: entropyCount)
    ) -> RingPossession {
        let k = nonces(for: RingSuite.domain("pop") + scope.bytes, entropy).secret(0)
        let challenge = RingPossession.challenge(key, scope, Element.base(times: k))
        // s = k − c·x
        let response = k.minus(secret.times(challenge)).reveal()
        return RingPossession(challenge: challenge, response: response)
    }
}
