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

    /// Keys that guardians gave hold from today, if it is their day.
    ///
    /// Whether anybody speaks of a subject must not decide whose it is.
    ///
    /// - Complexity: O(recoveries that wait).
    mutating func settleRecoveries() {
        for id in recovering.sorted() {
            guard let recovery = subjects[id]?.recovery else {
                recovering.remove(id)
                continue
            }
            guard recovery.holdsAt <= clock else { continue }
            recovering.remove(id)
            subjects[id]?.key = recovery.key
            subjects[id]?.next = recovery.next
            subjects[id]?.rotations.append(recovery.holdsAt)
            subjects[id]?.recovery = nil
            subjects[id]?.canary?.recover(at: recovery.holdsAt)
        }
    }

    /// The subject, unless it is closed.
    func open(
        _ bytes: [UInt8],
        evenRevoked: Bool = false
    ) throws(Refusal) -> Subject {
        guard let subject = subjects[RegistryID(bytes)] else { throw .unknownSubject }
        if let closure = subject.closure(at: clock), !(evenRevoked && closure.state == .revoked) {
            throw .subjectClosed
        }
        if subject.isLost(at: clock), !evenRevoked { throw .subjectClosed }
        return subject
    }
}
