// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The calendar of the demonstration.
///
/// Clocks are moved with `--as-of`, which only `--demo` allows.
enum DemoDay {
    /// Ana deposits, and asks her trustees.
    static let deposit = "2026-10-05T18:00:00Z"
    /// All have agreed, and her switch is armed.
    static let armed = "2026-10-05T20:00:00Z"
    /// She checks in a last time.
    static let lastCheckIn = "2026-10-08T09:00:00Z"
    /// Interval and grace have passed.
    static let silence = "2026-10-19T09:00:00Z"
    /// The veto window has passed too.
    static let release = "2026-10-23T09:00:00Z"
    /// An hour and a bit after the trustees announced their shares.
    static let shares = "2026-10-23T10:30:00Z"

    /// The registry's log begins.
    static let charter = "2026-10-05"
    /// The source shows her account, and the first vouches come.
    static let vouches = "2026-10-07"
    /// The third vouch, of another constituency.
    static let thirdVouch = "2026-10-21"
    /// Three days later nobody has objected.
    static let attested = "2026-10-24"
    /// The platform fetches its snapshot.
    static let snapshot = "2026-10-25"
    /// The last post of the feed.
    static let feed = "2026-10-25T18:00:00Z"
}
