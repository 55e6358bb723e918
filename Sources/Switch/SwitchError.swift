// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// Why something about a switch was refused.
///
/// Indices count from zero in the list that was given. No case carries a secret.
package enum SwitchError: Error, Equatable, Sendable {
    // MARK: Arming

    /// There are fewer than 5 trustees, k is below 3, or k is not below n.
    case termsOutOfRange(trustees: Int, threshold: Int)
    /// An acceptance answers another invitation, or is not signed by its own key.
    case acceptanceInvalid(index: Int)
    /// A trustee's proof of possession does not hold for this switch and epoch.
    case possessionNotProven(index: Int)
    /// Two acceptances share a key.
    case duplicateTrustee(first: Int, second: Int)
    /// One country could force a release, or block one.
    case jurisdictionTooStrong(Jurisdiction, trustees: Int, max: Int)
    /// No successor was named.
    case successorMissing
    /// A successor's card is not signed by its own key, or its recipient is none.
    case successorInvalid(index: Int)
    /// The case is post-quantum and the successor's recipient is not, or the other way round.
    case successorOfOtherKind(index: Int)
    /// The case's identity is not that of its recipient.
    case caseIdentityMismatch
    /// The rehearsal with throw-away keys did not end with the file that went in.
    case rehearsalFailed

    // MARK: Reading a log

    /// No log that was asked knows this switch.
    case unknownSwitch
    /// The switch is in the log, but its arming does not verify.
    case armingInvalid(ArmingFlaw)
    /// The owner armed it on another log, or with other witnesses, than those asked here.
    case otherLog(origin: String)
    /// An entry that holds a checkpoint contradicts the log it stands in.
    case logContradictsItself(leaf: UInt64)
    /// The witness was asked to sign for a time before one that it has signed for; the newest entry
    /// that it signed for then.
    case clockRunsBackwards(seconds: Int64, leaf: UInt64)

    // MARK: Acting

    /// The state does not allow it.
    case notAllowed(SwitchState)
    /// k trustees have not announced it yet, or not an hour ago.
    case intentsMissing(needed: Int, stand: Int, allowedAt: Int64?)
    /// The trustee's newest answer is *alive*.
    case calledAlive
    /// The keys here are no trustee's of this switch.
    case notATrustee
    /// The words are none of this arming's.
    case wordsUnknown
    /// The owner's briefing of this trustee is not there, or does not open.
    case notBriefed
    /// The key here is not the owner's of this switch.
    case notTheOwner

    // MARK: Recovery

    /// Fewer than k shares are out.
    case tooFewShares(needed: Int, have: Int)
    /// The identity is none of the successors'.
    case notASuccessor
    /// `escrow.age` is not where it should be.
    case escrowMissing
    /// `escrow.age` is not the file that was armed.
    case escrowChanged
    /// The shares give another identity than the arming promised.
    case outerRecipientMismatch
    /// The escrow holds another identity than the case's.
    case caseRecipientMismatch
}

/// What is wrong with an arming.
package enum ArmingFlaw: String, Equatable, Sendable {
    /// Not signed by the owner key that its id comes from.
    case signature
    /// A field is missing, unknown or malformed.
    case fields
    /// The policy does not parse, or names no witness.
    case policy
    /// The checkpoint is not one that the policy's log and witnesses signed.
    case checkpoint
    /// Too few trustees, or a threshold out of range.
    case terms
    /// Two trustees share a key, or a proof of possession does not hold.
    case trustees
    /// The dealing does not verify.
    case dealing
    /// A recipient is no age recipient.
    case recipients
}
