// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Times as seconds since 1970-01-01T00:00:00Z.
package enum Timestamp {
    /// The largest magnitude that is read: numbers that every reader of JSON keeps exactly.
    package static let magnitudeMax: Int64 = (1 << 53) - 1

    /// Reads whole seconds (a fraction of zeros may follow), or `YYYY-MM-DD` with a `T` or a space
    /// and `HH:MM` or `HH:MM:SS`, in UTC, a fraction of a second and `Z` or an offset as in
    /// `+02:00` allowed after seconds.
    ///
    /// - Returns: Seconds, rounded down; `nil` for anything else.
    @inline(__always)
    package static func parse(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int64? {
        var index = start
        var value: Int64 = 0
        while index < end {
            let digit = bytes[index] &- 0x30
            if digit > 9 || index - start >= 16 { return parseOther(bytes, start, end) }
            value = value &* 10 &+ Int64(digit)
            index += 1
        }
        return start < end && value <= magnitudeMax ? value : nil
    }

    /// Reads a time from text; see ``parse(_:_:_:)``.
    package static func parse(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        return parse(bytes, 0, bytes.count)
    }

    /// A negative number, a fraction of zeros, or a date.
    private static func parseOther(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int64? {
        let text = bytes[start..<end]
        if let dash = text.firstIndex(of: UInt8(ascii: "-")), dash > start {
            return parseDate(Array(text))
        }
        let isNegative = text.first == UInt8(ascii: "-")
        let number = isNegative ? text.dropFirst() : text
        let whole = number.prefix { $0 != UInt8(ascii: ".") }
        let fraction = number.dropFirst(whole.count + 1)
        guard !whole.isEmpty, whole.count <= 16, fraction.allSatisfy({ $0 == 0x30 }) else {
            return nil
        }
        var value: Int64 = 0
        for byte in whole {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        guard value <= magnitudeMax else { return nil }
        return isNegative ? -value : value
    }

    /// Spec: RFC 3339, section 5.6, `Z` optional.
    private static func parseDate(_ text: [UInt8]) -> Int64? {
        let pattern = Array("0000-00-00T00:00:00".utf8)
        guard text.count >= 10 else { return nil }
        for (index, model) in pattern.enumerated() where index < text.count {
            switch model {
            case 0x30: guard (0x30...0x39).contains(text[index]) else { return nil }
            case UInt8(ascii: "T"):
                guard [0x20, 0x54, 0x74].contains(text[index]) else { return nil }
            default: guard text[index] == model else { return nil }
            }
        }
        func number(_ offset: Int, _ count: Int) -> Int64 {
            text[offset..<(offset + count)].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        let month = number(5, 2)
        let day = number(8, 2)
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        let date = days(year: number(0, 4), month: month, day: day) * 86_400
        // A day that the month does not have would come out as a later one.
        guard self.text(date).utf8.prefix(10).elementsEqual(text.prefix(10)) else { return nil }
        if text.count == 10 { return date }
        if text.count == 16, number(11, 2) < 24, number(14, 2) < 60 {
            return date + number(11, 2) * 3600 + number(14, 2) * 60
        }
        guard text.count >= 19, number(11, 2) < 24, number(14, 2) < 60, number(17, 2) <= 60,
            let offset = parseOffset(text[19...])
        else { return nil }
        return date + number(11, 2) * 3600 + number(14, 2) * 60 + number(17, 2) - offset
    }

    /// Reads an optional fraction, then nothing, `Z` or `±HH:MM`, in seconds east of Greenwich.
    private static func parseOffset(_ text: ArraySlice<UInt8>) -> Int64? {
        var rest = text
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(1 + digits.count)
        }
        if rest.isEmpty || rest.elementsEqual("Z".utf8) { return 0 }
        let zone = Array(rest)
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"), [0x2b, 0x2d].contains(zone[0]),
            [1, 2, 4, 5].allSatisfy({ (0x30...0x39).contains(zone[$0]) })
        else { return nil }
        let hours = Int64(zone[1] - 0x30) * 10 + Int64(zone[2] - 0x30)
        let minutes = Int64(zone[4] - 0x30) * 10 + Int64(zone[5] - 0x30)
        let seconds = hours * 3600 + minutes * 60
        return zone[0] == 0x2d ? -seconds : seconds
    }

    /// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        // The year starts in March, so that the leap day is its last one.
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let floor = { (value: Int64, divisor: Int64) in
            value >= 0 ? value / divisor : (value - divisor + 1) / divisor
        }
        return shifted * 365 + floor(shifted, 4) - floor(shifted, 100) + floor(shifted, 400)
            + dayOfYear - 719_468
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`, for years 0 to 9999; the bare number otherwise.
    package static func text(_ seconds: Int64) -> String {
        guard (-62_167_219_200..<253_402_300_800).contains(seconds) else { return String(seconds) }
        let dayNumber = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let second = seconds - dayNumber * 86_400
        let shifted = dayNumber + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let hour = padded(second / 3600, 2)
        return "\(date)T\(hour):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))Z"
    }
}
