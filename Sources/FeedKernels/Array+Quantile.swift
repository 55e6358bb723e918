// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

extension Array where Element: BinaryInteger {
    /// The sample quantile of type 7 (Hyndman and Fan 1996), R's default, of sorted values.
    ///
    /// - Parameter probability: 0 to 1.
    /// - Returns: Between two values in proportion; `nil` without values.
    /// - Complexity: O(1).
    func sortedQuantile(_ probability: Double) -> Double? {
        guard !isEmpty else { return nil }
        let position = Double(count - 1) * probability
        let lower = Int(position.rounded(.down))
        let base = Double(self[lower])
        let next = Double(self[Int(position.rounded(.up))])
        return base + (position - Double(lower)) * (next - base)
    }
}
