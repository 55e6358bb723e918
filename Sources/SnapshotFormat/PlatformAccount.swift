// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// An account on a platform, by the identifier that the platform never reuses or lets be renamed.
///
/// A handle is not an account: it can be renamed and registered again by somebody else.
package struct PlatformAccount: Sendable {
    /// The longest platform name, in bytes.
    package static let platformCountMax = 32
    /// The longest stable identifier, in bytes: URLs and DIDs fit.
    package static let stableIDCountMax = 256

    /// Lower-case name of the platform: letters, digits, `.` and `-`.
    package let platform: String
    /// The platform's stable identifier, UTF-8 without control characters and spaces.
    package let stableID: String

    /// Checks both parts.
    ///
    /// - Returns: `nil` when a part is empty, too long or has a character that is not allowed.
    package init?(platform: String, stableID: String) {
        guard Token.isValid(platform, countMax: Self.platformCountMax),
            (1...Self.stableIDCountMax).contains(stableID.utf8.count),
            stableID.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f })
        else { return nil }
        self.platform = platform
        self.stableID = stableID
    }

    /// `{"id": …, "platform": …}`.
    package var json: JSONValue {
        ["id": .string(stableID), "platform": .string(platform)]
    }
}

extension PlatformAccount: Hashable {
    /// Equality of bytes.
    ///
    /// Swift's own string equality takes two spellings of an accented letter for
    /// one, which platforms do not.
    package static func == (left: PlatformAccount, right: PlatformAccount) -> Bool {
        left.stableID.utf8.elementsEqual(right.stableID.utf8)
            && left.platform.utf8.elementsEqual(right.platform.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(platform)
        hasher.combine(stableID)
    }
}

/// Short machine-readable words: reason codes, rules, methods, regions.
package enum Token {
    /// The longest word, in bytes.
    package static let countMax = 48

    /// Whether `text` is made of lower-case letters, digits, `.`, `/` and `-`, and starts with a
    /// letter or digit.
    package static func isValid(_ text: String, countMax: Int = Self.countMax) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= countMax, isWordCharacter(first)
        else { return false }
        return text.utf8.allSatisfy { character in
            isWordCharacter(character) || character == UInt8(ascii: ".")
                || character == UInt8(ascii: "-") || character == UInt8(ascii: "/")
        }
    }

    private static func isWordCharacter(_ character: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }
}
