// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// A secret key of the function, in guarded memory.
///
/// Spec: c2sp.org/vrf-r255; draft-irtf-cfrg-vrf-11, section 5.1.
package struct VrfKey: ~Copyable, Sendable {
    private static let seedInfo = Array("resguardo/vrf-r255/v1".utf8)

    /// Y = x·B, against which proofs are verified.
    package let publicKey: Element
    private let secret: SecretScalar

    /// Reads a canonical, non-zero scalar.
    ///
    /// - Parameter encoded: 32 bytes.
    /// - Throws: `.invalidScalar`.
    package init(_ encoded: borrowing SecretBytes) throws(Vrf.Refusal) {
        do {
            self.init(try SecretScalar(canonical: encoded))
        } catch {
            throw .invalidScalar
        }
    }

    /// The key that goes with a signing key: 64 bytes of HKDF-SHA-256 of its seed, reduced.
    ///
    /// One file then holds both, and the two are never used for the same bytes.
    ///
    /// Spec: `docs/spec/sortition.md`, section 2.
    ///
    /// - Parameter seed: 32 secret bytes.
    /// - Throws: `.wrongLength`; `.invalidScalar` for a seed that nobody finds.
    package init(seed: borrowing SecretBytes) throws(Vrf.Refusal) {
        guard seed.count == Ed25519.keyCount else { throw .wrongLength }
        let wide = HKDFSHA256.derive(
            secret: seed.copy(),
            salt: [],
            info: Self.seedInfo,
            count: Scalar.wideCount
        )
        do {
            try self.init(SecretScalar(reducing: wide).encoded())
        } catch {
            throw .invalidScalar
        }
    }

    private init(_ secret: consuming SecretScalar) {
        publicKey = Element.base(times: secret)
        self.secret = secret
    }

    /// Shows the output for an input.
    ///
    /// In constant time for inputs of one length.
    ///
    /// - Parameter input: alpha, at most ``Vrf/inputCountMax`` bytes.
    /// - Returns: The only proof that this makes; its output is ``VrfProof/verify(key:input:)``'s.
    /// - Throws: `.inputTooLong`.
    package func prove(_ input: [UInt8]) throws(Vrf.Refusal) -> VrfProof {
        let point = try Vrf.point(input, key: publicKey)
        let gamma = point.times(secret)
        let k = Vrf.nonce(secret, point)
        // c = challenge(Y, H, Gamma, k·B, k·H), s = k + c·x
        let challenge = Vrf.challenge([
            publicKey, point, gamma, Element.base(times: k), point.times(k),
        ])
        let response = k.plus(secret.times(Vrf.scalar(challenge))).reveal()
        return VrfProof(gamma: gamma, challenge: challenge, response: response)
    }
}
