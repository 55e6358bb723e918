// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings

/// A hash in a Merkle tree: SHA-256, stored inline so that tiles and proofs are flat memory.
package struct LogHash: Sendable {
    /// Bytes in a hash.
    package static let byteCount = 32

    private let storage: InlineArray<32, UInt8>

    /// The hash with these bytes.
    package init(_ bytes: InlineArray<32, UInt8>) {
        storage = bytes
    }

    /// The hash with these bytes.
    ///
    /// - Throws: `.malformedHash` unless there are 32.
    package init(_ bytes: some Collection<UInt8>) throws(TransparencyLogError) {
        guard bytes.count == Self.byteCount else { throw .malformedHash }
        var storage = InlineArray<32, UInt8>(repeating: 0)
        for (index, byte) in bytes.enumerated() {
            storage[index] = byte
        }
        self.storage = storage
    }

    /// Reads padded base64, as proofs and checkpoints write it.
    ///
    /// - Throws: `.malformedHash` unless it is the canonical text of 32 bytes.
    package init(base64 text: some Collection<UInt8>) throws(TransparencyLogError) {
        guard text.count == 44 else { throw .malformedHash }
        let bytes: [UInt8]
        do {
            bytes = try Base64.decode(text)
        } catch {
            throw .malformedHash
        }
        try self.init(bytes)
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        append(to: &bytes)
        return bytes
    }

    /// Padded base64, 44 characters.
    package var base64: String { Base64.encode(bytes) }

    /// Appends the 32 bytes to `bytes`.
    package func append(to bytes: inout [UInt8]) {
        for index in 0..<Self.byteCount {
            bytes.append(storage[index])
        }
    }

    /// SHA-256 of `data`, without any prefix.
    package static func digest(of data: [UInt8]) -> LogHash {
        var hasher = SHA256()
        hasher.update(data)
        return LogHash(hasher.finishInline())
    }

    /// Hash of a leaf: SHA-256(00 ‖ data).
    ///
    /// Spec: RFC 6962, section 2.1.
    package static func leaf(_ data: [UInt8]) -> LogHash {
        var hasher = SHA256()
        let prefix: InlineArray<1, UInt8> = [0x00]
        hasher.update(prefix.span)
        hasher.update(data)
        return LogHash(hasher.finishInline())
    }

    /// Hash of an inner node: SHA-256(01 ‖ left ‖ right).
    ///
    /// Spec: RFC 6962, section 2.1.
    package static func node(_ left: LogHash, _ right: LogHash) -> LogHash {
        // One update of 65 bytes is faster than three small ones.
        var block = InlineArray<65, UInt8>(repeating: 0x01)
        for index in 0..<byteCount {
            block[1 + index] = left.storage[index]
            block[1 + byteCount + index] = right.storage[index]
        }
        var hasher = SHA256()
        hasher.update(block.span)
        return LogHash(hasher.finishInline())
    }
}

extension LogHash: Hashable {
    /// Whether all bytes are equal; hashes in a log are public: the time taken says nothing.
    package static func == (left: LogHash, right: LogHash) -> Bool {
        for index in 0..<byteCount where left.storage[index] != right.storage[index] {
            return false
        }
        return true
    }

    /// Feeds the bytes to `hasher`.
    package func hash(into hasher: inout Hasher) {
        for index in 0..<Self.byteCount {
            hasher.combine(storage[index])
        }
    }
}
