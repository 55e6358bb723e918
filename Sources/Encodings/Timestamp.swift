// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A moment in whole seconds since 1970-01-01T00:00:00Z, as people write and read it.
package struct Timestamp: Sendable, Equatable, Comparable {
    /// Seconds since the epoch.
    package let seconds: Int64

    /// The latest moment accepted: the end of the year 9999.
    package static let secondsMax: Int64 = 253_402_300_799

    package init(seconds: Int64) { self.seconds = seconds }

    /// Reads `2026-11-21`, `2026-11-21T18:00:00Z`, `2026-11-21T12:00:00-06:00` or Unix seconds.
    ///
    /// - Returns: `nil` for anything else, for days that do not exist, and outside 1970...9999.
    package init?(parsing text: String) {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty, bytes.count <= 12, bytes.allSatisfy(Self.isDigit) {
            guard let value = Int64(text), value <= Self.secondsMax else { return nil }
            self.init(seconds: value)
            return
        }
        guard let days = Self.days(bytes) else { return nil }
        if bytes.count == 10 {
            self.init(seconds: days * 86_400)
            return
        }
        guard let clock = Self.clockSeconds(bytes), let offset = Self.offsetSeconds(bytes) else {
            return nil
        }
        let seconds = days * 86_400 + clock - offset
        guard (0...Self.secondsMax).contains(seconds) else { return nil }
        self.init(seconds: seconds)
    }

    /// The moment in UTC, as RFC 3339 writes it.
    package var rfc3339: String {
        String(decoding: dateAndClock(separator: "T") + [UInt8(ascii: "Z")], as: UTF8.self)
    }

    /// The moment in UTC to the minute, for tables that people read.
    package var minutes: String {
        var text = dateAndClock(separator: " ")
        text.replaceSubrange((text.count - 3)..., with: " UTC".utf8)
        return String(decoding: text, as: UTF8.self)
    }

    /// `YYYY-MM-DD` and `HH:MM:SS`; the year has more digits beyond 9999, where a deadline may lie.
    private func dateAndClock(separator: Unicode.Scalar) -> [UInt8] {
        let days = Self.floorDivide(seconds, 86_400)
        let (year, month, day) = Self.date(days: days)
        let rest = seconds - days * 86_400
        var text: [UInt8] = []
        text.reserveCapacity(24)
        let digits = String(year).utf8
        for _ in 0..<max(4 - digits.count, 0) { text.append(UInt8(ascii: "0")) }
        text += digits
        func add(_ mark: Unicode.Scalar, _ value: Int64) {
            text.append(UInt8(ascii: mark))
            text.append(UInt8(ascii: "0") + UInt8(value / 10))
            text.append(UInt8(ascii: "0") + UInt8(value % 10))
        }
        add("-", month)
        add("-", day)
        add(separator, rest / 3600)
        add(":", rest / 60 % 60)
        add(":", rest % 60)
        return text
    }

    /// The same by the clock on this machine's wall, or `nil` where that shows UTC.
    package var localMinutes: String? {
        var moment = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe localtime_r(&moment, &parts) != nil, unsafe parts.tm_gmtoff != 0 else {
            return nil
        }
        let shifted = Timestamp(seconds: seconds + Int64(unsafe parts.tm_gmtoff))
        return String(shifted.minutes.dropLast(" UTC".count))
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds < right.seconds
    }

    // MARK: Parsing

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> Int64? {
        guard range.upperBound <= bytes.count, bytes[range].allSatisfy(isDigit) else { return nil }
        return bytes[range].reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// Days since the epoch of the date that `bytes` starts with.
    private static func days(_ bytes: [UInt8]) -> Int64? {
        guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = number(bytes, 0..<4), let month = number(bytes, 5..<7),
            let day = number(bytes, 8..<10), year >= 1970, (1...12).contains(month)
        else { return nil }
        let result = days(year: year, month: month, day: day)
        // A day that does not exist comes back as another one.
        return date(days: result) == (year, month, day) ? result : nil
    }

    private static func clockSeconds(_ bytes: [UInt8]) -> Int64? {
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), let hour = number(bytes, 11..<13),
            let minute = number(bytes, 14..<16), let second = number(bytes, 17..<19),
            hour < 24, minute < 60, second < 60
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    private static func offsetSeconds(_ bytes: [UInt8]) -> Int64? {
        if bytes.count == 20, bytes[19] == UInt8(ascii: "Z") { return 0 }
        guard bytes.count == 25, bytes[22] == UInt8(ascii: ":"),
            let hour = number(bytes, 20..<22), let minute = number(bytes, 23..<25),
            hour < 24, minute < 60
        else { return nil }
        switch bytes[19] {
        case UInt8(ascii: "+"): return hour * 3600 + minute * 60
        case UInt8(ascii: "-"): return -(hour * 3600 + minute * 60)
        default: return nil
        }
    }

    // MARK: Calendar

    private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
        value / by - (value % by < 0 ? 1 : 0)
    }

    /// Days from the epoch to a date of the Gregorian calendar.
    ///
    /// Years start in March here, so that
    /// the leap day is the last of its year and month lengths follow one formula.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let marchMonth = (month + 9) % 12
        let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
        return marchYear * 365 + leapDays + (marchMonth * 153 + 2) / 5 + day - 1 - 719_468
    }

    /// The inverse of ``days(year:month:day:)``.
    private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (dayOfYear * 5 + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (marchMonth * 153 + 2) / 5 + 1)
    }
}
