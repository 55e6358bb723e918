// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The functions of a score in whole numbers, so that all machines agree to the bit.
///
/// Values are millionths unless a name says otherwise; powers of two are billionths. Division of
/// numbers that are not negative rounds down; where a sign may occur, the text says what happens.
///
/// Spec: `docs/spec/score.md`, section 2.
package enum ScoreArithmetic {
    /// One, in millionths.
    package static let one: Int64 = 1_000_000
    /// One, in billionths.
    package static let whole: Int64 = 1_000_000_000
    /// The largest count that enters a formula, in millionths: far more than any record.
    package static let countMax: Int64 = 4_000 * one
    private static let fractionBits = 20
    private static let logBits = 24
    /// ln 2 in billionths.
    private static let ln2: Int64 = 693_147_181
    /// log2 e in billionths.
    private static let log2e: Int64 = 1_442_695_041
    /// 2^(−2^−i) in billionths, rounded to the nearest, for i = 1 … 20.
    private static let roots: [Int64] = [
        707_106_781, 840_896_415, 917_004_043, 957_603_281, 978_572_062, 989_228_013,
        994_599_423, 997_296_056, 998_647_113, 999_323_328, 999_661_606, 999_830_789,
        999_915_391, 999_957_695, 999_978_847, 999_989_423, 999_994_712, 999_997_356,
        999_998_678, 999_999_339,
    ]

    /// 2^(−n/d) in billionths.
    ///
    /// - Parameters:
    ///   - n: Zero or more, below 2^62.
    ///   - d: 1...2^40.
    /// - Returns: 0...10^9.
    package static func halving(_ n: Int64, _ d: Int64) -> Int64 {
        precondition(n >= 0 && (1...(1 << 40)).contains(d), "a power below one")
        let halvings = n / d
        guard halvings < 32 else { return 0 }
        let fraction = ((n % d) << fractionBits) / d
        var value = whole
        for bit in 1...fractionBits where fraction >> (fractionBits - bit) & 1 == 1 {
            value = value * roots[bit - 1] / whole
        }
        return value >> halvings
    }

    /// ln(p/q) in millionths, rounded toward minus infinity.
    ///
    /// - Parameters:
    ///   - p: 1...2^32.
    ///   - q: 1...2^32.
    /// - Returns: The logarithm.
    package static func logarithm(_ p: Int64, _ q: Int64) -> Int64 {
        let range = 1...(Int64(1) << 32)
        precondition(range.contains(p) && range.contains(q), "a ratio")
        var (p, q, steps) = (UInt64(p), UInt64(q), Int64(0))
        // p/q in [1, 2).
        while p >= 2 * q { (q, steps) = (2 * q, steps + 1) }
        while p < q { (p, steps) = (2 * p, steps - 1) }
        var x = (p << 30) / q
        for _ in 0..<logBits {
            x = (x * x) >> 30
            steps *= 2
            if x >= 1 << 31 { (x, steps) = (x >> 1, steps + 1) }
        }
        let divisor = (Int64(1) << Int64(logBits)) * 1000
        let (quotient, rest) = (steps * ln2).quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }

    /// ln(x/(1 − x)) of a share in millionths, 1...999 999.
    package static func logit(_ share: Int64) -> Int64 { logarithm(share, one - share) }

    /// 1/(1 + e^−x): a share in millionths.
    ///
    /// - Parameter x: In millionths, within ±2^40.
    /// - Returns: 0...10^6.
    package static func sigmoid(_ x: Int64) -> Int64 {
        precondition(abs(x) < 1 << 40, "a sum of a few terms")
        let size = min(abs(x), 32 * one)
        // e^−|x| = 2^(−|x| · log2 e)
        let power = halving(size * log2e / whole, one)
        return (x < 0 ? power : whole) * one / (whole + power)
    }

    /// What can be expected of a record at least: mean less standard deviation of Beta(α, β), and
    /// never below one half.
    ///
    /// - Parameters:
    ///   - alpha: In millionths, 1...``countMax``.
    ///   - beta: In millionths, 1...``countMax``.
    /// - Returns: 500 000...10^6.
    package static func reliability(_ alpha: Int64, _ beta: Int64) -> Int64 {
        let count = alpha + beta
        let mean = alpha * one / count
        // In parts of 10^12, so that its root is in millionths.
        let variance = mean * (one - mean) * one / (count + one)
        return max(one / 2, mean - root(variance))
    }

    /// The square root, rounded down.
    static func root(_ square: Int64) -> Int64 {
        var (low, high) = (Int64(0), Int64(1) << 31)
        while low < high {
            let middle = (low + high + 1) / 2
            (low, high) = middle * middle <= square ? (middle, high) : (low, middle - 1)
        }
        return low
    }
}
