// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FeedKernels

/// When the accounts of one platform were made, as far as that can be true.
struct Creations {
    /// The accounts, earliest first; of equal times the lesser number.
    let accounts: [Int]
    /// When each of them was made.
    let times: [Int64]
    /// How many of them were made within the seconds of a crowd from each of them on, itself
    /// included.
    let crowds: [Int]
    let crowdSeconds: Int64

    /// - Parameters:
    ///   - made: Accounts with their times.
    ///   - crowdSeconds: The width of a crowd.
    init(_ made: [(account: Int, time: Int64)], crowdSeconds: Int64) {
        let sorted = made.sorted { ($0.time, $0.account) < ($1.time, $1.account) }
        accounts = sorted.map(\.account)
        let times = sorted.map(\.time)
        self.times = times
        self.crowdSeconds = crowdSeconds
        var crowds: [Int] = []
        var (first, beyond) = (0, 0)
        for (place, time) in times.enumerated() {
            if times[first] != time { first = place }
            while beyond < times.count, times[beyond] - time < crowdSeconds { beyond += 1 }
            crowds.append(beyond - first)
        }
        self.crowds = crowds
    }

    /// How many were made before a time.
    func count(before time: Int64) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// How many were made in a span of time, both ends included.
    func count(from first: Int64, through last: Int64) -> Int {
        count(before: last + 1) - count(before: first)
    }
}

/// Many accounts made within a short time.
///
/// Spec: `docs/spec/account-signals.md`, section 3.
package struct CreationCrowd: Equatable, Sendable {
    /// The platform.
    package let platform: String
    /// First and last of them, Unix seconds.
    package let times: ClosedRange<Int64>
    /// How many they are.
    package let accountCount: Int
    /// The most telling span: its beginning, the accounts made in it, how many were to be expected
    /// beside the first, and the probability of so many.
    package let peak: Int64
    package let peakCount: Int
    package let expected: Double
    package let probability: Double

    /// Finds them.
    ///
    /// - Parameters:
    ///   - creations: Of one platform.
    ///   - platform: Its name.
    ///   - rate: The share of false ones that is put up with.
    /// - Returns: In order of time.
    /// - Complexity: O(n log n).
    static func all(
        in creations: Creations,
        platform: String,
        rate: Double
    ) -> [CreationCrowd] {
        let times = creations.times
        guard let earliest = times.first, let latest = times.last else { return [] }
        let width = creations.crowdSeconds
        let reach = AccountRule.reach * width
        var trials: [(mean: Double, value: Double)] = []
        var (first, beyond) = (0, 0)
        for (place, time) in times.enumerated() {
            while time - times[first] > reach { first += 1 }
            while beyond < times.count, times[beyond] - time < reach + width { beyond += 1 }
            let span = min(latest + 1, time + reach + width) - max(earliest, time - reach)
            let part = min(1, Double(width) / Double(span))
            let mean = Double(beyond - first - 1) * part
            trials.append((mean, Chance.sumTail(mean, creations.crowds[place] - 1)))
        }
        let limit = Chance.limitOfAny(trials.map(\.value), hypotheses: times.count, rate: rate)
        var found: [CreationCrowd] = []
        for (place, trial) in trials.enumerated() {
            let count = creations.crowds[place]
            guard trial.value <= limit, count >= AccountRule.crowdCountMin,
                Double(count - 1) >= AccountRule.crowdRatioMin * trial.mean
            else { continue }
            let start = times[place]
            // Of equal times the window begins at the first.
            let end = times[creations.count(before: start) + count - 1]
            let alone = CreationCrowd(
                platform: platform,
                times: start...end,
                accountCount: count,
                peak: start,
                peakCount: count,
                expected: trial.mean,
                probability: trial.value
            )
            guard let last = found.last, start <= last.times.upperBound else {
                found.append(alone)
                continue
            }
            let whole = last.times.lowerBound...max(last.times.upperBound, end)
            let best = alone.probability < last.probability ? alone : last
            found[found.count - 1] = CreationCrowd(
                platform: platform,
                times: whole,
                accountCount: creations.count(from: whole.lowerBound, through: whole.upperBound),
                peak: best.peak,
                peakCount: best.peakCount,
                expected: best.expected,
                probability: best.probability
            )
        }
        return found
    }
}
