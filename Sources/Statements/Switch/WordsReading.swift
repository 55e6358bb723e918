// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// A trustee was read the words of a cycle.
///
/// Signed by the trustee's signing key. The words themselves are the owner's signature.
///
/// Spec: `docs/spec/switch.md`, section 3.13.
package struct WordsReading: TrusteeStatement {
    package static let type = "switch-words"
    package static let version: Int64 = 1

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// To whom they were read.
    package let trustee: TrusteeNumber
    /// Whose words, counted from 1 at the arming.
    package let cycle: Int64
    /// The words.
    package let words: OneTimeWords

    /// Makes a reading.
    package init(
        epoch: SwitchEpoch,
        trustee: TrusteeNumber,
        cycle: Int64,
        words: OneTimeWords
    ) {
        self.epoch = epoch
        self.trustee = trustee
        self.cycle = cycle
        self.words = words
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        trustee = try TrusteeNumber(fields: &fields)
        cycle = try fields.integer("cycle", in: 1...Int64(WordsRow.countMax))
        let bytes = try fields.hex("words", count: OneTimeWords.byteCount)
        guard let words = OneTimeWords(bytes: bytes) else { throw .invalidValue(field: "words") }
        self.words = words
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "trustee": .integer(Int64(trustee.value)), "cycle": .integer(cycle),
            "words": .string(Hex.encode(words.bytes)),
        ])
    }
}
