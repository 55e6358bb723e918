// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The first reason why a log could not be fetched: the layers between know only that it failed.
final class FetchFailure: Sendable {
    private let first = Mutex<Failure?>(nil)

    /// Keeps an error, if it is the first.
    func set(_ error: any Error) {
        guard let failure = error as? Failure else { return }
        first.withLock { $0 = $0 ?? failure }
    }

    /// The first error, if there was one.
    func take() -> Failure? { first.withLock { $0 } }
}
