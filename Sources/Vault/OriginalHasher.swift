// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Synchronization

/// Hashes the originals in an archive as it passes by, on another core than the one that reads.
///
/// Two sides use it at the same time. The reader says beforehand what comes, and asks for the
/// digests in the end; the observer takes the archive's bytes apart, and hashes.
final class OriginalHasher {
    /// What stands next to each other in the archive.
    enum Run {
        /// Bytes between originals.
        case other(count: Int)
        /// Bytes of an original.
        case content(count: Int)
        case endOfOriginal
    }

    /// What lies between the two sides.
    private struct Exchange {
        /// What comes after what the observer knows of.
        var runs: [Run] = []
        var expectedCount = 0
        var digests: [[UInt8]] = []
    }

    private let exchange = Mutex(Exchange())

    /// The observer's: what it took from ``exchange``, and how much of it has passed.
    private var runs: [Run] = []
    private var passedRunCount = 0
    /// Bytes of the present run that have passed.
    private var passedCount = 0
    private var hasher = SHA256()

    // MARK: The reader's side

    /// Says what comes next.
    func expect(_ run: Run) {
        exchange.withLock { exchange in
            exchange.runs.append(run)
            if case .endOfOriginal = run { exchange.expectedCount += 1 }
        }
    }

    /// SHA-256 of each original, in order; nil as long as one of them has not passed.
    var digests: [[UInt8]]? {
        exchange.withLock { exchange in
            exchange.digests.count == exchange.expectedCount ? exchange.digests : nil
        }
    }

    // MARK: The observer's side

    /// Takes the next bytes of the archive.
    func observe(_ bytes: Span<UInt8>) {
        var rest = bytes.extracting(...)
        while let run = nextRun() {
            switch run {
            case .other(let count):
                guard pass(&rest, of: count) else { return }
            case .content(let count):
                hasher.update(rest.extracting(first: count - passedCount))
                guard pass(&rest, of: count) else { return }
            case .endOfOriginal:
                var done = SHA256()
                swap(&done, &hasher)
                let digest = done.finish()
                exchange.withLock { $0.digests.append(digest) }
                passedRunCount += 1
            }
        }
    }

    /// Goes on by what there is of a run, and tells whether that was all of the run.
    private func pass(_ rest: inout Span<UInt8>, of count: Int) -> Bool {
        let partCount = min(rest.count, count - passedCount)
        rest = rest.extracting(partCount...)
        passedCount += partCount
        guard passedCount == count else { return false }
        passedCount = 0
        passedRunCount += 1
        return true
    }

    private func nextRun() -> Run? {
        if passedRunCount == runs.count {
            passedRunCount = 0
            runs.removeAll(keepingCapacity: true)
            exchange.withLock { swap(&$0.runs, &runs) }
        }
        return passedRunCount < runs.count ? runs[passedRunCount] : nil
    }
}
