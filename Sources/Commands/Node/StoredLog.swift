// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Server
import Sodium
import Storage
import TransparencyLog

/// A log of this node in a store, which the node alone appends to as long as no other process opens
/// it.
///
/// Spec: `docs/spec/node-s3.md`, section 1.
struct StoredLog {
    let site: LogSite
    let facts: NodeFacts.Log
    let queue: AppendQueue
    let heartbeats: BlobHeartbeats
    let watch: HeadWatch
    let read: @Sendable () throws -> TiledLogReader

    /// What names this process in the log's head.
    static func makeWriter() -> [UInt8] { randomBytes(16) }

    /// Opens a log.
    ///
    /// - Parameters:
    ///   - name: Of the log within the node, and of its folder in the store.
    ///   - store: Where it is.
    ///   - signer: Its key.
    ///   - circle: Its witnesses.
    ///   - events: Where events go.
    /// - Throws: As ``BlobLog/open(prefix:store:signer:writer:)``.
    init(
        _ name: String,
        _ store: any BlobStore,
        _ signer: NoteSigner,
        _ circle: WitnessCircle,
        _ events: ServerLog
    ) throws {
        let prefix = name + "/"
        let log = try BlobLog.open(
            prefix: prefix,
            store: store,
            signer: signer,
            writer: Self.makeWriter()
        )
        let view = log.view
        let key = signer.verifier
        let published = try PublishedCheckpoint(
            key: prefix + TiledLogReader.checkpointName,
            store: store,
            log: key
        )
        let read: @Sendable () throws -> TiledLogReader = { view.reader }
        let publisher = LogPublisher(
            name: name,
            read: read,
            published: published,
            circle: circle,
            log: events
        )
        site = LogSite(
            name: name,
            directory: FetchedLog.directory,
            servesEntries: false,
            key: key,
            published: published,
            fileSystem: view.files
        )
        facts = NodeFacts.Log(name: name, key: key, published: published, publisher: publisher)
        queue = AppendQueue(log: log, publisher: publisher, events: events)
        heartbeats = BlobHeartbeats(store, prefix: prefix + "heartbeats/")
        watch = HeadWatch(view)
        self.read = read
    }
}
