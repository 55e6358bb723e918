// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Which logs to believe, and which witnesses have to have seen their checkpoints.
///
/// Spec: C2SP `tlog-policy`. A checkpoint is valid when a listed log with its origin signed it and
/// the quorum cosigned it.
package struct LogPolicy: Equatable, Sendable {
    /// A log.
    package struct Log: Equatable, Sendable {
        /// Its key; the key's name is the log's origin.
        package let verifier: NoteVerifier
        /// Where it is served, if the policy says so.
        package let url: String?
    }

    /// A witness.
    package struct Witness: Equatable, Sendable {
        /// Its name within the policy.
        package let name: String
        /// Its key.
        package let verifier: NoteVerifier
        /// Where it takes checkpoints, if the policy says so.
        package let url: String?
    }

    /// Witnesses and smaller groups of which some number have to have cosigned.
    package struct Group: Equatable, Sendable {
        /// Its name within the policy.
        package let name: String
        /// How many members have to be satisfied, 1...members.
        package let threshold: Int
        /// Names of witnesses and of groups that come before this one.
        package let members: [String]
    }

    /// Logs to believe.
    package let logs: [Log]
    /// Witnesses that can count.
    package let witnesses: [Witness]
    /// Groups, each after its members.
    package let groups: [Group]
    /// Name of the witness or group that has to be satisfied; nil asks for no cosignature.
    package let quorum: String?

    /// A policy of parts that were checked, as the parser checks them.
    init(logs: [Log], witnesses: [Witness], groups: [Group], quorum: String?) {
        self.logs = logs
        self.witnesses = witnesses
        self.groups = groups
        self.quorum = quorum
    }

    /// A policy of one log and `threshold` of some witnesses.
    ///
    /// - Parameters:
    ///   - log: Key of the log.
    ///   - witnesses: Keys that can count, each once.
    ///   - threshold: How many have to have cosigned, 0...witnesses; 0 asks for none.
    package init(log: NoteVerifier, witnesses: [NoteVerifier] = [], threshold: Int = 0) {
        precondition((0...witnesses.count).contains(threshold), "a threshold of the witnesses")
        precondition(Set(witnesses).count == witnesses.count, "each witness counts once")
        let named = witnesses.enumerated().map { index, verifier in
            Witness(name: "w\(index + 1)", verifier: verifier, url: nil)
        }
        let group = Group(name: "quorum", threshold: threshold, members: named.map(\.name))
        self.init(
            logs: [Log(verifier: log, url: nil)],
            witnesses: named,
            groups: threshold == 0 ? [] : [group],
            quorum: threshold == 0 ? nil : group.name
        )
    }

    /// Verifies a signed checkpoint.
    ///
    /// - Returns: The checkpoint, and the cosignatures by witnesses of the policy.
    /// - Throws: `.malformedCheckpoint`; `.unknownLog` when no log has that origin;
    ///   `.noKnownSignature` when none of those signed; `.invalidSignature` when a log's or
    ///   witness's signature does not verify; `.quorumNotReached`.
    package func verify(_ note: SignedNote) throws(TransparencyLogError) -> TlogProof.Verified {
        let checkpoint = try Checkpoint(parsing: note.text)
        let keys = logs.map(\.verifier).filter { $0.name.isEqual(to: checkpoint.origin) }
        guard !keys.isEmpty else { throw .unknownLog }
        _ = try note.verify(keys)
        var cosignatures: [SignedNote.Verified] = []
        do {
            cosignatures = try note.verify(witnesses.map(\.verifier))
        } catch .noKnownSignature {
            // None may be needed.
        }
        let satisfied = Set(
            witnesses.filter { witness in
                cosignatures.contains { $0.verifier == witness.verifier }
            }.map(\.name)
        )
        guard isQuorum(satisfied) else { throw .quorumNotReached(valid: satisfied.count) }
        return TlogProof.Verified(checkpoint: checkpoint, cosignatures: cosignatures)
    }

    /// The moment at which what a checkpoint commits to existed at the latest, as far as witnesses
    /// say so: the smallest time at or before which enough of them had signed.
    ///
    /// - Parameter verified: From ``verify(_:)``.
    /// - Returns: Nil where the policy asks for no witness.
    package func existedBy(_ verified: TlogProof.Verified) -> Int64? {
        guard quorum != nil else { return nil }
        let signed = verified.cosignatures.sorted { $0.time < $1.time }
        return signed.first { last in
            let keys = signed.filter { $0.time <= last.time }.map(\.verifier)
            return isQuorum(Set(witnesses.filter { keys.contains($0.verifier) }.map(\.name)))
        }?.time
    }

    /// Whether enough witnesses signed a checkpoint within some time.
    ///
    /// - Parameters:
    ///   - verified: From ``verify(_:)``.
    ///   - span: Unix seconds.
    /// - Returns: True where the policy asks for no witness.
    package func isQuorum(
        of verified: TlogProof.Verified,
        within span: ClosedRange<Int64>
    ) -> Bool {
        let keys = verified.cosignatures.filter { span.contains($0.time) }.map(\.verifier)
        return isQuorum(Set(witnesses.filter { keys.contains($0.verifier) }.map(\.name)))
    }

    /// Whether cosignatures by these witnesses, named as the policy names them, are enough.
    package func isQuorum(_ witnesses: Set<String>) -> Bool {
        guard let quorum else { return true }
        var satisfied = witnesses
        for group in groups where group.members.count(where: satisfied.contains) >= group.threshold
        {
            satisfied.insert(group.name)
        }
        return satisfied.contains(quorum)
    }
}
