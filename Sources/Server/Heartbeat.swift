// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage
internal import TransparencyLog

/// Appends the log's previous cosigned checkpoint as a leaf, again and again.
///
/// Whoever decides by witnessed time sees from these when the log was there.
///
/// Spec: `docs/spec/node.md`, section 8; `docs/spec/switch.md`, section 4.
package struct Heartbeat: NodeService, Site {
    /// Seconds between two, unless told otherwise.
    package static let seconds: Int64 = 3600
    /// How often the first checkpoint of a log is looked for, in milliseconds.
    private static let waitMilliseconds = 500
    private static let listCountMax = 1000

    private let prefix: String
    private let queue: AppendQueue
    private let published: PublishedCheckpoint
    private let kept: NumberedFiles
    private let directory: BytePath
    private let files: any FileSystem
    private let seconds: Int64
    private let log: ServerLog

    /// The heartbeat of a log.
    ///
    /// - Parameters:
    ///   - name: Of the log within the node.
    ///   - queue: Before the log.
    ///   - published: What is shown of it.
    ///   - directory: Where the leaves are kept, because a log may keep hashes only.
    ///   - seconds: Between two.
    ///   - files: Through which the directory is changed.
    ///   - log: Where events go.
    /// - Throws: ``FileFailure``.
    package init(
        name: String,
        queue: AppendQueue,
        published: PublishedCheckpoint,
        directory: BytePath,
        seconds: Int64 = seconds,
        files: any FileSystem = LocalFileSystem(isDiscreet: true),
        log: ServerLog
    ) throws {
        prefix = "/\(name)/heartbeat"
        self.queue = queue
        self.published = published
        self.directory = directory
        self.files = files
        self.seconds = seconds
        self.log = log
        kept = NumberedFiles(directory: directory, files: files)
        try kept.create()
    }

    /// See ``NodeService/run()``.
    package func run() async throws {
        while true {
            guard let previous = published.current?.note else {
                try await Task.sleep(for: .milliseconds(Self.waitMilliseconds))
                continue
            }
            let entry = previous.encoded
            do {
                let proof = try await queue.append(entry)
                try await Blocking.run { [self] in
                    let file = directory.appending("next")
                    try files.replace(file, with: entry, mode: 0o400)
                    try kept.adopt(file, as: proof.index)
                }
            } catch is AppendQueue.Refusal {
                log.event("heartbeat-missed")
            }
            try await Task.sleep(for: .seconds(seconds))
        }
    }

    /// See ``Site/answer(_:)``.
    package func answer(_ question: Question) async throws -> Answer? {
        guard question.method == .get, question.path.hasPrefix(prefix) else { return nil }
        let rest = question.path.dropFirst(prefix.count)
        if rest.isEmpty {
            let numbers = try await Blocking.run { try kept.list().numbers }
            let lines = numbers.suffix(Self.listCountMax).map { "\($0)\n" }
            return Answer(caching: .brief, body: Array(lines.joined().utf8))
        }
        guard rest.first == "/", let index = UInt64(rest.dropFirst()),
            rest.dropFirst() == String(index)[...],
            let bytes = try await Blocking.run({ try kept.contentsIfPresent(of: index) })
        else { return nil }
        return Answer(caching: .immutable, body: bytes)
    }
}
