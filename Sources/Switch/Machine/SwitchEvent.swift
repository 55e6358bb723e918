// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// Something that happened to a switch: a statement whose signature, proof and place in the log
/// were checked.
///
/// Spec: `docs/spec/switch.md`, section 5.1.
package struct SwitchEvent: Equatable, Sendable {
    /// What a reader can tell from the field of a check-in, or from the order of its words.
    package enum Mark: Equatable, Sendable {
        /// Nothing: the public view.
        case unread
        /// Free, says the token.
        case clean
        /// Forced, says the token, or it is none that the trustees know.
        case duress
    }

    /// What the statement says.
    package enum Kind: Equatable, Sendable {
        /// The switch was armed on these terms, its dealing publicly verified.
        ///
        /// The first arms it; a later one asks for a new epoch. `digest` names the request,
        /// `signed` is the time of the checkpoint that the owner had seen.
        case arming(SwitchTerms, digest: [UInt8], signed: Int64)
        /// The owner saw a checkpoint, which the digest names and which was cosigned at `time`.
        case checkIn(time: Int64, checkpoint: [UInt8], mark: Mark)
        /// A trustee was read the words of a numbered cycle.
        case words(cycle: Int64, mark: Mark)
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
        /// A trustee has spoken with the owner and agrees to a revocation or to a new epoch.
        case consent(TrusteeNumber, request: [UInt8])
        /// A trustee will publish a share of the release that began at `releasingSince`.
        case intent(TrusteeNumber, releasingSince: Int64)
        /// A trustee's share is out, and its proof holds.
        case share(TrusteeNumber)
        /// Somebody who was named for it sent a reminder in the cycle that began at `cycle`.
        case reminder(cycle: Int64, isDelivered: Bool)
        /// A trustee proved to have the key still, over a checkpoint that was cosigned at `time`.
        case drill(TrusteeNumber, time: Int64)
        /// A trustee has met the owner free, and names the checkpoint that the next clean check-in
        /// will be signed over.
        case clearing(TrusteeNumber, checkpoint: [UInt8])
        /// A successor has got the case.
        case receipt(successor: [UInt8])
    }

    /// The leaf of the log that says so: the evidence of whatever follows from it.
    package let leaf: UInt64
    /// Earliest witnessed inclusion, in seconds since 1970.
    package let time: Int64
    /// Which arming it belongs to.
    package let epoch: Int64
    /// Whether only trustees can read it.
    package let isSealed: Bool
    /// What happened.
    package let kind: Kind

    /// Makes an event out of checked parts.
    package init(
        leaf: UInt64,
        time: Int64,
        epoch: Int64 = 1,
        isSealed: Bool = false,
        kind: Kind
    ) {
        self.leaf = leaf
        self.time = time
        self.epoch = epoch
        self.isSealed = isSealed
        self.kind = kind
    }

    /// What everybody sees of it; `nil` for what only trustees can read.
    package var inPublic: SwitchEvent? {
        guard !isSealed else { return nil }
        let kind: Kind
        switch self.kind {
        case .checkIn(let time, let checkpoint, _):
            kind = .checkIn(time: time, checkpoint: checkpoint, mark: .unread)
        case .words(let cycle, _): kind = .words(cycle: cycle, mark: .unread)
        case .clearing: return nil
        default: return self
        }
        return SwitchEvent(leaf: leaf, time: time, epoch: epoch, kind: kind)
    }
}
