// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
package import Sodium

/// A dealing as strangers see it: anybody checks that any k of the shares give the one committed
/// secret, and recognises no trustee.
///
/// Whose the keys are it does not say, and cannot: they are blinded.
///
/// Spec: `docs/spec/escrow.md`, section 5.6.
package struct BlindDealing: Equatable, Sendable {
    private static let version: UInt8 = 1

    /// Digest of the context that the secret was dealt in, 32 bytes that say nothing by themselves.
    package let context: [UInt8]
    /// y'_1…y'_n.
    package let keys: [Element]
    /// The commitments of the real dealing, with shares for these keys.
    package let dealing: Dealing

    init(context: [UInt8], keys: [Element], dealing: Dealing) {
        self.context = context
        self.keys = keys
        self.dealing = dealing
    }

    /// k.
    package var threshold: Int { dealing.commitments.count }
    /// n.
    package var trusteeCount: Int { keys.count }

    /// Checks it, with no secret and nothing else.
    ///
    /// - Throws: `.otherContext`, `.dealingNotProven`.
    package func verify() throws(EscrowError) {
        guard
            dealing.contextDigest
                == Self.digest(context, threshold: dealing.commitments.count, keys: keys)
        else { throw .otherContext }
        try dealing.verify(keys: keys)
    }

    /// What its proof is bound to: SHA-256 over context, k, n and all keys.
    static func digest(_ context: [UInt8], threshold: Int, keys: [Element]) -> [UInt8] {
        SHA256.hash(
            EscrowLabel.blindContext.framed + context + [UInt8(threshold), UInt8(keys.count)]
                + keys.flatMap(\.bytes)
        )
    }

    /// The binary form: `01 ‖ context ‖ n ‖ y'_1…y'_n ‖ dealing`.
    package var bytes: [UInt8] {
        [Self.version] + context + [UInt8(keys.count)] + keys.flatMap(\.bytes) + dealing.bytes
    }

    /// Reads the binary form; ``verify()`` is still to be asked.
    ///
    /// - Throws: `.wrongType`, `.malformed`, and as `Dealing(bytes:)`.
    package init(bytes: [UInt8]) throws(EscrowError) {
        let headCount = 2 + EscrowScope.digestCount
        guard bytes.first == Self.version else { throw .wrongType }
        guard bytes.count > headCount, case let count = Int(bytes[headCount - 1]),
            case let end = headCount + count * Element.byteCount, bytes.count > end
        else { throw .malformed(EscrowPlace(.object)) }
        context = Array(bytes[1..<(headCount - 1)])
        var keys: [Element] = []
        for index in 0..<count {
            let start = headCount + index * Element.byteCount
            let key = Array(bytes[start..<(start + Element.byteCount)])
            keys.append(try readElement(key, at: EscrowPlace(.trustees, index)))
        }
        self.keys = keys
        dealing = try Dealing(bytes: Array(bytes[end...]))
        guard dealing.encryptedShares.count == count else {
            throw .wrongShareCount(expected: count, actual: dealing.encryptedShares.count)
        }
    }
}
