// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A window for co-shares, estimated from the things that were taken up most quickly.
///
/// The rule is that of CooRnet 1.7.0 (`estimate_coord_interval`): of all things that were shared
/// more than once, those whose second share came soonest; of each, the time until more than a part
/// of its shares were there; the median of these times.
package struct WindowEstimate: Equatable, Sendable {
    /// How many things were shared more than once.
    package let objectCount: Int
    /// How many of them were the quick ones.
    package let quickCount: Int
    /// The latest second share of a quick thing, in seconds after its first.
    package let secondShareMax: Double
    /// The estimate in seconds; 1 where the median is 0, `nil` where no thing tells.
    package let seconds: Double?

    /// Estimates.
    ///
    /// - Parameters:
    ///   - shares: The shares.
    ///   - quantile: Which part of the things are the quick ones, 0 to 1.
    ///   - part: The part of a thing's shares that is waited for, 0 to 1.
    /// - Throws: `.parameterOutOfRange`.
    /// - Complexity: O(n log n).
    package init(
        of shares: ShareTable,
        quantile: Double = 0.1,
        part: Double = 0.5
    ) throws(FeedKernelError) {
        guard (0...1).contains(quantile) else { throw .parameterOutOfRange("quantile") }
        guard (0...1).contains(part) else { throw .parameterOutOfRange("part") }
        var times: [UInt32: [Int64]] = [:]
        for row in 0..<shares.count where !shares.objects[shares.object[row]].isEmpty {
            times[shares.object[row], default: []].append(shares.time[row])
        }
        let shared = times.values.filter { $0.count > 1 }.map { $0.sorted() }
        objectCount = shared.count
        let limit = Quantile.of(shared.map { Double($0[1] - $0[0]) }, quantile)
        let quick = shared.filter { Double($0[1] - $0[0]) <= limit }
        secondShareMax = limit
        quickCount = quick.count
        let delays = quick.compactMap { times -> Double? in
            let rank = (1...times.count).first { Double($0) / Double(times.count) > part }
            return rank.map { Double(times[$0 - 1] - times[0]) }
        }
        let median = Quantile.of(delays, 0.5)
        seconds = delays.isEmpty ? nil : median == 0 ? 1 : median
    }
}
