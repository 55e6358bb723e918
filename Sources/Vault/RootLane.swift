// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Sodium
internal import Synchronization

/// The ``CiphertextRoot`` of bytes that pass by, its pieces hashed on other threads.
///
/// Bytes come one call at a time. A bounded number of pieces wait; whoever brings more waits with
/// them.
final class RootLane: Sendable {
    /// Pieces in work or waiting: 4 MiB of memory.
    private static let waitingCountMax = 4

    private struct State {
        var piece: [UInt8] = []
        var pieceCount = 0
        /// Hashes of the pieces by their number, 32 bytes each; those in work are zeros.
        var leaves: [UInt8] = []
    }

    private let queue = DispatchQueue(
        label: "resguardo.root",
        qos: .userInitiated,
        attributes: .concurrent
    )
    private let places = DispatchSemaphore(value: waitingCountMax)
    private let group = DispatchGroup()
    private let state = Mutex(State())

    /// Adds bytes, and returns before they are hashed.
    func update(_ bytes: Span<UInt8>) {
        var offset = 0
        while offset < bytes.count {
            let rest = bytes.extracting(offset..<bytes.count)
            let (count, isFull) = state.withLock { state in
                if state.piece.isEmpty { state.piece.reserveCapacity(CiphertextRoot.pieceCount) }
                let count = min(rest.count, CiphertextRoot.pieceCount - state.piece.count)
                unsafe rest.extracting(first: count).withUnsafeBufferPointer { buffer in
                    unsafe state.piece.append(contentsOf: buffer)
                }
                return (count, state.piece.count == CiphertextRoot.pieceCount)
            }
            offset += count
            if isFull { closePiece() }
        }
    }

    /// Waits for everything that was added.
    ///
    /// - Returns: 32 bytes.
    func finish() -> [UInt8] {
        closePiece()
        group.wait()
        var root = CiphertextRoot()
        state.withLock { state in
            for start in stride(from: 0, to: state.leaves.count, by: BLAKE2b256.digestCount) {
                root.append(leaf: Array(state.leaves[start..<(start + BLAKE2b256.digestCount)]))
            }
        }
        return root.finish()
    }

    private func closePiece() {
        let (piece, number) = state.withLock { state in
            let piece = state.piece
            state.piece = []
            guard !piece.isEmpty else { return (piece, 0) }
            state.leaves += [UInt8](repeating: 0, count: BLAKE2b256.digestCount)
            state.pieceCount += 1
            return (piece, state.pieceCount - 1)
        }
        guard !piece.isEmpty else { return }
        places.wait()
        queue.async(group: group) { [self] in
            let leaf = CiphertextRoot.leaf(piece)
            let start = number * BLAKE2b256.digestCount
            state.withLock { state in
                state.leaves.replaceSubrange(start..<(start + leaf.count), with: leaf)
            }
            places.signal()
        }
    }
}
