// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

extension Outage {
    /// The gaps between sightings of any of a switch's logs.
    ///
    /// Spec: `docs/spec/switch.md`, section 4.4.
    ///
    /// - Parameters:
    ///   - sightings: Of all logs, in any order.
    ///   - secondsMin: Shorter gaps are none.
    /// - Returns: The gaps that are longer than `secondsMin`, ascending.
    /// - Complexity: O(n log n).
    static func among(
        _ sightings: some Sequence<Sighting>,
        longerThan secondsMin: Int64
    )
        -> [Outage]
    {
        guard let clock = SightingClock(for: sightings) else { return [] }
        let seen = sightings.map { (at: clock.seconds(to: $0), time: $0.time) }
            .sorted { ($0.at, $0.time) < ($1.at, $1.time) }
        // The witnessed times of what comes after are behind those of what came before, perhaps.
        var next = seen.map(\.time)
        for index in next.indices.dropLast().reversed() {
            next[index] = min(next[index], next[index + 1])
        }
        var outages: [Outage] = []
        var last = Int64.min
        for index in seen.indices.dropLast() {
            last = max(last, seen[index].time)
            let (seconds, isTooLong) = seen[index + 1].at.subtractingReportingOverflow(
                seen[index].at
            )
            guard seconds > secondsMin || isTooLong else { continue }
            outages.append(
                Outage(
                    since: last,
                    until: max(last, next[index + 1]),
                    seconds: isTooLong ? .max : seconds
                )
            )
        }
        return outages
    }
}
