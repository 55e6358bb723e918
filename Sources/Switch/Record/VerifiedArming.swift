// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Age
internal import BulkCrypto
package import Escrow
internal import Sodium
package import Statements
package import TransparencyLog

/// An arming that anyone has checked, with no secret: signature, policy, keys, proofs and dealing.
///
/// Spec: `docs/spec/switch.md`, section 6.
package struct VerifiedArming: Sendable {
    /// SHA-256 of its payload: what a consent to it names.
    package let digest: [UInt8]
    /// What was signed.
    package let statement: SwitchArming
    /// Its numbers, as the state machine takes them.
    package let terms: SwitchTerms
    /// Its logs and witnesses.
    package let policy: LogPolicy
    /// Its dealing: any k of the trustees' shares give the one secret.
    package let dealing: VerifiedDealing

    /// Checks an arming.
    ///
    /// - Parameter envelope: As it stands in the log.
    /// - Throws: ``SwitchError/armingInvalid(_:)``.
    /// - Complexity: n · (k + 5) multiplications of group elements, 70 µs each.
    package init(_ envelope: Envelope) throws(SwitchError) {
        let statement = try Self.check(.fields) { try envelope.read(SwitchArming.self) }
        self.statement = statement
        digest = SHA256.hash(envelope.payload)
        guard envelope.isSigned(by: statement.owner) else { throw .armingInvalid(.signature) }
        let text = Array(statement.policy.utf8)
        let policy = try Self.check(.policy) { try LogPolicy(parsing: text) }
        guard !policy.witnesses.isEmpty else { throw .armingInvalid(.policy) }
        self.policy = policy
        let checkpoint = Array(statement.checkpoint.utf8)
        _ = try Self.check(.checkpoint) {
            try policy.witnessedTime(of: SignedNote(parsing: checkpoint))
        }
        guard
            let terms = SwitchTerms(
                profile: statement.profile,
                trusteeCount: statement.trustees.count,
                threshold: statement.threshold,
                hasReminders: !statement.senders.isEmpty
            )
        else { throw .armingInvalid(.terms) }
        self.terms = terms
        guard Set(statement.trustees.map(\.signingKey)).count == terms.trusteeCount else {
            throw .armingInvalid(.trustees)
        }
        let scope = try Self.scope(
            of: statement.epoch,
            owner: statement.owner.bytes,
            origins: policy.origins
        )
        let context = try Self.check(.trustees) {
            try EscrowContext(
                scope: scope,
                threshold: statement.threshold,
                trustees: statement.trustees.map {
                    try TrusteeEnrolment(key: $0.escrowKey, possession: $0.proof)
                }
            )
        }
        dealing = try Self.check(.dealing) {
            try Dealing(bytes: statement.dealing).verified(in: context)
        }
        for recipient in [statement.outerRecipient, statement.caseRecipient] {
            _ = try Self.check(.recipients) { try RecipientFile.recipient(recipient) }
        }
    }

    /// What proofs of possession are bound to.
    ///
    /// - Throws: ``SwitchError/armingInvalid(_:)`` for a policy whose logs have no valid origins.
    package static func scope(
        of epoch: SwitchEpoch,
        owner: [UInt8],
        origins: [String]
    ) throws(SwitchError) -> EscrowScope {
        try check(.policy) {
            try EscrowScope(
                origins: origins,
                switchID: epoch.id.bytes,
                ownerKey: owner,
                epoch: UInt64(epoch.number)
            )
        }
    }

    /// Which part is wrong is all that a reader can use; the lower layer's detail is dropped.
    private static func check<T>(
        _ flaw: ArmingFlaw,
        _ body: () throws -> T
    ) throws(SwitchError) -> T {
        do {
            return try body()
        } catch {
            throw .armingInvalid(flaw)
        }
    }
}

extension LogPolicy {
    /// The origins of the logs in ascending byte order, each once.
    package var origins: [String] {
        Set(logs.map { $0.verifier.name.description })
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether two policies name the same logs and the same witnesses, by their keys.
    package func hasSameKeys(as other: LogPolicy) -> Bool {
        Set(logs.map(\.verifier)) == Set(other.logs.map(\.verifier))
            && Set(witnesses.map(\.verifier)) == Set(other.witnesses.map(\.verifier))
    }

    /// The smallest time at or before which a majority of all named witnesses has signed.
    ///
    /// Spec: `docs/spec/switch.md`, section 4.2.
    ///
    /// - Throws: As ``verify(_:)``, and `.quorumNotReached` without a majority.
    package func witnessedTime(of note: SignedNote) throws(TransparencyLogError) -> Int64 {
        try Sighting(of: note, by: self).time
    }

    /// The largest time such that a majority of all named witnesses has signed at or after it.
    ///
    /// Spec: `docs/spec/switch.md`, section 4.5.
    ///
    /// - Parameter notes: Checkpoints of logs of the policy; what does not verify counts nothing.
    /// - Returns: `nil` where fewer signed at all.
    package func witnessedNow(by notes: [SignedNote]) -> Int64? {
        var newest: [NoteVerifier: Int64] = [:]
        for note in notes {
            guard let origin = try? Checkpoint(parsing: note.text).origin,
                case let keys = logs.map(\.verifier).filter({ $0.name.isEqual(to: origin) }),
                (try? note.verify(keys)) != nil,
                let signed = try? note.verify(witnesses.map(\.verifier))
            else { continue }
            for each in signed {
                newest[each.verifier] = max(each.time, newest[each.verifier] ?? each.time)
            }
        }
        let times = newest.values.sorted(by: >)
        let majority = Sighting.majority(of: witnesses.count)
        return times.count < majority ? nil : times[majority - 1]
    }
}
