// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// Something that happened to a switch: a statement whose signature, proof and place in the log
/// were checked.
///
/// Spec: `docs/spec/switch.md`, section 5.1.
package struct SwitchEvent: Equatable, Sendable {
    /// What the statement says.
    package enum Kind: Equatable, Sendable {
        /// The switch was armed on these terms, its dealing publicly verified.
        case arming(SwitchTerms)
        /// The owner saw a checkpoint that was cosigned at `time`.
        case checkIn(time: Int64)
        /// A trustee answered. `number` grows with each answer of the same trustee.
        case attestation(
            TrusteeNumber,
            number: Int64,
            verdict: Attestation.Verdict,
            hasEvidence: Bool
        )
        /// The owner will be away, and had seen a checkpoint that was cosigned at `signed`.
        case hold(until: Int64, signed: Int64)
        /// A trustee asked for more time in the stay in PENDING that began at `pendingSince`.
        case delay(TrusteeNumber, seconds: Int64, pendingSince: Int64)
        /// The owner wants to end it. The digest names this request.
        case revocation(digest: [UInt8])
        /// A trustee agrees to end it.
        case consent(TrusteeNumber, revocation: [UInt8])
        /// A trustee will publish a share of the release that began at `releasingSince`.
        case intent(TrusteeNumber, releasingSince: Int64)
        /// A trustee's share is out, and its proof holds.
        case share(TrusteeNumber)
    }

    /// The leaf of the log that says so: the evidence of whatever follows from it.
    package let leaf: UInt64
    /// Earliest witnessed inclusion, in seconds since 1970.
    package let time: Int64
    /// What happened.
    package let kind: Kind

    /// Makes an event out of checked parts.
    package init(leaf: UInt64, time: Int64, kind: Kind) {
        self.leaf = leaf
        self.time = time
        self.kind = kind
    }
}
