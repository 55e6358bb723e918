// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Days of the Gregorian calendar in UTC: statements carry the day and not the hour.
enum UTCDate {
    /// The last second of the year 9999.
    private static let secondsMax: Int64 = 253_402_300_799

    /// The day of a moment, as `2026-11-21`.
    ///
    /// - Parameter seconds: Since 1970-01-01T00:00:00Z; what lies before that, or after the year
    ///   9999, stands for the nearest day that has a text.
    /// - Returns: Ten characters.
    static func text(seconds: Int64) -> String {
        let seconds = min(max(seconds, 0), secondsMax)
        // Years are counted from March here, so that the leap day is the last of its year.
        let day = seconds / 86_400 + 719_468
        let era = day / 146_097
        let dayOfEra = day % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (dayOfYear * 5 + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        let dayOfMonth = dayOfYear - (marchMonth * 153 + 2) / 5 + 1
        return pad(year, 4) + "-" + pad(month, 2) + "-" + pad(dayOfMonth, 2)
    }

    /// A moment, as `2026-11-21T18:00:00Z`.
    ///
    /// - Parameter seconds: As for ``text(seconds:)``.
    /// - Returns: Twenty characters.
    static func moment(seconds: Int64) -> String {
        let rest = seconds % 86_400
        let clock = [rest / 3600, rest / 60 % 60, rest % 60].map { pad($0, 2) }
        return text(seconds: seconds) + "T" + clock.joined(separator: ":") + "Z"
    }

    private static func pad(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
