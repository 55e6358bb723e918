// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What the trustees of an epoch know and nobody else: by what they tell a free owner from one who
/// is forced, and the key of their daily statements.
///
/// It is as long whatever it says. It stands inside a ``Briefing`` and is not signed by itself.
///
/// Spec: `docs/spec/switch.md`, section 3.15.
package struct BriefingContents: EpochStatement {
    package static let type = "switch-briefing-contents"
    package static let version: Int64 = 1

    /// Bytes of a token and of the key.
    package static let keyCount = 32

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// The token of the owner's own passphrase: every other one shows duress.
    package let clean: [UInt8]
    /// Seals the daily statements of this epoch.
    package let dayKey: [UInt8]
    /// Whether the second commitment of a row is the one that is read freely.
    ///
    /// A bit for each row of words, the first row's the highest. Bits of rows that are not there
    /// are random.
    package let order: UInt64

    /// Makes contents.
    package init(epoch: SwitchEpoch, clean: [UInt8], dayKey: [UInt8], order: UInt64) {
        precondition(clean.count == Self.keyCount && dayKey.count == Self.keyCount, "two keys")
        self.epoch = epoch
        self.clean = clean
        self.dayKey = dayKey
        self.order = order
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        clean = try fields.hex("clean", count: Self.keyCount)
        dayKey = try fields.hex("dayKey", count: Self.keyCount)
        order = try fields.hex("order", count: 8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "clean": .string(Hex.encode(clean)), "dayKey": .string(Hex.encode(dayKey)),
            "order": .string(Hex.encode(order.bigEndianBytes)),
        ])
    }

    /// Which commitment of a row is the one that is read freely, 0 or 1; rows count from 0.
    package func cleanPlace(inRow row: Int) -> Int {
        precondition((0..<WordsRow.countMax).contains(row), "a row")
        return Int(order >> UInt64(WordsRow.countMax - 1 - row) & 1)
    }
}
