// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium

/// A verifiable random function: for each input its key's owner can show one output, which nobody
/// else can tell beforehand and which the owner cannot choose.
///
/// Panels are drawn with it: see `docs/spec/sortition.md`, section 2.
///
/// Spec: c2sp.org/vrf-r255, the suite ECVRF-RISTRETTO255-SHA512 of draft-irtf-cfrg-vrf-11.
package enum Vrf {
    /// Bytes in an output, beta.
    package static let outputCount = SHA512.digestCount
    /// Longest input, alpha, in bytes.
    package static let inputCountMax = 65_535

    /// cLen: bytes in a challenge.
    static let challengeCount = 16

    // suite_string = 0xFF || "c2sp.org/vrf-r255"
    private static let suite = [0xff] + Array("c2sp.org/vrf-r255".utf8)

    /// Why a key, an input or a proof was refused.
    package enum Refusal: Error, Equatable, Sendable {
        /// The input is longer than ``inputCountMax``.
        case inputTooLong
        /// A key or proof has another length than the suite says.
        case wrongLength
        /// A key or Gamma is no canonical encoding, or is the identity.
        case invalidElement
        /// A scalar is not canonical, or a secret is zero.
        case invalidScalar
        /// The proof is not one of this key for this input.
        case notValid
    }

    /// Step 1 of proving and verifying: H = ECVRF_encode_to_curve(PK_string, alpha_string).
    static func point(_ input: [UInt8], key: Element) throws(Refusal) -> Element {
        guard input.count <= inputCountMax else { throw .inputTooLong }
        do {
            return try Element(mapping: SHA512.hash(suite + [0x82] + key.bytes + input))
        } catch {
            preconditionFailure("a SHA-512 digest has 64 bytes")
        }
    }

    /// k = Hash(suite_string || 0x81 || SK || h_string) mod q.
    static func nonce(_ secret: borrowing SecretScalar, _ point: Element) -> SecretScalar {
        var hasher = SHA512()
        hasher.update(suite + [0x81])
        hasher.update(secret.encoded())
        hasher.update(point.bytes)
        var digest = hasher.finish()
        do {
            return try SecretScalar(reducing: SecretBytes(wiping: &digest))
        } catch {
            preconditionFailure("a SHA-512 digest has 64 bytes")
        }
    }

    /// ECVRF_challenge_generation(Y, H, Gamma, U, V): 16 bytes.
    static func challenge(_ elements: [Element]) -> [UInt8] {
        let digest = SHA512.hash(suite + [0x02] + elements.flatMap(\.bytes) + [0x00])
        return Array(digest.prefix(challengeCount))
    }

    /// string_to_int of a challenge.
    static func scalar(_ challenge: [UInt8]) -> Scalar {
        let padding = [UInt8](repeating: 0, count: Scalar.byteCount - challengeCount)
        do {
            return try Scalar(canonical: challenge + padding)
        } catch {
            preconditionFailure("16 bytes are below the order")
        }
    }

    /// beta_string = ECVRF_proof_to_hash(pi_string).
    static func output(_ gamma: Element) -> [UInt8] {
        SHA512.hash(suite + [0x03] + gamma.bytes + [0x00])
    }
}
