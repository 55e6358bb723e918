// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

/// The keys with which a registry signs what it says in the languages of others, all of one seed.
///
/// They sign nothing of the registry's own, so that whoever steals a label server's key can make no
/// statement.
///
/// Spec: `docs/spec/exports.md`, section 2.
package struct ExportKeys: ~Copyable {
    /// Bytes of the seed.
    package static let seedCount = 32

    /// For AT Protocol: ECDSA over P-256.
    package let label: LabelKey
    /// For credentials: Ed25519.
    package let credential: CredentialKey
    /// For nostr: BIP-340 over secp256k1.
    package let nostr: NostrKey

    /// Derives all keys.
    ///
    /// - Parameter seed: ``seedCount`` bytes from a random source, used for nothing else.
    /// - Throws: `.wrongLength`.
    package init(seed: borrowing SecretBytes) throws(SodiumError) {
        guard seed.count == Self.seedCount else {
            throw .wrongLength(expected: Self.seedCount, actual: seed.count)
        }
        let bytes = Self.derive(seed, "credential-ed25519", attempt: 0)
        credential = CredentialKey(try Ed25519.SecretKey(seed: bytes))
        label = Self.scalar(seed, "label-p256") { LabelKey(scalar: $0) }
        nostr = Self.scalar(seed, "nostr-secp256k1") { NostrKey(scalar: $0) }
    }

    private static func derive(
        _ seed: borrowing SecretBytes,
        _ name: String,
        attempt: Int
    ) -> SecretBytes {
        HKDFSHA256.derive(
            secret: seed,
            salt: [],
            info: Array("resguardo-registry/export/v1/\(name)/\(attempt)".utf8),
            count: seedCount
        )
    }

    /// The first derived number that is a secret key: nearly every number is one.
    private static func scalar<Key: ~Copyable>(
        _ seed: borrowing SecretBytes,
        _ name: String,
        _ make: (borrowing SecretBytes) -> Key?
    ) -> Key {
        var attempt = 0
        while true {
            if let key = make(derive(seed, name, attempt: attempt)) { return key }
            attempt += 1
        }
    }
}

/// Names of keys as decentralised identifiers.
///
/// Spec: W3C, The did:key Method.
package enum DIDKey {
    /// `did:key:z…` of an Ed25519 key (multicodec 0xed).
    package static func ed25519(_ key: [UInt8]) -> String {
        "did:key:" + multibase([0xed, 1], key)
    }

    /// `did:key:z…` of a compressed P-256 key (multicodec 0x1200).
    package static func p256(_ key: [UInt8]) -> String {
        "did:key:" + multibase([0x80, 0x24], key)
    }

    private static func multibase(_ codec: [UInt8], _ key: [UInt8]) -> String {
        "z" + Base58.encode(codec + key)
    }
}
