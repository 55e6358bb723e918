// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

extension Array where Element: Sendable {
    /// Fewer elements than this are not worth a thread.
    private static var threadCountMin: Int { 256 }

    /// As `map`, with the elements shared out among the processors.
    ///
    /// - Parameter transform: Called on several threads at once.
    /// - Returns: The results, in the order of the elements.
    package func mapOnAllCores<Result: Sendable>(
        _ transform: @Sendable (Element) -> Result
    ) -> [Result] {
        let laneCount = Swift.max(1, Swift.min(Workers.count, count / Self.threadCountMin))
        guard laneCount > 1 else { return map(transform) }
        let lanes = Mutex<[[Result]]>(Array<[Result]>(repeating: [], count: laneCount))
        Workers.run(laneCount) { lane in
            let results = self[(count * lane / laneCount)..<(count * (lane + 1) / laneCount)]
                .map(transform)
            lanes.withLock { $0[lane] = results }
        }
        return lanes.withLock { Array<Result>($0.joined()) }
    }
}
