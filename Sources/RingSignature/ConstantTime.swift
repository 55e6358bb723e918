// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Selection and rotation whose time and memory accesses do not tell what was selected.
///
/// Masks are all ones or all zeros.
enum ConstantTime {
    /// All ones if the bytes are equal; both have the same length.
    static func mask(_ left: [UInt8], equals right: [UInt8]) -> Int {
        precondition(left.count == right.count, "lengths are public and equal")
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return mask(isZero: Int(difference))
    }

    /// All ones if a number below 2^32 is zero.
    static func mask(isZero value: Int) -> Int {
        // Only zero minus one has its highest bit set.
        (value &- 1) >> (Int.bitWidth - 1)
    }

    /// `left` where the mask has ones, `right` where it has zeros.
    static func select(_ mask: Int, _ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        let mask = UInt8(truncatingIfNeeded: mask)
        var result = right
        for index in result.indices { result[index] ^= (left[index] ^ right[index]) & mask }
        return result
    }

    /// The rows moved towards the front by a secret number of places, the first ones to the end.
    ///
    /// - Parameters:
    ///   - rows: Of equal length.
    ///   - places: 0..<rows.count.
    /// - Returns: As many rows.
    /// - Complexity: O(n log n).
    static func rotate(_ rows: [[UInt8]], by places: Int) -> [[UInt8]] {
        var rows = rows
        var step = 1
        var bits = places
        // One conditional rotation for each bit of the number.
        while step < rows.count {
            let mask = 0 &- (bits & 1)
            let current = rows
            for index in rows.indices {
                rows[index] = select(mask, current[(index + step) % rows.count], current[index])
            }
            bits >>= 1
            step <<= 1
        }
        return rows
    }
}
