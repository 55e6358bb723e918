// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Server
import Storage
import TransparencyLog

/// A log that a node was told to serve: `NAME=DIR`.
struct HostedLog {
    let name: String
    let directory: String
    let isPublic: Bool

    /// First parts of paths that mean something else.
    private static let reserved: Set<String> = [
        "cases", "en", "es", "health", "invitations", "nonce", "switches", "uploads",
    ]

    init(_ text: String, isPublic: Bool) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, PlainName.isOne(parts[0]),
            !Self.reserved.contains(String(parts[0]))
        else {
            throw Failure(
                .usage,
                Text(
                    en: "a log is given as NAME=DIR; a name has letters a–z, digits and hyphens",
                    es: "un registro se indica NOMBRE=DIR; el nombre lleva a–z, cifras y guiones"
                )
            )
        }
        name = String(parts[0])
        directory = String(parts[1])
        self.isPublic = isPublic
    }

    /// The log of a node's deposits in its home.
    init(_ vault: NodeVault) {
        name = NodeVault.name
        directory = vault.log.log
        isPublic = false
    }

    /// Reads the log as it is on disk.
    func reader(_ key: NoteVerifier) -> @Sendable () throws -> TiledLogReader {
        { [directory] in try TiledLogReader(directory: directory, log: key) }
    }

    func open(
        _ state: String,
        _ policy: LogPolicy,
        _ circle: WitnessCircle,
        _ events: ServerLog
    ) throws -> (LogSite, NodeFacts.Log) {
        let origin = try TiledLogReader(directory: directory, log: nil).checkpoint.origin
        guard let key = policy.logs.map(\.verifier).first(where: { $0.name.isEqual(to: origin) })
        else { throw TransparencyLogError.unknownLog }
        let published = try PublishedCheckpoint(directory: "\(state)/\(name)", log: key)
        let site = LogSite(
            name: name,
            directory: directory,
            servesEntries: isPublic,
            key: key,
            published: published
        )
        let publisher = LogPublisher(
            name: name,
            read: reader(key),
            published: published,
            circle: circle,
            log: events
        )
        let facts = NodeFacts.Log(
            name: name,
            key: key,
            published: published,
            publisher: publisher
        )
        return (site, facts)
    }
}
