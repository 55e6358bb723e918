// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// SplitMix64: the same seed, the same life, on any machine.
///
/// Nothing secret comes from it.
package struct SimulationRandom: RandomNumberGenerator {
    private var state: UInt64

    /// Starts from a seed.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    /// Whether something happens that happens `percent` times in a hundred.
    mutating func happens(_ percent: UInt64) -> Bool { next() % 100 < percent }

    /// A length of time between two.
    mutating func seconds(_ range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int64(next() % width)
    }

    /// A number below `count`.
    mutating func index(below count: Int) -> Int { Int(next() % UInt64(count)) }
}
