// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
import TransparencyLog

/// The object that holds a published checkpoint: it is replaced on the condition that it is what
/// was seen last.
///
/// Spec: `docs/spec/node-s3.md`, section 5.
final class PublishedBlob: Sendable {
    /// How often the object may change under our hands while we replace it.
    private static let attemptCountMax = 4

    private let key: String
    private let store: any BlobStore
    private let log: NoteVerifier
    /// The state that was seen last; nil where there was nothing.
    private let tag = Mutex<BlobTag?>(nil)

    init(key: String, store: any BlobStore, log: NoteVerifier) {
        self.key = key
        self.store = store
        self.log = log
    }

    /// Reads what is published.
    func read() throws -> PublishedCheckpoint.Published? {
        guard let found = try store.get(key, countMax: SignedNote.countMax) else {
            tag.withLock { $0 = nil }
            return nil
        }
        tag.withLock { $0 = found.tag }
        guard let note = try? SignedNote(parsing: found.bytes) else {
            throw TiledLogError.damaged(path: TiledLogReader.checkpointName)
        }
        do {
            let checkpoint = try Checkpoint.open(note, log: log)
            return PublishedCheckpoint.Published(note: note, checkpoint: checkpoint)
        } catch {
            throw TiledLogError.wrongKey(error)
        }
    }

    /// Publishes a checkpoint, unless another process published a larger one.
    @Sendable func replace(_ note: SignedNote, of reader: TiledLogReader) throws {
        for _ in 0..<Self.attemptCountMax {
            let condition = tag.withLock { $0.map(BlobCondition.matching) ?? .absent }
            if let new = try store.put(key, note.encoded, if: condition, isKept: false) {
                tag.withLock { $0 = new }
                return
            }
            // An earlier request of ours that had no answer, or another process.
            guard let theirs = try read()?.checkpoint else { continue }
            guard theirs.size <= reader.size else { throw TiledLogError.superseded }
            guard try reader.root(size: theirs.size) == theirs.root else {
                throw PublishedCheckpoint.Refusal.forked
            }
        }
        throw TiledLogError.superseded
    }
}
