// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto

/// What anybody can see of an age file without a key.
package struct AgeInspection: Equatable, Sendable {
    /// Whether the file is text.
    package let isArmored: Bool
    /// Who may open it, as far as the file tells.
    package let header: AgeHeader
    /// Bytes of the header.
    package let headerCount: Int
    /// Bytes of the payload, its nonce included.
    package let payloadCount: Int
    /// Bytes of the plaintext; `nil` when no plaintext gives a payload of this size.
    package let plaintextCount: Int?

    /// Reads a file to its end.
    ///
    /// - Throws: Failures of armor and header, and what the source throws.
    package init(from source: @escaping ByteSource) throws(AgeError) {
        let file = InputBuffer(source)
        isArmored = try ArmorStream.isArmored(file)
        let input = isArmored ? InputBuffer(ArmorStream.source(file)) : file
        header = try AgeHeader(from: input)
        headerCount = header.encoded.count
        let buffer = ByteBuffer(count: 1 << 20)
        var total = 0
        while true {
            let count = try input.read(into: buffer, 0..<buffer.count)
            if count == 0 { break }
            total += count
        }
        payloadCount = total
        plaintextCount = PayloadLayout.plaintextCount(payloadCount: total)
    }
}
