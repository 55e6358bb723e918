// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
package import Statements

/// Chooses which of the waiting statements a day's batch takes.
///
/// Spec: `docs/spec/registry.md`, section 3.2.
package struct RegistryBatch {
    /// The entries to append, the word that a day has come among them if it was given.
    package private(set) var entries: [[UInt8]] = []
    /// The state after them.
    package private(set) var state: RegistryState
    /// Places in `pending` of the statements that are taken.
    package private(set) var accepted: [Int] = []
    /// Places of those that are not, and why.
    package private(set) var refused: [(place: Int, reason: Refusal)] = []

    /// Plans a batch.
    ///
    /// Statements are tried in the order of their digests, so that the order in which they came in
    /// does not show; those that only others make possible are tried again.
    ///
    /// - Parameters:
    ///   - state: The state so far.
    ///   - opening: The operator's word that a day has come, if it is needed.
    ///   - pending: Statements that wait.
    ///   - seals: Ring signatures.
    /// - Complexity: O(n) when they do not depend on each other, O(n²) at worst.
    package init(
        state: RegistryState,
        opening: Envelope?,
        pending: [Envelope],
        seals: SealSource? = nil
    ) {
        self.state = state
        if let opening { append(try? RegistryEntry(index: 0, envelope: opening), opening) }
        var read = pending.mapOnAllCores(partCountMin: 16) { part in
            part.map { envelope in
                // What is no statement of the registry is refused like any other.
                (digest: envelope.digest, entry: try? RegistryEntry(index: 0, envelope: envelope))
            }
        }
        for place in read.indices { read[place].entry?.attach(seals) }
        var waiting = read.indices.sorted {
            read[$0].digest.lexicographicallyPrecedes(read[$1].digest)
        }
        var hasProgress = true
        while hasProgress {
            hasProgress = false
            refused = []
            for place in waiting {
                if let reason = append(read[place].entry, pending[place]) {
                    refused.append((place, reason))
                } else {
                    accepted.append(place)
                    hasProgress = true
                }
            }
            waiting = refused.map(\.place)
        }
    }

    @discardableResult
    private mutating func append(_ entry: RegistryEntry?, _ envelope: Envelope) -> Refusal? {
        guard let entry else { return .unreadable }
        if let reason = state.take(entry.moved(to: state.entryCount)) { return reason }
        entries.append(envelope.bytes)
        return nil
    }
}
