// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// What the dealer holds after dealing: the public dealing and the secret it committed to.
package struct DealtSecret: ~Copyable, Sendable {
    /// To be published; verified already.
    package let dealing: VerifiedDealing
    /// The 32 bytes that k trustees will derive again.
    package let seed: SecretBytes
}

/// Shares a fresh random secret among the trustees of a context.
///
/// Spec: `docs/spec/escrow.md`, section 5.
package enum Dealer {
    /// Bytes of entropy: everything secret in a dealing is derived from them and the context.
    package static let entropyCount = 32

    /// Deals a new secret.
    ///
    /// - Parameters:
    ///   - context: Who may open, and for what.
    ///   - entropy: 32 random bytes; fixed ones for test vectors only.
    /// - Returns: The dealing and the secret seed.
    /// - Throws: `.wrongLength`; `.identityElement` with a probability of 2^-244 or less.
    /// - Complexity: n · k scalar operations and n · (k + 7) of the group.
    package static func deal(
        in context: EscrowContext,
        entropy: borrowing SecretBytes = SecretBytes(random: entropyCount)
    ) throws(EscrowError) -> DealtSecret {
        guard entropy.count == entropyCount else {
            let place = EscrowPlace(.secret)
            throw .wrongLength(place, expected: entropyCount, actual: entropy.count)
        }
        let polynomial = SecretPolynomial(
            count: context.threshold,
            entropy: entropy,
            context: context
        )
        var commitments: [Element] = []
        for power in 0..<context.threshold {
            // C_j = a_j · G2
            let commitment = Element.secondGenerator.times(
                polynomial.coefficients,
                at: power
            )
            guard !commitment.isIdentity else {
                throw .identityElement(EscrowPlace(.commitments, power))
            }
            commitments.append(commitment)
        }
        let dealing = try encrypt(
            polynomial.values(context.trustees.count),
            commitments,
            entropy: entropy,
            digest: context.digest,
            keys: context.trustees.map(\.key)
        )
        // The test that everybody will make, made first: a faulty machine publishes nothing.
        let verified = try dealing.verified(in: context)
        // S = a_0 · B
        let secret = Element.base(times: polynomial.coefficients, at: 0)
        let seed = try verified.seed(of: secret)
        return DealtSecret(dealing: verified, seed: seed)
    }

    /// Shows a dealing to strangers: the same commitments, with trustees' keys that are blinded, so
    /// that nobody recognises them.
    ///
    /// Spec: `docs/spec/escrow.md`, section 5.6.
    ///
    /// - Parameters:
    ///   - dealing: What ``deal(in:entropy:)`` gave for this entropy.
    ///   - entropy: The same.
    /// - Returns: What anybody can verify who has nothing else.
    /// - Throws: As ``deal(in:entropy:)``; `.dealingNotProven` for other entropy.
    package static func blind(
        _ dealing: VerifiedDealing,
        entropy: borrowing SecretBytes
    ) throws(EscrowError) -> BlindDealing {
        let context = dealing.context
        let polynomial = SecretPolynomial(
            count: context.threshold,
            entropy: entropy,
            context: context
        )
        // y'_i = b_i · y_i, with a b_i that is forgotten.
        var factors = SecretScalars(count: context.trustees.count)
        for position in context.trustees.indices {
            var transcript = Transcript(.blind)
            transcript.append(entropy)
            transcript.append(context.digest)
            transcript.append([TrusteeIndex(position: position).value])
            transcript.secret(position, of: &factors)
        }
        var keys: [Element] = []
        for (position, trustee) in context.trustees.enumerated() {
            keys.append(trustee.key.times(factors, at: position))
        }
        let commitments = dealing.dealing.commitments
        let digest = BlindDealing.digest(context.digest, threshold: commitments.count, keys: keys)
        let blind = BlindDealing(
            context: context.digest,
            keys: keys,
            dealing: try encrypt(
                polynomial.values(keys.count),
                commitments,
                entropy: entropy,
                digest: digest,
                keys: keys
            )
        )
        try blind.verify()
        return blind
    }

    private static func encrypt(
        _ values: borrowing SecretScalars,
        _ commitments: [Element],
        entropy: borrowing SecretBytes,
        digest: [UInt8],
        keys: [Element]
    ) throws(EscrowError) -> Dealing {
        var images: [Element] = []
        var shares: [Element] = []
        for (position, key) in keys.enumerated() {
            // s_i = f(i), X_i = s_i · G2, Y_i = s_i · y_i
            let share = key.times(values, at: position)
            guard !share.isIdentity else {
                throw .identityElement(EscrowPlace(.shares, position))
            }
            images.append(Element.secondGenerator.times(values, at: position))
            shares.append(share)
        }
        let statement = Dealing.statement(
            context: digest,
            commitments: commitments,
            images: images,
            encryptedShares: shares
        )
        // r_i = H(entropy ‖ context ‖ statement ‖ i)
        var nonces = SecretScalars(count: keys.count)
        for position in keys.indices {
            var transcript = Transcript(.dealingNonce)
            transcript.append(entropy)
            transcript.append(digest)
            transcript.append(statement)
            transcript.append([TrusteeIndex(position: position).value])
            transcript.secret(position, of: &nonces)
        }
        // c = H(context ‖ statement ‖ R1_1 ‖ R2_1 ‖ … ‖ R1_n ‖ R2_n)
        var transcript = Dealing.challengeTranscript(context: digest, statement: statement)
        for (position, key) in keys.enumerated() {
            transcript.append(Element.secondGenerator.times(nonces, at: position))
            transcript.append(key.times(nonces, at: position))
        }
        let challenge = transcript.challenge()
        return Dealing(
            contextDigest: digest,
            commitments: commitments,
            encryptedShares: shares,
            challenge: challenge,
            // z_i = r_i + c · s_i
            responses: values.responses(to: challenge, nonces: nonces)
        )
    }
}
