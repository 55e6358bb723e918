// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings
internal import Sodium

/// Signs W3C credentials.
///
/// Spec: W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.3 (`eddsa-jcs-2022`).
package struct CredentialKey: ~Copyable, Sendable {
    private let key: Ed25519.SecretKey

    init(_ key: consuming Ed25519.SecretKey) {
        self.key = key
    }

    /// The key's name, `did:key:z…`, which is the issuer's.
    package var did: String { DIDKey.ed25519(key.publicKey.bytes) }

    /// A document with a proof.
    ///
    /// - Parameters:
    ///   - document: Without `proof`, with `@context`.
    ///   - date: When, Unix seconds.
    /// - Returns: The document with a member `proof`.
    func signed(_ document: [String: JSONValue], date: Int64) -> JSONValue {
        let name = did.dropFirst("did:key:".count)
        var proof: [String: JSONValue] = [
            "created": .string(Timestamp(seconds: date).rfc3339),
            "cryptosuite": "eddsa-jcs-2022",
            "proofPurpose": "assertionMethod",
            "type": "DataIntegrityProof",
            "verificationMethod": .string("\(did)#\(name)"),
        ]
        proof["@context"] = document["@context"]
        // hashData = SHA-256(proof configuration) ‖ SHA-256(document), both in JCS.
        let hashData =
            SHA256.hash(JSONValue.object(proof).canonicalBytes)
            + SHA256.hash(JSONValue.object(document).canonicalBytes)
        proof["proofValue"] = .string("z" + Base58.encode(key.sign(hashData)))
        var signed = document
        signed["proof"] = .object(proof)
        return .object(signed)
    }
}
