// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

extension VerifiedDealing {
    /// Bytes in the derived seed: what an age identity, post-quantum or X25519, is made of.
    package static let seedCount = 32

    /// Derives the shared secret from k opened shares.
    ///
    /// Spec: `docs/spec/escrow.md`, section 7.
    ///
    /// - Parameter shares: At least k shares of different trustees, in any order. Every choice of
    ///   k gives the same secret; the k lowest indices are used.
    /// - Returns: The seed of an age identity, 32 bytes.
    /// - Throws: `.otherDealing`, `.duplicateIndex`, `.tooFewShares`.
    /// - Complexity: O(k²) scalar operations, k of the group.
    package func combine(_ shares: [VerifiedShare]) throws(EscrowError) -> SecretBytes {
        let sorted = shares.map(\.share).sorted { $0.index < $1.index }
        for share in sorted where share.dealingDigest != digest {
            throw .otherDealing
        }
        for (share, next) in zip(sorted, sorted.dropFirst()) where share.index == next.index {
            throw .duplicateIndex(Int(share.index.value))
        }
        guard sorted.count >= context.threshold else {
            throw .tooFewShares(needed: context.threshold, actual: sorted.count)
        }
        let chosen = Array(sorted.prefix(context.threshold))
        // S = Σ λ_i · S_i
        var secret = Element.identity
        for share in chosen {
            secret =
                secret + Self.weight(of: share.index, among: chosen.map(\.index)) * share.element
        }
        return try seed(of: secret)
    }

    /// λ_i = Π j / (j − i) over the other indices j.
    private static func weight(of index: TrusteeIndex, among all: [TrusteeIndex]) -> Scalar {
        let point = Scalar(UInt64(index.value))
        var numerator = Scalar.one
        var denominator = Scalar.one
        for other in all where other != index {
            let otherPoint = Scalar(UInt64(other.value))
            numerator = numerator * otherPoint
            denominator = denominator * (otherPoint - point)
        }
        do {
            return try numerator * denominator.inverted()
        } catch {
            preconditionFailure("indices are different, so no difference is zero")
        }
    }

    /// seed = HKDF-SHA-256(IKM = S, salt = context, info = label ‖ dealing).
    func seed(of secret: Element) throws(EscrowError) -> SecretBytes {
        guard !secret.isIdentity else { throw .identityElement(EscrowPlace(.secret)) }
        var bytes = secret.bytes
        let keyingMaterial = SecretBytes(wiping: &bytes)
        return HKDFSHA256.derive(
            secret: keyingMaterial,
            salt: context.digest,
            info: EscrowLabel.identity.text + digest,
            count: Self.seedCount
        )
    }
}
