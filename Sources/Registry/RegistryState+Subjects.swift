// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Statements

extension RegistryState {
    /// Renewals open this many days before the quarter that they are for.
    ///
    /// Spec: `docs/spec/registry.md`, section 3.6.
    package static let renewalDays: Int64 = 28
    /// The longest suspension by the council, in days.
    package static let suspensionDaysMax: Int64 = 30

    /// Spec: `docs/spec/registry.md`, section 3.4.
    mutating func admit(
        _ statement: RegisterStatement,
        _ entry: RegistryEntry
    ) throws(Refusal) {
        let id = RegistryID(statement.subject)
        guard subjects[id] == nil else { throw .subjectExists }
        let key = RegistryKey(bytes: statement.key)
        guard entry.isSigned(by: key) else { throw .notSigned }
        subjects[id] = Subject(
            id: id,
            key: key,
            next: RegistryID(statement.next),
            registeredAt: clock
        )
    }

    /// Spec: `docs/spec/registry.md`, section 3.4.
    mutating func admit(
        _ statement: RotateKeyStatement,
        _ entry: RegistryEntry
    ) throws(Refusal) {
        let subject = try open(statement.subject)
        let key = RegistryKey(bytes: statement.key)
        guard key.id == subject.next else { throw .brokenPromise }
        guard entry.isSigned(by: key) else { throw .notSigned }
        subjects[subject.id]?.key = key
        subjects[subject.id]?.next = RegistryID(statement.next)
    }

    /// Spec: `docs/spec/registry.md`, section 3.5.
    mutating func admit(
        _ statement: ProveControlStatement,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try open(statement.subject)
        guard entry.isSigned(by: subject.key) else { throw .notSigned }
        let observers = activeSigners(of: entry).map(\.constituency)
        guard charter.rules.observers.isMet(by: observers) else { throw .noQuorum }
        // Counted from the day that was claimed, so that handing a proof in again adds nothing.
        let end = statement.head.date + Int64(charter.rules.controlDays) * Self.day
        guard end > clock else { throw .wrongDate }
        let account = RegistryID(statement.account)
        if !subject.accounts.contains(account) {
            guard subject.accounts.count < Subject.accountCountMax else { throw .tooManyAccounts }
            subjects[subject.id]?.accounts.append(account)
        }
        subjects[subject.id]?.controls.append(.init(account: account, span: clock..<end))
    }

    /// Spec: `docs/spec/registry.md`, section 3.6.
    mutating func admit(
        _ statement: VouchStatement,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try open(statement.subject)
        guard let signer = verifiers[RegistryID(statement.verifier)],
            signer.isActive(at: clock)
        else { throw .unknownVerifier }
        let epoch = statement.epoch
        guard clock >= epoch.start - Self.renewalDays * Self.day, clock < epoch.end else {
            throw .wrongEpoch
        }
        let accounts = statement.accounts.map { RegistryID($0) }
        guard accounts.allSatisfy({ subject.controls($0, at: clock) }) else {
            throw .uncontrolledAccount
        }
        let isRepeated = subject.vouches.contains {
            $0.verifier == signer.key.id && $0.epoch == epoch
        }
        guard !isRepeated else { throw .alreadyVouched }
        guard entry.isSigned(by: signer.key) else { throw .notSigned }
        subjects[subject.id]?.vouches.append(
            Subject.Vouch(
                verifier: signer.key.id,
                constituency: signer.constituency,
                epoch: epoch,
                accounts: accounts,
                entry: entry.digest,
                since: clock,
                until: epoch.end + Int64(charter.rules.graceDays) * Self.day
            )
        )
    }

    /// Spec: `docs/spec/registry.md`, section 3.6.
    mutating func admit(
        _ statement: WithdrawVouchStatement,
        _ entry: RegistryEntry
    ) throws(Refusal) {
        let id = RegistryID(statement.subject)
        guard let subject = subjects[id] else { throw .unknownSubject }
        let name = RegistryID(statement.vouch)
        guard let place = subject.vouches.firstIndex(where: { $0.entry == name }),
            subject.vouches[place].withdrawnAt == nil,
            let maker = verifiers[subject.vouches[place].verifier]
        else { throw .unknownVouch }
        guard entry.isSigned(by: maker.key) else { throw .notSigned }
        subjects[id]?.vouches[place].withdrawnAt = clock
    }

    /// Spec: `docs/spec/registry.md`, section 3.7.
    mutating func admit(
        _ statement: SuspendStatement,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try open(statement.subject)
        guard statement.until > clock else { throw .wrongDate }
        let daySpan = (statement.until - clock) / Self.day
        let verifiers = activeSigners(of: entry).map(\.constituency)
        if charter.rules.emergency.isMet(by: verifiers) {
            guard daySpan <= Int64(charter.rules.emergencyDays) else { throw .tooLong }
        } else {
            try requireCouncil(charter.revokeQuorum, entry)
            guard daySpan <= Self.suspensionDaysMax else { throw .tooLong }
        }
        subjects[subject.id]?.suspensions.append(
            .init(span: clock..<statement.until, reason: statement.reason)
        )
    }

    /// Spec: `docs/spec/registry.md`, section 3.7.
    mutating func admit(
        _ statement: RevokeStatement,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let isOwnRequest = statement.reason == .subjectRequest
        let subject = try open(statement.subject, evenRevoked: isOwnRequest)
        if isOwnRequest {
            guard entry.isSigned(by: subject.key) else { throw .notSigned }
        } else {
            try requireCouncil(charter.revokeQuorum, entry)
        }
        try requirePast(statement.lastTrustedAt)
        close(
            subject,
            as: isOwnRequest ? .withdrawn : .revoked,
            statement.reason,
            statement.lastTrustedAt
        )
    }

    /// Spec: `docs/spec/registry.md`, section 3.7.
    mutating func admit(
        _ statement: MemorialStatement,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let subject = try open(statement.subject, evenRevoked: true)
        try requireCouncil(charter.revokeQuorum, entry)
        try requirePast(statement.lastTrustedAt)
        close(subject, as: .memorial, .deceased, statement.lastTrustedAt)
    }

    private mutating func close(
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

    private func requirePast(_ time: Int64?) throws(Refusal) {
        guard time ?? 0 < clock + Self.day else { throw .wrongLastTrusted }
    }

    /// The subject, unless it is closed.
    private func open(
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
