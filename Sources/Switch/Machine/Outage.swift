// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A time in which no log of a switch worked.
///
/// Its ends are witnessed times, each of another witness's clock perhaps; its length is measured
/// by each clock on its own, and can be longer than its ends are apart.
///
/// Spec: `docs/spec/switch.md`, section 4.4.
package struct Outage: Equatable, Sendable {
    /// The last witnessed time before it.
    package let since: Int64
    /// The first witnessed time after it.
    package let until: Int64
    /// How long it was.
    package let seconds: Int64

    /// Makes an outage out of its ends.
    ///
    /// - Parameters:
    ///   - since: The last witnessed time before it.
    ///   - until: The first one after it.
    ///   - seconds: How long it was as far as is known: no shorter than its ends are apart.
    package init(since: Int64, until: Int64, seconds: Int64 = 0) {
        precondition(since <= until, "an outage ends after it began")
        self.since = since
        self.until = until
        self.seconds = max(seconds, until - since)
    }

    /// How much of it lies between two moments.
    ///
    /// Whoever started to wait when it was long under way has waited that much less. What began
    /// later counts whole: its ends can look closer than they were.
    func seconds(from start: Int64, to end: Int64) -> Int64 {
        guard since < end, since >= start || until > start else { return 0 }
        if end < until { return end - max(since, start) }
        return since >= start ? seconds : min(seconds, until - start)
    }

    /// What of it was over by a moment, or had gone by.
    ///
    /// - Returns: `nil` if it had not begun.
    func asOf(_ now: Int64) -> Outage? {
        guard since < now else { return nil }
        return until <= now ? self : Outage(since: since, until: now)
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
        outages.reduce(0) { $0 + $1.seconds(from: start, to: end) }
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
        for outage in outages {
            guard outage.since < end, left > 0 else { break }
            let credit = min(outage.seconds(from: start, to: .max), left)
            end += credit
            left -= credit
        }
        return end
    }
}
