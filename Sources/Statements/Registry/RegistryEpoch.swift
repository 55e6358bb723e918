// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A quarter of a calendar year (UTC): how long a vouch counts.
///
/// Spec: `docs/spec/registry.md`, section 2.
package struct RegistryEpoch: Hashable, Sendable, Comparable {
    /// Quarters since the first one of 1970.
    package let index: Int

    /// The epoch with that index, 0 or more.
    package init(index: Int) {
        precondition(index >= 0, "epochs start in 1970")
        self.index = index
    }

    /// The epoch that contains a moment.
    ///
    /// - Parameter time: Seconds since 1970, 0 or more.
    package init(containing time: Int64) {
        precondition(time >= 0, "times start in 1970")
        var guess = Int(time / Self.quarterSecondsMax)
        while Self.start(of: guess + 1) <= time { guess += 1 }
        index = guess
    }

    /// Reads `2026Q4`.
    package init?(name: String) {
        let text = name.utf8.span
        guard text.count == 6, text[4] == UInt8(ascii: "Q") else { return nil }
        var year = 0
        for place in 0..<4 {
            let digit = text[place] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            year = year * 10 + Int(digit)
        }
        let quarter = Int(text[5] &- UInt8(ascii: "1"))
        guard year >= 1970, quarter < 4 else { return nil }
        index = (year - 1970) * 4 + quarter
    }

    /// `2026Q4`.
    package var name: String { "\(1970 + index / 4)Q\(index % 4 + 1)" }
    /// `20264` for `2026Q4`: how ring signatures count epochs.
    package var number: UInt64 { UInt64(1970 + index / 4) * 10 + UInt64(index % 4 + 1) }
    /// First moment, in seconds since 1970.
    package var start: Int64 { Self.start(of: index) }
    /// First moment after it, in seconds since 1970.
    package var end: Int64 { Self.start(of: index + 1) }
    /// The epoch after this one.
    package var next: RegistryEpoch { RegistryEpoch(index: index + 1) }

    package static func < (left: RegistryEpoch, right: RegistryEpoch) -> Bool {
        left.index < right.index
    }

    private static let quarterSecondsMax: Int64 = 92 * 86_400

    private static func start(of index: Int) -> Int64 {
        let year = Int64(1970 + index / 4)
        // Days before the year: the Gregorian leap rule counted up to the year before.
        let past = year - 1
        let leapDays = past / 4 - past / 100 + past / 400
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = past * 365 + leapDays - 719_162
        let quarterDays: [Int64] = [0, 90, 181, 273]
        let quarter = index % 4
        return (days + quarterDays[quarter] + (isLeap && quarter > 0 ? 1 : 0)) * 86_400
    }
}
