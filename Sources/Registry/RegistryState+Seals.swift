// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import RingSignature
internal import Sodium
package import Statements

/// A statement of the registry that may be sealed.
///
/// Its admission has two halves: whether it can be believed, by its signature or by the council's
/// word for a signature that was deleted, and what it does.
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
}

/// A sealed statement whose signature is not there, and whom nobody decided about.
struct UnprovenAct: Sendable {
    let statement: any SealableRegistryStatement
    var isWithdrawn = false
}

extension RegistryState {
    /// Days after the end of a quarter's grace for which its ring signatures are kept.
    ///
    /// Spec: `docs/spec/registry.md`, section 4.2.
    package static let sealDays: Int64 = 90

    /// The moment from which the ring signatures of a quarter may be deleted.
    package func sealEnd(of epoch: RegistryEpoch, _ charter: CharterStatement) -> Int64 {
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
        let memberCount = ring.members.count
        guard let bytes = entry.sealBytes else {
            // The council has seen the tags; here, a copy is what has the same digest.
            guard decided[statement.epoch]?.contains(entry.digest) == true else {
                throw .sealMissing
            }
            guard !isCounted(entry.digest, statement.epoch) else { throw .alreadyVouched }
            guard entry.isSealed(by: RegistryKey(bytes: seal.key), { true }) else {
                throw .wrongSeal
            }
            return (act(entry, seal, tag: nil), nil)
        }
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
        return (act(entry, seal, tag: tag), quotaTag)
    }

    private func act(_ entry: RegistryEntry, _ seal: RingSeal, tag: RegistryID?) -> ProvenAct {
        ProvenAct(
            digest: entry.digest,
            since: clock,
            constituency: seal.constituency,
            tag: tag
        )
    }

    func isCounted(_ digest: RegistryID, _ epoch: RegistryEpoch) -> Bool {
        countedSeals[epoch]?.contains(digest) == true
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

    /// Keeps a sealed statement whose signature is not there, so that it can be taken back.
    mutating func putAside(_ entry: RegistryEntry) {
        guard let statement = entry.statement as? any SealableRegistryStatement,
            decided[statement.epoch] == nil, unproven[entry.digest] == nil
        else { return }
        unproven[entry.digest] = UnprovenAct(statement: statement)
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

    /// By itself it changes nothing: ``SealLedger`` has the log read again with it.
    ///
    /// Spec: `docs/spec/registry.md`, section 4.2.
    package func admit(
        to state: inout RegistryState,
        _ entry: RegistryEntry,
        _ charter: CharterStatement
    ) throws(Refusal) {
        // While signatures have to be there, nobody decides in their place.
        guard state.sealEnd(of: epoch, charter) <= state.clock else { throw .wrongDate }
        try state.requireCouncil(charter.accreditQuorum, entry)
    }
}
