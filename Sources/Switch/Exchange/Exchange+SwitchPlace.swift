// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Statements
internal import Storage
internal import TransparencyLog

extension Exchange: SwitchPlace {
    /// There is one log.
    package var receiptCountMin: Int { 1 }

    /// Any number of switches share a directory.
    package var onlySwitch: SwitchID? { nil }

    /// Reading a log that does what none may do fails.
    package var isAlarmed: Bool { false }

    /// The one witness is this program, so its clock is the witness's.
    package func time(orOf clock: Int64) -> Int64? { clock }

    /// Each statement with its proof by the newest checkpoint; an entry is the envelope itself.
    ///
    /// - Throws: ``TiledLogError``, ``FileSystemError``,
    ///   ``SwitchError/logContradictsItself(leaf:)``.
    package func export(_ id: SwitchID) throws -> [SwitchText] {
        let reader = try reader()
        return try log().entries.compactMap { entry in
            guard let envelope = try? Envelope(canonical: entry.bytes),
                (try? envelope.body())?["switch"]?.string == id.text, entry.leaf < reader.size
            else { return nil }
            return SwitchText(envelope, try reader.proof(of: entry.leaf))
        }
    }

    /// Appends what the log lacks.
    ///
    /// Proofs that texts bring are of no use here: a statement counts from when this log has it.
    /// What counts is who signed it, as for a node.
    ///
    /// - Throws: As ``append(_:asOf:)``.
    package func takeIn(_ texts: [SwitchText], of id: SwitchID, asOf now: Int64) throws -> Int {
        var doorman = SwitchDoorman(origin: policy.logs[0].verifier.name.description)
        let known = try export(id).map(\.envelope)
        let hasEscrow = { digest in (try? self.escrow(digest)) != nil }
        for envelope in known { try? doorman.admit(envelope, hasEscrow: hasEscrow) }
        var seen = Set(known)
        var fresh: [Envelope] = []
        var count = 0
        for envelope in texts.map(\.envelope) {
            guard (try? envelope.body())?["switch"]?.string == id.text,
                (try? doorman.admit(envelope, hasEscrow: hasEscrow)) != nil
            else { continue }
            count += 1
            if seen.insert(envelope).inserted { fresh.append(envelope) }
        }
        try append(fresh, asOf: now)
        return count
    }
}
