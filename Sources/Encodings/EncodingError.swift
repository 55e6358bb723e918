// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Why an encoding was refused.
///
/// Offsets count bytes of the input from zero. No case carries content.
package enum EncodingError: Error, Equatable, Sendable {
    /// The input ends before `needed` more bytes at `offset`.
    case truncated(offset: Int, needed: Int)
    /// The input goes on where it should end.
    case trailingBytes(offset: Int)
    /// The input is longer than the format's limit.
    case tooLong(limit: Int)
    /// A byte is not in the alphabet, or not allowed at this place.
    case invalidCharacter(offset: Int)
    /// Padding is missing, superfluous, or hides bits that are not zero.
    case nonCanonicalPadding
    /// A Bech32 string mixes upper and lower case.
    case mixedCase
    /// A Bech32 string has no separator, an empty prefix or too short a data part.
    case malformedBech32
    /// A Bech32 checksum does not match.
    case checksumMismatch
    /// Bytes are not UTF-8.
    case invalidUTF8(offset: Int)
    /// JSON text is malformed at `offset`.
    case malformedJSON(offset: Int)
    /// A JSON number is not an integer of at most 2^53 − 1 in magnitude, `null` was found, or a
    /// member's name has a character that Swift takes for an ASCII one.
    case unsupportedJSON(offset: Int)
    /// A JSON object names a member twice, or two that differ only in how accents are composed.
    case duplicateMember(offset: Int)
    /// JSON nests deeper than the limit.
    case tooDeep(limit: Int)
    /// JSON parses but is not in canonical form.
    case notCanonical
    /// PEM armor breaks a rule in `line`, counted from 1.
    case malformedArmor(line: Int)
}
