// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

extension Array where Element: Sendable {
    /// As `transform` of the whole, with the elements shared out among the processors.
    ///
    /// - Parameters:
    ///   - partCountMin: Fewer elements than this are not worth a thread.
    ///   - transform: Maps some of the elements; called on several threads at once. It gets many at
    ///     a time because a loop around generic code is much slower than one of the caller's.
    /// - Returns: The results, in the order of the elements.
    package func mapOnAllCores<Result: Sendable>(
        partCountMin: Int = 256,
        _ transform: @Sendable (ArraySlice<Element>) -> [Result]
    ) -> [Result] {
        let laneCount = Swift.max(1, Swift.min(Workers.count, count / partCountMin))
        guard laneCount > 1 else { return transform(self[...]) }
        let lanes = Mutex<[[Result]]>(Array<[Result]>(repeating: [], count: laneCount))
        Workers.run(laneCount) { lane in
            let range = (count * lane / laneCount)..<(count * (lane + 1) / laneCount)
            let results = transform(self[range])
            lanes.withLock { $0[lane] = results }
        }
        return lanes.withLock { lanes in
            var all: [Result] = []
            all.reserveCapacity(count)
            for results in lanes { all += results }
            return all
        }
    }
}
