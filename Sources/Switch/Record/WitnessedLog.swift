// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// A log with the time at which witnesses first vouched for each entry.
///
/// Between its statements a log carries *heartbeats*: entries that are the log's previous cosigned
/// checkpoint, byte for byte. They are how a reader who comes later knows when each entry was
/// there.
///
/// Spec: `docs/spec/switch.md`, section 4.1.
package struct WitnessedLog: Sendable {
    /// An entry that is no heartbeat.
    package struct Entry: Equatable, Sendable {
        /// Its place in the log.
        package let leaf: UInt64
        /// Earliest witnessed inclusion, in seconds since 1970.
        package let time: Int64
        /// Its bytes.
        package let bytes: [UInt8]
    }

    /// All statements, in order.
    package let entries: [Entry]
    /// The time of the newest checkpoint.
    package let time: Int64
    /// Leaves under the newest checkpoint.
    package let size: UInt64

    /// Checks a log against its newest checkpoint and every heartbeat in it.
    ///
    /// - Parameters:
    ///   - leaves: All entries, from the first.
    ///   - newest: The newest cosigned checkpoint. Leaves beyond it are left out.
    ///   - policy: Whose signatures count.
    /// - Throws: `TransparencyLogError` for the newest checkpoint;
    ///   ``SwitchError/logContradictsItself`` when a signed root is not that of the leaves, or a
    ///   time runs backwards.
    /// - Complexity: O(n log n) hashes.
    package init(leaves: [[UInt8]], newest: SignedNote, policy: LogPolicy) throws {
        let checkpoint = try policy.verify(newest).checkpoint
        guard let size = Int(exactly: checkpoint.size), size <= leaves.count else {
            throw SwitchError.logContradictsItself(leaf: checkpoint.size)
        }
        time = try policy.witnessedTime(of: newest)
        self.size = checkpoint.size
        var reader = Reader(policy: policy)
        for (index, leaf) in leaves.prefix(size).enumerated() {
            try reader.read(leaf, at: UInt64(index))
        }
        try reader.cover(checkpoint, time: time, at: checkpoint.size)
        entries = reader.entries
    }

    /// Whether a leaf is a cosigned checkpoint of a log of the policy.
    package static func isHeartbeat(_ leaf: [UInt8], policy: LogPolicy) -> Bool {
        heartbeat(leaf, policy) != nil
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
            let time = try? policy.witnessedTime(of: note)
        else { return nil }
        return (verified.checkpoint, time)
    }

    /// Walks the leaves: keeps all roots, and gives times to entries as checkpoints cover them.
    private struct Reader {
        let policy: LogPolicy
        var entries: [Entry] = []
        private var tree = CompactTree()
        private var roots: [LogHash]
        private var waiting: [(leaf: UInt64, bytes: [UInt8])] = []
        private var lastTime: Int64 = .min

        init(policy: LogPolicy) {
            self.policy = policy
            roots = [tree.root]
        }

        mutating func read(_ leaf: [UInt8], at index: UInt64) throws(SwitchError) {
            if let (checkpoint, time) = WitnessedLog.heartbeat(leaf, policy) {
                try cover(checkpoint, time: time, at: index)
            } else {
                waiting.append((index, leaf))
            }
            tree.append(.leaf(leaf))
            roots.append(tree.root)
        }

        mutating func cover(
            _ checkpoint: Checkpoint,
            time: Int64,
            at index: UInt64
        ) throws(SwitchError) {
            guard checkpoint.size <= tree.size, time >= lastTime,
                roots[Int(checkpoint.size)] == checkpoint.root
            else { throw .logContradictsItself(leaf: index) }
            lastTime = time
            while let first = waiting.first, first.leaf < checkpoint.size {
                entries.append(Entry(leaf: first.leaf, time: time, bytes: first.bytes))
                waiting.removeFirst()
            }
        }
    }
}
