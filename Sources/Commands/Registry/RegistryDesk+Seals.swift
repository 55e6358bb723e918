// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Registry
import RingSignature
import Sodium
import Statements
import Storage

/// Sealed statements: making them, and the ring signatures beside the log.
extension RegistryDesk {
    /// The longest ring signature.
    static let sealCountMax = 32 * (RingSnapshotStatement.memberCountMax + 3)

    /// Where this desk finds ring signatures: just made, of this home, of the exchange.
    var seals: SealSource {
        { id in
            if let made = self.madeSeals[id] { return made }
            let name = id.hex
            let places = [
                self.home.path("seals/\(name)"), self.exchange.map { "\($0.seals)/\(name)" },
            ]
            for place in places.compactMap({ $0 }) {
                // What cannot be read is not there: the fold says so.
                if let bytes = try? LocalFileSystem().read(place, countMax: Self.sealCountMax) {
                    return bytes
                }
            }
            return nil
        }
    }

    /// Asks the node that is followed for those of these ring signatures that are not here.
    func fetchSeals(_ ids: [RegistryID]) {
        guard let exchange, let node = exchange.node else { return }
        // A node that does not give them has not got them: the fold says what follows.
        try? node.fetch(seals: Set(ids), into: exchange)
    }

    /// Seals a statement as the member that this home is.
    ///
    /// - Parameters:
    ///   - statement: With a blank seal.
    ///   - state: What the log says.
    ///   - secretFile: Opens the ring key.
    ///   - ring: Another ring than that of the constituency.
    ///   - names: Keys that sign in the open too.
    /// - Returns: The envelope; the ring signature is kept for ``leaveSeals(output:)``.
    /// - Throws: `.notAllowed` without a ring, a key in it, or a free slot.
    func seal<S: SealableRegistryStatement>(
        _ statement: S,
        _ state: RegistryState,
        secretFile: String,
        in ring: Ring? = nil,
        names: [String] = []
    ) throws -> Envelope {
        try requireConsent(to: statement)
        let store = RegistryRingStore(home: home)
        let secret = try store.open(statement.epoch, secretFile: secretFile)
        let constituency = statement.seal?.constituency ?? ""
        guard let ring = ring ?? state.rings.ring(statement.epoch, constituency) else {
            throw RegistryFailure.refused(.unknownRing)
        }
        let own = secret.key.bytes
        guard ring.members.contains(where: { $0.bytes == own }) else {
            throw Failure(
                .notAllowed,
                Text(
                    en: "your ring key is not in the ring of “\(constituency)”",
                    es: "su llave de anillo no está en el anillo de «\(constituency)»"
                )
            )
        }
        let free = try statement.freeSlots(of: secret, in: state)
        let slot = free?.randomElement()
        if free != nil, slot == nil { throw RegistryFailure.refused(.slotUsed) }
        let (sealed, signature) = try statement.sealed(
            by: secret,
            in: ring,
            slot: slot,
            context: state.context
        )
        var envelope = try sign(sealed, with: names, isTold: true)
        try envelope.sign(with: try sealed.oneTimeKey(of: secret, context: state.context))
        madeSeals[RegistryID(SHA256.hash(signature))] = signature
        return envelope
    }

    /// Leaves the ring signatures that were just made where the statement goes.
    func leaveSeals(output: String?) throws {
        for (id, bytes) in madeSeals {
            if let output {
                try RegistryHome.write("\(output).seal", bytes)
            } else if try home.hasLog() {
                try keep(bytes, id)
            } else if let exchange {
                try exchange.leave(seal: bytes, id)
            }
        }
    }

    /// Keeps the ring signatures of statements that the operator appended.
    func keepSeals(of entries: [[UInt8]]) throws {
        for entry in entries {
            guard let envelope = try? Envelope(canonical: entry),
                let seal = try? envelope.registryStatement().seal
            else { continue }
            let id = RegistryID(seal.signature)
            if let bytes = seals(id) {
                try keep(bytes, id)
                if let exchange, exchange.node == nil { try exchange.leave(seal: bytes, id) }
            }
        }
    }

    private func keep(_ bytes: [UInt8], _ id: RegistryID) throws {
        try home.makeDirectory("seals")
        try RegistryHome.write(home.path("seals/\(id.hex)"), bytes)
    }

    /// The constituency of the organisation that this home is.
    func constituency(
        _ state: RegistryState,
        _ names: [String]
    ) throws -> (verifier: Verifier, constituency: String) {
        let key = try onlyKey(names)
        guard let verifier = state.verifiers[key.id] else {
            throw RegistryFailure.refused(.unknownVerifier)
        }
        return (verifier, verifier.constituency)
    }
}
