// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings

/// Draws some of many by lot, so that whoever has the seed draws the same.
///
/// Spec: `docs/spec/sortition.md`, section 4.
package struct Sortition: Sendable {
    private static let domain = Array("resguardo-registry/sortition/v1\n".utf8)
    /// Bytes in a seed.
    package static let seedCount = 32

    private let seed: [UInt8]
    private var counter: UInt64 = 0
    /// Words that the last block has left, the next one at the end.
    private var words: [UInt64] = []

    /// - Parameter seed: 32 bytes.
    package init(seed: [UInt8]) {
        precondition(seed.count == Self.seedCount, "a seed has 32 bytes")
        self.seed = seed
    }

    /// Draws without putting back.
    ///
    /// All ordered choices are equally likely, and a longer draw begins with the shorter one.
    ///
    /// - Parameters:
    ///   - count: How many to draw, at most `poolCount`.
    ///   - poolCount: How many there are.
    ///   - seed: 32 bytes.
    /// - Returns: Places from zero, in the order in which they were drawn.
    /// - Complexity: O(poolCount), and some hashes for each that is drawn.
    package static func draw(_ count: Int, of poolCount: Int, seed: [UInt8]) -> [Int] {
        precondition((0...poolCount).contains(count), "no more are drawn than there are")
        var stream = Sortition(seed: seed)
        var places = Array(0..<poolCount)
        for index in 0..<count {
            // The first steps of Fisher and Yates' shuffle.
            let left = UInt64(poolCount - index)
            places.swapAt(index, index + Int(stream.number(below: left)))
        }
        return Array(places.prefix(count))
    }

    /// The next number of the seed's stream, all below `bound` equally likely.
    private mutating func number(below bound: UInt64) -> UInt64 {
        // The largest multiple of `bound` that is no more than 2^64: beyond it words are thrown
        // away, since they would favour small numbers.
        let excess = (UInt64.max % bound + 1) % bound
        while true {
            let word = nextWord()
            if word <= UInt64.max - excess { return word % bound }
        }
    }

    private mutating func nextWord() -> UInt64 {
        if let word = words.popLast() { return word }
        let block = SHA256.hash(Self.domain + seed + counter.bigEndianBytes)
        counter += 1
        for start in stride(from: 24, through: 0, by: -8) {
            words.append(block[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) })
        }
        return words.removeLast()
    }
}

/// How many sit in a panel, and how many of them have to concur.
///
/// Spec: `docs/spec/sortition.md`, section 5.
package struct PanelRule: Equatable, Sendable {
    /// From this many verifiers on, panels have their full size.
    package static let fullPoolCount = 48
    /// With fewer verifiers there is no panel: it would not hide its members.
    package static let poolCountMin = 12

    /// Members.
    package let size: Int
    /// How many of them have to concur; a quarter, so that the ring of the panel stays safe.
    package let threshold: Int

    package init(size: Int, threshold: Int) {
        precondition(threshold >= 1 && threshold * 4 <= size, "at most a quarter decides")
        self.size = size
        self.threshold = threshold
    }

    /// 5 of 20.
    package static let full = PanelRule(size: 20, threshold: 5)
    /// 3 of 12, while there are few verifiers.
    package static let bootstrap = PanelRule(size: 12, threshold: 3)

    /// The rule for as many verifiers; `nil` where they are too few for any.
    package init?(poolCount: Int) {
        guard poolCount >= Self.poolCountMin else { return nil }
        self = poolCount >= Self.fullPoolCount ? .full : .bootstrap
    }

    /// Whether as many members are enough.
    package func isMet(by concurring: Int) -> Bool { concurring >= threshold }
}
