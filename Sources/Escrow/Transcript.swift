// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Sodium

/// The input of one challenge or nonce: a label and fields of fixed length, hashed with SHA-512.
///
/// Spec: `docs/spec/escrow.md`, section 3.
struct Transcript: ~Copyable {
    private var hasher = SHA512()

    init(_ label: EscrowLabel) {
        hasher.update(label.framed)
    }

    mutating func append(_ bytes: [UInt8]) {
        hasher.update(bytes)
    }

    mutating func append(_ element: Element) {
        hasher.update(element.bytes)
    }

    mutating func append(_ secret: borrowing SecretBytes) {
        hasher.update(secret)
    }

    mutating func append(_ secret: borrowing SecretScalar) {
        hasher.update(secret.encoded())
    }

    /// The challenge: the digest as a little-endian integer modulo L.
    consuming func challenge() -> Scalar {
        do {
            return try Scalar(reducing: hasher.finish())
        } catch {
            preconditionFailure("a SHA-512 digest has 64 bytes")
        }
    }

    /// The same for one of several nonces or coefficients, which stays in guarded memory.
    consuming func secret(_ index: Int, of scalars: inout SecretScalars) {
        var digest = hasher.finish()
        scalars.set(index, reducing: &digest)
    }

    /// The same for one nonce.
    consuming func secret() -> SecretScalar {
        var digest = hasher.finish()
        let wide = SecretBytes(wiping: &digest)
        do {
            return try SecretScalar(reducing: wide)
        } catch {
            preconditionFailure("a SHA-512 digest has 64 bytes")
        }
    }
}
