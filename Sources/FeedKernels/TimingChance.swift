// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The probabilities of the rule, in sums of a fixed order and without the C library, so that they
/// are the same on every machine.
package enum Chance {
    /// The probability of at least `count` successes in independent trials, and those of fewer.
    ///
    /// Only positive numbers are added, so that small values keep their digits.
    static func timingTail(_ chances: [Double], _ count: Int) -> (tail: Double, below: [Double]) {
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
        return (min(1, tail), below)
    }

    /// The probability that successes and a Poisson variable together are at least `count`.
    static func mixedTail(_ chances: [Double], _ mean: Double, _ count: Int) -> Double {
        var (tail, below) = timingTail(chances, count)
        for (index, part) in below.enumerated() { tail += part * choiceTail(mean, count - index) }
        return min(1, tail)
    }

    /// The probability that a Poisson variable is at least `count`; 1 if that is not over its mean.
    package static func choiceTail(_ mean: Double, _ count: Int) -> Double {
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

    /// The greatest probability of `count` successes or more in independent trials of some mean.
    ///
    /// Poisson's tail bounds that of all of them from one over the mean on (Hoeffding 1956,
    /// Anderson and Samuels 1967), and so it does for draws without replacement, whose number of
    /// successes is a sum of such trials too (Vatutin and Mikhailov 1982).
    package static func sumTail(_ mean: Double, _ count: Int) -> Double {
        Double(count) >= mean + 1 ? choiceTail(mean, count) : 1
    }

    /// The largest probability that is rejected; -1 if none is.
    ///
    /// The procedure of Benjamini and Hochberg (1995).
    package static func limit(of values: [Double], hypotheses: Double, rate: Double) -> Double {
        var limit = -1.0
        for (index, value) in values.sorted().enumerated()
        where value * hypotheses <= rate * Double(index + 1) {
            limit = value
        }
        return limit
    }

    /// The same whatever the dependence among the tests (Benjamini and Yekutieli 2001).
    package static func limitOfAny(_ values: [Double], hypotheses: Int, rate: Double) -> Double {
        guard hypotheses > 0 else { return -1 }
        let count = Double(hypotheses)
        let harmonic = logarithm(hypotheses) + 0.5772156649015329 + 0.5 / count
        return limit(of: values, hypotheses: count * harmonic, rate: rate)
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

    /// The objects that count: in order of time, those at least a gap after the last that counts.
    static func sittings(_ times: [(time: Int64, object: Int)], gap: Int64) -> Set<Int> {
        var counted: Set<Int> = []
        var last: Int64?
        for (time, object) in times.sorted(by: { ($0.time, $0.object) < ($1.time, $1.object) }) {
            if let last, time - last < gap { continue }
            counted.insert(object)
            last = time
        }
        return counted
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
    package static func logarithm(_ value: Int) -> Double {
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
