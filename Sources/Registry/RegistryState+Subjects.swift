// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

extension RegistryState {
    /// Renewals open this many days before the quarter that they are for.
    ///
    /// Spec: `docs/spec/registry.md`, section 3.6.
    package static let renewalDays: Int64 = 28
    /// The longest suspension by the council, in days.
    package static let suspensionDaysMax: Int64 = 30

    /// Ends a subject by decision.
    mutating func close(
        _ subject: Subject,
        as state: StandingState,
        _ reason: RegistryReason,
        _ lastTrustedAt: Int64?
    ) {
        subjects[subject.id]?.revocation = subject.closure
        subjects[subject.id]?.closure = Subject.Closure(
            state: state,
            since: clock,
            reason: reason,
            lastTrustedAt: lastTrustedAt
        )
    }

    func requirePast(_ time: Int64?) throws(Refusal) {
        guard time ?? 0 < clock + Self.day else { throw .wrongLastTrusted }
    }

    /// The subject, unless it is closed.
    func open(
        _ bytes: [UInt8],
        evenRevoked: Bool = false
    ) throws(Refusal) -> Subject {
        guard let subject = subjects[RegistryID(bytes)] else { throw .unknownSubject }
        if let closure = subject.closure, !(evenRevoked && closure.state == .revoked) {
            throw .subjectClosed
        }
        return subject
    }
}
