// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// SplitMix64: the same lot from the same seed, on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts from a seed.
    package init(seed: UInt64) { state = seed }

    /// The next number.
    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    /// A number below a bound; what is uneven in it is less than one in 2^32.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
