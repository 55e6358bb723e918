// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage
internal import Synchronization
package import TransparencyLog

/// Appends to a log for many callers at once: those that wait together become durable together, and
/// each gets its receipt once the checkpoint that holds it is published.
///
/// Spec: `docs/spec/node.md`, section 4.
package actor AppendQueue: NodeService {
    /// Why an entry was not taken.
    package enum Refusal: Error, Equatable, Sendable {
        /// Too many wait already; nothing of the entry was kept.
        case full
        /// The server ends; whether the entry is in the log, the log itself tells.
        case ending
        /// The log could not be written; nothing of the entry is in it.
        case notWritten
        /// It is in the log, which is damaged on disk: its own audit says where.
        case unreadable
    }

    /// Most entries that may wait for the disk or for witnesses.
    package static let waitingCountMax = 16_384
    /// Most entries that become durable together.
    private static let batchCountMax = 4096
    /// Most bytes in them, but that one entry always goes.
    private static let batchBytesMax = 8 << 20

    private struct Waiting {
        let entry: [UInt8]
        let receipt: CheckedContinuation<TlogProof, any Error>
    }

    private let log: Mutex<any AppendableLog>
    private let publisher: LogPublisher
    private let events: ServerLog
    /// Not yet written, in order.
    private var waiting: [Waiting] = []
    /// Written, by index, and not yet published.
    private var written: [UInt64: CheckedContinuation<TlogProof, any Error>] = [:]
    /// What was published last.
    private var last: LogPublisher.Publication?
    private var isEnding = false
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// A queue before a log.
    ///
    /// - Parameters:
    ///   - log: Open for appending; the queue owns it.
    ///   - publisher: Publishes the same log.
    ///   - events: Where events go.
    package init(log: sending any AppendableLog, publisher: LogPublisher, events: ServerLog) {
        self.log = Mutex(log)
        self.publisher = publisher
        self.events = events
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Appends an entry, and waits until its checkpoint is published.
    ///
    /// - Parameter entry: At most as long as a bundle can carry.
    /// - Returns: The receipt.
    /// - Throws: Refusal; `.entryTooLong`.
    package func append(_ entry: [UInt8]) async throws -> TlogProof {
        guard entry.count <= EntryBundle.entryCountMax else {
            throw TransparencyLogError.entryTooLong(limit: EntryBundle.entryCountMax)
        }
        guard !isEnding else { throw Refusal.ending }
        guard waiting.count + written.count < Self.waitingCountMax else { throw Refusal.full }
        return try await withCheckedThrowingContinuation { receipt in
            waiting.append(Waiting(entry: entry, receipt: receipt))
            wake.yield()
        }
    }

    /// Waits for the receipt of an entry that an earlier run wrote.
    ///
    /// - Throws: Refusal.
    func receipt(of index: UInt64) async throws -> TlogProof {
        guard !isEnding else { throw Refusal.ending }
        return try await withCheckedThrowingContinuation { receipt in
            written[index] = receipt
            wake.yield()
        }
    }

    /// See ``NodeService/run()``.
    package func run() async throws {
        defer { end() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.write() }
            group.addTask { try await self.deliver() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Writes what waits, batch after batch.
    private func write() async throws {
        for await _ in wakes {
            while !waiting.isEmpty {
                let batch = nextBatch()
                let first: UInt64
                do {
                    let entries = batch.map(\.entry)
                    first = try await Blocking.run { [self, events] in
                        try log.withLock { try $0.append(entries, time: events.now).firstIndex }
                    }
                } catch {
                    for each in batch { each.receipt.resume(throwing: Refusal.notWritten) }
                    // Only opening the log again tells what it holds: the process has to end.
                    guard error as? TiledLogError != .needsReopening,
                        error as? TiledLogError != .superseded
                    else { throw error }
                    events.event("append-failed")
                    continue
                }
                for (offset, each) in batch.enumerated() {
                    written[first + UInt64(offset)] = each.receipt
                }
                publisher.poke()
                // It may be published already: the publisher looks at the disk by itself.
                await handOut()
            }
            // Somebody may wait for an entry that is published already.
            await handOut()
        }
        throw CancellationError()
    }

    /// Takes what is written together next.
    private func nextBatch() -> [Waiting] {
        var bytes = 0
        let rest = waiting.prefix(Self.batchCountMax).firstIndex { each in
            defer { bytes += each.entry.count }
            return bytes > 0 && bytes + each.entry.count > Self.batchBytesMax
        }
        let batch = Array(waiting.prefix(rest ?? Self.batchCountMax))
        waiting.removeFirst(batch.count)
        return batch
    }

    /// Hands out receipts for what was published.
    private func deliver() async throws {
        for await publication in publisher.publications {
            last = publication
            await handOut()
        }
        throw CancellationError()
    }

    private func handOut() async {
        guard let last else { return }
        let due = written.filter { $0.key < last.reader.size }
        for index in due.keys { written[index] = nil }
        let indices = Array(due.keys)
        let receipts = try? await Blocking.run {
            let proofs = try last.reader.inclusionProofs(of: indices)
            return zip(indices, proofs).map { index, hashes in
                TlogProof(index: index, hashes: hashes, note: last.note)
            }
        }
        for (offset, index) in indices.enumerated() {
            if let receipts {
                due[index]?.resume(returning: receipts[offset])
            } else {
                due[index]?.resume(throwing: Refusal.unreadable)
            }
        }
    }

    private func end() {
        isEnding = true
        for each in waiting { each.receipt.resume(throwing: Refusal.ending) }
        for receipt in written.values { receipt.resume(throwing: Refusal.ending) }
        waiting = []
        written = [:]
    }
}

/// Appends to logs for the programs of the machine that can reach a private socket.
package struct AppendSite: Site {
    private let queues: [String: AppendQueue]

    /// A site before some queues, by the names of their logs.
    package init(_ queues: [String: AppendQueue]) {
        self.queues = queues
    }

    /// See ``Site/answer(_:)``.
    package func answer(_ question: Question) async throws -> Answer? {
        let parts = question.path.split(separator: "/", omittingEmptySubsequences: false)
        guard question.method == .post, parts.count == 3, parts[2] == "append",
            let queue = queues[String(parts[1])]
        else { return nil }
        let entry = try await question.body(EntryBundle.entryCountMax)
        do {
            return Answer(body: try await queue.append(entry).encoded)
        } catch let refusal as AppendQueue.Refusal {
            return .text(503, String(describing: refusal))
        }
    }
}
