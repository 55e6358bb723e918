// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Fields of a form as browsers send them: `application/x-www-form-urlencoded`.
package enum FormField {
    /// The value of a field.
    ///
    /// - Returns: Nil if it is not there, or not written as it has to be.
    package static func value(_ name: String, in form: [UInt8]) -> [UInt8]? {
        for field in form.split(separator: UInt8(ascii: "&")) {
            let parts = field.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            guard parts.count == 2, parts[0].elementsEqual(name.utf8) else { continue }
            return decode(parts[1])
        }
        return nil
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): result.append(0x20)
            case UInt8(ascii: "%"):
                guard rest.count >= 2 else { return nil }
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.allSatisfy({ $0 != 0x2b && $0 != 0x2d }),
                    let value = UInt8(digits, radix: 16)
                else { return nil }
                result.append(value)
                rest = rest.dropFirst(2)
            default: result.append(byte)
            }
        }
        return result
    }
}
