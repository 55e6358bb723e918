// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A sample quantile of type 7 (Hyndman and Fan 1996), the default of R and of numpy.
struct Quantile {
    /// How many values are below the lower of the two that it lies between.
    let lower: Int
    private let upper: Int
    private let part: Double

    /// A quantile of so many values.
    init(of count: Int, _ probability: Double) {
        let position = Double(max(0, count - 1)) * probability
        lower = Int(position.rounded(.down))
        upper = Int(position.rounded(.up))
        part = position - Double(lower)
    }

    /// The quantile, of the values without so many of the least.
    ///
    /// - Parameters:
    ///   - values: In any order, not negative.
    ///   - count: How many lower ones are not among them.
    /// - Returns: 0 without any.
    func value(of values: [Double], skipping count: Int = 0) -> Double {
        guard !values.isEmpty else { return 0 }
        // Bit patterns of numbers that are not negative stand in their order.
        var keys = values.map(\.bitPattern)
        var unused = [UInt32](repeating: 0, count: keys.count)
        RadixSort.sort(&keys, with: &unused)
        let base = Double(bitPattern: keys[lower - count])
        return base + part * (Double(bitPattern: keys[upper - count]) - base)
    }

    /// The quantile of values that are not negative; 0 without any.
    static func of(_ values: [Double], _ probability: Double) -> Double {
        Quantile(of: values.count, probability).value(of: values)
    }
}
