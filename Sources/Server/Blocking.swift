// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import NIOPosix

/// Runs work that waits for a disk, away from the threads that serve.
enum Blocking {
    /// Runs `body` on a pool of threads.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(body)
    }
}
