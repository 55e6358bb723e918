// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import SnapshotFormat
internal import Statements

extension FuzzEntry {
    /// The parsers of signed things: envelopes and snapshots.
    static let statements: [FuzzEntry] =
        [
            entry("one-time-words", { try words(text($0)) }) { value, _ in
                try words(value.text) == value
            },
            entry("switch-day-contents", { try DayContents(bytes: $0) }) { value, bytes in
                value.bytes == bytes
            },
            payload(SwitchArming.self), payload(TrusteeAcceptance.self), payload(CheckIn.self),
            payload(Hold.self), payload(Revocation.self), payload(Consent.self),
            payload(Attestation.self), payload(WordsReading.self), payload(Reminder.self),
            payload(Briefing.self), payload(BriefingContents.self), payload(SealedDay.self),
            payload(Clearing.self), payload(SuccessorReceipt.self),
        ] + registry + envelopes

    /// The statements of a registry.
    private static let registry: [FuzzEntry] = [
        payload(CharterStatement.self), payload(BatchStatement.self),
        payload(AccreditVerifierStatement.self), payload(RemoveVerifierStatement.self),
        payload(RegisterStatement.self), payload(RotateKeyStatement.self),
        payload(ProveControlStatement.self), payload(WithdrawVouchStatement.self),
        payload(SuspendStatement.self), payload(RevokeStatement.self),
        payload(MemorialStatement.self), payload(DesignateNetworkStatement.self),
        payload(WithdrawDesignationStatement.self), payload(CorrectStatement.self),
        payload(VouchStatement.self), payload(RingKeyStatement.self),
        payload(RingSnapshotStatement.self), payload(SealedActStatement.self),
        payload(DecideSealsStatement.self), payload(GuardiansStatement.self),
        payload(GuardStatement.self), payload(RecoverKeyStatement.self),
        payload(CancelMemorialStatement.self), payload(AppealStatement.self),
        payload(AppealDecisionStatement.self), payload(ReopenStatement.self),
        payload(BeaconStatement.self), payload(ConcurStatement.self),
        payload(NominateStatement.self), payload(SuspendVerifierStatement.self),
        payload(ComplaintStatement.self), payload(ReviewStatement.self),
        payload(ContestStatement.self), payload(CanaryStatement.self),
        payload(AliveStatement.self), payload(IncidentStatement.self),
        payload(IncidentCard.self), payload(IncidentReport.self),
    ]

    private static let envelopes: [FuzzEntry] = [
        entry("envelope", { try Envelope(parsing: $0) }) { value, _ in
            try Envelope(canonical: value.bytes).bytes == value.bytes
        },
        entry("envelope-canonical", { try Envelope(canonical: $0) }) { value, bytes in
            value.bytes == bytes
        },
        entry("snapshot", { try SnapshotFile(parsing: $0) }) { value, bytes in
            value.bytes == bytes
        },
        entry("snapshot-row", { try SnapshotRowProof(parsing: $0) }) { value, bytes in
            value.bytes == bytes
        },
        entry("snapshot-filter", { try SnapshotFilter(parsing: $0) }) { value, bytes in
            value.bytes == bytes
        },
    ]

    /// A statement's payload, which has one form.
    private static func payload<S: Statement>(_ type: S.Type) -> FuzzEntry {
        entry(S.type, { try S(payload: $0) }) { value, bytes in value.payload == bytes }
    }

    private static func words(_ text: String) throws -> OneTimeWords {
        guard let words = OneTimeWords(text) else { throw StatementError.invalidValue(field: "") }
        return words
    }
}
