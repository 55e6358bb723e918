// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage
package import TransparencyLog

/// One log for everybody to read.
///
/// Spec: C2SP `tlog-tiles`. Only what the published checkpoint commits to is served, and entries
/// only of a log whose entries are public.
package struct LogSite: Site {
    private let prefix: String
    private let directory: String
    private let servesEntries: Bool
    private let key: NoteVerifier
    private let published: PublishedCheckpoint
    private let fileSystem: any FileSystem

    /// A log under a name.
    ///
    /// - Parameters:
    ///   - name: First part of its paths.
    ///   - directory: The log's directory.
    ///   - servesEntries: Whether its entries are public.
    ///   - key: The log's.
    ///   - published: The checkpoint to show.
    ///   - fileSystem: Where the directory is.
    package init(
        name: String,
        directory: String,
        servesEntries: Bool,
        key: NoteVerifier,
        published: PublishedCheckpoint,
        fileSystem: any FileSystem = LocalFileSystem()
    ) {
        prefix = "/\(name)/"
        self.directory = directory
        self.servesEntries = servesEntries
        self.key = key
        self.published = published
        self.fileSystem = fileSystem
    }

    /// See Site/answer(_:).
    package func answer(_ question: Question) async throws -> Answer? {
        guard question.method == .get, question.path.hasPrefix(prefix) else { return nil }
        let path = String(question.path.dropFirst(prefix.count))
        // For those who take a key on first use, and have nobody to ask.
        if path == "key" { return .text(200, key.encoded) }
        guard let current = published.current else {
            return .text(503, "no checkpoint of this log has enough cosignatures yet")
        }
        if path == TiledLogReader.checkpointName {
            return Answer(caching: .brief, body: current.note.encoded)
        }
        // Only the canonical text of a tile's path gets through: no dots, no escapes.
        guard let tile = try? TilePath(parsing: path), commits(current.checkpoint, to: tile),
            tile.content != .entries || servesEntries
        else { return nil }
        let limit = TilePath.fullWidth * (EntryBundle.entryCountMax + 2)
        do {
            let bytes = try await Blocking.run { [fileSystem, directory] in
                try fileSystem.read(directory + "/" + tile.path, countMax: limit)
            }
            return Answer(mediaType: "application/octet-stream", caching: .immutable, body: bytes)
        } catch FileSystemError.notFound {
            // A partial tile goes once the full one exists; clients ask for that then.
            return nil
        }
    }

    private func commits(_ checkpoint: Checkpoint, to tile: TilePath) -> Bool {
        let count = TilePath.count(tile.content, size: checkpoint.size)
        let (start, overflows) = tile.number.multipliedReportingOverflow(
            by: UInt64(TilePath.fullWidth)
        )
        return !overflows && start < count && UInt64(tile.width) <= count - start
    }
}

/// Tells whether all logs of a server are published as they should be.
package struct HealthSite: Site {
    private let publishers: [(name: String, publisher: LogPublisher)]

    /// The health of some publishers.
    package init(_ publishers: [(name: String, publisher: LogPublisher)]) {
        self.publishers = publishers
    }

    /// See Site/answer(_:).
    package func answer(_ question: Question) async throws -> Answer? {
        guard question.method == .get, question.path == "/health" else { return nil }
        var lines: [String] = []
        for (name, publisher) in publishers {
            switch publisher.state {
            case .current: break
            case .waiting(let count):
                lines.append("\(name): quorum not reached, cosigned by \(count)")
            case .contradicted:
                lines.append("\(name): the log contradicts what was published")
            case .unreadable: lines.append("\(name): the log cannot be read")
            }
        }
        return lines.isEmpty ? .text(200, "ok") : .text(503, lines.joined(separator: "\n"))
    }
}
