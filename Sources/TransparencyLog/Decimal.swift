// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Decimal numbers as log formats write them: digits only, no leading zero.
enum Decimal {
    /// Reads a number below 2^64.
    ///
    /// - Returns: Nil for anything that would not be written the same.
    static func parse(_ text: some Collection<UInt8>) -> UInt64? {
        guard let first = text.first, text.count <= 20 else { return nil }
        if first == UInt8(ascii: "0") && text.count > 1 { return nil }
        var value: UInt64 = 0
        for character in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
            let (product, productOverflows) = value.multipliedReportingOverflow(by: 10)
            let digit = UInt64(character - UInt8(ascii: "0"))
            let (sum, sumOverflows) = product.addingReportingOverflow(digit)
            if productOverflows || sumOverflows { return nil }
            value = sum
        }
        return value
    }
}
