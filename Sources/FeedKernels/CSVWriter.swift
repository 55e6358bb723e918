// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Writes fields and numbers as CSV.
package struct CSVWriter: Sendable {
    /// What was written.
    package private(set) var bytes: [UInt8] = []

    /// Starts empty.
    package init() {}

    /// Ends a field.
    package mutating func comma() { bytes.append(UInt8(ascii: ",")) }

    /// Ends a record.
    package mutating func endRecord() { bytes.append(UInt8(ascii: "\n")) }

    /// Writes a record of texts.
    package mutating func record(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { comma() }
            append(Array(field.utf8)[...])
        }
        endRecord()
    }

    /// Writes a text, quoted if it must be.
    ///
    /// Spec: RFC 4180, sections 2.6 and 2.7.
    package mutating func append(_ content: ArraySlice<UInt8>) {
        let isPlain = content.allSatisfy { byte in
            byte > UInt8(ascii: ",")
                || !(byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0a
                    || byte == 0x0d)
        }
        if isPlain {
            bytes.append(contentsOf: content)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in content {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a whole number.
    package mutating func append(_ number: Int64) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDigits(number.magnitude)
    }

    private mutating func appendDigits(_ magnitude: UInt64) {
        if magnitude >= 10 { appendDigits(magnitude / 10) }
        bytes.append(0x30 + UInt8(truncatingIfNeeded: magnitude % 10))
    }

    /// Writes a number with up to 15 significant digits, exactly as `fwrite` of R's data.table 1.14
    /// does: the mantissa is scaled in 53 bits, so that the last digit may differ from a correctly
    /// rounded one; the shorter of decimal and scientific form is taken.
    ///
    /// - Parameter number: Zero, or at least 2^-60 and below 2^63.
    package mutating func append(_ number: Double) {
        if number < 0 {
            bytes.append(UInt8(ascii: "-"))
            return append(-number)
        }
        guard number != 0 else { return bytes.append(UInt8(ascii: "0")) }
        let binaryExponent = Int(number.exponent)
        precondition((-60..<63).contains(binaryExponent))
        let (scale, power) = Self.decimalScale(binaryExponent)
        var mantissa = number.significand * scale
        var exponent = power
        if mantissa >= 9.99999999999999 {
            mantissa /= 10
            exponent += 1
        }
        var digits = UInt64(mantissa * 1e15)
        if digits % 10 >= 5 { digits += 10 }
        digits /= 10
        var digitCount = 15
        while digits % 10 == 0 {
            digits /= 10
            digitCount -= 1
        }
        if digitCount == 0 {
            digitCount = 1
            exponent += 1
        }
        append(digits, digitCount, exponent)
    }

    /// 2^exponent as scale × 10^power with a scale in 1..<10.
    private static func decimalScale(_ exponent: Int) -> (scale: Double, power: Int) {
        let value = Double(sign: .plus, exponent: exponent, significand: 1)
        var tens = 1.0
        if exponent >= 0 {
            var power = 0
            while value >= tens * 10 {
                tens *= 10
                power += 1
            }
            return (value / tens, power)
        }
        var power = 0
        while value * tens < 1 {
            tens *= 10
            power -= 1
        }
        return (value * tens, power)
    }

    /// Writes d.ddd × 10^exponent in the shorter form.
    private mutating func append(_ digits: UInt64, _ digitCount: Int, _ exponent: Int) {
        let fractionCount = max(0, digitCount - exponent - 1)
        let trailingZeros = max(0, exponent + 1 - digitCount)
        let width =
            fractionCount == 0
            ? digitCount + trailingZeros
            : exponent < 0 ? fractionCount + 2 : digitCount + 1
        let scientificWidth = digitCount + (digitCount > 1 ? 1 : 0) + 2 + 2
        let text = Array(String(digits).utf8)
        if width > scientificWidth {
            bytes.append(text[0])
            if digitCount > 1 {
                bytes.append(UInt8(ascii: "."))
                bytes += text[1...]
            }
            bytes += Array((exponent < 0 ? "e-" : "e+").utf8)
            if abs(exponent) < 10 { bytes.append(0x30) }
            append(Int64(abs(exponent)))
        } else if fractionCount == 0 {
            bytes += text
            bytes += [UInt8](repeating: 0x30, count: trailingZeros)
        } else if exponent >= 0 {
            bytes += text[...exponent]
            bytes.append(UInt8(ascii: "."))
            bytes += text[(exponent + 1)...]
        } else {
            bytes += Array("0.".utf8)
            bytes += [UInt8](repeating: 0x30, count: fractionCount - digitCount)
            bytes += text
        }
    }
}
