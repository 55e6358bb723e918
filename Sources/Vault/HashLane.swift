// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Dispatch
internal import Synchronization

/// SHA-256 of one file after the other, on a thread of its own.
///
/// Hashing is the slowest step that cannot be split, so it has a processor to itself while reading,
/// sealing and writing share the rest. A bounded number of pieces wait; whoever brings more waits
/// with them.
final class HashLane: Sendable {
    /// Pieces that may wait.
    ///
    /// With pieces of 512 KiB this is all the memory the lane takes: 4 MiB.
    static let waitingCountMax = 8

    private struct State: ~Copyable {
        var hasher: SHA256?
        var digests: [Int: [UInt8]] = [:]
    }

    private let queue = DispatchQueue(label: "resguardo.hash", qos: .userInitiated)
    private let places = DispatchSemaphore(value: waitingCountMax)
    private let state = Mutex(State())

    /// Adds bytes to the current file, and returns before they are hashed.
    func update(_ bytes: [UInt8]) {
        places.wait()
        queue.async { [self] in
            state.withLock { state in
                if state.hasher == nil { state.hasher = SHA256() }
                state.hasher?.update(bytes)
            }
            places.signal()
        }
    }

    /// Ends the current file; its digest is kept under `index`.
    func finishFile(_ index: Int) {
        queue.async { [self] in
            state.withLock { state in
                let hasher = state.hasher.take() ?? SHA256()
                state.digests[index] = hasher.finish()
            }
        }
    }

    /// Waits for everything that was added, and returns the digests by index.
    func digests() -> [Int: [UInt8]] {
        queue.sync {
            state.withLock { $0.digests }
        }
    }
}
