// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Sodium

/// A set of items in about 21 bits each: who is in it is always found, who is not is taken for
/// in it once in 784 931 questions.
///
/// Spec: BIP-158, Golomb-coded sets, with its parameters of the basic filter.
package struct GolombSet: Equatable, Sendable {
    /// The most items.
    package static let countMax = 2_000_000
    /// The inverse of the rate of false positives (BIP-158, M).
    package static let falsePositiveInverse: UInt64 = 784_931
    /// Bits of a remainder (BIP-158, P).
    private static let remainderBits = 19

    /// The hashes of the items, ascending, none twice.
    private let values: [UInt64]
    /// How many items there were, by which hashes were spread.
    package let count: Int
    private let hash: SipHash24

    /// The set of some items.
    ///
    /// - Parameters:
    ///   - items: None twice, at most ``countMax``.
    ///   - hash: Under the key of this set.
    /// - Complexity: O(n log n).
    package init(_ items: [[UInt8]], hash: SipHash24) {
        precondition(items.count <= Self.countMax, "too many items")
        self.hash = hash
        count = items.count
        var spread: [UInt64] = []
        spread.reserveCapacity(items.count)
        for item in items { spread.append(Self.spread(hash.hash(item), over: items.count)) }
        values = spread.sorted()
    }

    /// Reads the bits of a set, or `nil` unless these are all the bits of that many items, written
    /// the one way.
    ///
    /// - Parameters:
    ///   - bits: As ``bytes`` gives them.
    ///   - count: How many items.
    ///   - hash: Under the key of this set.
    /// - Complexity: O(n).
    package init?(bits: [UInt8], count: Int, hash: SipHash24) {
        guard (0...Self.countMax).contains(count) else { return nil }
        self.hash = hash
        self.count = count
        let end = UInt64(count) * Self.falsePositiveInverse
        var reader = BitReader(bits)
        var values: [UInt64] = []
        values.reserveCapacity(count)
        var last: UInt64 = 0
        for _ in 0..<count {
            guard let quotient = reader.readUnary(max: end >> Self.remainderBits),
                let remainder = reader.read(Self.remainderBits)
            else { return nil }
            last += quotient << Self.remainderBits | remainder
            guard last < end else { return nil }
            values.append(last)
        }
        guard reader.isAtPaddedEnd else { return nil }
        self.values = values
    }

    /// The bits: of each hash the distance to the last one, Golomb-Rice coded, the first bit of a
    /// byte its highest.
    package var bytes: [UInt8] {
        var writer = BitWriter()
        var last: UInt64 = 0
        for value in values {
            let distance = value - last
            writer.writeUnary(distance >> UInt64(Self.remainderBits))
            writer.write(distance, count: Self.remainderBits)
            last = value
        }
        return writer.bytes
    }

    /// Whether an item is in the set, or looks as if it were.
    ///
    /// - Complexity: O(log n).
    package func contains(_ item: [UInt8]) -> Bool {
        guard count > 0 else { return false }
        let value = Self.spread(hash.hash(item), over: count)
        var (low, high) = (0, values.count)
        while low < high {
            let middle = (low + high) / 2
            if values[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < values.count && values[low] == value
    }

    /// A hash as a number below N · M, by the high half of a product (BIP-158, hash-to-range).
    private static func spread(_ hash: UInt64, over count: Int) -> UInt64 {
        hash.multipliedFullWidth(by: UInt64(count) * falsePositiveInverse).high
    }

    package static func == (left: GolombSet, right: GolombSet) -> Bool {
        left.count == right.count && left.values == right.values
    }
}

/// Writes bits, the highest of a byte first.
private struct BitWriter {
    private(set) var bytes: [UInt8] = []
    private var used = 8

    mutating func write(_ value: UInt64, count: Int) {
        for bit in (0..<count).reversed() { writeBit(value >> UInt64(bit) & 1 == 1) }
    }

    /// That many ones, and a zero.
    mutating func writeUnary(_ value: UInt64) {
        for _ in 0..<value { writeBit(true) }
        writeBit(false)
    }

    private mutating func writeBit(_ isSet: Bool) {
        if used == 8 {
            bytes.append(0)
            used = 0
        }
        if isSet { bytes[bytes.count - 1] |= 0x80 >> UInt8(used) }
        used += 1
    }
}

/// Reads what ``BitWriter`` wrote.
private struct BitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether only the zeros that fill the last byte are left.
    var isAtPaddedEnd: Bool {
        guard (position + 7) / 8 == bytes.count else { return false }
        let used = position % 8
        return used == 0 || bytes[bytes.count - 1] & (0xff >> UInt8(used)) == 0
    }

    mutating func read(_ count: Int) -> UInt64? {
        var value: UInt64 = 0
        for _ in 0..<count {
            guard let bit = readBit() else { return nil }
            value = value << 1 | (bit ? 1 : 0)
        }
        return value
    }

    mutating func readUnary(max: UInt64) -> UInt64? {
        var value: UInt64 = 0
        while let bit = readBit() {
            guard bit else { return value }
            value += 1
            guard value <= max else { return nil }
        }
        return nil
    }

    private mutating func readBit() -> Bool? {
        guard position / 8 < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position / 8] & (0x80 >> UInt8(position % 8)) != 0
    }
}
