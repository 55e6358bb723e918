// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import NIOPosix

/// Runs work that waits for a disk or a store, away from the threads that serve.
enum Blocking {
    /// More than there are cores: most wait, for a disk or for a store elsewhere.
    private static let threadCount = 16

    private static let pool = {
        let pool = NIOThreadPool(numberOfThreads: threadCount)
        pool.start()
        return pool
    }()

    /// Runs `body` on a pool of threads.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await pool.runIfActive(body)
    }
}
