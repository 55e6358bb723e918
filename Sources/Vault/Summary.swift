// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

/// The short form of an item's evidence that lists are made of, sealed beside its statement.
///
/// Sealed under a key of the case, always of the same length, and random where the case is
/// write-only: so the store shows neither names nor which cases can be read.
///
/// Spec: `docs/spec/vault.md`, section 5.3.
package struct Summary: Equatable, Sendable {
    /// Bytes before sealing.
    static let byteCount = 1024
    /// Bytes as stored: nonce, ciphertext, tag.
    package static let sealedCount =
        ChaChaPoly.extendedNonceCount + byteCount + ChaChaPoly.tagCount
    /// Room for names and note; the rest of the document takes at most 120 bytes.
    private static let textCountMax = 880

    /// Files in the item.
    package let fileCount: Int
    /// Their length together.
    package let sizeBytes: UInt64
    /// The first names, as many as fit.
    package let names: [String]
    /// The beginning of the note.
    package let note: String
    /// When it was deposited, by the device's clock.
    package let depositedAt: Int64

    /// The summary of an item's evidence.
    package init(of evidence: Evidence) {
        let files = evidence.entries.filter { $0.kind == .file }
        var budget = Self.textCountMax
        // What escaping may add is counted by encoding each text alone.
        func fits(_ text: String) -> Bool {
            let count = JSONValue.string(text).canonicalBytes.count + 1
            guard count <= budget else { return false }
            budget -= count
            return true
        }
        let note = String((evidence.note ?? "").prefix(60))
        self.note = fits(note) ? note : ""
        names = Array(
            files.lazy.map { String(decoding: $0.name, as: UTF8.self) }.prefix(while: fits)
        )
        fileCount = files.count
        sizeBytes = files.reduce(0) { $0 + $1.sizeBytes }
        depositedAt = evidence.deviceClock
    }

    /// Seals under the key of a case.
    package func sealed(under key: SummaryKey) throws -> [UInt8] {
        let json: JSONValue = [
            "at": .integer(depositedAt), "count": .integer(Int64(fileCount)),
            "names": .array(names.map { .string($0) }), "note": .string(note),
            "size": .integer(Int64(clamping: sizeBytes)),
        ]
        return try Self.sealed(json.canonicalText, under: key)
    }

    /// Seals a text with spaces behind it up to the length of all summaries.
    package static func sealed(_ text: String, under key: SummaryKey) throws -> [UInt8] {
        var text = Array(text.utf8)
        precondition(text.count <= byteCount, "a summary fits its place")
        text += [UInt8](repeating: 0x20, count: byteCount - text.count)
        let nonce = randomBytes(ChaChaPoly.extendedNonceCount)
        let secret = SecretBytes(wiping: &text)
        return nonce + (try ChaChaPoly.seal(secret, key: key.bytes, nonce: nonce))
    }

    /// What stands in the place of a summary that nobody on this device could read.
    package static func filler() -> [UInt8] { randomBytes(sealedCount) }

    /// Opens a summary; nil if it is filling, or sealed under another key.
    package init?(opening sealed: [UInt8], under key: SummaryKey) {
        // Whatever does not open or read is filling; the item itself is the authority.
        let nonceCount = ChaChaPoly.extendedNonceCount
        guard sealed.count == Self.sealedCount,
            let text = ChaChaPoly.openReadable(
                sealed.dropFirst(nonceCount),
                key: key.bytes,
                nonce: sealed.prefix(nonceCount)
            )
        else { return nil }
        guard let summary = try? Self(parsing: text) else { return nil }
        self = summary
    }

    /// Reads canonical JSON with spaces behind it.
    private init(parsing text: [UInt8]) throws(EncodingError) {
        var reader = FixedJSONReader(text)
        depositedAt = try reader.integer(after: "{\"at\":")
        let count = try reader.integer(after: ",\"count\":")
        try reader.expect(",\"names\":[")
        var names: [String] = []
        if !reader.skip("]") {
            names.append(try reader.string(after: ""))
            while !reader.skip("]") { names.append(try reader.string(after: ",")) }
        }
        note = try reader.string(after: ",\"note\":")
        let size = try reader.integer(after: ",\"size\":")
        try reader.expect("}")
        // Without a way out of the loop, the processor compares many bytes at once.
        var difference: UInt8 = 0
        for byte in text[reader.offset...] { difference |= byte ^ 0x20 }
        guard depositedAt >= 0, size >= 0, (0...Int64(EvidenceEntry.countMax)).contains(count),
            difference == 0
        else { throw .malformedJSON(offset: reader.offset) }
        fileCount = Int(count)
        sizeBytes = UInt64(size)
        self.names = names
    }
}

/// The key under which the summaries of a case are sealed; made of the key that reads the case.
package final class SummaryKey: Sendable {
    fileprivate let bytes: SecretBytes

    package init(seed: borrowing SecretBytes) {
        bytes = HKDFSHA256.derive(
            secret: seed,
            salt: [],
            info: Array("resguardo/vault/summary/1".utf8),
            count: ChaChaPoly.keyCount
        )
    }
}
