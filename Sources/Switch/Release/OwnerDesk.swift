// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium
package import Statements
package import TransparencyLog

/// What an owner can say about an armed switch, and when.
///
/// Spec: `docs/spec/switch.md`, sections 3.5, 3.7 and 3.9.
package struct OwnerDesk: Sendable {
    private let record: SwitchRecord

    /// The desk of the owner with this key.
    ///
    /// - Throws: ``SwitchError/notTheOwner``.
    package init(_ record: SwitchRecord, owner: Ed25519.PublicKey) throws(SwitchError) {
        guard record.arming.statement.owner == owner else { throw .notTheOwner }
        self.record = record
    }

    private var epoch: SwitchEpoch { record.arming.statement.epoch }

    /// A check-in over the newest cosigned checkpoint.
    ///
    /// - Parameters:
    ///   - checkpoint: With the cosignatures that give it its time.
    ///   - token: 32 secret bytes of this keyring slot.
    ///   - now: Witnessed time.
    /// - Returns: The statement, to be signed by the owner.
    /// - Throws: ``SwitchError/notAllowed(_:)`` when nothing can be stopped any more.
    package func checkIn(
        checkpoint: SignedNote,
        token: borrowing SecretBytes,
        asOf now: Int64
    ) throws(SwitchError) -> CheckIn {
        let state = record.machine(asOf: now).state
        guard !state.isFinal else { throw .notAllowed(state) }
        let text = String(decoding: checkpoint.encoded, as: UTF8.self)
        return CheckIn(epoch: epoch, checkpoint: text, token: token)
    }

    /// An announced absence.
    ///
    /// - Parameters:
    ///   - until: When it ends.
    ///   - checkpoint: The newest, with the cosignatures that give it its time.
    ///   - token: 32 secret bytes of this keyring slot.
    ///   - now: Witnessed time.
    /// - Returns: The statement, to be signed by the owner.
    /// - Throws: ``SwitchError/notAllowed(_:)`` unless the switch is ARMED, the end lies within 30
    ///   days, and fewer than two absences went before without a check-in.
    package func hold(
        until: Int64,
        checkpoint: SignedNote,
        token: borrowing SecretBytes,
        asOf now: Int64
    ) throws(SwitchError) -> Hold {
        try requireEffect(.hold(until: until, signed: now), asOf: now)
        let text = String(decoding: checkpoint.encoded, as: UTF8.self)
        return Hold(epoch: epoch, until: until, checkpoint: text, token: token)
    }

    /// A request to end the switch.
    ///
    /// - Parameters:
    ///   - checkpoint: The newest, with the cosignatures that give it its time.
    ///   - token: 32 secret bytes of this keyring slot.
    ///   - now: Witnessed time.
    /// - Returns: The statement, to be signed by the owner.
    /// - Throws: ``SwitchError/notAllowed(_:)`` in a final state, or once it is void.
    package func revocation(
        checkpoint: SignedNote,
        token: borrowing SecretBytes,
        asOf now: Int64
    ) throws(SwitchError) -> Revocation {
        let machine = record.machine(asOf: now)
        guard !machine.state.isFinal, machine.facts?.isDeadForCertain == false else {
            throw .notAllowed(machine.state)
        }
        let text = String(decoding: checkpoint.encoded, as: UTF8.self)
        return Revocation(epoch: epoch, checkpoint: text, token: token)
    }

    /// Asks the state machine itself whether an event would be void.
    private func requireEffect(_ kind: SwitchEvent.Kind, asOf now: Int64) throws(SwitchError) {
        let leaf = (record.events.last?.leaf ?? 0) + 1
        let event = SwitchEvent(leaf: leaf, time: now, epoch: epoch.number, kind: kind)
        let after = record.machine(asOf: now, adding: event)
        guard !after.voidLeaves.contains(leaf) else {
            throw .notAllowed(record.machine(asOf: now).state)
        }
    }
}
