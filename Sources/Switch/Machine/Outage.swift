// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A time in which no log of a switch worked: a gap between heartbeats in all of them at once.
///
/// Spec: `docs/spec/switch.md`, section 4.4.
package struct Outage: Equatable, Sendable {
    /// The last heartbeat before it.
    package let since: Int64
    /// The first heartbeat after it.
    package let until: Int64

    /// Makes a gap out of its ends.
    package init(since: Int64, until: Int64) {
        precondition(since <= until, "an outage ends after it began")
        self.since = since
        self.until = until
    }

    /// The gaps that several logs have in common.
    ///
    /// - Parameters:
    ///   - logs: The times of the heartbeats of each log, ascending.
    ///   - secondsMin: Shorter gaps are none.
    /// - Returns: The gaps between neighbours in the union of all times that are longer than
    ///   `secondsMin`, ascending.
    package static func common(_ logs: [[Int64]], longerThan secondsMin: Int64) -> [Outage] {
        let times = logs.joined().sorted()
        return zip(times, times.dropFirst()).filter { $1 - $0 > secondsMin }
            .map { Outage(since: $0, until: $1) }
    }
}

/// The outages of a switch, and what they add to its deadlines.
struct Downtime: Equatable, Sendable {
    /// Ascending, none overlapping another.
    private(set) var outages: [Outage] = []

    /// Whether nothing was ever down.
    var isEmpty: Bool { outages.isEmpty }

    /// Adds an outage that is later than all others.
    mutating func append(_ outage: Outage) {
        precondition(outages.last.map { $0.until <= outage.since } ?? true, "outages ascend")
        outages.append(outage)
    }

    /// How long something was down between two moments.
    func seconds(from start: Int64, to end: Int64) -> Int64 {
        outages.reduce(0) { sum, outage in
            sum + max(min(outage.until, end) - max(outage.since, start), 0)
        }
    }

    /// When a length of time has passed that outages do not use up.
    ///
    /// - Parameters:
    ///   - seconds: The length.
    ///   - start: From when on.
    ///   - creditMax: No more than this is added.
    /// - Returns: The moment.
    func deadline(_ seconds: Int64, after start: Int64, creditMax: Int64) -> Int64 {
        var end = start + seconds
        var left = creditMax
        for outage in outages where outage.until > start {
            guard outage.since < end, left > 0 else { break }
            let credit = min(outage.until - max(outage.since, start), left)
            end += credit
            left -= credit
        }
        return end
    }
}
