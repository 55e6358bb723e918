// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage
internal import Switch
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
    /// Of those that are kept, these can be asked for: longer than any cycle with all its delays.
    private static let keptCountMax = 4000

    private let prefix: String
    private let queue: AppendQueue
    private let published: PublishedCheckpoint
    private let kept: any HeartbeatKeeper
    private let seconds: Int64
    private let log: ServerLog

    /// The heartbeat of a log.
    ///
    /// - Parameters:
    ///   - name: Of the log within the node.
    ///   - queue: Before the log.
    ///   - published: What is shown of it.
    ///   - kept: Keeps the leaves, because a log may keep hashes only.
    ///   - seconds: Between two.
    ///   - log: Where events go.
    package init(
        name: String,
        queue: AppendQueue,
        published: PublishedCheckpoint,
        kept: any HeartbeatKeeper,
        seconds: Int64 = seconds,
        log: ServerLog
    ) {
        prefix = "/\(name)/heartbeat"
        self.queue = queue
        self.published = published
        self.kept = kept
        self.seconds = seconds
        self.log = log
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
                    try kept.keep(entry, as: proof.index)
                }
            } catch let error where error is AppendQueue.Refusal || error is BlobFailure {
                log.event("heartbeat-missed")
            }
            try await Task.sleep(for: .seconds(seconds))
        }
    }

    /// See ``Site/answer(_:)``.
    package func answer(_ question: Question) async throws -> Answer? {
        guard question.method == .get, question.path.hasPrefix(prefix) else { return nil }
        let rest = question.path.dropFirst(prefix.count)
        if rest.hasPrefix("s/"), let index = UInt64(rest.dropFirst(2)),
            rest.dropFirst(2) == String(index)[...]
        {
            let bytes = try await Blocking.run { [self] in try page(from: index) }
            return Answer(mediaType: "application/octet-stream", caching: .brief, body: bytes)
        }
        if rest.isEmpty {
            let numbers = try await Blocking.run { try kept.numbers(Self.listCountMax) }
            let lines = numbers.map { "\($0)\n" }
            return Answer(caching: .brief, body: Array(lines.joined().utf8))
        }
        guard rest.first == "/", let index = UInt64(rest.dropFirst()),
            rest.dropFirst() == String(index)[...],
            let bytes = try await Blocking.run({ try kept.entry(index) })
        else { return nil }
        return Answer(caching: .immutable, body: bytes)
    }

    /// The first heartbeats from an index of the log on, each with its index before it.
    private func page(from index: UInt64) throws -> [UInt8] {
        let numbers = try kept.numbers(Self.keptCountMax).filter { $0 >= index }
            .prefix(Self.listCountMax)
        return TextPage.join(
            try numbers.flatMap { number -> [[UInt8]] in
                guard let entry = try kept.entry(number) else { return [] }
                return [Array(String(number).utf8), entry]
            }
        )
    }
}
