// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A country whose authorities can compel somebody: two upper-case letters of ISO 3166-1.
package struct Jurisdiction: Hashable, Comparable, Sendable {
    /// The two letters.
    package let code: String

    /// `nil` unless `code` is two upper-case ASCII letters.
    package init?(_ code: String) {
        let letters = code.utf8
        guard letters.count == 2, letters.allSatisfy({ (0x41...0x5a).contains($0) }) else {
            return nil
        }
        self.code = code
    }

    /// Orders by code.
    package static func < (left: Self, right: Self) -> Bool { left.code < right.code }
}

extension StatementFields {
    /// Reads a country code.
    ///
    /// - Throws: `.missingField`, `.wrongType`, `.invalidValue`.
    mutating func jurisdiction(_ name: String) throws(StatementError) -> Jurisdiction {
        guard let value = Jurisdiction(try string(name)) else {
            throw .invalidValue(field: locate(name))
        }
        return value
    }
}
