// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How far a transfer came, and how often it failed without coming further.
final class Way: Sendable {
    private struct State {
        var reached: Int64 = 0
        var reachedAtFailure: Int64 = -1
        var failureCount: UInt32 = 0
    }

    /// How often a line that brings nothing is tried.
    private static let failureCountMax: UInt32 = 12
    private static let pauseSecondsMax: UInt32 = 8

    private let bar: ProgressBar
    private let state = Mutex(State())

    init(_ bar: ProgressBar) {
        self.bar = bar
    }

    /// Notes how far it came; what was sent and lost does not count twice.
    func reach(_ count: Int64) {
        let step = state.withLock { state in
            defer { state.reached = max(state.reached, count) }
            return count - state.reached
        }
        if step > 0 { bar.advance(by: step) }
    }

    /// Notes a failure.
    ///
    /// - Returns: Seconds to wait before the next try; nil to give up.
    func fail() -> UInt32? {
        state.withLock { state in
            if state.reached > state.reachedAtFailure { state.failureCount = 0 }
            state.reachedAtFailure = state.reached
            state.failureCount += 1
            guard state.failureCount < Self.failureCountMax else { return nil }
            return min(state.failureCount, Self.pauseSecondsMax)
        }
    }
}
