// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Resguardo's own co-share rule: which pairs of accounts meet more often than chance explains.
///
/// `docs/spec/detection.md` states it.
package struct TimingRule: Equatable, Sendable {
    /// The most seconds between two shares of one object that meet.
    package let windowSeconds: Int64
    /// The least episodes of a candidate, and the least objects in common of a test.
    package let minimum: Int
    /// The least seconds between two meetings that count.
    package let gapSeconds: Int64
    /// The declared share of false edges.
    package let rate: Double
    /// The most pairs that are held at once, at 8 bytes each.
    package let pairCountMax: Int

    /// Objects in which more than this part of the pairs of shares meet are left out.
    static let tellingMax = 0.5
    /// How many shares like everybody's are added to an account's own when its rhythm is judged.
    static let prior = 8.0
    /// How many accounts of a community one must go with to be attached to it.
    static let attachingCount = 3
    /// Into how many parts the objects fall when stability is judged.
    static let foldCount = 5

    /// Creates a rule.
    ///
    /// - Throws: `.parameterOutOfRange` with the parameter's name on the command line.
    package init(
        windowSeconds: Int64 = 60,
        minimum: Int = 3,
        gapSeconds: Int64 = 1800,
        rate: Double = 0.05,
        pairCountMax: Int = 1 << 28
    ) throws(FeedKernelError) {
        guard (0...CoShareRule.windowSecondsMax).contains(windowSeconds) else {
            throw .parameterOutOfRange("window")
        }
        guard (2...Int(UInt16.max)).contains(minimum) else {
            throw .parameterOutOfRange("min-participation")
        }
        guard (0...CoShareRule.windowSecondsMax).contains(gapSeconds) else {
            throw .parameterOutOfRange("gap")
        }
        guard rate > 0 && rate < 1 else { throw .parameterOutOfRange("rate") }
        self.windowSeconds = windowSeconds
        self.minimum = minimum
        self.gapSeconds = gapSeconds
        self.rate = rate
        self.pairCountMax = pairCountMax
    }
}

/// The probabilities of the rule, in sums of a fixed order and without the C library, so that they
/// are the same on every machine.
enum Chance {
    /// The probability of at least `count` successes in independent trials.
    ///
    /// Only positive numbers are added, so that small values keep their digits.
    static func timingTail(_ chances: [Double], _ count: Int) -> Double {
        var below = [Double](repeating: 0, count: count)
        below[0] = 1
        var tail = 0.0
        for chance in chances {
            tail += below[count - 1] * chance
            var index = count - 1
            while index > 0 {
                below[index] = below[index] * (1 - chance) + below[index - 1] * chance
                index -= 1
            }
            below[0] *= 1 - chance
        }
        return min(1, tail)
    }

    /// The probability that a Poisson variable is at least `count`; 1 if that is not over its mean.
    static func choiceTail(_ mean: Double, _ count: Int) -> Double {
        guard Double(count) > mean else { return 1 }
        let damping = exponential(-mean / Double(count))
        var term = 1.0
        for index in 1...count { term *= mean / Double(index) * damping }
        var tail = 0.0
        var index = count
        while term > tail * 1e-17 {
            tail += term
            index += 1
            term *= mean / Double(index)
        }
        return min(1, tail)
    }

    /// The largest probability that is rejected; -1 if none is.
    ///
    /// The procedure of Benjamini and Yekutieli (2001), valid for any dependence.
    static func limit(of values: [Double], hypotheses: Int, rate: Double) -> Double {
        guard hypotheses > 0 else { return -1 }
        let count = Double(hypotheses)
        let harmonic = logarithm(hypotheses) + 0.5772156649015329 + 0.5 / count
        var limit = -1.0
        for (index, value) in values.sorted().enumerated()
        where value <= rate * Double(index + 1) / (count * harmonic) {
            limit = value
        }
        return limit
    }

    /// How many times are at least a gap after the last one that counts, for ascending times.
    static func episodes(_ times: [Int64], gap: Int64) -> Int {
        var count = 0
        var last: Int64?
        for time in times {
            if let last, time - last < gap { continue }
            count += 1
            last = time
        }
        return count
    }

    /// e to a power from -1 to 0, by its series.
    private static func exponential(_ power: Double) -> Double {
        var sum = 1.0
        var term = 1.0
        for index in 1...20 {
            term *= power / Double(index)
            sum += term
        }
        return sum
    }

    /// The natural logarithm, by the series of the area hyperbolic tangent.
    private static func logarithm(_ value: Int) -> Double {
        let number = Double(value)
        let ratio = (number.significand - 1) / (number.significand + 1)
        var sum = 0.0
        var power = ratio
        for index in 0..<24 {
            sum += power / Double(2 * index + 1)
            power *= ratio * ratio
        }
        return 2 * sum + Double(number.exponent) * 0.6931471805599453
    }
}
