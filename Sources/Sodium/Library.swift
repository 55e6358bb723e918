// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// The one-time start of libsodium.
enum Library {
    /// `true` once `sodium_init` has succeeded; it picks the fastest implementations and opens
    /// the random device, and is safe to call from any thread.
    private static let started: Bool = sodium_init() >= 0

    /// Makes sure libsodium is ready.
    ///
    /// Every entry point that allocates guarded memory or draws
    /// randomness calls this first.
    static func start() {
        precondition(started, "libsodium cannot start: the system has no source of randomness")
    }
}
