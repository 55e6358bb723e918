// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage
package import TransparencyLog
internal import Vault

/// Gives finished objects their entries in the node's log and keeps the receipts.
///
/// An object is durable before it is sequenced, so a receipt means that the node accepted it.
///
/// Spec: `docs/spec/node.md`, section 6.5.
package struct DepositSequencer: NodeService {
    private static let sweepSeconds = 600
    /// The longest that an object waits until its entry is tried again.
    private static let pauseSecondsMax = 30

    private let shelf: DepositShelf
    private let queue: AppendQueue
    private let read: @Sendable () throws -> TiledLogReader
    private let key: NoteVerifier
    private let log: ServerLog
    private let finished: AsyncStream<DepositShelf.Unsequenced>
    private let added: AsyncStream<DepositShelf.Unsequenced>.Continuation

    /// A sequencer.
    ///
    /// - Parameters:
    ///   - shelf: Where the objects are.
    ///   - queue: Before the node's log.
    ///   - read: Reads the log as it is now.
    ///   - key: The log's.
    ///   - log: Where events go.
    package init(
        shelf: DepositShelf,
        queue: AppendQueue,
        read: @escaping @Sendable () throws -> TiledLogReader,
        key: NoteVerifier,
        log: ServerLog
    ) {
        self.shelf = shelf
        self.queue = queue
        self.read = read
        self.key = key
        self.log = log
        // As many at most as uploads may be open.
        (finished, added) = AsyncStream.makeStream()
    }

    /// Hands over what is to be sequenced.
    func add(_ object: DepositShelf.Unsequenced) { added.yield(object) }

    /// See ``NodeService/run()``.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await sweep() }
            group.addTask { try await acceptAll() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func sweep() async throws {
        while true {
            try await Blocking.run { [shelf, log] in try shelf.removeExpired(now: log.now) }
            try await Task.sleep(for: .seconds(Self.sweepSeconds))
        }
    }

    private func acceptAll() async throws {
        let (left, entries) = try await Blocking.run {
            let left = try shelf.unsequenced()
            // Entries are appended before receipts are kept: some of these may be in the log.
            return (left, left.isEmpty ? [:] : try findEntries(of: left))
        }
        try await withThrowingDiscardingTaskGroup(returning: Void.self) { group in
            for object in left {
                let index = entries[LogHash.leaf(object.parts.entry)]
                group.addTask { try await accept(object, index: index) }
            }
            for await object in finished {
                group.addTask { try await acceptNew(object) }
            }
        }
        throw CancellationError()
    }

    private func acceptNew(_ object: DepositShelf.Unsequenced) async throws {
        guard object.mayHaveEntry else { return try await accept(object, index: nil) }
        let found: [LogHash: UInt64]
        do {
            found = try await Blocking.run { try findEntries(of: [object]) }
        } catch let failure as BlobFailure where failure == .unreachable {
            // Whoever offered it does so again.
            return shelf.putBack(object)
        }
        try await accept(object, index: found[LogHash.leaf(object.parts.entry)])
    }

    /// The entries that some objects have in the log.
    private func findEntries(
        of objects: [DepositShelf.Unsequenced]
    ) throws -> [LogHash: UInt64] {
        let wanted = Set(objects.map { LogHash.leaf($0.parts.entry) })
        let reader = try read()
        var found: [LogHash: UInt64] = [:]
        var start: UInt64 = 0
        while start < reader.size {
            let end = min(start + UInt64(TiledLog.batchCountMax), reader.size)
            for (offset, leaf) in try reader.leafHashes(start..<end).enumerated()
            where wanted.contains(leaf) {
                found[leaf] = start + UInt64(offset)
            }
            start = end
        }
        return found
    }

    private func accept(_ object: DepositShelf.Unsequenced, index: UInt64?) async throws {
        var pauseSeconds = 1
        while true {
            do {
                let proof: TlogProof
                if let index {
                    proof = try await queue.receipt(of: index)
                } else {
                    proof = try await queue.append(object.parts.entry)
                }
                let receipt = object.parts.receipt(log: key, proof: proof)
                return try await keep(receipt, of: object)
            } catch let refusal as AppendQueue.Refusal
                where refusal == .ending || refusal == .unreadable
            {
                // The object stays; the next run sequences it.
                return
            } catch is AppendQueue.Refusal {
                // A full disk, or too much at once: the entry is not in the log.
                log.event("deposit-not-sequenced")
                try await Task.sleep(for: .seconds(pauseSeconds))
                pauseSeconds = min(2 * pauseSeconds, Self.pauseSecondsMax)
            }
        }
    }

    /// Keeps a receipt; while the disk is full or the store is away, it waits.
    private func keep(_ receipt: Receipt, of object: DepositShelf.Unsequenced) async throws {
        while true {
            do {
                return try await Blocking.run { [shelf] in try shelf.keep(receipt, of: object) }
            } catch let failure as FileFailure where failure.isFull {
                log.event("receipt-not-kept")
                try await Task.sleep(for: .seconds(1))
            } catch is BlobFailure {
                log.event("receipt-not-kept")
                try await Task.sleep(for: .seconds(Self.pauseSecondsMax))
            }
        }
    }
}
