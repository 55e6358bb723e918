// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
package import TransparencyLog

/// What the logs of a switch hold, with the time at which witnesses first vouched for each entry.
///
/// It is read from one log whole, or from the texts that several logs gave. Between its statements
/// a log carries *heartbeats*: entries that are the log's previous cosigned checkpoint, byte for
/// byte. They are how a reader who comes later knows when each entry was there.
///
/// Spec: `docs/spec/switch.md`, sections 4.1 and 4.6.
package struct WitnessedLog: Sendable {
    /// An entry that is no heartbeat.
    package struct Entry: Equatable, Sendable {
        /// Its place in the log; in the union of several, its place in their common order.
        package let leaf: UInt64
        /// Earliest witnessed inclusion, in seconds since 1970.
        package let time: Int64
        /// Its bytes.
        package let bytes: [UInt8]
    }

    /// How far ahead a clock has to have been for its times to be set aside: 45 days, longer than
    /// any switch is silent before its trustees speak.
    package static let leapSeconds: Int64 = 45 * 24 * 3600

    /// All statements, in order.
    package let entries: [Entry]
    /// Logs and witnesses by whose keys it was read.
    package let policy: LogPolicy
    /// The time of the newest checkpoint.
    package let time: Int64
    /// The largest time such that a majority of all named witnesses signed a checkpoint at or after
    /// it; `nil` when fewer did.
    package let now: Int64?
    /// Of each log the times, ascending, at which witnesses saw it: that of every heartbeat and
    /// every other checkpoint.
    package let presence: [[Int64]]
    /// When no log of the switch worked, ascending.
    ///
    /// None in a directory, which nobody keeps writing to: silence there says nothing.
    package let outages: [Outage]
    private let spans: [Span]

    /// Checks a log against its newest checkpoint and every heartbeat in it.
    ///
    /// - Parameters:
    ///   - leaves: All entries, from the first.
    ///   - newest: The newest cosigned checkpoint. Leaves beyond it are left out.
    ///   - policy: Whose signatures count.
    /// - Throws: `TransparencyLogError` for the newest checkpoint;
    ///   ``SwitchError/logContradictsItself`` when a signed root is not that of the leaves, or the
    ///   newest checkpoint is older than one before it.
    /// - Complexity: O(n log n) hashes.
    package init(leaves: [[UInt8]], newest: SignedNote, policy: LogPolicy) throws {
        let verified = try policy.verify(newest)
        let checkpoint = verified.checkpoint
        guard let size = Int(exactly: checkpoint.size), size <= leaves.count else {
            throw SwitchError.logContradictsItself(leaf: checkpoint.size)
        }
        time = try Sighting(of: verified, by: policy).time
        now = policy.witnessedNow(by: [newest])
        var reader = Reader(policy: policy)
        for (index, leaf) in leaves.prefix(size).enumerated() {
            try reader.read(leaf, at: UInt64(index))
        }
        guard try reader.cover(checkpoint, time: time, at: checkpoint.size) else {
            throw SwitchError.logContradictsItself(leaf: checkpoint.size)
        }
        entries = reader.entries
        spans = reader.spans
        presence = [reader.spans.map(\.time)]
        outages = []
        self.policy = policy
    }

    /// Takes the union of several logs.
    ///
    /// Each statement has the time of the earliest checkpoint by which a log proved to have it, and
    /// stands in the order of these times.
    ///
    /// - Parameters:
    ///   - texts: Statements with their proofs, of any log of the policy, in any order. What does
    ///     not verify is left out.
    ///   - capability: The switch's.
    ///   - checkpoints: Others that logs of the policy showed, the newest of each among them.
    ///   - presence: When earlier runs saw the logs, by their origins.
    ///   - policy: Whose signatures count.
    package init(
        texts: [SwitchText],
        _ capability: SwitchCapability,
        checkpoints: [SignedNote],
        presence: [String: [Sighting]] = [:],
        policy: LogPolicy
    ) {
        var seen = presence.mapValues { Set($0) }
        var first: [[UInt8]: Inclusion] = [:]
        for note in checkpoints {
            guard let sighting = try? Sighting(of: note, by: policy),
                let origin = try? Checkpoint(parsing: note.text).origin
            else { continue }
            seen[origin, default: []].insert(sighting)
        }
        for text in texts {
            guard let origin = text.origin,
                let verified = try? text.verify(capability, policy: policy),
                let sighting = try? Sighting(of: verified, by: policy)
            else { continue }
            seen[origin, default: []].insert(sighting)
            let inclusion = Inclusion(
                time: sighting.time,
                isArming: (try? text.envelope.kind().type) == SwitchArming.type,
                origin: origin,
                leaf: text.proof.index
            )
            let bytes = text.envelope.bytes
            if let known = first[bytes], !(inclusion < known) { continue }
            first[bytes] = inclusion
        }
        entries = first.sorted { $0.value < $1.value }.enumerated().map { place, entry in
            Entry(leaf: UInt64(place), time: entry.value.time, bytes: entry.key)
        }
        self.presence = policy.origins.map { Set((seen[$0] ?? []).map(\.time)).sorted() }
        outages = Outage.among(
            policy.origins.flatMap { seen[$0] ?? [] },
            longerThan: SwitchRules.standard.limits.outageSecondsMin
        )
        time = self.presence.compactMap(\.last).max() ?? 0
        now = policy.witnessedNow(by: checkpoints + texts.map(\.proof.note))
        spans = []
        self.policy = policy
    }

    /// Where a statement stands in a log, in the order in which statements count.
    private struct Inclusion: Comparable {
        let time: Int64
        let isArming: Bool
        let origin: String
        let leaf: UInt64

        static func < (left: Inclusion, right: Inclusion) -> Bool {
            if left.time != right.time { return left.time < right.time }
            // Nothing was said about a switch before it was armed.
            if left.isArming != right.isArming { return left.isArming }
            if left.origin != right.origin {
                return left.origin.utf8.lexicographicallyPrecedes(right.origin.utf8)
            }
            return left.leaf < right.leaf
        }
    }

    /// Whether the witness may sign for `time` although it has signed for a later one: when a clock
    /// that ran far ahead did that, and no other clock.
    package func allowsRewind(to time: Int64) -> Bool { spans.rewound(to: time) != nil }

    /// Leaves under a checkpoint, and its time.
    fileprivate struct Span: Sendable {
        let size: UInt64
        let time: Int64
    }

    /// Whether a leaf is a cosigned checkpoint of a log of the policy.
    package static func isHeartbeat(_ leaf: [UInt8], policy: LogPolicy) -> Bool {
        heartbeatTime(leaf, policy: policy) != nil
    }

    /// The witnessed time of a leaf that is a heartbeat.
    static func heartbeatTime(_ leaf: [UInt8], policy: LogPolicy) -> Int64? {
        heartbeat(leaf, policy)?.time
    }

    /// A leaf that is a checkpoint of a log of the policy, cosigned by a majority, with its time.
    ///
    /// Anything else is somebody's entry, to be read by whom it concerns.
    private static func heartbeat(
        _ leaf: [UInt8],
        _ policy: LogPolicy
    ) -> (checkpoint: Checkpoint, time: Int64)? {
        guard let note = try? SignedNote(parsing: leaf),
            let verified = try? policy.verify(note),
            let sighting = try? Sighting(of: verified, by: policy)
        else { return nil }
        return (verified.checkpoint, sighting.time)
    }

    /// Walks the leaves: keeps all roots, and gives times to entries as checkpoints cover them.
    private struct Reader {
        let policy: LogPolicy
        var entries: [Entry] = []
        /// Checkpoints that gave times, sizes and times ascending.
        var spans: [Span] = []
        private var tree = CompactTree()
        private var roots: [LogHash]
        private var waiting: [(leaf: UInt64, bytes: [UInt8])] = []

        init(policy: LogPolicy) {
            self.policy = policy
            roots = [tree.root]
        }

        mutating func read(_ leaf: [UInt8], at index: UInt64) throws(SwitchError) {
            if let (checkpoint, time) = WitnessedLog.heartbeat(leaf, policy) {
                _ = try cover(checkpoint, time: time, at: index)
            } else {
                waiting.append((index, leaf))
            }
            tree.append(.leaf(leaf))
            roots.append(tree.root)
        }

        /// Gives a time to the entries under a checkpoint that have none.
        ///
        /// - Returns: `false` if it gives none, since its time runs backwards: somebody has put an
        ///   old checkpoint into the log again.
        mutating func cover(
            _ checkpoint: Checkpoint,
            time: Int64,
            at index: UInt64
        ) throws(SwitchError) -> Bool {
            guard checkpoint.size <= tree.size,
                roots[Int(checkpoint.size)] == checkpoint.root
            else { throw .logContradictsItself(leaf: index) }
            if let last = spans.last, time < last.time {
                guard checkpoint.size > last.size, let kept = spans.rewound(to: time) else {
                    return false
                }
                // What that clock dated was there at this time already.
                spans = kept
                entries = entries.map { entry in
                    Entry(leaf: entry.leaf, time: min(entry.time, time), bytes: entry.bytes)
                }
            }
            let size = max(checkpoint.size, spans.last?.size ?? 0)
            spans.append(Span(size: size, time: time))
            while let first = waiting.first, first.leaf < checkpoint.size {
                entries.append(Entry(leaf: first.leaf, time: time, bytes: first.bytes))
                waiting.removeFirst()
            }
            return true
        }
    }
}

extension [WitnessedLog.Span] {
    /// The checkpoints without those from the future, seen from `time`.
    ///
    /// - Returns: `nil` if one that remains is later than `time`, or none remains: then it is
    ///   `time` that is wrong.
    fileprivate func rewound(to time: Int64) -> [WitnessedLog.Span]? {
        let kept = prefix { $0.time - time < WitnessedLog.leapSeconds }
        guard let last = kept.last, last.time <= time else { return nil }
        return Array(kept)
    }
}
