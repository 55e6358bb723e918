// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// A trustee's secret key x for one switch, in guarded memory.
///
/// It does three things and no fourth: prove possession when enrolling, prove possession in a
/// drill, and open the one encrypted share of a verified dealing. None of them multiplies an
/// element that somebody else chose, except the last, and only after the dealing proved what that
/// element is.
///
/// Spec: `docs/spec/escrow.md`, section 4.
package struct TrusteeSecret: ~Copyable, Sendable {
    /// Bytes of randomness that hedge each nonce.
    package static let entropyCount = 32

    private let secret: SecretScalar
    /// y = x · B.
    package let key: Element

    /// Draws a new key.
    package init() {
        secret = SecretScalar.random()
        key = Element.base(times: secret)
    }

    /// Reads a canonical, non-zero scalar.
    ///
    /// - Parameter encoded: 32 bytes.
    /// - Throws: `.wrongLength`, `.nonCanonicalScalar`, `.zeroSecret`.
    package init(_ encoded: borrowing SecretBytes) throws(EscrowError) {
        do {
            secret = try SecretScalar(canonical: encoded)
        } catch .zeroScalar {
            throw .zeroSecret
        } catch .wrongLength(let expected, let actual) {
            throw .wrongLength(EscrowPlace(.secret), expected: expected, actual: actual)
        } catch {
            throw .nonCanonicalScalar(EscrowPlace(.secret))
        }
        key = Element.base(times: secret)
    }

    /// The 32 bytes of the scalar, for storage under encryption.
    package func encoded() -> SecretBytes { secret.encoded() }

    /// Enrols for one epoch of one switch: the key with a proof of possession.
    ///
    /// - Parameters:
    ///   - scope: Logs, switch, owner and epoch.
    ///   - entropy: 32 random bytes, or fixed ones for test vectors; the nonce stays secret and
    ///     unique even if they repeat.
    /// - Returns: What the owner puts into the context.
    package func enrolment(
        in scope: EscrowScope,
        entropy: borrowing SecretBytes = SecretBytes(random: entropyCount)
    ) -> TrusteeEnrolment {
        // r = H(x ‖ Z ‖ scope ‖ y), R = r · B
        var nonceTranscript = Transcript(.possessionNonce)
        nonceTranscript.append(secret)
        nonceTranscript.append(entropy)
        nonceTranscript.append(scope.digest)
        nonceTranscript.append(key)
        let nonce = nonceTranscript.secret()
        let first = Element.base(times: nonce)
        let challenge = TrusteeEnrolment.challenge(key: key, scope: scope, first: first)
        return TrusteeEnrolment(key: key, possession: respond(to: challenge, nonce: nonce))
    }

    /// Answers a drill: the key is still here and the trustee has seen this checkpoint.
    ///
    /// - Parameters:
    ///   - context: The armed sharing.
    ///   - checkpoint: SHA-256 of the newest checkpoint, 32 bytes.
    ///   - entropy: As for an enrolment.
    /// - Returns: A proof that ``DrillProof/isValid(in:checkpoint:)`` checks.
    /// - Throws: `.notATrustee`, `.wrongLength`.
    package func drill(
        in context: EscrowContext,
        checkpoint: [UInt8],
        entropy: borrowing SecretBytes = SecretBytes(random: entropyCount)
    ) throws(EscrowError) -> DrillProof {
        let index = try context.index(of: key)
        try requireCount(checkpoint, EscrowScope.digestCount, at: EscrowPlace(.object))
        var nonceTranscript = Transcript(.drillNonce)
        nonceTranscript.append(secret)
        nonceTranscript.append(entropy)
        nonceTranscript.append(context.digest)
        nonceTranscript.append(checkpoint)
        let nonce = nonceTranscript.secret()
        let challenge = DrillProof.challenge(
            context: context,
            checkpoint: checkpoint,
            index: index,
            first: Element.base(times: nonce)
        )
        return DrillProof(index: index, proof: respond(to: challenge, nonce: nonce))
    }

    /// Opens this trustee's share of a verified dealing.
    ///
    /// - Parameters:
    ///   - dealing: A dealing whose proofs were checked; the type vouches for it.
    ///   - entropy: As for an enrolment.
    /// - Returns: S_i with the proof that it is what Y_i holds. Publishing it cannot be undone.
    /// - Throws: `.notATrustee`.
    package func open(
        _ dealing: VerifiedDealing,
        entropy: borrowing SecretBytes = SecretBytes(random: entropyCount)
    ) throws(EscrowError) -> OpenedShare {
        let index = try dealing.context.index(of: key)
        // S_i = x^-1 · Y_i
        let inverse: SecretScalar
        do {
            inverse = try secret.inverted()
        } catch {
            throw .zeroSecret
        }
        let element = dealing.encryptedShare(of: index).times(inverse)
        // r = H(x ‖ Z ‖ context ‖ dealing ‖ i ‖ S_i); R1 = r · B, R2 = r · S_i
        var nonceTranscript = Transcript(.shareNonce)
        nonceTranscript.append(secret)
        nonceTranscript.append(entropy)
        nonceTranscript.append(dealing.context.digest)
        nonceTranscript.append(dealing.digest)
        nonceTranscript.append([index.value])
        nonceTranscript.append(element)
        let nonce = nonceTranscript.secret()
        let challenge = OpenedShare.challenge(
            dealing: dealing,
            index: index,
            element: element,
            first: Element.base(times: nonce),
            second: element.times(nonce)
        )
        return OpenedShare(
            dealingDigest: dealing.digest,
            index: index,
            element: element,
            proof: respond(to: challenge, nonce: nonce)
        )
    }

    /// z = r + c · x.
    private func respond(to challenge: Scalar, nonce: borrowing SecretScalar) -> ProofPair {
        let response = secret.times(challenge).plus(nonce).reveal()
        return ProofPair(challenge: challenge, response: response)
    }
}
