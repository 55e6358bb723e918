// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a negative decision was taken: a closed list, so that machines and appeals can rely on it.
///
/// Spec: `docs/spec/registry.md`, section 6.
package enum RegistryReason: String, Sendable, CaseIterable {
    case accountTakeover = "account-takeover"
    case administrativeError = "administrative-error"
    case coordinatedHarm = "coordinated-harm"
    case deceased
    case duress
    case fabricatedEvidence = "fabricated-evidence"
    case handleChanged = "handle-changed"
    case impersonation
    case inactivity
    case keyCompromise = "key-compromise"
    case routineReview = "routine-review"
    case subjectRequest = "subject-request"
    case superseded
    case undisclosedAffiliation = "undisclosed-affiliation"
    case verifierFraud = "verifier-fraud"
}
