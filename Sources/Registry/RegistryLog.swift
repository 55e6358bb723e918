// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Statements
package import Storage
package import TransparencyLog

/// Why a log cannot be believed.
package enum RegistryLogError: Error, Equatable, Sendable {
    /// The log is shorter than one that was seen before.
    case rolledBack(size: UInt64, seen: UInt64)
    /// What was seen before is not the beginning of the log.
    case rewritten(before: UInt64)
    /// The entries do not give the root that the operator signed.
    case entriesMismatch
}

/// How far a log was read and found right.
package struct RegistryMark: Equatable, Sendable {
    /// Entries.
    package let size: UInt64
    /// Root of their tree, 32 bytes.
    package let root: [UInt8]
    /// Signatures in them that are wrong.
    package let wrong: Set<SignatureMemory.Wrong>

    package init(size: UInt64, root: [UInt8], wrong: Set<SignatureMemory.Wrong>) {
        self.size = size
        self.root = root
        self.wrong = wrong
    }
}

/// A registry's log, read from its first entry to its last.
package struct RegistryLog: Sendable {
    /// What the entries amount to.
    package let state: RegistryState
    /// Entries of the whole log.
    package let size: UInt64
    /// Root of the whole log, 32 bytes.
    package let root: [UInt8]
    /// The checkpoint that says both, with its signatures.
    package let note: SignedNote
    /// What the council decided of sealed statements, by quarter; of the whole log.
    package let decisions: [RegistryEpoch: Set<RegistryID>]
    /// What to remember for the next time; `nil` when days were left out, whose signatures nobody
    /// checked, or when too many signatures are wrong.
    package let mark: RegistryMark?

    /// Reads and folds a log, and checks every entry against the signed root.
    ///
    /// - Parameters:
    ///   - reader: The log.
    ///   - time: Days after it are not folded, in seconds since 1970.
    ///   - known: What the reader remembers. The log has to continue it; signatures in it are not
    ///     checked again.
    ///   - seals: Ring signatures.
    ///   - ahead: Is told which ring signatures the next entries name, some hundreds at a time,
    ///     before `seals` is asked: who has to fetch them fetches many at once.
    /// - Throws: ``RegistryLogError``, and what the reader throws.
    /// - Complexity: O(n).
    package init(
        _ reader: TiledLogReader,
        asOf time: Int64,
        known: RegistryMark?,
        seals: SealSource? = nil,
        ahead: ([RegistryID]) -> Void = { _ in }
    ) throws {
        let knownSize = known?.size ?? 0
        guard reader.size >= knownSize else {
            throw RegistryLogError.rolledBack(size: reader.size, seen: knownSize)
        }
        let memory = SignatureMemory(
            checkedCount: Int64(knownSize),
            wrong: known?.wrong ?? []
        )
        var tree = CompactTree()
        var first = Reading(origin: reader.checkpoint.origin, time: time)
        try Self.read(reader, memory, ahead) { leaf in
            tree.append(leaf.hash)
            if let known, tree.size == known.size, tree.root.bytes != known.root {
                throw RegistryLogError.rewritten(before: known.size)
            }
            first.take(leaf.entry, seals)
        }
        guard tree.size == reader.size, tree.root == reader.checkpoint.root else {
            throw RegistryLogError.entriesMismatch
        }
        var last = first
        if !first.ledger.decided.isEmpty {
            last = Reading(
                origin: reader.checkpoint.origin,
                time: time,
                decided: first.ledger.decided
            )
            try Self.read(reader, memory, ahead) { last.take($0.entry, seals) }
        }
        state = last.state
        decisions = first.ledger.decisions
        size = tree.size
        let root = tree.root.bytes
        self.root = root
        note = reader.note
        mark =
            first.isPast
            ? memory.all.map { RegistryMark(size: reader.size, root: root, wrong: $0) } : nil
    }

    /// One reading of all entries.
    private struct Reading {
        let time: Int64
        var state: RegistryState
        var ledger: SealLedger
        /// Whether no day after the one asked for was opened yet.
        var isPast = true

        init(origin: String, time: Int64, decided: [RegistryEpoch: Set<RegistryID>] = [:]) {
            self.time = time
            state = RegistryState(origin: origin, decided: decided)
            ledger = SealLedger(origin: origin)
        }

        mutating func take(_ read: RegistryEntry, _ seals: SealSource?) {
            var entry = read
            isPast = isPast && !state.isAfter(time, entry)
            if isPast { entry.attach(seals) }
            ledger.note(entry, isPast: isPast)
            if isPast { state.apply(entry) }
        }
    }

    /// Bundles, or bytes, that one core reads at a time.
    private static let pieceCount = 4
    private static let pieceBytes = 4 << 20

    /// Reads all entries of a log, in order.
    private static func read(
        _ reader: TiledLogReader,
        _ memory: SignatureMemory,
        _ ahead: ([RegistryID]) -> Void,
        _ each: (RegistryLeaf) throws -> Void
    ) throws {
        var size: UInt64 = 0
        var number: UInt64 = 0
        try RegistryEntry.readAll(memory: memory) {
            var texts: [[UInt8]] = []
            var byteCount = 0
            for _ in 0..<pieceCount
            where size < reader.size && byteCount < pieceBytes {
                let bundle = try reader.entries(inBundle: number)
                guard !bundle.isEmpty else { throw RegistryLogError.entriesMismatch }
                texts += bundle
                byteCount += bundle.reduce(0) { $0 + $1.count }
                number += 1
                size += UInt64(bundle.count)
            }
            return texts.isEmpty ? nil : texts
        } use: { leaves in
            let named = leaves.compactMap(\.entry.sealDigest)
            if !named.isEmpty { ahead(named) }
            for leaf in leaves { try each(leaf) }
        }
    }
}
