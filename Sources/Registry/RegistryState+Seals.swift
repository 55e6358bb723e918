// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import RingSignature
internal import Sodium
package import Statements

/// A statement of the registry that may be sealed.
///
/// Its admission has two halves: whether it can be believed, and what it does. The second is done
/// without the first when the council decided after the signatures were deleted.
package protocol SealableRegistryStatement: RegistryStatement, SealableStatement {
    /// What a member of the ring does.
    var ringAct: RingAct { get }

    /// Takes in what was proven.
    ///
    /// - Parameters:
    ///   - state: The state before it.
    ///   - act: What is known about its maker.
    ///   - charter: The charter in force.
    /// - Throws: Why it changes nothing.
    func record(
        in state: inout RegistryState,
        _ act: ProvenAct,
        _ charter: CharterStatement
    ) throws(Refusal)
}

/// What is known about the maker of a sealed statement.
package struct ProvenAct: Sendable {
    /// The statement.
    let digest: RegistryID
    /// The day on which it came, seconds since 1970.
    let since: Int64
    /// Short name of the maker's constituency.
    let constituency: String
    /// Same for all acts of this kind of one maker for one subject in one quarter; `nil` when the
    /// signature was deleted.
    let tag: RegistryID?
    /// When it was taken back before it was proven.
    let withdrawnAt: Int64?
}

/// A sealed statement whose signature is not there.
struct UnprovenAct: Sendable {
    let statement: any SealableRegistryStatement
    let since: Int64
    var withdrawnAt: Int64?
}

extension RegistryState {
    /// Days after the end of a quarter's grace for which its ring signatures are kept.
    ///
    /// Spec: `docs/spec/registry.md`, section 4.2.
    package static let sealDays: Int64 = 90

    /// The moment from which the ring signatures of a quarter may be deleted.
    func sealEnd(of epoch: RegistryEpoch, _ charter: CharterStatement) -> Int64 {
        epoch.end + (Int64(charter.rules.graceDays) + Self.sealDays) * Self.day
    }

    /// Whether a sealed statement is one of a ring's members, whoever it is.
    ///
    /// What costs no curve operation is looked at first.
    ///
    /// Spec: `docs/spec/registry.md`, section 3.11.
    ///
    /// - Parameters:
    ///   - statement: With a seal.
    ///   - entry: Where it stands, with the ring signature.
    ///   - ring: Whose members may do it.
    ///   - known: Tags of such acts for this subject and quarter that count already.
    ///   - sealedCount: How many of this ring did it already, to keep the ring safe; `nil` where a
    ///     ring of one signs in the open.
    /// - Returns: What is known about its maker, and the slot's tag.
    /// - Throws: Why it is none.
    func prove<S: SealableRegistryStatement>(
        _ statement: S,
        _ entry: RegistryEntry,
        by ring: Ring,
        known: some Sequence<RegistryID>,
        sealedCount: Int?
    ) throws(Refusal) -> (act: ProvenAct, quotaTag: RegistryID?) {
        guard let seal = statement.seal else { throw .sealMissing }
        guard seal.ring == ring.digest else { throw .otherRing }
        guard (seal.slot != nil) == statement.ringAct.hasQuota,
            seal.slot ?? 0 < quota(statement.ringAct) ?? 1
        else { throw .wrongSlot }
        guard let bytes = entry.sealBytes else { throw .sealMissing }
        let memberCount = ring.members.count
        let isPlausible = RingSignature.isPlausible(
            bytes,
            memberCount: memberCount,
            act: statement.ringAct
        )
        guard isPlausible else { throw .wrongSeal }
        let tagStart = 32 * (memberCount + 1)
        let tag = RegistryID(Array(bytes[tagStart..<(tagStart + 32)]))
        guard !known.contains(tag) else { throw .alreadyVouched }
        let quotaTag =
            statement.ringAct.hasQuota
            ? RegistryID(Array(bytes[(tagStart + 32)..<(tagStart + 64)])) : nil
        if let quotaTag, rings.isUsed(quotaTag) { throw .slotUsed }
        if let sealedCount {
            guard isSafe(memberCount: memberCount, count: sealedCount + 1) else {
                throw .unsafeRing
            }
        }
        let isSealed = entry.isSealed(by: RegistryKey(bytes: seal.key)) {
            verifies(statement, bytes, ring)
        }
        guard isSealed else { throw .wrongSeal }
        let act = ProvenAct(
            digest: entry.digest,
            since: clock,
            constituency: seal.constituency,
            tag: tag,
            withdrawnAt: nil
        )
        return (act, quotaTag)
    }

    private func isSafe(memberCount: Int, count: Int) -> Bool {
        do {
            try RingSafety.check(memberCount: memberCount, vouchCount: count)
            return true
        } catch {
            return false
        }
    }

    private func verifies<S: SealableRegistryStatement>(
        _ statement: S,
        _ bytes: [UInt8],
        _ ring: Ring
    ) -> Bool {
        // Why a signature is none does not matter.
        guard let message = try? statement.ringMessage(context: context),
            let signature = try? RingSignature(
                bytes,
                memberCount: ring.members.count,
                act: statement.ringAct
            )
        else { return false }
        do {
            try signature.verify(message, by: ring)
            return true
        } catch {
            return false
        }
    }

    /// Keeps a sealed statement whose signature is not there, until the council decides.
    mutating func putAside(_ entry: RegistryEntry) {
        guard let statement = entry.statement as? any SealableRegistryStatement,
            unproven[entry.digest] == nil
        else { return }
        unproven[entry.digest] = UnprovenAct(statement: statement, since: clock)
    }
}

extension SealableRegistryStatement {
    /// What the ring signs.
    ///
    /// - Parameter context: SHA-256 of the log's origin.
    /// - Returns: The message.
    /// - Throws: `.wrongSlot`.
    func ringMessage(context: [UInt8]) throws(RingRefusal) -> RingMessage {
        try RingMessage(
            act: ringAct,
            context: context,
            constituency: RingBook.number(of: seal?.constituency ?? ""),
            subject: subject,
            epoch: epoch.number,
            slot: seal?.slot.map { UInt16($0) },
            statementDigest: sealedDigest
        )
    }
}

extension DecideSealsStatement: RegistryStatement {
    package static var isJoint: Bool { true }

    /// Spec: `docs/spec/registry.md`, section 4.2.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        let ids = statements.map { RegistryID($0) }
        let acts = ids.compactMap { state.unproven[$0] }
        // While signatures have to be there, nobody decides in their place.
        guard acts.allSatisfy({ state.sealEnd(of: $0.statement.epoch, charter) <= state.clock })
        else { throw .wrongDate }
        try state.requireCouncil(charter.accreditQuorum, entry)
        for id in ids {
            guard let act = state.unproven.removeValue(forKey: id),
                let seal = act.statement.seal
            else { continue }
            let proven = ProvenAct(
                digest: id,
                since: act.since,
                constituency: seal.constituency,
                tag: nil,
                withdrawnAt: act.withdrawnAt
            )
            // What is not possible any more has no effect, as everywhere.
            _ = try? act.statement.record(in: &state, proven, charter)
        }
    }
}
