// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements

/// A statement of the registry: what it is, and what it does to the state.
///
/// A new type needs its fields (`Sources/Statements/Registry`), its admission
/// (`Sources/Registry/Admission`), a place in the table ``RegistryStatementTypes``, and a sentence
/// for people (`Sources/Commands/Registry/RegistryStatement+Summary.swift`).
package protocol RegistryStatement: Statement {
    /// Which registry, and which day the signers claim.
    var head: RegistryHead { get }

    /// Whether an old copy would do something again, so that it has to be refused.
    ///
    /// What such a statement begins can be ended before its time. Everything else either ends
    /// something for good or is guarded by what it names: a promise, a quarter, a subject that
    /// exists.
    static var countsOnce: Bool { get }

    /// Whether others than its author sign it.
    static var isJoint: Bool { get }

    /// Whether it is heard under an expired charter: what takes trust or a label away, and what
    /// subjects and guardians do in their defence.
    static var outlivesCharter: Bool { get }

    /// What stands for a ring signature that is kept beside the log.
    var seal: RingSeal? { get }

    /// Takes the statement in, or throws and leaves the state as it was.
    ///
    /// Context and date are right already.
    ///
    /// - Parameters:
    ///   - state: The state before it.
    ///   - entry: Where it stands, and who signed it.
    ///   - charter: The charter in force; the first one itself for itself.
    /// - Throws: Why it changes nothing.
    func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal)
}

extension RegistryStatement {
    package static var countsOnce: Bool { false }
    package static var isJoint: Bool { false }
    package static var outlivesCharter: Bool { false }
    package var seal: RingSeal? { nil }
}

/// The table of all types of statements.
///
/// Spec: `docs/spec/registry.md`, section 3.
package enum RegistryStatementTypes {
    /// One a line.
    package static let all: [any RegistryStatement.Type] = [
        CharterStatement.self,
        BatchStatement.self,
        AccreditVerifierStatement.self,
        RemoveVerifierStatement.self,
        RegisterStatement.self,
        RotateKeyStatement.self,
        ProveControlStatement.self,
        VouchStatement.self,
        WithdrawVouchStatement.self,
        RingKeyStatement.self,
        RingSnapshotStatement.self,
        SealedActStatement.self,
        DecideSealsStatement.self,
        BeaconStatement.self,
        ConcurStatement.self,
        NominateStatement.self,
        SuspendVerifierStatement.self,
        ComplaintStatement.self,
        ReviewStatement.self,
        ContestStatement.self,
        SuspendStatement.self,
        RevokeStatement.self,
        MemorialStatement.self,
        CancelMemorialStatement.self,
        GuardiansStatement.self,
        GuardStatement.self,
        RecoverKeyStatement.self,
        CanaryStatement.self,
        AliveStatement.self,
        AppealStatement.self,
        AppealDecisionStatement.self,
        ReopenStatement.self,
        DesignateNetworkStatement.self,
        WithdrawDesignationStatement.self,
        CorrectStatement.self,
        IncidentStatement.self,
    ]

    static let byPayloadType: [String: any RegistryStatement.Type] =
        Dictionary(uniqueKeysWithValues: all.map { ($0.payloadType, $0) })
}

extension Envelope {
    /// Reads the statement of the registry in it, its signatures not looked at.
    ///
    /// - Throws: `.unexpectedType` for what is not the registry's; the field errors.
    package func registryStatement() throws(StatementError) -> any RegistryStatement {
        guard let type = RegistryStatementTypes.byPayloadType[payloadType] else {
            throw .unexpectedType
        }
        return try read(type)
    }

    /// The statement of the registry in it, where nobody asks why it is none.
    var readable: (any RegistryStatement)? {
        // Found by the type of its payload, so that this is the right one.
        RegistryStatementTypes.byPayloadType[payloadType]?.init(ifCanonical: payload)
    }
}
