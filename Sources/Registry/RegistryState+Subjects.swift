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
        _ lastTrustedAt: Int64?,
        by entry: RegistryEntry
    ) {
        let delay = state == .memorial ? Self.mourningSeconds : 0
        let signers = deciders(of: entry)
        subjects[subject.id]?.closures.append(
            Subject.Closure(
                state: state,
                announcedAt: clock,
                since: clock + delay,
                reason: reason,
                lastTrustedAt: lastTrustedAt,
                entry: entry.digest,
                signers: signers
            )
        )
    }

    func requirePast(_ time: Int64?) throws(Refusal) {
        guard time ?? 0 < clock + Self.day else { throw .wrongLastTrusted }
    }

    /// The subject, unless it is closed; with the key that its guardians gave it, once it holds.
    mutating func open(
        _ bytes: [UInt8],
        evenRevoked: Bool = false
    ) throws(Refusal) -> Subject {
        let id = RegistryID(bytes)
        guard var subject = subjects[id] else { throw .unknownSubject }
        if let recovery = subject.recovery, recovery.holdsAt <= clock {
            subject.key = recovery.key
            subject.next = recovery.next
            subject.rotations.append(recovery.holdsAt)
            subject.recovery = nil
            subject.canary?.recover(at: recovery.holdsAt)
            subjects[id] = subject
        }
        if let closure = subject.closure(at: clock), !(evenRevoked && closure.state == .revoked) {
            throw .subjectClosed
        }
        if subject.isLost(at: clock), !evenRevoked { throw .subjectClosed }
        return subject
    }
}
