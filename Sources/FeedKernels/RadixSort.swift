// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Stable sorting of 64-bit keys with a 32-bit value each, digit by digit from the lowest.
package enum RadixSort {
    private static let digitBits = 11
    private static let digitCount = 1 << digitBits
    /// Below this, comparing is faster than counting.
    private static let smallCount = 64

    /// Sorts keys in ascending order, and moves each value with its key.
    ///
    /// - Complexity: O(n) a digit of 11 bits; digits in which all keys agree are skipped.
    package static func sort(_ keys: inout [UInt64], with values: inout [UInt32]) {
        precondition(keys.count == values.count)
        guard keys.count > smallCount else { return sortSmall(&keys, with: &values) }
        var differing: UInt64 = 0
        for key in keys { differing |= key ^ keys[0] }
        var otherKeys = [UInt64](repeating: 0, count: keys.count)
        var otherValues = [UInt32](repeating: 0, count: keys.count)
        var shift: UInt64 = 0
        while shift < 64 && differing >> shift != 0 {
            if differing >> shift & UInt64(digitCount - 1) != 0 {
                scatter(keys, values, to: &otherKeys, &otherValues, shift)
                swap(&keys, &otherKeys)
                swap(&values, &otherValues)
            }
            shift += UInt64(digitBits)
        }
    }

    private static func scatter(
        _ keys: [UInt64],
        _ values: [UInt32],
        to sortedKeys: inout [UInt64],
        _ sortedValues: inout [UInt32],
        _ shift: UInt64
    ) {
        let digitMask = UInt64(digitCount - 1)
        var starts = [Int](repeating: 0, count: digitCount)
        for key in keys { starts[Int(key >> shift & digitMask)] += 1 }
        var start = 0
        for digit in 0..<digitCount {
            let count = starts[digit]
            starts[digit] = start
            start += count
        }
        for index in 0..<keys.count {
            let key = keys[index]
            let digit = Int(key >> shift & digitMask)
            let target = starts[digit]
            starts[digit] = target + 1
            sortedKeys[target] = key
            sortedValues[target] = values[index]
        }
    }

    /// Insertion sort.
    private static func sortSmall(_ keys: inout [UInt64], with values: inout [UInt32]) {
        for index in 0..<keys.count {
            let key = keys[index]
            let value = values[index]
            var target = index
            while target > 0 && keys[target - 1] > key {
                keys[target] = keys[target - 1]
                values[target] = values[target - 1]
                target -= 1
            }
            keys[target] = key
            values[target] = value
        }
    }
}
