// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sodium
import Storage
import StorageFaults
import Synchronization
import Testing
import TransparencyLog

/// A process that appends to a log in a store and publishes it, and what it told others.
final class BlobWriter: Sendable {
    static let prefix = "logs/vault/"
    static let batches = [0..<3, 3..<260, 260..<261, 261..<600]

    /// A receipt that was given.
    struct Receipt {
        let leaf: LogHash
        let proof: TlogProof
    }

    struct State {
        var receipts: [Receipt] = []
        /// Size of the log as this process last saw it, and what an append under way makes of it.
        var size: Int?
        var inFlight: Int?
        var isCreated = false
        /// How it ended, if it did not end by itself.
        var end: TiledLogError?
    }

    private let fixture: LogFixture
    private let name: UInt8
    private let store: any BlobStore
    private let keepsEntries: Bool
    private let shared = Mutex(State())

    init(_ fixture: LogFixture, _ name: UInt8, _ store: any BlobStore, keepsEntries: Bool = true) {
        self.fixture = fixture
        self.name = name
        self.store = store
        self.keepsEntries = keepsEntries
    }

    var state: State { shared.withLock { $0 } }

    private var writer: [UInt8] { [UInt8](repeating: name, count: 16) }

    func entries(_ range: Range<Int>) -> [[UInt8]] {
        range.map { Array("entry \($0) of \(name)".utf8) }
    }

    func create() throws {
        _ = try BlobLog.create(
            prefix: Self.prefix,
            store: store,
            signer: fixture.signer,
            keepsEntries: keepsEntries,
            writer: writer
        )
        shared.withLock { $0.isCreated = true }
    }

    func open() throws -> BlobLog {
        let log = try BlobLog.open(
            prefix: Self.prefix,
            store: store,
            signer: fixture.signer,
            writer: writer
        )
        shared.withLock { $0.size = Int(log.size) }
        return log
    }

    /// Appends, publishes and gives receipts, batch after batch.
    func run(_ batches: [Range<Int>] = batches) {
        do {
            let log = try open()
            let published = try PublishedCheckpoint(
                key: Self.prefix + "checkpoint",
                store: store,
                log: fixture.signer.verifier
            )
            for batch in batches {
                try append(entries(batch), log, published)
            }
        } catch let error as TiledLogError {
            shared.withLock { $0.end = error }
        } catch {
            // What was told until here is what counts.
        }
    }

    private func append(
        _ entries: [[UInt8]],
        _ log: BlobLog,
        _ published: PublishedCheckpoint
    ) throws {
        shared.withLock { $0.inFlight = Int(log.size) + entries.count }
        let first = try log.append(entries, time: 1).firstIndex
        shared.withLock { state in
            state.size = state.inFlight
            state.inFlight = nil
        }
        let reader = log.reader
        var note = reader.note
        note.add(fixture.cosigner.cosign(note.text, time: 1))
        try published.publish(note, of: reader)
        for (offset, entry) in entries.enumerated() where offset % 50 == 0 {
            let index = first + UInt64(offset)
            let hashes = try reader.inclusionProof(of: index)
            let proof = TlogProof(index: index, hashes: hashes, note: note)
            shared.withLock { $0.receipts.append(Receipt(leaf: .leaf(entry), proof: proof)) }
        }
    }

    /// Opens the log as a new process and holds it to all that these told.
    ///
    /// - Returns: Its size.
    @discardableResult
    static func check(
        _ service: SimulatedBlobs,
        _ fixture: LogFixture,
        _ writers: [BlobWriter],
        _ place: Comment
    ) throws -> Int {
        let last = BlobWriter(fixture, 255, SimulatedBlobClient(service))
        let log = try last.open()
        let size = Int(log.size)
        #expect(service.rewritten.isEmpty, place)
        #expect(throws: Never.self, place) { try log.reader.audit() }
        for writer in writers {
            for receipt in writer.state.receipts {
                let checkpoint = try receipt.proof.verify(
                    leaf: receipt.leaf,
                    policy: fixture.policy
                ).checkpoint
                #expect(checkpoint.size <= log.size, place)
                #expect(try log.reader.root(size: checkpoint.size) == checkpoint.root, place)
                #expect(try log.reader.leafHash(at: receipt.proof.index) == receipt.leaf, place)
            }
        }
        // Life goes on, over whatever was left behind.
        _ = try log.append([[1], [2]], time: 2)
        #expect(throws: Never.self, place) { try log.reader.audit() }
        #expect(service.rewritten.isEmpty, place)
        return size
    }
}
