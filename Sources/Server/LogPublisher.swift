// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Storage
internal import Synchronization
package import TransparencyLog

/// Watches a log, has its checkpoints cosigned, and publishes those that satisfy the policy.
///
/// Spec: `docs/spec/node.md`, section 2.
package final class LogPublisher: NodeService {
    /// How the publishing stands.
    package enum State: Equatable, Sendable {
        /// The log has nothing newer than what is published.
        case current
        /// A newer checkpoint waits for witnesses; so many cosigned.
        case waiting(cosigners: Int)
        /// The log does not go on from what was published; nothing more is published.
        case contradicted
        /// The log cannot be read.
        case unreadable
    }

    /// A checkpoint with its cosignatures, and the log as of then.
    package struct Publication: Sendable {
        package let note: SignedNote
        package let reader: TiledLogReader
    }

    /// Milliseconds between two looks at the log.
    private static let pollMilliseconds = 250
    /// Seconds until witnesses are asked again, at first and at most.
    private static let retrySeconds: (first: Int64, max: Int64) = (1, 30)

    private let name: String
    private let read: @Sendable () throws -> TiledLogReader
    private let published: PublishedCheckpoint
    private let circle: WitnessCircle
    private let log: ServerLog
    private let shared = Mutex(State.current)
    private let hasPublished = Atomic(false)
    private let pokes: AsyncStream<Void>
    private let poked: AsyncStream<Void>.Continuation
    private let publishes: AsyncStream<Publication>.Continuation
    /// What is published from now on; one reader takes them.
    package let publications: AsyncStream<Publication>

    /// A publisher.
    ///
    /// - Parameters:
    ///   - name: Of the log within this server, for events.
    ///   - read: Reads the log as it is now.
    ///   - published: What was published so far.
    ///   - circle: The witnesses.
    ///   - log: Where events go.
    package init(
        name: String,
        read: @escaping @Sendable () throws -> TiledLogReader,
        published: PublishedCheckpoint,
        circle: WitnessCircle,
        log: ServerLog
    ) {
        self.name = name
        self.read = read
        self.published = published
        self.circle = circle
        self.log = log
        (pokes, poked) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (publications, publishes) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How the publishing stands.
    package var state: State { shared.withLock { $0 } }

    /// Looks at the log now, instead of at the next time.
    package func poke() { poked.yield() }

    /// See ``NodeService/run()``.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    self.poke()
                    try await Task.sleep(for: .milliseconds(Self.pollMilliseconds))
                }
            }
            group.addTask { try await self.watch() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func watch() async throws {
        var retrySeconds = Self.retrySeconds.first
        var notBefore = ContinuousClock.now
        for await _ in pokes where ContinuousClock.now >= notBefore {
            try await publish()
            if case .waiting = state {
                notBefore = .now + .seconds(retrySeconds)
                retrySeconds = min(2 * retrySeconds, Self.retrySeconds.max)
            } else {
                retrySeconds = Self.retrySeconds.first
            }
        }
        throw CancellationError()
    }

    /// Looks at the log once, and publishes what is new.
    private func publish() async throws {
        do {
            let reader = try await Blocking.run(read)
            if let current = published.current, current.note.text == reader.note.text {
                // What an earlier run published is news to those who wait in this one.
                if !hasPublished.exchange(true, ordering: .relaxed) {
                    publishes.yield(Publication(note: current.note, reader: reader))
                }
                return change(to: .current)
            }
            try await Blocking.run { [published] in try published.check(reader) }
            let round = await circle.cosign(reader)
            guard round.isQuorum else {
                let silent = round.silent.mapValues { JSONValue.string($0.rawValue) }
                return change(
                    to: .waiting(cosigners: round.cosigners.count),
                    ["silent": .object(silent)]
                )
            }
            try await Blocking.run { [published] in
                try published.publish(round.note, of: reader)
            }
            publishes.yield(Publication(note: round.note, reader: reader))
            hasPublished.store(true, ordering: .relaxed)
            change(to: .current)
        } catch is PublishedCheckpoint.Refusal {
            change(to: .contradicted)
        } catch is CancellationError {
            throw CancellationError()
        } catch TiledLogError.superseded {
            throw TiledLogError.superseded
        } catch {
            change(to: .unreadable)
        }
    }

    /// Says what changed, once.
    private func change(to state: State, _ fields: [String: JSONValue] = [:]) {
        let old = shared.withLock { shared in
            defer { shared = state }
            return shared
        }
        guard old != state else { return }
        var fields = fields
        fields["log"] = .string(name)
        switch state {
        case .current: log.event("published", fields)
        case .waiting(let count):
            fields["cosigners"] = .integer(Int64(count))
            log.event("quorum-lost", fields)
        case .contradicted: log.event("log-contradicts-published", fields)
        case .unreadable: log.event("log-unreadable", fields)
        }
    }
}
