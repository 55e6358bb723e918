// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Sodium

/// A verifier's secret key x for one epoch, in guarded memory.
///
/// Whoever has it can tell every act of that epoch, so it is drawn at random, kept outside every
/// recovery, and erased when the epoch is over.
///
/// Spec: `docs/spec/ring-vouch.md`, section 3.
package struct RingSecret: ~Copyable, Sendable {
    /// Bytes of randomness that hedge the nonces of a signature.
    package static let entropyCount = 32

    let secret: SecretScalar
    /// P = x·G.
    package let key: Element

    /// Draws a new key.
    package init() {
        secret = SecretScalar.random()
        key = Element.base(times: secret)
    }

    /// Reads a canonical, non-zero scalar.
    ///
    /// - Parameter encoded: 32 bytes.
    /// - Throws: `.invalidScalar`.
    package init(_ encoded: borrowing SecretBytes) throws(RingRefusal) {
        do {
            secret = try SecretScalar(canonical: encoded)
        } catch {
            throw .invalidScalar
        }
        key = Element.base(times: secret)
    }

    /// The 32 bytes of the scalar, for storage under encryption.
    package func encoded() -> SecretBytes { secret.encoded() }

    /// The key that withdraws this member's vouch for a subject.
    ///
    /// It is named inside the vouch. Derived from x, so that it is erased with x and need not be
    /// kept; whoever wants to withdraw later keeps it apart, and it tells nothing else.
    ///
    /// - Parameters:
    ///   - act: What it takes back; each act has its own.
    ///   - context: ctx, 32 bytes.
    ///   - subject: sid, 32 bytes.
    ///   - epoch: The vouch's.
    /// - Returns: An Ed25519 key.
    /// - Throws: `.wrongLength`.
    package func withdrawalKey(
        act: RingAct = .vouch,
        context: [UInt8],
        subject: [UInt8],
        epoch: UInt64
    ) throws(RingRefusal) -> Ed25519.SecretKey {
        guard context.count == RingSuite.digestCount, subject.count == RingSuite.digestCount else {
            throw .wrongLength
        }
        let seed = HKDFSHA256.derive(
            secret: secret.encoded(),
            salt: [],
            info: act.domain("withdraw") + context + subject + RingSuite.bigEndian(epoch),
            count: Ed25519.keyCount
        )
        do {
            return try Ed25519.SecretKey(seed: seed)
        } catch {
            preconditionFailure("as many bytes as a seed has were derived")
        }
    }

    /// Draws the nonces of one proof.
    ///
    /// - Parameters:
    ///   - transcript: What the proof is bound to.
    ///   - entropy: 32 random bytes.
    /// - Returns: They go with the value.
    func nonces(
        for transcript: [UInt8],
        _ entropy: borrowing SecretBytes
    ) -> RingNonces {
        RingNonces(secret: secret.encoded(), entropy: entropy.copy(), transcript: transcript)
    }
}

/// Nonces: SHA-512(domain ‖ x ‖ entropy ‖ transcript ‖ u32be(index)) mod L.
///
/// Secret, and unlike any other even if the entropy repeats.
struct RingNonces: ~Copyable {
    private let secret: SecretBytes
    private let entropy: SecretBytes
    private let transcript: [UInt8]

    init(
        secret: consuming SecretBytes,
        entropy: consuming SecretBytes,
        transcript: [UInt8]
    ) {
        self.secret = secret
        self.entropy = entropy
        self.transcript = transcript
    }

    /// One that stays secret.
    func secret(_ index: UInt32) -> SecretScalar {
        var digest = digest(index)
        do {
            return try SecretScalar(reducing: SecretBytes(wiping: &digest))
        } catch {
            preconditionFailure("a SHA-512 digest has 64 bytes")
        }
    }

    /// One that is published as it is.
    func published(_ index: UInt32) -> Scalar {
        do {
            return try Scalar(reducing: digest(index))
        } catch {
            preconditionFailure("a SHA-512 digest has 64 bytes")
        }
    }

    private func digest(_ index: UInt32) -> [UInt8] {
        var hasher = SHA512()
        hasher.update(RingSuite.domain("nonce"))
        hasher.update(secret)
        hasher.update(entropy)
        hasher.update(transcript + RingSuite.bigEndian(index))
        return hasher.finish()
    }
}
