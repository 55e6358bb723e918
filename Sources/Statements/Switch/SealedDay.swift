// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import Sodium

/// What a trustee says once a day, whether there is something to say or not.
///
/// Signed by the trustee's signing key. Every one looks alike to whoever does not hold the
/// epoch's day key.
///
/// Spec: `docs/spec/switch.md`, section 3.16.
package struct SealedDay: TrusteeStatement {
    package static let type = "switch-day"
    package static let version: Int64 = 1

    /// Seconds in a day.
    package static let daySeconds: Int64 = 24 * 3600
    /// Bytes in the box: nonce, contents, tag.
    package static let sealedCount =
        ChaChaPoly.extendedNonceCount + DayContents.byteCount + ChaChaPoly.tagCount

    private static let label = "resguardo/switch-day/v1\n"

    /// Switch and epoch.
    package let epoch: SwitchEpoch
    /// Whose.
    package let trustee: TrusteeNumber
    /// Which day, counted from 1970 in UTC.
    package let day: Int64
    /// XChaCha20-Poly1305 box: nonce ‖ ciphertext ‖ tag.
    package let sealed: [UInt8]

    /// Seals contents.
    ///
    /// - Parameters:
    ///   - epoch: Switch and epoch.
    ///   - trustee: Whose.
    ///   - day: Which day.
    ///   - contents: What is said, perhaps nothing.
    ///   - key: The epoch's day key.
    package init(
        epoch: SwitchEpoch,
        trustee: TrusteeNumber,
        day: Int64,
        contents: DayContents,
        key: borrowing SecretBytes
    ) {
        self.init(
            epoch: epoch,
            trustee: trustee,
            day: day,
            contents: contents,
            key: key,
            nonce: randomBytes(ChaChaPoly.extendedNonceCount)
        )
    }

    /// Seals contents with a nonce that is named: for test vectors.
    package init(
        epoch: SwitchEpoch,
        trustee: TrusteeNumber,
        day: Int64,
        contents: DayContents,
        key: borrowing SecretBytes,
        nonce: [UInt8]
    ) {
        self.epoch = epoch
        self.trustee = trustee
        self.day = day
        let box = try? ChaChaPoly.seal(
            SecretBytes(copying: contents.bytes),
            key: key,
            nonce: nonce,
            authenticating: Self.context(epoch, trustee, day)
        )
        guard let box else { preconditionFailure("a key of 32 bytes and a nonce of 24") }
        sealed = nonce + box
    }

    package init(fields: inout StatementFields) throws(StatementError) {
        epoch = try SwitchEpoch(fields: &fields)
        trustee = try TrusteeNumber(fields: &fields)
        day = try fields.integer("day", in: 0...JSONValue.integerMax)
        sealed = try fields.base64("sealed", count: Self.sealedCount)
    }

    package var json: JSONValue {
        epoch.json(adding: [
            "trustee": .integer(Int64(trustee.value)), "day": .integer(day),
            "sealed": .string(Base64.encode(sealed)),
        ])
    }

    /// What it says.
    ///
    /// - Returns: `nil` if it was not sealed with this key for this trustee and day, or holds
    ///   anything but this trustee's statements of this epoch.
    package func contents(key: borrowing SecretBytes) -> DayContents? {
        let count = ChaChaPoly.extendedNonceCount
        let plain = try? ChaChaPoly.open(
            Array(sealed[count...]),
            key: key,
            nonce: Array(sealed[..<count]),
            authenticating: Self.context(epoch, trustee, day)
        )
        guard let bytes = plain?.reveal(), let contents = try? DayContents(bytes: bytes),
            contents.statements.allSatisfy({ $0.epoch == epoch && $0.trustee == trustee })
        else { return nil }
        return contents
    }

    private static func context(
        _ epoch: SwitchEpoch,
        _ trustee: TrusteeNumber,
        _ day: Int64
    ) -> [UInt8] {
        Array(label.utf8) + epoch.id.bytes + UInt64(epoch.number).bigEndianBytes
            + [UInt8(trustee.value)] + UInt64(day).bigEndianBytes
    }
}
