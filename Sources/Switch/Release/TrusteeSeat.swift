// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Escrow
package import Sodium
package import Statements
package import TransparencyLog

/// A trustee's seat in a switch: what it lets its holder say, and when.
///
/// A share leaves a trustee's hands in one place, ``share(opening:asOf:)``, and only after the
/// state computed from the witnessed log says so. No server is asked and none can order it.
///
/// Spec: `docs/spec/switch.md`, sections 3.6, 3.8 to 3.11.
package struct TrusteeSeat: Sendable {
    /// Which trustee.
    package let number: TrusteeNumber
    private let record: SwitchRecord

    /// The seat of the trustee who signs with this key.
    ///
    /// - Throws: ``SwitchError/notATrustee``.
    package init(_ record: SwitchRecord, signingKey: Ed25519.PublicKey) throws(SwitchError) {
        let keys = record.arming.statement.trustees.map(\.signingKey)
        guard let index = keys.firstIndex(of: signingKey) else { throw .notATrustee }
        number = TrusteeNumber(index + 1)
        self.record = record
    }

    private var epoch: SwitchEpoch { record.arming.statement.epoch }

    /// An answer to what has become of the owner.
    ///
    /// - Parameters:
    ///   - verdict: What is said.
    ///   - evidenceDigest: SHA-256 of what it rests on; without it, *dead* does not count towards
    ///     k+1.
    ///   - now: Witnessed time.
    /// - Returns: The statement, to be signed by the trustee.
    /// - Throws: ``SwitchError/notAllowed(_:)`` in a final state.
    package func attest(
        _ verdict: Attestation.Verdict,
        evidenceDigest: [UInt8]?,
        asOf now: Int64
    ) throws(SwitchError) -> Attestation {
        let state = record.machine(asOf: now).state
        guard !state.isFinal else { throw .notAllowed(state) }
        return Attestation(
            epoch: epoch,
            trustee: number,
            number: (record.answerNumbers[number] ?? 0) + 1,
            verdict: verdict,
            evidenceDigest: evidenceDigest
        )
    }

    /// A request for more time.
    ///
    /// - Throws: ``SwitchError/notAllowed(_:)`` unless the switch is PENDING and this trustee has
    ///   not asked before.
    package func delay(seconds: Int64, asOf now: Int64) throws(SwitchError) -> Delay {
        let machine = record.machine(asOf: now)
        guard machine.state == .pending, machine.facts?.delays[number] == nil,
            let since = machine.facts?.pendingSince
        else { throw .notAllowed(machine.state) }
        return Delay(
            epoch: epoch,
            trustee: number,
            seconds: min(seconds, Delay.secondsMax),
            pendingSince: since
        )
    }

    /// Consent to the owner's newest request to end the switch.
    ///
    /// - Throws: ``SwitchError/notAllowed(_:)`` if there is none.
    package func consent(asOf now: Int64) throws(SwitchError) -> Consent {
        let machine = record.machine(asOf: now)
        guard let revocation = record.revocation, machine.facts?.ending?.digest == revocation,
            !machine.state.isFinal
        else { throw .notAllowed(machine.state) }
        return Consent(epoch: epoch, trustee: number, revocation: revocation)
    }

    /// An answer to a drill: the escrow key is still here.
    ///
    /// - Parameters:
    ///   - secret: The trustee's escrow key. Nothing is decrypted with it.
    ///   - checkpoint: The newest, with the cosignatures that give it its time.
    ///   - now: Witnessed time.
    /// - Returns: The statement, to be signed by the trustee.
    /// - Throws: ``SwitchError/notAllowed(_:)`` in a final state, ``SwitchError/notATrustee`` for
    ///   another secret.
    package func drill(
        with secret: borrowing TrusteeSecret,
        checkpoint: SignedNote,
        asOf now: Int64
    ) throws(SwitchError) -> Drill {
        let state = record.machine(asOf: now).state
        guard !state.isFinal else { throw .notAllowed(state) }
        let text = checkpoint.encoded
        let proof: DrillProof
        do {
            let digest = SHA256.hash(text)
            proof = try secret.drill(in: record.arming.dealing.context, checkpoint: digest)
        } catch {
            throw .notATrustee
        }
        guard Int(proof.index.value) == number.value else { throw .notATrustee }
        return Drill(
            epoch: epoch,
            trustee: number,
            checkpoint: String(decoding: text, as: UTF8.self),
            proof: proof.proof.bytes
        )
    }

    /// The announcement that a share will follow; `nil` if it was made for this release already.
    ///
    /// - Throws: ``SwitchError/notAllowed(_:)`` unless the switch is RELEASING.
    package func intent(asOf now: Int64) throws(SwitchError) -> ReleaseIntent? {
        let machine = record.machine(asOf: now)
        guard machine.state == .releasing, let since = machine.facts?.releasingSince else {
            throw .notAllowed(machine.state)
        }
        guard machine.facts?.intents[number] == nil else { return nil }
        return ReleaseIntent(epoch: epoch, trustee: number, releasingSince: since)
    }

    /// Opens this trustee's share of the armed dealing, with its proof.
    ///
    /// Publishing it can not be undone.
    ///
    /// - Parameters:
    ///   - secret: The trustee's escrow key.
    ///   - now: Witnessed time.
    /// - Returns: The statement, to be signed by the trustee.
    /// - Throws: ``SwitchError/notAllowed(_:)`` unless the switch is RELEASING,
    ///   ``SwitchError/intentsMissing(needed:stand:allowedAt:)`` unless k intents have stood for
    ///   an hour, ``SwitchError/notATrustee`` for another secret.
    package func share(
        opening secret: borrowing TrusteeSecret,
        asOf now: Int64
    ) throws(SwitchError) -> PublishedShare {
        let machine = record.machine(asOf: now)
        guard machine.state == .releasing else { throw .notAllowed(machine.state) }
        guard machine.allowsShares else {
            throw .intentsMissing(
                needed: record.arming.terms.threshold,
                stand: machine.facts?.intents.count ?? 0,
                allowedAt: machine.facts?.sharesAllowedAt()
            )
        }
        let opened: OpenedShare
        do {
            opened = try secret.open(record.arming.dealing)
        } catch {
            throw .notATrustee
        }
        guard Int(opened.index.value) == number.value else { throw .notATrustee }
        return PublishedShare(epoch: epoch, trustee: number, share: opened.bytes)
    }
}
