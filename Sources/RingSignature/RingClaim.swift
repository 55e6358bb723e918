// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto

/// A signature that waits to be verified.
package struct RingClaim: Sendable {
    /// What was signed.
    package let message: RingMessage
    /// Whose signature it is said to be.
    package let ring: Ring
    /// The signature.
    package let signature: RingSignature

    /// Puts the parts together.
    package init(message: RingMessage, ring: Ring, signature: RingSignature) {
        self.message = message
        self.ring = ring
        self.signature = signature
    }

    /// Verifies many on all cores.
    ///
    /// - Returns: For each, in order, why it is refused; nil if it verifies.
    /// - Complexity: That of verifying each, shared out.
    package static func verify(_ claims: [RingClaim]) -> [RingRefusal?] {
        claims.mapOnAllCores(partCountMin: 1) { part in
            part.map { claim in
                do throws(RingRefusal) {
                    try claim.signature.verify(claim.message, by: claim.ring)
                    return nil
                } catch {
                    return error
                }
            }
        }
    }
}
