// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why the fold takes no notice of an entry.
///
/// The entry stays in the log.
///
/// Spec: `docs/spec/registry.md`, section 4.
package enum Refusal: String, Error, Sendable, CaseIterable {
    /// The bytes are no statement of this registry's types and versions.
    case unreadable
    /// The statement is of another registry.
    case otherRegistry = "other-registry"
    /// The statement was taken in before.
    case repeated
    /// There is no charter yet.
    case noCharter = "no-charter"
    /// A charter of this number is not next.
    case wrongCharterNumber = "wrong-charter-number"
    /// The charter has run out, and what outlives it is not this.
    case expiredCharter = "expired-charter"
    /// The date is in the future, or more than 30 days old.
    case wrongDate = "wrong-date"
    /// Too few of those who have to sign have signed, or from too few constituencies.
    case noQuorum = "no-quorum"
    /// The one who has to sign has not.
    case notSigned = "not-signed"
    /// The charter does not know that constituency.
    case unknownConstituency = "unknown-constituency"
    /// There is no such verifier, or it was removed, or its accreditation ended.
    case unknownVerifier = "unknown-verifier"
    /// The verifier is too new to vouch in that quarter.
    case onProbation = "on-probation"
    /// Another organisation under the same control has done it.
    case sharedControl = "shared-control"
    /// As many organisations as may have joined the constituency in this quarter.
    case growthCap = "growth-cap"
    /// A removed verifier does not come back under the same key.
    case removedVerifier = "removed-verifier"
    /// There is no such subject.
    case unknownSubject = "unknown-subject"
    /// The subject exists already.
    case subjectExists = "subject-exists"
    /// The subject withdrew, died, or was revoked.
    case subjectClosed = "subject-closed"
    /// The key is not the one that was promised.
    case brokenPromise = "broken-promise"
    /// The vouch names an account that the subject does not control at this time.
    case uncontrolledAccount = "uncontrolled-account"
    /// The commitment to the account is another subject's.
    case accountTaken = "account-taken"
    /// The subject has too many accounts.
    case tooManyAccounts = "too-many-accounts"
    /// The vouch is for a quarter that is over, or not near yet.
    case wrongEpoch = "wrong-epoch"
    /// The verifier vouched for this subject in this quarter already.
    case alreadyVouched = "already-vouched"
    /// This verifier announced a ring key for this quarter already, or somebody this very key.
    case ringKeyExists = "ring-key-exists"
    /// The proof that the verifier has the secret of its ring key is none.
    case wrongProof = "wrong-proof"
    /// The ring of this constituency and quarter stands already.
    case ringFrozen = "ring-frozen"
    /// The ring is not made of exactly the keys that were announced for it.
    case wrongRing = "wrong-ring"
    /// There is no ring yet, or the verifier has no ring key.
    case unknownRing = "unknown-ring"
    /// The seal is of another ring than the one in force.
    case otherRing = "other-ring"
    /// A slot is missing, not asked for, or beyond the quota.
    case wrongSlot = "wrong-slot"
    /// The slot was used before.
    case slotUsed = "slot-used"
    /// The ring is too small to hide who signs, or too many of it signed already.
    case unsafeRing = "unsafe-ring"
    /// The ring signature is not here, or has to be and is not asked for.
    case sealMissing = "seal-missing"
    /// The ring signature is none of this ring for this statement.
    case wrongSeal = "wrong-seal"
    /// No output of this holder is awaited for this day.
    case notAwaited = "not-awaited"
    /// No panel was drawn for this subject and quarter.
    case noPanel = "no-panel"
    /// The panel is over: enough members concurred, or its time is up.
    case panelOver = "panel-over"
    /// The subject promised no words, or the word does not follow its last one.
    case noCanary = "no-canary"
    /// Another promise of words holds, and no key was shown lately that a thief has not got.
    case canaryStands = "canary-stands"
    /// There is no such decision, or it does not hold any more.
    case unknownDecision = "unknown-decision"
    /// Too few verifiers nominated the organisation, or of too few constituencies.
    case notNominated = "not-nominated"
    /// All council seats of one constituency are against the organisation.
    case opposed
    /// This key complained of as much as it may before something of it is decided.
    case tooManyComplaints = "too-many-complaints"
    /// The panel finds something graver than what was complained of.
    case gradeTooHigh = "grade-too-high"
    /// Limits follow from complaints about accounts only.
    case notAboutAccount = "not-about-account"
    /// There is no such complaint.
    case unknownComplaint = "unknown-complaint"
    /// There is no such appeal, or it was decided.
    case unknownAppeal = "unknown-appeal"
    /// There is no such vouch of this verifier.
    case unknownVouch = "unknown-vouch"
    /// The suspension is longer than its signers may decide.
    case tooLong = "too-long"
    /// The moment of last trust is in the future.
    case wrongLastTrusted = "wrong-last-trusted"
    /// The two-part test of coordination and harm is not met.
    case testNotMet = "test-not-met"
    /// The council withdrew the network's designation on that day or later.
    case withdrawn
    /// There is no such network.
    case unknownNetwork = "unknown-network"
    /// Only a fact-checker attaches corrections.
    case notFactChecker = "not-fact-checker"
}
