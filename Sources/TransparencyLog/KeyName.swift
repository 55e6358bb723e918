// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The name of a log, witness or other signer of notes.
///
/// Spec: C2SP `signed-note`: not empty, no white space, no `+`. A URL without its scheme is usual.
package struct KeyName: Hashable, Sendable, CustomStringConvertible {
    /// Longest name, in bytes.
    package static let countMax = 255

    // Bytes, not a string: strings compare equal across Unicode normalizations, names must not.
    private let bytes: [UInt8]

    /// Checks a name.
    ///
    /// - Throws: `.malformedName`.
    package init(_ name: String) throws(TransparencyLogError) {
        guard !name.isEmpty, name.utf8.count <= Self.countMax,
            !name.unicodeScalars.contains(where: {
                $0.properties.isWhitespace || $0 == "+" || $0.value < 0x20
            })
        else { throw .malformedName }
        bytes = Array(name.utf8)
    }

    /// The name as text.
    package var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether the name is exactly this text.
    package func isEqual(to text: String) -> Bool { bytes.elementsEqual(text.utf8) }
}
