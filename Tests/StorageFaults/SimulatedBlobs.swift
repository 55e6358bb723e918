// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Storage
import Synchronization

/// A store of objects in memory, as a service that several processes reach.
///
/// Requests are done one at a time, in the order in which they come, as S3 promises for one key.
package final class SimulatedBlobs: Sendable {
    private struct State {
        var objects: [String: (blob: Blob, isKept: Bool)] = [:]
        var tagCount = 0
        var rewritten: [String] = []
    }

    private let state = Mutex(State())

    /// An empty store.
    package init() {}

    /// Keys of objects that were to be kept and were written again.
    package var rewritten: [String] { state.withLock { $0.rewritten } }
    /// All objects.
    package var objects: [String: [UInt8]] {
        state.withLock { $0.objects.mapValues(\.blob.bytes) }
    }

    fileprivate func get(_ key: String, _ range: Range<UInt64>?) -> Blob? {
        guard let blob = state.withLock({ $0.objects[key]?.blob }) else { return nil }
        guard let range else { return blob }
        let part = blob.bytes.dropFirst(Int(range.lowerBound)).prefix(range.count)
        return Blob(bytes: Array(part), tag: blob.tag)
    }

    fileprivate func put(
        _ key: String,
        _ bytes: [UInt8],
        _ condition: BlobCondition,
        _ isKept: Bool
    ) -> BlobTag? {
        state.withLock { state in
            let old = state.objects[key]
            switch condition {
            case .absent: guard old == nil else { return nil }
            case .matching(let tag): guard old?.blob.tag == tag else { return nil }
            }
            if old?.isKept == true { state.rewritten.append(key) }
            state.tagCount += 1
            let tag = BlobTag("\"\(state.tagCount)\"")
            state.objects[key] = (Blob(bytes: bytes, tag: tag), isKept)
            return tag
        }
    }
}

/// One process's way to a simulated store, on which one request goes wrong.
package final class SimulatedBlobClient: BlobStore {
    private struct State {
        var count = 0
        var isDead = false
        var read: [String] = []
    }

    private let store: SimulatedBlobs
    private let index: Int?
    private let fault: Fault
    private let turn: @Sendable (() -> Void) -> Void
    private let state = Mutex(State())

    /// A way to a store.
    ///
    /// - Parameters:
    ///   - store: The service.
    ///   - index: The request that goes wrong; nil counts only.
    ///   - fault: What goes wrong.
    ///   - turn: Does each request when it is this process's turn.
    package init(
        _ store: SimulatedBlobs,
        index: Int? = nil,
        fault: Fault = .failed,
        turn: @escaping @Sendable (() -> Void) -> Void = { $0() }
    ) {
        self.store = store
        self.index = index
        self.fault = fault
        self.turn = turn
    }

    /// Requests so far.
    package var requestCount: Int { state.withLock { $0.count } }

    /// Keys that were read.
    package var readKeys: [String] { state.withLock { $0.read } }

    package func get(_ key: String, _ range: Range<UInt64>?, countMax: Int) throws -> Blob? {
        state.withLock { $0.read.append(key) }
        let blob = try request { store.get(key, range) }
        guard blob?.bytes.count ?? 0 <= countMax else { throw BlobFailure.damaged(key: key) }
        return blob
    }

    package func put(
        _ key: String,
        _ bytes: [UInt8],
        if condition: BlobCondition,
        isKept: Bool
    ) throws -> BlobTag? {
        try request { store.put(key, bytes, condition, isKept) }
    }

    package func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        for index in 0..<count { body(index) }
    }

    private func request<Value>(_ body: () -> Value) throws -> Value {
        let (current, isDead) = state.withLock { state in
            defer { state.count += 1 }
            return (state.count, state.isDead)
        }
        guard !isDead else { throw BlobFailure.unreachable }
        let isFaulty = current == index
        if isFaulty, fault == .crashed || fault == .crashedAfter {
            state.withLock { $0.isDead = true }
        }
        var value: Value?
        turn {
            if !isFaulty || fault == .failedButPersisted || fault == .crashedAfter {
                value = body()
            }
        }
        guard let value, !isFaulty else {
            throw fault == .lost ? BlobFailure.refused("no") : BlobFailure.unreachable
        }
        return value
    }
}
